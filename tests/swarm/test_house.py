"""What a stranger names leads nobody into this computer: a canary on a port of its own for every way and spelling."""

import asyncio
import contextlib
import itertools
import socket
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import libtorrent as lt
import pytest

from matinee.outside.addresses import AddressPolicy
from matinee.torrent.alerts import AlertPump
from matinee.torrent.settings import EngineSettings, OwnNetwork, address_filter, session_settings
from tests.swarm.parts import matinee_here

pytestmark = pytest.mark.swarm

DEADLINE_S = 30.0
TRIES = 20
FAMILIES = (socket.AF_INET, socket.AF_INET6)
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
HERE = (
    "127.0.0.1", "127.9.8.7", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1", "0177.0.0.1",
    "0x7f000001",
)  # fmt: skip
"""Spellings of this computer that libtorrent, or the system's resolver for it, understands."""
NOWHERE = ("0.0.0.0", "[::]")
"""Those that Linux takes for this computer; no setting allows them."""
MAPPED = "[::ffff:127.0.0.1]"
"""libtorrent sends no announce to a tracker in this spelling, whatever is allowed."""
NUMERIC = ("127.0.0.1", "127.9.8.7", "[::1]", "[::ffff:127.0.0.1]", *NOWHERE)
"""A peer is named by number alone."""
PIECE_BYTES = 16 * 1024
WAYS = {
    "http tracker": "tr=http://{}:{}/announce",
    "udp tracker": "tr=udp://{}:{}/announce",
    "web seed": "ws=http://{}:{}/f",
    "peer": "x.pe={}:{}",
}
Way = tuple[str, str]
"""How it is led, and the spelling."""


class Canary:
    """Listens on all of this computer, on a port for each way, and keeps by which somebody came."""

    def __init__(self, ways: Iterable[Way]) -> None:
        self._sockets: list[socket.socket] = []
        self.ports = {way: self._listen(way) for way in ways}
        self.came: set[Way] = set()
        self._moved = asyncio.Event()

    def way(self, port: int) -> Way | None:
        """Say whose port this is."""
        return next((way for way, its in self.ports.items() if its == port), None)

    def tell(self) -> None:
        """Wake whoever waits."""
        self._moved.set()

    async def until_all(self, wanted: set[Way], seen: set[Way]) -> None:
        """Wait until all that is wanted was seen."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                while not wanted <= seen:
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            raise AssertionError(f"never seen: {sorted(wanted - seen)}") from None

    def _listen(self, way: Way) -> int:
        """Take a port on all of this computer; another where some program has half of one."""
        loop = asyncio.get_running_loop()
        for _ in range(TRIES):
            with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
                port = 0
                opened = []
                for family, kind in itertools.product(FAMILIES, KINDS):
                    one = stack.enter_context(socket.socket(family, kind))
                    port = _take(one, port)
                    opened.append(one)
                stack.pop_all()
                self._sockets += opened
                for one in opened:
                    loop.add_reader(one, self._come, one, way)
                return port
        raise AssertionError("no port is free")

    def _come(self, one: socket.socket, way: Way) -> None:
        if one.type == socket.SOCK_STREAM:
            one.accept()[0].close()
        else:
            one.recv(4096)
        self.came.add(way)
        self.tell()

    def close(self) -> None:
        """Listen no longer."""
        for one in self._sockets:
            asyncio.get_running_loop().remove_reader(one)
            one.close()


def _take(one: socket.socket, port: int) -> int:
    if one.family == socket.AF_INET6:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    one.bind(("", port))
    one.setblocking(False)
    if one.type == socket.SOCK_STREAM:
        one.listen()
    return int(one.getsockname()[1])


@contextlib.asynccontextmanager
async def canary(ways: Iterable[Way]) -> AsyncIterator[Canary]:
    """Have one for a while."""
    with contextlib.closing(Canary(ways)) as one:
        yield one


def all_ways() -> list[Way]:
    """Give every way with every spelling that it takes."""
    return [(way, host) for way in WAYS for host in (*HERE, *NOWHERE) if way != "peer" or host in NUMERIC]


def reachable() -> set[Way]:
    """Give those that are come by once the user allows it."""
    trackers = ("http tracker", "udp tracker")
    return {
        (way, host) for way, host in all_ways() if host in HERE and not (way in trackers and host == MAPPED)
    }


def link(one: Canary, number: int, host: str) -> str:
    """Name one spelling in every way."""
    ways = [text.format(host, one.ports[way, host]) for way, text in WAYS.items() if (way, host) in one.ports]
    return f"magnet:?xt=urn:btih:{number:040x}&" + "&".join(ways)


def metainfo(number: int) -> bytes:
    """Make a torrent of a film that nobody has."""
    size = PIECE_BYTES
    info: Any = {b"length": 4 * size, b"name": b"f%d" % number, b"piece length": size, b"pieces": b"x" * 80}
    return lt.bencode({b"info": info})


class Session:
    """libtorrent as the program has it, its settings and its filter, and told everything past our own readers."""

    def __init__(self, allow_private: bool, one: Canary, **settings: Any) -> None:
        ours = EngineSettings(
            listen_port=0, dht="dht_bootstrap_nodes" in settings, lsd=False, allow_private=allow_private
        )
        as_set: Any = {**session_settings(ours, "tests"), **settings}
        as_set["alert_mask"] |= int(lt.alert_category.ip_block)
        self._session = lt.session(as_set)
        self._session.set_ip_filter(address_filter(AddressPolicy(allow_private), OwnNetwork()))
        self._one = one
        self.refused: set[Way] = set()
        self._pump = AlertPump(self._session)
        self._pump.on(lt.peer_blocked_alert, lambda alert: self._refuse(alert.endpoint[1]))
        self._pump.on(
            lt.tracker_error_alert, lambda alert: self._refuse(int(alert.url.split(":")[-1].split("/")[0]))
        )
        self._pump.start()

    def add(self, folder: Path, number: int, **named: Any) -> None:
        """Have it take a torrent that names these."""
        wanted = lt.load_torrent_buffer(metainfo(number))
        for key, value in named.items():
            setattr(wanted, key, value)
        wanted.save_path = str(folder)
        wanted.flags &= ~(lt.torrent_flags.paused | lt.torrent_flags.auto_managed)
        self._session.add_torrent(wanted)

    def know(self, node: tuple[str, int]) -> None:
        """Tell it of a node of the DHT."""
        self._session.add_dht_node(node)

    def _refuse(self, port: int) -> None:
        way = self._one.way(port)
        assert way is not None
        self.refused.add(way)
        self._one.tell()

    def close(self) -> None:
        """Hear no more."""
        self._pump.stop()


@pytest.mark.parametrize("allowed", [False, True])
async def test_engine_when_strangers_lead_it_into_the_house_then_nobody_is_reached_unless_allowed(
    tmp_path: Path, allowed: bool
) -> None:
    """The second line of defence alone: what a resolver makes of a name is judged by the filter only."""
    async with canary(all_ways()) as one:
        with contextlib.closing(Session(allowed, one)) as session:
            for number, host in enumerate((*HERE, *NOWHERE)):
                named = lt.parse_magnet_uri(link(one, number + 1, host))
                session.add(
                    tmp_path, number, trackers=named.trackers, url_seeds=named.url_seeds, peers=named.peers
                )
            awaited = (reachable(), one.came) if allowed else (set(one.ports), session.refused)
            await one.until_all(*awaited)
        assert one.came == (reachable() if allowed else set())


PLAIN = ("127.0.0.1", "127.9.8.7", "localhost", "[::1]")
"""Spellings that the program reads; whoever uses another is not understood, whatever is allowed."""


@pytest.mark.parametrize("allowed", [False, True])
async def test_program_when_links_lead_it_into_the_house_then_nobody_is_reached_unless_allowed(
    tmp_path: Path, allowed: bool
) -> None:
    """Until every link was given up: by then all that it names was tried, again and again."""
    expected = {way for way in reachable() if way[0] != "web seed" and way[1] in PLAIN}
    async with (
        canary(all_ways()) as one,
        matinee_here(tmp_path, allow_private_sources=allowed, metadata_timeout_s=1.0) as running,
    ):
        for number, host in enumerate((*HERE, *NOWHERE), 1):
            await running.add(link(one, number, host))
        for number in range(1, len(HERE + NOWHERE) + 1):
            await running.until(f"{number:040x}", lambda film: film["trouble"] is not None)
        await one.until_all(expected if allowed else set(), one.came)
        assert allowed or not one.came


def house_address() -> str:
    """Give an address of this computer that is not loopback: libtorrent opens no DHT on that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            pytest.skip("this computer is in no network")
        found = str(probe.getsockname()[0])
    if AddressPolicy().may_contact(found):
        pytest.skip("this computer has a public address")
    return found


@pytest.mark.parametrize("allowed", [False, True])
async def test_dht_when_strangers_name_nodes_in_the_house_then_none_is_asked_unless_allowed(
    tmp_path: Path, allowed: bool
) -> None:
    """What stands in the user's own settings is asked either way: it is the sign that the DHT has begun."""
    house = house_address()
    named, told, entrance = ("torrent's node", house), ("node", house), ("entrance", house)
    async with canary([named, told, entrance]) as one:
        ours = f"{house}:{one.ports[entrance]}"
        with contextlib.closing(Session(allowed, one, dht_bootstrap_nodes=ours)) as session:
            session.know((house, one.ports[told]))
            session.add(tmp_path, 1, dht_nodes=[(house, one.ports[named])])
            await one.until_all({entrance, *((told, named) if allowed else ())}, one.came)
            # Where they are asked it is in the same moment as the entrance (measured): a second is long.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await one.until_all({told, named}, one.came)
        assert one.came == ({entrance, told, named} if allowed else {entrance})
