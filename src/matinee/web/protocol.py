"""uvicorn's HTTP/1.1 connection with the limits it lacks. Written against the pinned version.

uvicorn waits for ever for the end of a request's head or body (Kludex/uvicorn#157): 100 half-sent requests
were all still open after a minute on 0.54. It also answers malformed requests without our headers.
"""

import asyncio
import contextlib
import socket
import struct
import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from functools import lru_cache, partial
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from matinee.web.asgi import ABORT, RESET, Receive, Reply, Scope, Send
from matinee.web.door import SECURITY_HEADERS
from matinee.web.problems import RETRY_AFTER_S, plain_problem


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection, and all together, may take."""

    head_s: float = 15.0
    """From connecting, or from the first byte of a later request, to the end of its head, in seconds."""
    body_s: float = 15.0
    """How long a body may take, in seconds; each ``body_bytes_per_s`` that came earn it one more."""
    body_bytes_per_s: int = 16 * 1024
    """The slowest rate at which a body may come in the long run."""
    head_bytes: int = 32 * 1024
    """Address and header fields together. Browsers send the cookies of every port of this host."""
    head_fields: int = 100
    """Header fields in one request."""
    connections: int = 2000
    """Beyond so many, requests are answered 503; beyond half as many again, connections are dropped."""
    from_one: int = 200
    """From one device among other screens; its next connections are dropped. A page with its player takes ten."""
    keep_alive_s: int = 60
    """How long a connection may rest between requests, in seconds."""

    @property
    def most_connections(self) -> int:
        """Beyond so many, connections are dropped."""
        return self.connections * 3 // 2


def limits_of(descriptors: int) -> Limits:
    """Give what clients may take where the program may have so many descriptors: peers and films need theirs too."""
    usual = Limits()
    connections = min(usual.connections, descriptors // 3)
    return replace(usual, connections=connections, from_one=min(usual.from_one, max(connections // 4, 1)))


LINGER_S = 1.0
"""How long we still take, and drop, what a refused client sends: closing at once would reset the connection,
and the client would never read why (RFC 9112 section 9.6)."""

_MALFORMED = plain_problem(400, "bad-request", "This is not a request that Matinee understands.")
_NOT_A_PATH = plain_problem(400, "bad-request", "Ask for a path, not for a whole address.")
_HEAD_TOO_LONG = plain_problem(431, "head-too-large", "The head of the request is too long.")
_TOO_SLOW = plain_problem(408, "too-slow", "The request did not arrive in time.")
_BUSY = plain_problem(
    503,
    "busy",
    "Too many connections are open. Try again in a moment.",
    [("Retry-After", str(RETRY_AFTER_S)), ("Connection", "close")],
)


class _Unwanted(Exception):
    """The request is refused before it is complete."""


class Connection(HttpToolsProtocol):
    """One client's connection. A subclass sets ``limits``: connections are made by class."""

    limits = Limits()
    came_at: float | None = None
    """When somebody connected, by the loop's clock, where that was before there was this object."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.access_log = False
        self._deadline: asyncio.TimerHandle | None = None
        self._in_head = True
        self._fed_bytes = 0
        self._parsed_bytes = 0
        self._body_bytes = 0
        self._body_began_at = 0.0
        self._refusal = _MALFORMED
        self._lingering = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > self.limits.most_connections:
            transport.abort()
            return
        if len(self.connections) > self.limits.connections:
            self.app = _busy
        _notice_dead_peers(transport)
        now = self.loop.time()
        self._arm(max(0.0, (self.came_at or now) + self.limits.head_s - now))

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; refuse what is malformed or too long."""
        if self._lingering:
            return
        self._unset_keepalive_if_required()
        if self._in_head:
            self._fed_bytes += len(data)
            if self._deadline is None:
                self._arm(self.limits.head_s)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # We speak nothing else, so the request is answered as if it had not asked (RFC 9110 section 7.8);
            # the parser has stopped, so it is the connection's last.
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            self._refuse(self._refusal)
        else:
            # A single endless header field never reaches a callback, so what is fed is counted too.
            if self._in_head and self._fed_bytes > self.limits.head_bytes:
                self._refuse(_HEAD_TOO_LONG)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._parsed_bytes = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value))

    def on_headers_complete(self) -> None:
        """Hand the request to the application, together with a way to drop the connection."""
        if not self.url.startswith(b"/"):
            # A whole address would override Host (RFC 9112 section 3.2.2), and we are no proxy.
            self._refusal = _NOT_A_PATH
            raise _Unwanted
        self._in_head = False
        self._fed_bytes = 0
        self._body_bytes = 0
        self._body_began_at = self.loop.time()
        self._arm(self.limits.body_s)
        extensions: dict[str, Any] = {
            ABORT: self.transport.abort,
            RESET: partial(_reset, self.transport),
        }
        self.scope["extensions"] = extensions
        self.server_state.default_headers = _date(int(time.time()))
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._body_bytes += len(body)
        earned_s = self._body_bytes / self.limits.body_bytes_per_s
        self._arm(self._body_began_at + self.limits.body_s + earned_s - self.loop.time())

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._disarm()
        self._in_head = True

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and not self._in_head and not self.transport.is_closing():
            # The answer did not need the body, which is still on its way.
            self._linger()

    def _count(self, parsed_bytes: int) -> None:
        self._parsed_bytes += parsed_bytes
        if self._parsed_bytes > self.limits.head_bytes or len(self.headers) > self.limits.head_fields:
            self._refusal = _HEAD_TOO_LONG
            raise _Unwanted

    def _arm(self, delay_s: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(delay_s, self._too_slow)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        answering = self.cycle is not None and not self.cycle.response_complete
        if self._in_head and answering:
            # The beginning of a next request must not cut the response before it short.
            self._arm(self.limits.head_s)
        elif self._in_head and not self._fed_bytes:
            self.transport.close()
        else:
            self._refuse(_TOO_SLOW)

    def _refuse(self, reply: Reply) -> None:
        """Answer without the application and close; when an answer is under way already, just drop it."""
        if self.transport.is_closing() or self._lingering:
            return
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
            return
        fields = [*_date(int(time.time())), *reply.headers, *SECURITY_HEADERS, (b"connection", b"close")]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
        self.transport.write(STATUS_LINE[reply.status] + lines + b"\r\n" + reply.body)
        self._linger()

    def _linger(self) -> None:
        self._unset_keepalive_if_required()
        self._disarm()
        self._lingering = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            # TLS says itself that this was the end, and waits a moment for the answer to it.
            self.transport.close()
        self._deadline = self.loop.call_later(LINGER_S, self.transport.abort)


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    busy = Reply(_BUSY.status, _BUSY.body)
    busy.headers = [*_BUSY.headers, *SECURITY_HEADERS]
    await busy(scope, receive, send)


@lru_cache(maxsize=1)
def _date(second: int) -> list[tuple[bytes, bytes]]:
    return [(b"date", formatdate(second, usegmt=True).encode("ascii"))]


def _reset(transport: asyncio.Transport) -> None:
    """End a connection now, and throw away what the kernel holds for it.

    Closed in the usual way it would still bring all that a slow client has not taken: megabytes, for as long as the
    client likes. So it is reset (SO_LINGER of no time, socket(7)).
    """
    sock: socket.socket = transport.get_extra_info("socket")
    with contextlib.suppress(OSError):  # it is gone already
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _notice_dead_peers(transport: asyncio.Transport) -> None:
    """Have the kernel notice within a minute that a client vanished while we wait and send nothing."""
    sock: socket.socket = transport.get_extra_info("socket")
    options = {"SO_KEEPALIVE": 1, "TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
    for name, value in options.items():
        level = socket.SOL_SOCKET if name.startswith("SO_") else socket.IPPROTO_TCP
        with contextlib.suppress(AttributeError, OSError):
            sock.setsockopt(level, getattr(socket, name), value)
