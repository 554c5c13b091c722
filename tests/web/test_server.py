"""The server itself: deadlines, limits, ports, closing. Over raw sockets."""

import asyncio
import logging
import socket
import time

import pytest

from matinee.config import OPEN_HOST
from matinee.errors import BadSetting, Conflict
from matinee.types import FileIndex
from matinee.web.asgi import Receive, Reply, Scope, Send
from matinee.web.protocol import Limits
from matinee.web.server import serve
from tests.web.conftest import DEADLINE_S, FILM, HASH, House, MakeHouse

FILM_URL = f"/stream/{HASH}/0"
TORRENTS = "/api/v1/torrents"
OTHERS_S = 1.0
"""Nobody waits longer for those who dawdle."""
QUICK = Limits(head_s=0.3, body_s=0.3, keep_alive_s=1)


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("begin", "status"),
    [
        (b"GET / HT", 408),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-", 408),
        (b"\r\n\r\n", 408),
    ],
)
async def test_half_sent_head_is_closed(make_house: MakeHouse, begin: bytes, status: int) -> None:
    house = await make_house(limits=QUICK)
    assert _status(await house.raw(begin)) == status


async def test_silent_connection_is_closed_without_a_word(make_house: MakeHouse) -> None:
    house = await make_house(limits=QUICK)
    assert await house.raw(b"") == b""


async def test_head_that_drips_is_closed(make_house: MakeHouse) -> None:
    house = await make_house(limits=QUICK)
    answer = await _drip(house, b"GET / HTTP/1.1\r\nX: ", b"y")
    assert _status(answer) == 408


async def test_body_that_drips_is_closed(make_house: MakeHouse) -> None:
    house = await make_house(limits=QUICK)
    head = house.request(TORRENTS, "Content-Type: application/json", "Content-Length: 9999", method="POST")
    answer = await _drip(house, head, b" ")
    assert _status(answer) == 408


async def test_body_that_never_comes_is_closed(make_house: MakeHouse) -> None:
    house = await make_house(limits=QUICK)
    head = house.request(TORRENTS, "Content-Type: application/json", "Content-Length: 9999", method="POST")
    assert _status(await house.raw(head)) == 408


async def _drip(house: House, begin: bytes, drop: bytes) -> bytes:
    """Send a drop each fiftieth of a second until the server answers."""
    reader, writer = await house.connect()
    writer.write(begin)
    answering = asyncio.ensure_future(reader.read(-1))
    async with asyncio.timeout(DEADLINE_S):
        while not answering.done():
            writer.write(drop)
            await asyncio.wait([answering], timeout=0.02)
    writer.close()
    return answering.result()


async def test_others_are_answered_beside_a_hundred_half_sent_requests(house: House) -> None:
    half = [await house.connect() for _ in range(100)]
    for _, writer in half:
        writer.write(b"GET / HTTP/1.1\r\nHost:")
    began = time.monotonic()
    assert (await house.client.get("/api/v1/health")).status_code == 200
    assert time.monotonic() - began < OTHERS_S
    assert not any(reader.at_eof() for reader, _ in half)
    for _, writer in half:
        writer.close()


async def test_slow_upload_that_keeps_its_rate_is_taken(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(body_s=0.2, body_bytes_per_s=50))
    body = b'{"magnet": "magnet:?xt=urn:btih:' + b"e" * 40 + b'"}' + b" " * 2000
    fields = ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    reader, writer = await house.connect()
    writer.write(house.request(TORRENTS, *fields, method="POST"))
    answering = asyncio.ensure_future(reader.read(-1))
    for start in range(0, len(body), 400):
        writer.write(body[start : start + 400])
        await asyncio.wait([answering], timeout=0.1)
    async with asyncio.timeout(DEADLINE_S):
        assert _status(await answering) == 201
    writer.close()


BOMBS = [
    b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(1000)) + b"\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
    b"GET /" + b"y" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X" * 1_000_000 + b": y\r\n\r\n",
]


@pytest.mark.parametrize("bomb", BOMBS)
async def test_head_that_is_a_bomb_is_refused(house: House, bomb: bytes) -> None:
    assert _status(await house.raw(bomb)) == 431


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\n X: folded\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_malformed_request_is_refused(house: House, request_: bytes) -> None:
    assert 400 <= _status(await house.raw(request_)) < 500


async def test_announced_body_that_is_too_long_is_refused_before_it_comes(house: House) -> None:
    fields = ["Content-Type: application/json", f"Content-Length: {10 * 1024**3}"]
    assert _status(await house.raw(house.request(TORRENTS, *fields, method="POST"))) == 413


async def test_chunked_body_without_end_is_refused_at_the_limit(house: House) -> None:
    fields = ["Content-Type: application/json", "Transfer-Encoding: chunked"]
    reader, writer = await house.connect()
    writer.write(house.request("/api/v1/access", *fields, method="POST"))
    answering = asyncio.ensure_future(reader.read(-1))
    sent = 0
    async with asyncio.timeout(DEADLINE_S):
        while not answering.done() and sent < 1_000_000:
            writer.write(b"1000\r\n" + b" " * 4096 + b"\r\n")
            sent += 4096
            await asyncio.wait([answering], timeout=0.01)
        assert _status(await answering) == 413
    assert sent < 1_000_000
    writer.close()


async def test_full_house_turns_away_and_says_when_to_come_again(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(connections=4))
    resting = [await house.connect() for _ in range(4)]
    answer = await house.raw(house.request("/api/v1/health"))
    assert _status(answer) == 503
    assert b"retry-after:" in answer
    assert b"content-security-policy:" in answer
    crowd = [await house.connect() for _ in range(4)]
    for reader, _ in crowd[2:]:
        async with asyncio.timeout(DEADLINE_S):
            assert await reader.read(-1) == b""
    for _, writer in resting + crowd:
        writer.transport.abort()
    answer = await house.raw(house.request("/api/v1/health"))


async def test_connection_serves_many_requests(house: House) -> None:
    reader, writer = await house.connect()
    request = house.request("/api/v1/health").replace(b"Connection: close\r\n", b"")
    async with asyncio.timeout(DEADLINE_S):
        for _ in range(3):
            writer.write(request)
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(36)
        writer.write(request * 3)
        for _ in range(3):
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(36)
    writer.close()


async def test_stray_bytes_behind_a_request_do_not_cut_its_answer(make_house: MakeHouse) -> None:
    house = await make_house(limits=QUICK)
    film = house.films.torrents_here[next(iter(house.films.torrents_here))].streams[FileIndex(0)]
    film.withhold_from(0)
    reader, writer = await house.connect()
    writer.write(house.request(FILM_URL) + b"\r\n")
    async with asyncio.timeout(DEADLINE_S):
        await film.waiting.wait()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.8):
            await film.idle.wait()
    await film.release()
    async with asyncio.timeout(DEADLINE_S):
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.read(-1) == FILM
    writer.close()


async def test_closing_with_streams_and_events_open_ends_them_and_nothing_need_be_cut_off(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house()
    film = house.films.torrents_here[next(iter(house.films.torrents_here))].streams[FileIndex(0)]
    film.withhold_from(0)
    async with serve(house.app, "127.0.0.1", 0) as second:
        before = asyncio.all_tasks()
        request = house.request(FILM_URL).replace(str(house.port).encode(), str(second.port).encode())
        events = request.replace(FILM_URL.encode(), b"/api/v1/events")
        clients = [await asyncio.open_connection("127.0.0.1", second.port) for _ in range(6)]
        for (_, writer), ask in zip(clients, [request, events] * 3, strict=True):
            writer.write(ask)
        for reader, _ in clients:
            await reader.readuntil(b"\r\n\r\n")
    assert [one for one in caplog.records if "did not end" in one.getMessage()] == []
    assert film.open_readers == 0
    assert asyncio.all_tasks() <= before
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", second.port)
    for reader, writer in clients:
        assert b"HTTP/1.1" not in await reader.read(-1)
        writer.close()


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    await Reply(204)(scope, receive, send)


async def test_taken_port_is_said_plainly() -> None:
    async with serve(_answer, "127.0.0.1", 0) as first:
        with pytest.raises(Conflict, match=f"Port {first.port} .* is taken"):
            await _enter(first.port)


async def test_taken_port_gives_way_to_the_next_when_allowed() -> None:
    async with (
        serve(_answer, "127.0.0.1", 0) as first,
        serve(_answer, "127.0.0.1", first.port, or_next_port=True) as second,
    ):
        assert first.port < second.port <= first.port + 20


async def _enter(port: int) -> None:
    async with serve(_answer, "127.0.0.1", port):
        pass


@pytest.mark.parametrize(
    ("host", "sentence"),
    [("192.0.2.1", "cannot listen on 192.0.2.1"), ("no.such.host.invalid", "cannot listen")],
)
async def test_host_that_is_not_ours_is_said_plainly(host: str, sentence: str) -> None:
    with pytest.raises(BadSetting, match=sentence):
        async with serve(_answer, host, 0):
            pass


async def test_port_that_needs_rights_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(
        "matinee.web.server.socket.socket", type("Socket", (socket.socket,), {"bind": refuse})
    )
    with pytest.raises(BadSetting, match="Port 80 needs rights"):
        await _enter(80)


async def test_loopback_listens_on_both_loopbacks_and_nowhere_else() -> None:
    async with serve(_answer, "localhost", 0) as listening:
        assert listening.url == f"http://127.0.0.1:{listening.port}/"
        for address in ("127.0.0.1", "::1"):
            _, writer = await asyncio.open_connection(address, listening.port)
            writer.close()
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await asyncio.open_connection("127.0.0.2", listening.port)


async def test_ipv6_host_is_answered_under_its_literal(house: House) -> None:
    async with serve(house.app, "::1", 0) as listening:
        assert listening.url == f"http://[::1]:{listening.port}/"
        answer = await house.client.get(f"{listening.url}api/v1/torrents")
        assert answer.status_code == 200


async def test_application_that_raises_is_the_servers_500() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    async with serve(fail, "127.0.0.1", 0) as listening:
        reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
        writer.write(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert _status(await reader.read(-1)) == 500
        writer.close()


@pytest.mark.parametrize(("host", "warnings"), [("0.0.0.0", 1), ("127.0.0.1", 0), ("127.0.0.2", 0)])
async def test_serve_when_beyond_this_computer_then_the_log_says_so_by_default(
    host: str, warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(_answer, host, 0):
        found = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert [one.getMessage() for one in found] == [f"{OPEN_HOST} host={host}"] * warnings
