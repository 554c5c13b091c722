"""Fetches what somebody named an address of, without being led into the house.

The host is resolved here, every address it has is judged, and the connection goes to the very address that
was judged: a name that changes between the check and the connection gains nothing. Each redirect goes the
same way. docs/security.md, row 10, has the attack.
"""

import asyncio
import re
import socket
import ssl
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from matinee import __version__
from matinee.errors import BadSource, SourceLimited, SourceUnreachable, TooLarge
from matinee.outside.addresses import AddressPolicy, Refusal, UrlKind
from matinee.outside.contacts import Note

if TYPE_CHECKING:
    import httpx  # at run time inside the functions: it costs 0.25 s of the start

TIMEOUT_S = 10.0
"""For all of it: resolving, redirects, connecting, reading."""
MAX_REDIRECTS = 3
MOST_BYTES = 10 * 1024 * 1024
"""Of an answer, unless a Fetcher is told otherwise."""
MOST_WAIT_S = 3600.0
"""As long as a host is left alone because it asks for it."""
PORTS = {"https": 443, "http": 80}
"""Only these where private addresses are not allowed: any other is some other service."""

_PASSED_ON = (301, 302, 303, 307, 308)
_LENGTH = re.compile(r"[0-9]{1,18}")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/(?:([0-9]{1,18})|\*)")

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives the numeric addresses of a host."""


async def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave."""

    body: bytes
    url: str
    """Where it came from in the end, redirects followed."""
    headers: Mapping[str, str]
    """By name in lower case."""
    start: int = 0
    """Where in the file the body begins: not 0 when a span was asked for and the host gives spans."""
    length: int | None = None
    """Of the whole file in bytes, where the body is a part of it; None when it is all, or the host does not say."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an address gives, while it comes."""

    chunks: AsyncGenerator[bytes, None]
    """The body; raises what ``Fetcher.fetch`` does."""
    headers: Mapping[str, str]
    """By name in lower case."""
    start: int
    """Where in the file the body begins."""
    length: int | None
    """Of the whole file in bytes; None when the host does not say."""
    is_part: bool
    """Whether the host gives spans, and gave one."""


class Fetcher:
    """Fetches whole files under a policy. Keeps no connection, no cookie and no cache."""

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        resolve: Resolve = system_resolve,
        timeout_s: float = TIMEOUT_S,
        max_bytes: int = MOST_BYTES,
        kind: UrlKind = UrlKind.TORRENT,
        note: Note | None = None,
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._kind = kind
        self._note = note

    async def fetch(self, url: str) -> bytes:
        """Fetch the bytes at an address.

        Raises:
            BadSource: the address may not be contacted, refuses us, or leads nowhere.
            SourceUnreachable: it cannot be reached, or does not answer in time.
            SourceLimited: it wants to be left alone for a time.
            TooLarge: it sends more than ``max_bytes``.
        """
        return (await self.get(url)).body

    async def get(self, url: str, *, accept: str = "*/*", span: tuple[int, int] | None = None) -> Answer:
        """Fetch what is at an address, or the bytes ``[start, stop)`` of it where the host gives spans.

        Args:
            accept: the media types wanted, as RFC 9110 writes them.

        Raises:
            As ``fetch``.
        """
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        if span is not None:
            headers["Range"] = f"bytes={span[0]}-{span[1] - 1}"
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._follow(url, headers)
        except TimeoutError as exc:
            raise self._too_late() from exc

    @asynccontextmanager
    async def incoming(
        self, url: str, start: int, stop: int | None = None, *, unchanged: str | None = None
    ) -> AsyncIterator[Incoming]:
        """Begin to fetch the bytes ``[start, stop)`` of a file, and give them as they come; leaving it hangs up.

        No chunk, and not the head, is waited for longer than ``timeout_s``; all of it may take longer, and be more
        than ``max_bytes``, of which nothing is held here.

        Args:
            stop: None for all that follows.
            unchanged: the strong entity tag that the file had: another file is given whole (RFC 9110, 13.1.5).

        Raises:
            As ``fetch``.
        """
        last = "" if stop is None else str(stop - 1)
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "Range": f"bytes={start}-{last}"}
        if unchanged is not None:
            headers["If-Range"] = unchanged
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(self._timeout_s):
                    response, parts = await self._answered(stack, url, headers)
            except TimeoutError as exc:
                raise self._too_late() from exc
            if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
                raise _packed()
            is_part = response.status_code == 206
            begins, length = _part(response.headers) if is_part else (0, _content_length(response.headers))
            chunks = self._chunks(response, parts)
            yield Incoming(chunks, dict(response.headers), begins, length, is_part)

    async def _follow(self, url: str, headers: Mapping[str, str]) -> Answer:
        async with AsyncExitStack() as stack:
            response, parts = await self._answered(stack, url, headers)
            return await self._read(response, parts)

    async def _answered(
        self, stack: AsyncExitStack, url: str, headers: Mapping[str, str]
    ) -> "tuple[httpx.Response, SplitResult]":
        """Ask until somebody answers with a file, and give the head of that; its connection ends with ``stack``."""
        for _ in range(1 + MAX_REDIRECTS):
            parts = self._checked(url)
            own = await stack.enter_async_context(AsyncExitStack())
            response = await self._ask(own, parts, headers)
            if response.status_code not in _PASSED_ON or "location" not in response.headers:
                _check(response, parts)
                return response, parts
            url = urljoin(url, response.headers["location"])
            await own.aclose()
        raise BadSource(f"The address was passed on more than {MAX_REDIRECTS} times. Use the final address.")

    def _too_late(self) -> SourceUnreachable:
        return SourceUnreachable(
            f"The address did not answer within {self._timeout_s:g} seconds. Try again later."
        )

    def _checked(self, url: str) -> SplitResult:
        clean = self._policy.clean_url(url.strip(), self._kind)
        if isinstance(clean, Refusal):
            raise BadSource(f"This address is not fetched: {clean.reason}. Use the film's public address.")
        parts = urlsplit(clean)
        if not self._policy.allow_private and parts.port not in (None, PORTS[parts.scheme]):
            raise BadSource("This address is not fetched: it names an unusual port. Use its usual address.")
        return parts

    async def _ask(
        self, stack: AsyncExitStack, parts: SplitResult, headers: Mapping[str, str]
    ) -> "httpx.Response":
        import httpx

        addresses = await self._addresses(parts)
        # Reads the certificates of the system: 20 ms that the loop need not wait for.
        trust = await asyncio.to_thread(ssl.create_default_context)
        client = await stack.enter_async_context(
            httpx.AsyncClient(verify=trust, trust_env=False, follow_redirects=False, timeout=self._timeout_s)
        )
        response = await self._connect(client, parts, addresses, headers)
        stack.push_async_callback(response.aclose)
        return response

    async def _addresses(self, parts: SplitResult) -> list[str]:
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        try:
            addresses = await self._resolve(host, port)
        except OSError as exc:
            raise SourceUnreachable(f"The host {host} could not be found. Check the address.") from exc
        if not addresses or not all(map(self._policy.may_contact, addresses)):
            raise BadSource(f"The host {host} is in a private network, so it is not contacted.")
        return addresses

    async def _connect(
        self,
        client: "httpx.AsyncClient",
        parts: SplitResult,
        addresses: list[str],
        headers: Mapping[str, str],
    ) -> "httpx.Response":
        """Send the request to the first of the judged addresses that takes it."""
        import httpx

        failure: Exception | None = None
        for address in addresses:
            literal = f"[{address}]" if ":" in address else address
            port = parts.port or PORTS[parts.scheme]
            request = client.build_request(
                "GET",
                parts._replace(netloc=f"{literal}:{port}").geturl(),
                headers={"Host": parts.netloc, "User-Agent": f"Matinee/{__version__}", **headers},
                extensions={"sni_hostname": parts.hostname},
            )
            if self._note is not None:
                self._note.asked(parts.hostname or "")
            try:
                return await client.send(request, stream=True)
            except httpx.ConnectError as exc:
                failure = exc
            except (httpx.TransportError, httpx.InvalidURL) as exc:
                raise _unreachable(parts) from exc
        if "CERTIFICATE_VERIFY_FAILED" in str(failure):
            raise BadSource(f"The host {parts.hostname} could not prove that it is who it says.") from failure
        raise _unreachable(parts) from failure

    async def _read(self, response: "httpx.Response", parts: SplitResult) -> Answer:
        start, length = _part(response.headers) if response.status_code == 206 else (0, None)
        whole = bytearray()
        async for chunk in _decoded(response, self._chunks(response, parts), self._max_bytes):
            whole += chunk
            if len(whole) > self._max_bytes:
                raise TooLarge(
                    f"The address sends more than {self._max_bytes // 2**20} MiB, which is more than is taken."
                )
        return Answer(bytes(whole), parts.geturl(), dict(response.headers), start, length)

    async def _chunks(self, response: "httpx.Response", parts: SplitResult) -> AsyncGenerator[bytes, None]:
        """Give a body as it is sent."""
        import httpx

        try:
            async for chunk in response.aiter_raw():
                if self._note is not None:
                    self._note.came(parts.hostname or "", len(chunk))
                yield chunk
        except httpx.TransportError as exc:
            raise _unreachable(parts) from exc


def _check(response: "httpx.Response", parts: SplitResult) -> None:
    """Hold an answer to be a file, or a part of one where that was asked for."""
    status = response.status_code
    if status in (429, 503) and (wait_s := retry_after_s(response.headers)) is not None:
        raise SourceLimited(
            f"The host {parts.hostname} wants to be left alone for {wait_s:g} seconds. Try again then.",
            retry_after_s=wait_s,
        )
    if status >= 500 or status == 429:
        raise SourceUnreachable(f"The address answered with error {status}. Try again later.")
    if status != 200 and not (status == 206 and "range" in response.request.headers):
        raise BadSource(f"Nothing can be fetched at this address: it answered {status}. Check it.")


def retry_after_s(headers: Mapping[str, str], now_s: float | None = None) -> float | None:
    """Read how long a host wants to be left alone (RFC 9110, 10.2.3), as seconds or a date; None when it does not say.

    Never longer than ``MOST_WAIT_S``: a mistake of a host is not to shut it out for good.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        wait_s = float(text[:9])
    else:
        try:
            wait_s = parsedate_to_datetime(text).timestamp() - (time.time() if now_s is None else now_s)
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(wait_s, 1.0), MOST_WAIT_S)


def _part(headers: Mapping[str, str]) -> tuple[int, int | None]:
    """Read where a span begins and how long the whole is. Raises BadSource when the host does not say."""
    said = _CONTENT_RANGE.match(headers.get("content-range", ""))
    if said is None:
        raise BadSource("The address sends a part of a file and does not say which. Use another address.")
    return int(said[1]), int(said[2]) if said[2] else None


def _content_length(headers: Mapping[str, str]) -> int | None:
    said = headers.get("content-length", "")
    return int(said) if _LENGTH.fullmatch(said) else None


async def _decoded(
    response: "httpx.Response", chunks: AsyncIterator[bytes], most: int
) -> AsyncIterator[bytes]:
    """Give the body, unpacking gzip that hosts send unasked; no step gives more than ``most`` + 1 bytes."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        async for chunk in chunks:
            yield chunk
        return
    if encoding not in ("gzip", "x-gzip"):
        raise _packed()
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        async for chunk in chunks:
            yield unpacker.decompress(chunk, most + 1)
    except zlib.error as exc:
        raise BadSource("The address sends a damaged file. Try again, or use another address.") from exc


def _packed() -> BadSource:
    return BadSource("The address sends its file in a packing that was not asked for. Use another address.")


def _unreachable(parts: SplitResult) -> SourceUnreachable:
    return SourceUnreachable(f"The host {parts.hostname} could not be reached. Try again later.")
