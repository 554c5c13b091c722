"""HTTP trackers that are of no use, each in its own way, and what each had to do."""

import asyncio
import contextlib
import itertools
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from tests.swarm.parts import free_port

ENDLESS_BYTES = 100_000_000
DRIP_EACH_S = 0.2
_OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
_NOISE = bytes(range(256)) * 256
_BEGUN = b"d8:intervali1800e5:peers%d:" % ENDLESS_BYTES

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class BadTrackers:
    """Where each of them is, and what it has done."""

    addresses: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    sent_bytes: Counter[str] = field(default_factory=Counter)

    def parts(self, *names: str) -> str:
        """Give what a magnet link says of those that are named, or of all."""
        return "".join(f"&tr={self.addresses[name]}" for name in names or self.addresses)

    async def silent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say nothing until the other hangs up."""
        await reader.read()

    async def drips(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send byte by byte, and never come to an end."""
        writer.write(_OK + b"\r\n" + _BEGUN)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DRIP_EACH_S):
                    await reader.read()
                    return
            writer.write(b"x")
            await writer.drain()

    async def garbage(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer with what is no HTTP."""
        writer.write(_NOISE)
        await writer.drain()

    async def nonsense(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer with what is no answer of a tracker's."""
        writer.write(_OK + b"Content-Length: %d\r\n\r\n" % len(_NOISE) + _NOISE)
        await writer.drain()

    async def turns(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send everybody on to where he is."""
        own = f"{self.addresses['turns']}?{self.asked['turns']}".encode()
        writer.write(b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " + own + b"\r\n\r\n")
        await writer.drain()

    async def endless(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Announce 100 MB, and send them."""
        writer.write(_OK + b"Content-Length: %d\r\n\r\n" % ENDLESS_BYTES + _BEGUN)
        await self._pour("endless", writer)

    async def boundless(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send as much without a word of how much it is."""
        writer.write(_OK + b"\r\n" + _BEGUN)
        await self._pour("boundless", writer)

    async def bomb(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send as much, and press it into a hundred kilobytes."""
        press = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        body = press.compress(_BEGUN) + press.compress(bytes(ENDLESS_BYTES)) + press.flush()
        writer.write(_OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    async def _pour(self, name: str, writer: asyncio.StreamWriter) -> None:
        for _ in itertools.takewhile(lambda _: self.sent_bytes[name] < ENDLESS_BYTES, itertools.repeat(None)):
            writer.write(_NOISE)
            await writer.drain()
            self.sent_bytes[name] += len(_NOISE)


@contextlib.asynccontextmanager
async def bad_trackers() -> AsyncIterator[BadTrackers]:
    """Run one of every kind on loopback, and name one that nobody runs."""
    made = BadTrackers({"down": f"http://127.0.0.1:{free_port()}/announce"})

    def counted(name: str, handler: Handler) -> Handler:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                made.asked[name] += 1
                await handler(reader, writer)
            writer.close()

        return answer

    kinds = (
        made.silent, made.drips, made.garbage, made.nonsense, made.turns, made.endless, made.boundless, made.bomb
    )  # fmt: skip
    async with contextlib.AsyncExitStack() as stack:
        for kind in kinds:
            name = kind.__name__
            server = await stack.enter_async_context(
                await asyncio.start_server(counted(name, kind), "127.0.0.1", 0)
            )
            made.addresses[name] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/announce"
        yield made
