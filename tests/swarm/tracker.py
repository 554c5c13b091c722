"""An HTTP tracker (BEP 3, BEP 23) as real ones are: it gives everybody all others who have asked."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from ipaddress import IPv4Address

LOOPBACK = IPv4Address("127.0.0.1").packed
ASK_S = 30.0


@contextlib.asynccontextmanager
async def tracker() -> AsyncIterator[str]:
    """Run one on loopback; gives its address."""
    ports: set[int] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(ASK_S):
                request = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"[?&]port=(\d+)", request)
            assert found is not None
            own = int(found[1])
            others = b"".join(LOOPBACK + port.to_bytes(2, "big") for port in ports - {own})
            ports.add(own)
            body = b"d8:intervali1800e5:peers%d:%se" % (len(others), others)
            head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
            writer.write(head + body)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/announce"
