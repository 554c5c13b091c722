"""A file that is still arriving, as an HTTP response. A response is an ASGI application.

The head goes out at once, before the first piece is here: players show the length and wait patiently for
bytes, but give up on a server that does not answer. What is known to be wrong beforehand (no such file,
rights not stated) has been said by then as a problem; what goes wrong later drops the connection, so that a
response can end short but never seem complete.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from matinee.errors import MatineeError, TorrentRemoved
from matinee.ports import ByteReader, Stream
from matinee.web.asgi import (
    ClientGone,
    Headers,
    Receive,
    Scope,
    Send,
    abort,
    encode_headers,
    header,
    until_gone,
)
from matinee.web.dispositions import content_disposition, safe_media_type
from matinee.web.preconditions import Outcome, evaluate
from matinee.web.problems import plain_problem
from matinee.web.ranges import (
    Spans,
    Unsatisfiable,
    Wanted,
    Whole,
    content_range,
    if_range_holds,
    parse_range,
    unsatisfied_range,
)

logger = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
"""Most bytes handed to the server at a time: what one connection holds in memory beside the socket and its portion."""

PORTIONS_BYTES = 48 * 1024 * 1024
"""What all streams together read at a time. A player that has enough takes nothing for a while, and we hold what was
read for it: as much as a reader gives, five hundred of them held 725 MB."""
LEAST_PORTION_BYTES = 64 * 1024

SEND_IDLE_LIMIT_S = 600.0
"""For how long a client may take no bytes.

A paused player stops reading, for hours if need be; so does a phone that fell asleep, and the two look alike.
Chromium, Firefox, VLC and mpv all ask again for the rest when they go on, because we promise ranges and a
strong tag, so closing costs them one request, while staying open would hold a reader and its window for ever.
"""


Sent: TypeAlias = Callable[[str, int, int, float], None]
"""Told the file's entity tag, ``[start, stop)`` in it, and for how many seconds these bytes were waited for."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of the file, and what is written before them."""

    prefix: bytes
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A response that only lacks the file's bytes."""

    status: int
    headers: Headers
    parts: tuple[Part, ...] = ()
    tail: bytes = b""
    """Written after the last part."""


class Portions:
    """How much each stream reads at a time: the less, the more of them there are. Entered while one reads."""

    def __init__(self) -> None:
        self._streams = 0

    def __enter__(self) -> None:
        self._streams += 1

    def __exit__(self, *exc: object) -> None:
        self._streams -= 1

    @property
    def each_bytes(self) -> int:
        """How much one stream may read now."""
        return max(LEAST_PORTION_BYTES, PORTIONS_BYTES // max(1, self._streams))


class StreamResponse:
    """Serves a file, whole or in ranges, and waits for pieces that are not here yet.

    Args:
        stream: the file; a reader is open exactly while its bytes are being sent.
        portions: shared by all responses.
        send_idle_limit_s: drop a client that takes no bytes for so long, in seconds.
        sent: told which bytes the client took, and how long they were waited for.
    """

    def __init__(
        self,
        stream: Stream,
        portions: Portions,
        *,
        send_idle_limit_s: float = SEND_IDLE_LIMIT_S,
        sent: Sent | None = None,
    ) -> None:
        self._stream = stream
        self._portions = portions
        self._sent = sent
        self._send_idle_limit_s = send_idle_limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plan = make_plan(self._stream, scope, boundary=secrets.token_hex(16))
        await send({"type": "http.response.start", "status": plan.status, "headers": plan.headers})
        if scope["method"] == "HEAD" or not plan.parts:
            await send(
                {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else plan.tail}
            )
            return
        try:
            await until_gone(receive, self._send_parts(plan, send))
        except ClientGone:
            return
        except (MatineeError, TimeoutError) as error:
            # That a film was taken out is what somebody wished: whoever still watches it tells nothing of a fault.
            level = logging.INFO if isinstance(error, TorrentRemoved) else logging.WARNING
            words = str(error) or "the client took no bytes"
            logger.log(level, "stream ended early: %s etag=%s", words, self._stream.etag)
            await abort(scope, receive, error)

    async def _send_parts(self, plan: Plan, send: Send) -> None:
        async with self._stream.open() as reader:
            with self._portions:
                for part in plan.parts:
                    if part.prefix:
                        await self._send(part.prefix, send)
                    await self._send_span(reader, part.start, part.stop, send)
        await send({"type": "http.response.body", "body": plan.tail})

    async def _send_span(self, reader: ByteReader, start: int, stop: int, send: Send) -> None:
        position = start
        while position < stop:
            asked_s = asyncio.get_running_loop().time()
            data = await reader.read(position, min(stop, position + self._portions.each_bytes))
            waited_s = asyncio.get_running_loop().time() - asked_s
            if not 0 < len(data) <= stop - position:
                raise RuntimeError(f"a reader gave {len(data)} bytes of {stop - position}")
            for chunk in _chunks(data):
                await self._send(chunk, send)
            if self._sent is not None:
                self._sent(self._stream.etag, position, position + len(data), waited_s)
            position += len(data)

    async def _send(self, data: bytes | bytearray | memoryview, send: Send) -> None:
        """Hand over some bytes; waits while the client takes none, but not longer than the limit."""
        async with asyncio.timeout(self._send_idle_limit_s):
            await send({"type": "http.response.body", "body": data, "more_body": True})
        # When the data is here and the socket takes it, nothing above really waits: without this one reader
        # would starve all others, and the end of its own connection would go unseen.
        await asyncio.sleep(0)


def make_plan(stream: Stream, scope: Scope, *, boundary: str) -> Plan:
    """Decide what to answer, before anything is read."""
    length, etag = stream.file.length, stream.etag
    match evaluate(scope["method"], header(scope, b"if-match"), header(scope, b"if-none-match"), etag):
        case Outcome.NOT_MODIFIED:
            return Plan(304, encode_headers(_lasting(stream)))
        case Outcome.FAILED:
            return _failure(412, "precondition-failed", "The file is another one than the player began with.")
        case Outcome.PROCEED:
            pass
    match _wanted(scope, length, etag):
        case Unsatisfiable():
            detail = f"The file ends at byte {length}; no part of what was asked for is inside."
            field = ("Content-Range", unsatisfied_range(length))
            return _failure(416, "range-not-satisfiable", detail, field)
        case Spans(spans=((start, stop),)):
            field = ("Content-Range", content_range((start, stop), length))
            return Plan(206, _head(stream, stop - start, None, field), (Part(b"", start, stop),))
        case Spans(spans=spans):
            return _several(stream, spans, boundary)
        case Whole():
            return Plan(200, _head(stream, length, None), (Part(b"", 0, length),) if length else ())


def _wanted(scope: Scope, length: int, etag: str) -> Wanted:
    """Read Range and If-Range; both are for GET alone (RFC 9110 section 14.2)."""
    if scope["method"] != "GET" or not if_range_holds(header(scope, b"if-range"), etag):
        return Whole()
    return parse_range(header(scope, b"range"), length)


def _several(stream: Stream, spans: tuple[tuple[int, int], ...], boundary: str) -> Plan:
    """Answer several ranges as multipart/byteranges (RFC 9110 section 14.6), its length counted before."""
    media_type = safe_media_type(stream.file.media_type)
    parts = []
    for span in spans:
        lines = (
            f"\r\n--{boundary}\r\nContent-Type: {media_type}\r\n"
            f"Content-Range: {content_range(span, stream.file.length)}\r\n\r\n"
        )
        parts.append(Part(lines.encode("ascii"), *span))
    tail = f"\r\n--{boundary}--\r\n".encode("ascii")
    length = sum(len(part.prefix) + part.stop - part.start for part in parts) + len(tail)
    return Plan(206, _head(stream, length, f"multipart/byteranges; boundary={boundary}"), tuple(parts), tail)


def _failure(status: int, code: str, detail: str, *fields: tuple[str, str]) -> Plan:
    reply = plain_problem(status, code, detail, [("Accept-Ranges", "bytes"), *fields])
    return Plan(status, reply.headers, (), reply.body)


def _head(stream: Stream, length: int, media_type: str | None, *fields: tuple[str, str]) -> Headers:
    own_type = safe_media_type(stream.file.media_type)
    return encode_headers(
        [
            *_lasting(stream),
            ("Accept-Ranges", "bytes"),
            ("Content-Type", media_type or own_type),
            ("Content-Length", str(length)),
            ("Content-Disposition", content_disposition(stream.file.path, own_type)),
            *fields,
        ]
    )


def _lasting(stream: Stream) -> list[tuple[str, str]]:
    """What a 304 repeats of a 200.

    The strong tag is what lets Chromium go on with ``If-Range``. ``no-store`` because the bytes are on this
    disk already: a browser's second copy of a film would cost its cache, and tell the next person at the
    screen what was watched.
    """
    return [("ETag", stream.etag), ("Cache-Control", "private, no-store")]


def _chunks(data: bytes | bytearray) -> Iterator[bytes | bytearray | memoryview]:
    if len(data) <= CHUNK_BYTES:
        yield data
        return
    view = memoryview(data)
    for start in range(0, len(view), CHUNK_BYTES):
        yield view[start : start + CHUNK_BYTES]
