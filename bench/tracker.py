"""An HTTP tracker (BEP 3, BEP 23) that answers late and remembers when it was first asked."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Sequence

Address = tuple[str, int]


class Tracker:
    """Gives every client the same peers, two round trips after it connected."""

    def __init__(self, peers: Sequence[Address], rtt_s: float) -> None:
        compact = b"".join(
            ipaddress.ip_address(host).packed + port.to_bytes(2, "big") for host, port in peers
        )
        self._reply = b"d8:intervali1800e5:peers%d:%se" % (len(compact), compact)
        self._rtt_s = rtt_s
        self.first_announce_s: float | None = None
        """Monotonic moment at which the first announce's connection arrived; the clocks of all processes agree."""
        self.announces = 0
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> None:
        """Begin to answer."""
        self._server = await asyncio.start_server(self._answer, host, port)

    async def close(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted_s = time.monotonic()
        try:
            async with asyncio.timeout(30):
                request = await reader.readuntil(b"\r\n\r\n")
            if request.startswith(b"GET /announce"):
                self.announces += 1
                if self.first_announce_s is None:
                    self.first_announce_s = accepted_s
            # The local accept hid the handshake's round trip; the request costs the other one.
            await asyncio.sleep(accepted_s + 2 * self._rtt_s - time.monotonic())
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                % (len(self._reply), self._reply)
            )
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # a client that leaves before the answer is its own affair
        finally:
            writer.close()
