"""Files over a real server: ranges, waiting for pieces, clients that leave."""

import asyncio
import email.parser
import email.policy
import logging

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.errors import DiskFailed, MatineeError, PieceTimeout, TorrentRemoved
from matinee.models.torrent import FileEntry
from matinee.types import FileIndex
from matinee.web.asgi import Message, Scope
from matinee.web.responses import LEAST_PORTION_BYTES, PORTIONS_BYTES, Portions, StreamResponse
from tests.fakes.films import FakeStream
from tests.web.conftest import DEADLINE_S, FILM, HASH, WITHOUT_RIGHTS, House, MakeHouse

URL = f"/stream/{HASH}/0"
SIZE = len(FILM)
ETAG = f'"{HASH[:16]}-0"'
ROOMY = 48 * 1024 * 1024
"""More bytes than all the buffers between a server and a client that does not read."""


def _film(house: House) -> FakeStream:
    return house.films.torrents_here[next(iter(house.films.torrents_here))].streams[FileIndex(0)]


def _parts(answer: httpx.Response) -> list[tuple[str, bytes]]:
    """Take a multipart/byteranges apart with the standard library's parser."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + answer.content)
    parts = []
    for part in message.iter_parts():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        parts.append((str(part["Content-Range"]), payload))
    return parts


async def test_stream_without_range_gives_the_whole_file(house: House) -> None:
    answer = await house.client.get(URL)
    assert (answer.status_code, answer.content) == (200, FILM)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == ETAG
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"] == 'inline; filename="film.mp4"'


RANGES = [
    ("bytes=0-", 206, FILM, f"bytes 0-{SIZE - 1}/{SIZE}"),
    ("bytes=0-1", 206, FILM[:2], f"bytes 0-1/{SIZE}"),
    ("bytes=-100", 206, FILM[-100:], f"bytes {SIZE - 100}-{SIZE - 1}/{SIZE}"),
    ("bytes=16380-16390", 206, FILM[16380:16391], f"bytes 16380-16390/{SIZE}"),
    (f"bytes={SIZE - 1}-{SIZE + 9}", 206, FILM[-1:], f"bytes {SIZE - 1}-{SIZE - 1}/{SIZE}"),
    ("bytes=9-0", 200, FILM, None),
    ("bytes=0-0,2-2,4-4,6-6,8-8", 200, FILM, None),
    ("furlongs=0-1", 200, FILM, None),
]


@pytest.mark.parametrize(("wish", "status", "body", "content_range"), RANGES)
async def test_stream_with_range_gives_that_part(
    house: House, wish: str, status: int, body: bytes, content_range: str | None
) -> None:
    answer = await house.client.get(URL, headers={"Range": wish})
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers.get("content-range") == content_range
    assert answer.headers["content-length"] == str(len(body))


async def test_stream_with_range_beyond_the_end_says_the_length(house: House) -> None:
    answer = await house.client.get(URL, headers={"Range": f"bytes={SIZE}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert answer.json()["code"] == "range-not-satisfiable"


async def test_stream_with_several_ranges_gives_multipart(house: House) -> None:
    answer = await house.client.get(URL, headers={"Range": "bytes=100-199,0-9,-5"})
    assert answer.status_code == 206
    assert "content-range" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert _parts(answer) == [
        (f"bytes 100-199/{SIZE}", FILM[100:200]),
        (f"bytes 0-9/{SIZE}", FILM[:10]),
        (f"bytes {SIZE - 5}-{SIZE - 1}/{SIZE}", FILM[-5:]),
    ]


async def test_head_gives_the_same_head_and_opens_no_reader(house: House) -> None:
    whole, head = await house.client.get(URL), await house.client.head(URL, headers={"Range": "bytes=0-9"})
    assert (head.status_code, head.content) == (200, b"")
    same = ("content-length", "etag", "accept-ranges", "content-type")
    assert [head.headers[name] for name in same] == [whole.headers[name] for name in same]
    assert _film(house).all_readers == 1


@pytest.mark.parametrize(
    ("fields", "status", "length"),
    [
        ({"If-Range": ETAG, "Range": "bytes=0-9"}, 206, 10),
        ({"If-Range": '"old"', "Range": "bytes=0-9"}, 200, SIZE),
        ({"If-Range": f"W/{ETAG}", "Range": "bytes=0-9"}, 200, SIZE),
        ({"If-Range": "Sun, 22 Nov 2026 20:00:00 GMT", "Range": "bytes=0-9"}, 200, SIZE),
        ({"If-None-Match": ETAG}, 304, 0),
        ({"If-None-Match": "*", "Range": "bytes=0-9"}, 304, 0),
        ({"If-Match": ETAG, "Range": "bytes=0-9"}, 206, 10),
        ({"If-Match": '"old"', "Range": f"bytes={SIZE}-"}, 412, None),
        ({"If-Modified-Since": "Sun, 22 Nov 2026 20:00:00 GMT"}, 200, SIZE),
    ],
)
async def test_stream_with_conditions_keeps_their_order(
    house: House, fields: dict[str, str], status: int, length: int | None
) -> None:
    answer = await house.client.get(URL, headers=fields)
    assert answer.status_code == status
    assert length in (len(answer.content), None)


async def test_304_repeats_the_tag_and_has_no_body(house: House) -> None:
    answer = await house.client.get(URL, headers={"If-None-Match": ETAG})
    assert answer.headers["etag"] == ETAG
    assert "content-length" not in answer.headers


async def test_stream_of_an_empty_file_gives_nothing_and_no_range(house: House) -> None:
    url = f"/stream/{HASH}/1"
    whole = await house.client.get(url)
    assert (whole.status_code, whole.content, whole.headers["content-length"]) == (200, b"", "0")
    beyond = await house.client.get(url, headers={"Range": "bytes=0-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */0")


async def test_stream_of_a_page_is_saved_and_never_shown(house: House) -> None:
    answer = await house.client.get(f"/stream/{HASH}/2")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="page.html"'


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/stream/{WITHOUT_RIGHTS}/0", 409, "rights-unconfirmed"),
        (f"/stream/{'f' * 40}/0", 404, "torrent-not-found"),
        (f"/stream/{HASH}/9", 404, "file-not-found"),
    ],
)
async def test_stream_of_what_may_not_be_served_is_a_problem(
    house: House, path: str, status: int, code: str
) -> None:
    answer = await house.client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


SESSIONS = {
    "Chromium": [({"Range": "bytes=0-"}, 206), ({"Range": "bytes=32768-65535", "If-Range": ETAG}, 206)],
    "Chromium, moov last": [({"Range": "bytes=0-"}, 206), ({"Range": f"bytes={SIZE - 4096}-"}, 206)],
    "Firefox": [({"Range": "bytes=0-"}, 206), ({"Range": "bytes=131072-"}, 206)],
    "Safari": [({"Range": "bytes=0-1"}, 206), ({"Range": f"bytes=0-{SIZE - 1}"}, 206)],
    "VLC": [({}, 200), ({"Range": f"bytes={SIZE}-"}, 416), ({"Range": "bytes=1000-"}, 206)],
    "mpv": [
        ({"Range": "bytes=0-"}, 206),
        ({"Range": f"bytes={SIZE - 100}-"}, 206),
        ({"Range": "bytes=64-"}, 206),
    ],
}


@pytest.mark.parametrize("player", SESSIONS)
async def test_recorded_session_of_a_player_gets_its_answers(house: House, player: str) -> None:
    answers = [await house.client.get(URL, headers=fields) for fields, _ in SESSIONS[player]]
    assert [answer.status_code for answer in answers] == [status for _, status in SESSIONS[player]]


async def test_head_of_the_response_comes_before_the_first_piece(house: House) -> None:
    film = _film(house)
    film.withhold_from(0)
    reader, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(URL))
        head = await reader.readuntil(b"\r\n\r\n")
        await film.waiting.wait()
        await film.release()
        body = await reader.read(-1)
    assert f"content-length: {SIZE}".encode() in head
    assert body == FILM
    writer.close()


async def test_bytes_that_are_here_come_before_those_that_are_not(house: House) -> None:
    film = _film(house)
    film.withhold_from(20_000)
    reader, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(URL))
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(20_000) == FILM[:20_000]
        await film.waiting.wait()
        await film.release()
        assert await reader.read(-1) == FILM[20_000:]
    writer.close()


async def test_reader_is_asked_no_further_than_the_range(house: House) -> None:
    await house.client.get(URL, headers={"Range": "bytes=10-19"})
    assert _film(house).reads == [(10, 20)]


async def test_client_that_leaves_while_a_piece_is_missing_frees_the_reader(
    house: House,
) -> None:
    film = _film(house)
    film.withhold_from(1000)
    _, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(URL))
        await film.waiting.wait()
    assert film.open_readers == 1
    writer.transport.abort()
    async with asyncio.timeout(DEADLINE_S):
        await film.idle.wait()


async def test_two_hundred_clients_that_leave_leave_no_task(house: House) -> None:
    film = _film(house)
    film.withhold_from(0)
    before = len(asyncio.all_tasks())

    async def come_and_go() -> None:
        _, writer = await house.connect()
        writer.write(house.request(URL))
        await film.waiting.wait()
        writer.transport.abort()

    async with asyncio.timeout(DEADLINE_S):
        for _ in range(10):
            await asyncio.gather(*(come_and_go() for _ in range(20)))
        await film.idle.wait()
        await _until_quiet(before)
    assert film.open_readers == 0


async def _until_quiet(count: int) -> None:
    """Let the loop finish what the closed connections left."""
    while len(asyncio.all_tasks()) > count:  # noqa: ASYNC110 - nothing tells when a foreign task has ended
        await asyncio.sleep(0)


async def test_client_that_leaves_while_the_list_of_files_is_missing_is_noticed(house: House) -> None:
    house.films.metadata_here.clear()
    before = len(asyncio.all_tasks())
    _, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(URL))
        await house.films.asked_for_metadata.wait()
    writer.transport.abort()
    async with asyncio.timeout(DEADLINE_S):
        await _until_quiet(before)


@pytest.mark.parametrize(
    ("failure", "level"),
    [
        (TorrentRemoved("Removed."), "INFO"),
        (PieceTimeout("Nobody sent it."), "WARNING"),
        (DiskFailed("It cannot be read."), "WARNING"),
    ],
)
async def test_failure_in_the_body_drops_the_connection_short(
    house: House, failure: MatineeError, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "matinee")
    film = _film(house)
    film.withhold_from(1000)
    reader, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(URL))
        await reader.readuntil(b"\r\n\r\n")
        await film.waiting.wait()
        assert await reader.readexactly(1000) == FILM[:1000]
        await film.fail(failure)
        assert await reader.read(-1) == b""
    writer.close()
    assert [(line.levelname, line.getMessage()) for line in caplog.records] == [
        (level, f"stream ended early: {failure} etag={ETAG}")
    ]


async def test_removing_the_torrent_ends_its_streams(house: House, caplog: pytest.LogCaptureFixture) -> None:
    film = _film(house)
    film.withhold_from(1000)
    watching = asyncio.ensure_future(house.client.get(URL))
    async with asyncio.timeout(DEADLINE_S):
        await film.waiting.wait()
        removed = await house.client.delete(f"/api/v1/torrents/{HASH}")
        await asyncio.wait([watching])
    assert removed.status_code == 204
    assert isinstance(watching.exception(), httpx.RemoteProtocolError)
    assert [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING] == []


async def test_client_that_takes_no_bytes_is_dropped_after_the_limit(make_house: MakeHouse) -> None:
    house = await make_house(send_idle_limit_s=0.2)
    film = house.films.put("9" * 40, {"big.mp4": bytes(ROOMY)}).streams[FileIndex(0)]
    film.piece_bytes = 1024 * 1024
    reader, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(f"/stream/{'9' * 40}/0"))
        await reader.readuntil(b"\r\n\r\n")
        await film.idle.wait()
    assert film.all_readers == 1
    writer.transport.abort()


async def test_waiting_for_a_piece_is_not_the_clients_idleness(make_house: MakeHouse) -> None:
    house = await make_house(send_idle_limit_s=0.05)
    film = _film(house)
    film.withhold_from(1000)
    reader, writer = await house.connect()
    writer.write(house.request(URL))
    async with asyncio.timeout(DEADLINE_S):
        await film.waiting.wait()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await film.idle.wait()
    await film.release()
    async with asyncio.timeout(DEADLINE_S):
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.read(-1) == FILM
    writer.close()


async def test_reader_that_never_waits_starves_nobody(house: House) -> None:
    big = house.films.put("9" * 40, {"big.mp4": bytes(ROOMY)}).streams[FileIndex(0)]
    watching = [asyncio.ensure_future(house.client.get(f"/stream/{'9' * 40}/0")) for _ in range(4)]
    async with asyncio.timeout(DEADLINE_S):
        await big.busy.wait()
        assert (await house.client.get("/api/v1/health")).status_code == 200
        assert not any(one.done() for one in watching)
        answers = await asyncio.gather(*watching)
    assert [len(answer.content) for answer in answers] == [ROOMY] * 4


async def test_reader_that_gives_nothing_drops_the_connection(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def give_nothing(start: int, stop: int) -> bytes:
        return b""

    monkeypatch.setattr(_film(house), "read", give_nothing)
    with pytest.raises(httpx.RemoteProtocolError):
        await house.client.get(URL)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


@settings(max_examples=60, deadline=None)
@given(
    length=st.integers(0, 300),
    header=st.lists(st.tuples(st.integers(0, 320), st.integers(0, 320)), min_size=1, max_size=4),
    piece_bytes=st.integers(1, 64),
)
async def test_body_is_always_as_long_as_promised(
    length: int, header: list[tuple[int, int]], piece_bytes: int
) -> None:
    wish = "bytes=" + ",".join(f"{first}-{last}" for first, last in header)
    head, body = await _ask(length, piece_bytes, wish)
    assert len(body) == int(head["content-length"])


async def test_players_when_they_are_many_and_take_nothing_then_each_is_read_little_for() -> None:
    length, many = 2 * 1024 * 1024, 300
    stream = FakeStream(
        FileEntry(FileIndex(0), "x.mp4", length, 0, "video/mp4"), bytes(length), '"x"', length
    )
    portions, here = Portions(), asyncio.Semaphore(0)
    scope: Scope = {"type": "http", "method": "GET", "headers": []}

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def take_nothing(message: Message) -> None:
        if message.get("body"):
            here.release()
            await asyncio.Event().wait()

    watching = [
        asyncio.create_task(StreamResponse(stream, portions)(scope, receive, take_nothing))
        for _ in range(many)
    ]
    async with asyncio.timeout(DEADLINE_S):
        for _ in range(many):
            await here.acquire()
    for player in watching:
        player.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    asked = [stop - start for start, stop in stream.reads]
    assert asked == sorted(asked, reverse=True)
    assert (asked[0], asked[-1]) == (length, PORTIONS_BYTES // many)
    assert portions.each_bytes == PORTIONS_BYTES
    for _ in range(PORTIONS_BYTES // LEAST_PORTION_BYTES + 1):
        portions.__enter__()
    assert portions.each_bytes == LEAST_PORTION_BYTES


async def _ask(length: int, piece_bytes: int, wish: str) -> tuple[dict[str, str], bytes]:
    """Call the response as a server does."""
    entry = FileEntry(FileIndex(0), "x.mp4", length, 0, "video/mp4")
    stream = FakeStream(entry, bytes(length), '"x"', piece_bytes)
    sent: list[Message] = []
    scope: Scope = {"type": "http", "method": "GET", "headers": [(b"range", wish.encode())]}

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append({**message, "body": bytes(message.get("body", b""))})

    await StreamResponse(stream, Portions())(scope, receive, send)
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return head, b"".join(message["body"] for message in sent[1:])
