"""Services as they are documented, on loopback, and everything that can be wrong with what one sends."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from matinee.errors import BadSource, MatineeError, SourceLimited, SourceUnreachable, TooLarge
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Fetcher
from tests.outside.hosts import Host, hosting, ok, redirect

Route = Callable[[dict[str, list[str]]], bytes]
"""Gives the whole response to a query."""

HTML = ok(b"<!doctype html><title>Maintenance</title>", "Content-Type: text/html")

FAULTS: dict[str, tuple[bytes, type[MatineeError]]] = {
    "away": (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", SourceUnreachable),
    "limited": (b"HTTP/1.1 429 Slow\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", SourceLimited),
    "gone": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", BadSource),
    "a page": (HTML, BadSource),
    "nothing": (ok(b""), BadSource),
    "a list": (ok(b"[]"), BadSource),
    "a number": (ok(b"7"), BadSource),
    "no utf-8": (ok(b'{"a": "\xff"}'), BadSource),
    "NaN": (ok(b'{"a": NaN}'), BadSource),
    "deep": (ok(b"[" * 200_000), BadSource),
    "torn": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", SourceUnreachable),
    "no http": (b"SSH-2.0-OpenSSH\r\n\r\n", SourceUnreachable),
    "to a file": (redirect("file:///etc/passwd"), BadSource),
    "to a script": (redirect("javascript:alert(1)"), SourceUnreachable),
    "a gigabyte": (b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n" + bytes(300_000), TooLarge),
}
"""What a service may send, and what must come of it; ``fetcher`` takes 256 KiB at most."""


def fetcher(*, timeout_s: float = 5.0, max_bytes: int = 256 * 1024) -> Fetcher:
    """Make one that may contact loopback."""
    return Fetcher(AddressPolicy(allow_private=True), timeout_s=timeout_s, max_bytes=max_bytes)


def says(value: Any) -> bytes:
    """Give a response that is JSON."""
    return ok(json.dumps(value).encode(), "Content-Type: application/json")


@asynccontextmanager
async def serving(routes: dict[str, bytes | Route]) -> AsyncIterator[Host]:
    """Serve paths; anything else is 404."""

    def answer(head: str) -> bytes:
        parts = urlsplit(head.split()[1])
        found = routes.get(parts.path, FAULTS["gone"][0])
        return found if isinstance(found, bytes) else found(parse_qs(parts.query))

    async with hosting(answer) as host:
        yield host


def home(host: Host) -> str:
    """Say where a host is."""
    return f"http://127.0.0.1:{host.port}"
