"""TLS for other screens, on one port with the way to it: by a client that trusts our authority and nobody else."""

import asyncio
import ipaddress
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from matinee.tls.authority import AuthorityFolder
from matinee.tls.keeper import Keeper
from matinee.tls.making import make_authority
from matinee.web.protocol import Limits
from matinee.web.screens import OtherScreens
from matinee.web.upgrade import Upgrade
from tests.tls.test_keeper import Signer
from tests.web.conftest import DEADLINE_S, TOKEN, House, MakeHouse
from tests.web.test_screens import (
    FIRST,
    SECOND,
    Kernel,
    Name,
    client_of_greedy,
    comes_in_again,
    config_of,
    greedy,
    own,
)

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]
QUICK = Limits(head_s=0.4, body_s=0.4, connections=4)


@dataclass
class Sofa:
    """Another screen, and the house that it is in."""

    house: House
    kernel: Kernel
    name: Name
    screens: OtherScreens
    folder: AuthorityFolder
    trust: ssl.SSLContext

    @property
    def port(self) -> int:
        return self.house.port

    def client(self, scheme: str = "https", address: str = FIRST) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"{scheme}://{address}:{self.port}",
            verify=self.trust,
            trust_env=False,
            timeout=DEADLINE_S,
        )

    @asynccontextmanager
    async def line(
        self, *, tls: bool = False
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Open a connection, and drop it at the end."""
        trust, name = (self.trust, FIRST) if tls else (None, None)
        reader, writer = await asyncio.open_connection(FIRST, self.port, ssl=trust, server_hostname=name)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            writer.close()

    async def raw(self, sent: bytes, *, tls: bool) -> bytes:
        """Send bytes, and give all that comes until the other side has had enough."""
        async with asyncio.timeout(DEADLINE_S), self.line(tls=tls) as (reader, writer):
            writer.write(sent)
            return await reader.read()


def _authority(data: Path) -> AuthorityFolder:
    folder = AuthorityFolder(data / "tls")
    made = make_authority("box", networks=LOOPBACK)
    folder.keep(made.certificate, made.issuer)
    return folder


async def _opened(house: House, data: Path, folder: AuthorityFolder) -> Sofa:
    kernel, name, keeper = Kernel(), Name(), Keeper(data, issue=Signer())
    screens = OtherScreens(
        house.listening, house.gate, lambda: None, house.devices.pairing.shut, called=lambda port: name, keeper=keeper,
        plain=Upgrade(house.app, house.gate, lambda: keeper.authority is not None),
        addresses=lambda: list(kernel.there), news=kernel.news,
    )  # fmt: skip
    house.trusted.append(keeper)
    await screens.go_by(config_of(on=True), frozenset())
    trust = ssl.create_default_context(cadata=folder.certificate.read_text())
    return Sofa(house, kernel, name, screens, folder, trust)


@pytest.fixture
async def sofa(make_house: MakeHouse, tmp_path: Path) -> AsyncIterator[Sofa]:
    found = await _opened(await make_house(), tmp_path, _authority(tmp_path))
    yield found
    await found.screens.close()


@pytest.fixture
async def quick(make_house: MakeHouse, tmp_path: Path) -> AsyncIterator[Sofa]:
    found = await _opened(await make_house(limits=QUICK), tmp_path, _authority(tmp_path))
    yield found
    await found.screens.close()


async def test_other_screens_when_there_is_an_authority_then_all_is_said_by_https_and_here_by_http(
    sofa: Sofa,
) -> None:
    reached = sofa.screens.now
    assert (reached.encrypted, reached.trouble) == (True, None)
    assert reached.urls[0] == f"https://{FIRST}:{sofa.port}/"
    assert reached.authority is not None
    assert reached.authority.page == f"http://{FIRST}:{sofa.port}/authority"
    await sofa.name.known.wait()
    assert sofa.name.secure
    async with sofa.client() as client:
        answer = await client.get("/api/v1/access")
        assert (answer.status_code, answer.json()["other_screen"]) == (200, True)
        assert "strict-transport-security" not in answer.headers
        owner = await client.get("/api/v1/torrents", headers={"Authorization": f"Bearer {TOKEN}"})
        assert owner.status_code == 401
        for fields in ({"Host": f"{SECOND}:{sofa.port}"}, {"Host": FIRST}):
            assert (await client.get("/api/v1/health", headers=fields)).status_code == 421
        for origin, status in ((f"https://{FIRST}:{sofa.port}", 200), (f"http://{FIRST}:{sofa.port}", 403)):
            assert (await client.get("/api/v1/access", headers={"Origin": origin})).status_code == status
    assert (await sofa.house.client.get("/api/v1/torrents")).status_code == 200


async def test_device_when_it_opens_too_many_connections_then_takes_nobody_elses_room(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    sofa = await _opened(await make_house(limits=Limits(from_one=3)), tmp_path, _authority(tmp_path))
    async with greedy(sofa.port, 3), sofa.client() as other:
        assert (await other.get("/api/v1/access")).status_code == 200
    async with client_of_greedy(f"https://{FIRST}:{sofa.port}", sofa.trust) as client:
        for _ in range(5):  # each is handed on, and counted no more once it has gone
            await comes_in_again(client)
    await sofa.screens.close()


async def test_device_when_it_is_let_in_by_https_then_its_cookie_travels_so_alone(sofa: Sofa) -> None:
    code, _ = sofa.house.devices.open_code()
    async with sofa.client() as phone:
        answer = await phone.post("/api/v1/pairing/scan", json={"secret": code.secret, "name": "Phone"})
        name, *attributes = answer.headers["set-cookie"].split("; ")
        assert name.startswith(f"__Host-matinee-{sofa.port}=")
        assert set(attributes) == {"Max-Age=7776000", "Path=/", "HttpOnly", "SameSite=Strict", "Secure"}
        assert (await phone.get("/api/v1/torrents")).status_code == 200
        # What has crossed the network in plain text opens nothing here.
        value = name.partition("=")[2]
        stale = {"Cookie": f"matinee-{sofa.port}={value}"}
        assert (await phone.get("/api/v1/torrents", headers=stale)).status_code == 401


async def test_plain_http_when_tls_is_spoken_then_only_leads_there_and_gives_the_certificate(
    sofa: Sofa,
) -> None:
    at = f"{FIRST}:{sofa.port}"
    async with sofa.client("http") as client:
        for method, path in (("GET", "/?a=b%20c"), ("POST", "/api/v1/pairing"), ("GET", "//evil.example/x")):
            answer = await client.request(method, f"http://{at}{path}")
            assert (answer.status_code, answer.headers["location"]) == (307, f"https://{at}{path}")
            assert answer.headers["cache-control"] == "no-store"
            assert "content-security-policy" in answer.headers
            assert "set-cookie" not in answer.headers
        rebound = await client.get("/", headers={"Host": f"evil.example:{sofa.port}"})
        assert (rebound.status_code, rebound.headers.get("location")) == (421, None)
        found = await client.get("/matinee-authority.crt")
        assert found.headers["content-type"] == "application/x-x509-ca-cert"
        assert ssl.DER_cert_to_PEM_cert(found.content) == sofa.folder.certificate.read_text()
        page = await client.get("/authority", headers={"Accept-Language": "fr-FR, en"})
        reached = sofa.screens.now.authority
        assert reached is not None
        assert reached.fingerprint in page.text.replace("<wbr>", "")
        assert "Faire confiance" in page.text
        assert f'href="https://{at}/"' in page.text
        assert (await client.get("/authority.css")).headers["content-type"].startswith("text/css")
        posted = await client.post("/matinee-authority.crt")
        assert posted.status_code == 307
    assert (await sofa.house.client.get("/matinee-authority.crt")).content == found.content


async def test_stream_when_encrypted_then_every_byte_is_right(sofa: Sofa) -> None:
    (film,) = [
        one for one in (await sofa.house.client.get("/api/v1/torrents")).json()["torrents"] if one["rights"]
    ]
    url = next(one["stream_url"] for one in film["files"] if one["length"])
    plain = await sofa.house.client.get(url)
    async with sofa.client() as client:
        whole = await client.get(url)
        part = await client.get(url, headers={"Range": "bytes=1000-1999"})
    assert whole.content == plain.content
    assert (part.status_code, part.content) == (206, plain.content[1000:2000])


async def test_head_when_it_never_ends_then_closed_in_time_encrypted_or_not(quick: Sofa) -> None:
    begun = b"GET / HT"
    answers = await asyncio.gather(quick.raw(begun, tls=True), quick.raw(begun, tls=False))
    assert [answer.split(b" ", 2)[1] for answer in answers] == [b"408"] * 2


async def test_connections_when_they_say_nothing_that_is_understood_then_dropped_and_others_come_in(
    quick: Sofa,
) -> None:
    # Six have room (four, and half as many again); the last are dropped at once, the others in time.
    sent = [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"\x16 and nothing that is TLS", *[b""] * 5]
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(quick.line()) for _ in sent]
        for (_, writer), said in zip(crowd, sent, strict=True):
            writer.write(said)
        async with asyncio.timeout(DEADLINE_S):
            heard = [await _rest(reader) for reader, _ in crowd]
    assert not [one for one in heard if b"HTTP" in one]
    async with quick.client() as client:
        assert (await client.get("/api/v1/health")).status_code == 200


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


def _distrusting(port: int) -> None:
    """Come as somebody who does not know our authority, and as somebody who hangs up."""
    with (
        socket.create_connection((FIRST, port), DEADLINE_S) as line,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(line, server_hostname=FIRST)
    socket.create_connection((FIRST, port), DEADLINE_S).close()


async def test_descriptors_when_many_handshakes_fail_then_none_is_left_behind(sofa: Sofa) -> None:
    there = Path("/proc/self/fd")
    await asyncio.to_thread(_distrusting, sofa.port)
    await sofa.screens.go_by(config_of(on=False), frozenset())
    before = len(list(there.iterdir()))
    await sofa.screens.go_by(config_of(on=True), frozenset())
    for _ in range(8):
        await asyncio.to_thread(_distrusting, sofa.port)
    await sofa.screens.go_by(config_of(on=False), frozenset())
    async with asyncio.timeout(DEADLINE_S):
        while len(list(there.iterdir())) > before:  # noqa: ASYNC110 - the kernel tells nobody of it
            await asyncio.sleep(0.01)


async def test_turning_off_drops_who_is_there_encrypted_and_who_has_said_nothing(sofa: Sofa) -> None:
    async with sofa.line() as (silent, _), sofa.line(tls=True) as (reader, writer):
        writer.write(b"GET /api/v1/health HTTP/1.1\r\nHost: x")
        await writer.drain()
        await sofa.screens.go_by(config_of(on=False), frozenset())
        async with asyncio.timeout(DEADLINE_S):
            assert await _rest(silent) == b""
            assert b"HTTP" not in await _rest(reader)
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection(FIRST, sofa.port)
    assert [one.get_name() for one in asyncio.all_tasks() if "other screens" in one.get_name()] == []


async def test_who_is_not_on_the_same_wire_is_dropped_before_a_word(
    sofa: Sofa, caplog: pytest.LogCaptureFixture
) -> None:
    await sofa.screens.go_by(config_of(on=False), frozenset())
    sofa.kernel.there = [own(FIRST, "127.64.0.0/10")]
    await sofa.screens.go_by(config_of(on=True), frozenset())
    with caplog.at_level(logging.WARNING, "matinee.web.server"):
        for _ in range(2):
            async with sofa.line() as (reader, _):
                assert await _rest(reader) == b""
    assert [line.getMessage() for line in caplog.records] == [
        "a connection from beyond this network was refused address=127.0.0.1"
    ]


async def test_authority_when_it_comes_and_goes_then_the_same_port_speaks_one_then_the_other(
    sofa: Sofa,
) -> None:
    sofa.folder.remove()
    await sofa.screens.renew()
    assert not sofa.screens.now.encrypted
    async with sofa.client("http") as client:
        assert (await client.get("/api/v1/health")).status_code == 200
        assert (await client.get("/matinee-authority.crt")).status_code == 404
    made = make_authority("box", networks=LOOPBACK)
    sofa.folder.keep(made.certificate, made.issuer)
    await sofa.screens.renew()
    sofa.trust = ssl.create_default_context(cadata=made.certificate.decode())
    sofa.kernel.there = [own(FIRST), own(SECOND)]
    await sofa.screens.renew()
    for address in (FIRST, SECOND):
        async with sofa.client(address=address) as client:
            assert (await client.get("/api/v1/health")).status_code == 200


async def test_certificate_when_none_can_be_had_then_nobody_is_let_in_in_plain_text(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    folder = _authority(tmp_path)
    folder.certificate.write_text("damaged")
    house = await make_house()
    keeper, kernel = Keeper(tmp_path, issue=Signer()), Kernel()
    screens = OtherScreens(
        house.listening, house.gate, lambda: None, house.devices.pairing.shut, keeper=keeper, plain=house.app,
        addresses=lambda: list(kernel.there), news=kernel.news,
    )  # fmt: skip
    await screens.go_by(config_of(on=True), frozenset())
    assert screens.now.urls == ()
    assert "matinee tls --off" in (screens.now.trouble or "")
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection(FIRST, house.port)
    await screens.close()


async def test_own_certificate_when_it_names_a_host_then_that_is_where_others_find_this_computer(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    folder = _authority(tmp_path)
    maker = Keeper(tmp_path, issue=Signer())
    await maker.look(["films.local"], [])
    house = await make_house()
    keeper, kernel = Keeper(tmp_path, (folder.shown, None)), Kernel()
    screens = OtherScreens(
        house.listening, house.gate, lambda: None, house.devices.pairing.shut, keeper=keeper,
        plain=Upgrade(house.app, house.gate, lambda: False),
        addresses=lambda: list(kernel.there), news=kernel.news,
    )  # fmt: skip
    await screens.go_by(config_of(on=True), frozenset())
    assert f"https://films.local:{house.port}/" in screens.now.urls
    assert screens.now.authority is None
    trust = ssl.create_default_context(cadata=folder.certificate.read_text())
    async with httpx.AsyncClient(verify=trust, trust_env=False, timeout=DEADLINE_S) as client:
        answer = await client.get(
            f"https://{FIRST}:{house.port}/api/v1/health",
            headers={"Host": f"films.local:{house.port}"},
            extensions={"sni_hostname": "films.local"},
        )
        assert answer.status_code == 200
        led = await client.get(f"http://{FIRST}:{house.port}/authority")
        assert led.status_code == 307
    await screens.close()
