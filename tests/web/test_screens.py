"""Entrances for other screens: opened, followed and shut while the server runs. Loopback has addresses enough."""

import asyncio
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import httpx
import pytest

from matinee.config import Config, load
from matinee.outside.interfaces import OwnAddress
from matinee.web.protocol import Limits
from matinee.web.screens import OtherScreens
from tests.web.conftest import DEADLINE_S, TOKEN, House, MakeHouse

FIRST, SECOND, GREEDY = "127.0.0.2", "127.0.0.3", "127.0.0.9"


def own(address: str, network: str = "127.0.0.0/8") -> OwnAddress:
    return OwnAddress(ipaddress.ip_address(address), ipaddress.ip_network(network))


def config_of(*, on: bool) -> Config:
    return replace(load({}, {}), other_screens=on)


@dataclass
class Kernel:
    """Says which addresses there are, and that they have changed."""

    there: list[OwnAddress] = field(default_factory=lambda: [own(FIRST)])
    changed: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def news(self) -> AsyncIterator[None]:
        while True:
            await self.changed.get()
            yield


class Name:
    """A name in the network, known to nobody."""

    def __init__(self) -> None:
        self.stands_for: list[str] = []
        self.asked = 0
        self.secure = False
        self.known = asyncio.Event()

    async def go_by(self, addresses: list[str], *, secure: bool) -> str | None:
        self.stands_for, self.secure = addresses, secure
        self.asked += 1
        self.known.set()
        return "matinee.local"

    async def close(self) -> None:
        self.stands_for = []


@dataclass
class Screens:
    """The entrances of a house, and who is told of them."""

    house: House
    kernel: Kernel
    name: Name
    screens: OtherScreens
    told: asyncio.Event

    async def turn(self, *, on: bool) -> None:
        await self.screens.go_by(config_of(on=on), frozenset())

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not true():
                self.told.clear()
                await self.told.wait()

    def tell(self, *there: OwnAddress) -> None:
        """Have other addresses, and be told."""
        self.kernel.there = list(there)
        self.kernel.changed.put_nowait(None)

    async def ask(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=DEADLINE_S) as client:
            return await client.get(f"http://{address}:{self.house.port}/api/v1/access", headers=headers)


@asynccontextmanager
async def screens_of(house: House) -> AsyncIterator[Screens]:
    kernel, name, told = Kernel(), Name(), asyncio.Event()
    made = OtherScreens(
        house.listening, house.gate, told.set, house.devices.pairing.shut, called=lambda port: name,
        addresses=lambda: list(kernel.there), news=kernel.news,
    )  # fmt: skip
    yield Screens(house, kernel, name, made, told)
    await made.close()


@pytest.fixture
async def screens(house: House) -> AsyncIterator[Screens]:
    async with screens_of(house) as found:
        yield found


@asynccontextmanager
async def greedy(port: int, connections: int) -> AsyncIterator[None]:
    """A device that opens so many connections, says nothing, and is shown that the next one is dropped."""
    lines = [
        await asyncio.open_connection(FIRST, port, local_addr=(GREEDY, 0)) for _ in range(connections + 1)
    ]
    try:
        async with asyncio.timeout(DEADLINE_S):
            with suppress(ConnectionResetError):
                assert await lines[-1][0].read() == b""
        yield
    finally:
        for _, writer in lines:
            writer.transport.abort()
            writer.close()


async def comes_in_again(client: httpx.AsyncClient) -> None:
    """Ask until the server has seen that the others are gone."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            with suppress(httpx.TransportError):
                answer = await client.get("/api/v1/access", headers={"Connection": "close"})
                assert answer.status_code == 200
                return


def client_of_greedy(url: str, verify: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(verify=verify, local_address=GREEDY)
    return httpx.AsyncClient(base_url=url, transport=transport, trust_env=False, timeout=DEADLINE_S)


async def _refused(work: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(httpx.TransportError):
        await work()


async def test_other_screens_are_answered_only_while_they_are_on(screens: Screens) -> None:
    await _refused(lambda: screens.ask(FIRST))
    await screens.turn(on=True)
    assert (await screens.ask(FIRST)).json()["other_screen"] is True
    assert screens.screens.now.urls[0] == f"http://{FIRST}:{screens.house.port}/"
    async with httpx.AsyncClient(trust_env=False, timeout=DEADLINE_S) as client:
        owner = {"Authorization": f"Bearer {TOKEN}"}
        answer = await client.get(f"http://{FIRST}:{screens.house.port}/api/v1/torrents", headers=owner)
        assert answer.status_code == 401
        other = await client.get(
            f"http://{FIRST}:{screens.house.port}/api/v1/access",
            headers={"Host": f"{SECOND}:{screens.house.port}"},
        )
        assert other.status_code == 421
    await screens.turn(on=False)
    await _refused(lambda: screens.ask(FIRST))
    assert (await screens.house.client.get("/api/v1/torrents")).status_code == 200


async def test_turning_off_drops_who_is_there(screens: Screens) -> None:
    await screens.turn(on=True)
    reader, writer = await asyncio.open_connection(FIRST, screens.house.port)
    writer.write(b"GET /api/v1/health HTTP/1.1\r\nHost: x")
    await writer.drain()
    await screens.turn(on=False)
    async with asyncio.timeout(DEADLINE_S):
        assert await reader.read() == b""
    writer.close()


async def test_addresses_are_followed_and_so_is_the_name(screens: Screens) -> None:
    await screens.turn(on=True)
    await screens.name.known.wait()
    screens.kernel.there = [own(SECOND)]
    screens.kernel.changed.put_nowait(None)
    await screens.until(lambda: screens.name.stands_for == [SECOND] and len(screens.screens.now.urls) == 2)
    assert [url.split("/")[2].partition(":")[0] for url in screens.screens.now.urls] == [
        SECOND,
        "matinee.local",
    ]
    assert (await screens.ask(SECOND)).status_code == 200
    await _refused(lambda: screens.ask(FIRST))
    screens.kernel.there = []
    screens.kernel.changed.put_nowait(None)
    await screens.until(lambda: screens.screens.now.urls == ())
    assert "no network" in (screens.screens.now.trouble or "")


async def test_name_when_no_wire_is_there_then_one_line_says_so_and_it_is_announced_anew_when_one_is(
    screens: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "matinee.web.screens")
    pulled = [replace(own(FIRST), connected=False)]
    screens.kernel.there = [own(FIRST), own(SECOND)]
    await screens.turn(on=True)
    await screens.until(lambda: len(screens.screens.now.urls) == 3)
    assert (screens.name.stands_for, screens.name.asked) == ([FIRST, SECOND], 1)
    # One of two is pulled: it stands for the other.
    screens.tell(*pulled, own(SECOND))
    await screens.until(lambda: screens.name.asked == 2)
    assert screens.name.stands_for == [SECOND]
    caplog.clear()
    screens.tell(*pulled, replace(own(SECOND), connected=False))
    screens.tell(*pulled)
    await screens.until(lambda: caplog.messages != [])
    assert caplog.messages == [
        "The name is not announced for the moment, no network is there name=matinee.local"
    ]
    # What is under way goes on when the wire is there again: it is let in by address and name all the time.
    named = {"Host": f"matinee.local:{screens.house.port}"}
    assert (await screens.ask(FIRST, named)).status_code == 200
    screens.tell(own(FIRST))
    await screens.until(lambda: screens.name.asked == 3)
    assert screens.name.stands_for == [FIRST]
    await screens.until(lambda: len(caplog.messages) == 2)
    assert caplog.messages[1] == "the name is announced again name=matinee.local"


async def test_who_is_not_on_the_same_wire_is_dropped_and_written_down_once(
    screens: Screens, caplog: pytest.LogCaptureFixture
) -> None:
    screens.kernel.there = [own(FIRST, "127.64.0.0/10")]
    await screens.turn(on=True)
    with caplog.at_level(logging.WARNING, "matinee.web.server"):
        for _ in range(3):
            await _refused(lambda: screens.ask(FIRST))
    assert [line.getMessage() for line in caplog.records] == [
        "a connection from beyond this network was refused address=127.0.0.1"
    ]


async def test_device_that_opens_too_many_connections_takes_nobody_elses_room(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    async with screens_of(await make_house(limits=Limits(from_one=3))) as screens:
        await screens.turn(on=True)
        with caplog.at_level(logging.WARNING, "matinee.web.server"):
            async with greedy(screens.house.port, 3):
                assert (await screens.ask(FIRST)).status_code == 200
        assert [line.getMessage() for line in caplog.records] == [
            f"a device has too many connections, the next ones are dropped address={GREEDY}"
        ]
        async with client_of_greedy(f"http://{FIRST}:{screens.house.port}") as client:
            await comes_in_again(client)


async def test_port_that_is_taken_there_is_said(screens: Screens) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, FIRST, screens.house.port)
    async with server:
        await screens.turn(on=True)
        assert str(screens.house.port) in (screens.screens.now.trouble or "")
        assert screens.screens.now.urls == ()


def test_neighbours_are_known_by_the_length_of_the_prefix() -> None:
    four = own("192.168.1.20", "192.168.1.0/24")
    assert [four.is_on_link(peer) for peer in ("192.168.1.77", "192.168.2.1", "8.8.8.8", "fe80::1%eth0", "x")] == [
        True, False, False, False, False,
    ]  # fmt: skip
    six = own("fd00::20", "fd00::/64")
    assert [six.is_on_link(peer) for peer in ("fd00::1", "fd00:0:0:1::1", "2001:db8::1")] == [
        True,
        False,
        False,
    ]
