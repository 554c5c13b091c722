"""The few pieces of ASGI that our own handlers stand on.

No framework: importing one costs more than half of the time the whole program may take to start.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from typing import Any, TypeVar

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

T = TypeVar("T")

ABORT = "matinee.abort"
"""Name of our extension of the scope: a callable that drops the connection at once. What the kernel has still comes."""

RESET = "matinee.reset"
"""The same, and what the kernel has is thrown away: for whoever may have no more of it."""

CLOSING = "matinee.closing"
"""Key in the scope's state: an ``asyncio.Event`` that is set when the server begins to close."""


class ClientGone(Exception):
    """The client hung up before the work was done."""


class Reply:
    """A whole response that is already known. An ASGI application."""

    def __init__(self, status: int, body: bytes = b"", headers: Iterable[tuple[str, str]] = ()) -> None:
        self.status = status
        self.body = body
        self.headers: Headers = encode_headers(headers)
        if status not in (204, 304):
            self.headers.append((b"content-length", b"%d" % len(body)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


def encode_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Give header fields the form ASGI wants: lower-case names, Latin-1."""
    return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in headers]


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Every value a header field was sent with, in order."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def header(scope: Scope, name: bytes) -> str | None:
    """A header field's value, several joined as RFC 9110 section 5.3 says; None when it was not sent."""
    values = header_values(scope, name)
    return ", ".join(values) if values else None


async def gone(receive: Receive) -> None:
    """Wait until the client has hung up. What it still sends is dropped."""
    while (await receive())["type"] != "http.disconnect":
        pass


NOBODY_LISTENS = 499
"""The status of an answer that nobody reads, as others number it."""


async def until_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Do the work, but cancel it at once when the client hangs up.

    We listen ourselves: frameworks do so only below ASGI 2.4, and a wait for a piece may last for hours.

    Raises:
        ClientGone: the client hung up first; the work has been cancelled and has ended.
    """
    task = asyncio.ensure_future(work)
    listener = asyncio.ensure_future(gone(receive))
    try:
        await asyncio.wait((task, listener), return_when=asyncio.FIRST_COMPLETED)
    finally:
        listener.cancel()
        task.cancel()
        await asyncio.gather(task, listener, return_exceptions=True)
    if task.cancelled():
        raise ClientGone
    return task.result()


async def abort(scope: Scope, receive: Receive, cause: BaseException) -> None:
    """End a response that cannot be completed by dropping its connection, so that it cannot seem complete.

    Raises the cause where the server does not know our extension: any ASGI server then drops the connection.
    """
    drop = scope.get("extensions", {}).get(ABORT)
    if drop is None:
        raise cause
    drop()
    await gone(receive)


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """Read a request's whole body; None as soon as it is longer than ``limit`` bytes.

    Raises:
        ClientGone: the client hung up before the end.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def replay(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already to somebody who wants to read it."""
    waiting = [body]

    async def receive_again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return receive_again
