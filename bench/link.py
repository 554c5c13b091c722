"""A shaped line in user space: what stands between a seed and the client under test.

One `Line` is one address of the swarm. Towards the client it is a FIFO at the uplink's rate with half a round
trip of travel, a queue of 60 ms, and TCP's slow start; a local accept hides the handshake, so the first bytes of
the client wait one round trip more. Towards the seed the client's requests travel half a round trip at no cost.

The times of departure and arrival are computed, not simulated: a chunk's place in the queue, and the
acknowledgement that opens the window for it, are known when it is read. So a chunk costs one timer shared with
its neighbours, no more.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from typing import cast

from bench.limit import INITIAL_WINDOW_BYTES, SEGMENT_BYTES
from bench.swarms import Peer

QUEUE_S = 0.060
TICK_S = 0.002
"""Neighbouring chunks are written together; 2 ms is a thirtieth of the shortest round trip we play."""

_CHUNK_BYTES = 16 * 1024
_RESET = struct.pack("ii", 1, 0)


class Delay:
    """Hands bytes to a transport when they are due, in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._deliver = deliver
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def put(self, due_s: float, chunk: bytes) -> None:
        """Deliver the chunk at `due_s` on the monotonic clock."""
        self._waiting.append((due_s, chunk))
        if self._timer is None:
            self._arm()

    def close(self) -> None:
        """Forget what has not been delivered."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        wait_s = self._waiting[0][0] - time.monotonic()
        self._timer = self._loop.call_later(max(wait_s, TICK_S), self._fire)

    def _fire(self) -> None:
        self._timer = None
        # Half a tick early is nearer than a whole tick late.
        until_s = time.monotonic() + TICK_S / 2
        due: list[bytes] = []
        while self._waiting and self._waiting[0][0] <= until_s:
            due.append(self._waiting.popleft()[1])
        if due:
            self._deliver(b"".join(due))
        if self._waiting and self._timer is None:
            self._arm()


class Line:
    """One address of the swarm: accepts the client and speaks to the seed behind it."""

    def __init__(self, peer: Peer, seed_port: int | None) -> None:
        self.peer = peer
        self.seed_port = seed_port
        self.free_at_s = 0.0
        """When the uplink has sent all that was handed to it so far."""
        self.queued_bytes = 0
        """All bytes ever put on the uplink; `delivered_bytes` follows when they arrive."""
        self.delivered_bytes = 0
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._open: set[Visit] = set()

    async def listen(self, host: str, port: int) -> None:
        """Accept clients on this address; a black hole or a refusing peer must not call this."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Visit(self, loop), host, port)

    async def close(self) -> None:
        """Stop listening and drop everybody."""
        if self._server is not None:
            self._server.close()
        for visit in list(self._open):
            visit.drop()

    def entered(self, visit: Visit) -> None:
        """Note a new connection."""
        self.connections += 1
        self._open.add(visit)

    def left(self, visit: Visit) -> None:
        """Note that a connection ended."""
        self._open.discard(visit)


class Visit(asyncio.Protocol):
    """One connection of the client to a line, with its own connection to the seed."""

    def __init__(self, line: Line, loop: asyncio.AbstractEventLoop) -> None:
        self._line = line
        self._loop = loop
        self._rtt_s = line.peer.rtt_s
        self._accepted_s = 0.0
        self._client: asyncio.Transport | None = None
        self._seed: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._to_client = Delay(loop, self._reach_client)
        self._to_seed = Delay(loop, self._reach_seed)
        self._sent_bytes = 0
        self._acked_bytes = 0
        self._acks: deque[tuple[float, int]] | None = deque()
        self._paused_by_client = False
        self._resume: asyncio.TimerHandle | None = None
        self._mute = line.peer.kind == "silent"
        self._connecting: asyncio.Task[None] | None = None

    # The client's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the clock of the handshake and call the seed."""
        # uvloop's transport has all the methods but not the class.
        self._client = cast(asyncio.Transport, transport)
        self._accepted_s = time.monotonic()
        self._line.entered(self)
        if self._line.seed_port is not None and not self._mute:
            self._connecting = self._loop.create_task(self._call_seed(self._line.seed_port))

    def data_received(self, data: bytes) -> None:
        """Send the client's bytes on their way to the seed."""
        if not self._mute:
            # One round trip for SYN and SYN-ACK that a local accept hides, then half of one for the bytes.
            leaves_s = max(time.monotonic(), self._accepted_s + self._rtt_s)
            self._to_seed.put(leaves_s + self._rtt_s / 2, bytes(data))

    def pause_writing(self) -> None:
        """Stop reading the seed while the client does not read: TCP's own flow control."""
        self._paused_by_client = True
        if self._seed is not None:
            self._seed.pause_reading()

    def resume_writing(self) -> None:
        """Go on once the client reads again."""
        self._paused_by_client = False
        self._resume_seed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up on the seed too."""
        self.drop()

    # The seed's side.

    async def _call_seed(self, port: int) -> None:
        line = self._line
        near = socket.socket()
        near.setblocking(False)
        # A large buffer here would be a second, hidden queue behind the 60 ms one.
        hold_bytes = max(4096, int(line.peer.rate_bytes_per_s * 0.02))
        near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, hold_bytes)
        try:
            await self._loop.sock_connect(near, ("127.0.0.1", port))
            await self._loop.create_connection(lambda: SeedSide(self, line.peer), sock=near)
        except OSError:
            near.close()
            self.drop()

    def seed_connected(self, transport: asyncio.Transport) -> None:
        """Hand over what the client sent before the seed was reached."""
        self._seed = transport
        for chunk in self._early:
            transport.write(chunk)
        self._early.clear()

    def seed_sent(self, data: bytes) -> None:
        """Put the seed's bytes into the queue of the uplink."""
        if self._mute:
            return
        now_s = time.monotonic()
        at = 0
        while at < len(data):
            step = _CHUNK_BYTES if self._acks is None else 2 * SEGMENT_BYTES
            chunk = data[at : at + step]
            at += len(chunk)
            self._depart(now_s, chunk)
        queue_s = self._line.free_at_s - now_s
        if queue_s > QUEUE_S and self._seed is not None and self._resume is None:
            self._seed.pause_reading()
            self._resume = self._loop.call_later(queue_s - QUEUE_S / 2, self._drained)

    def _depart(self, now_s: float, chunk: bytes) -> None:
        line, peer = self._line, self._line.peer
        starts_s = max(now_s, line.free_at_s, self._window_opens_s(len(chunk)))
        line.free_at_s = starts_s + len(chunk) / peer.rate_bytes_per_s
        arrives_s = line.free_at_s + self._rtt_s / 2
        self._sent_bytes += len(chunk)
        line.queued_bytes += len(chunk)
        if self._acks is not None:
            self._acks.append((arrives_s + self._rtt_s / 2, len(chunk)))
        self._to_client.put(arrives_s, chunk)
        self._misbehave()

    def _window_opens_s(self, chunk_bytes: int) -> float:
        """Give the moment at which slow start lets these bytes go.

        A window that grows by what was acknowledged lets byte S go once (S - initial) / 2 bytes are acknowledged:
        S is at most acknowledged + window, and the window is initial + acknowledged.
        """
        if self._acks is None:
            return 0.0
        needed_bytes = (self._sent_bytes + chunk_bytes - INITIAL_WINDOW_BYTES) / 2
        opens_s = 0.0
        while self._acks and self._acked_bytes < needed_bytes:
            opens_s, acked_bytes = self._acks.popleft()
            self._acked_bytes += acked_bytes
        full_bytes = self._line.peer.rate_bytes_per_s * (self._rtt_s + QUEUE_S)
        if INITIAL_WINDOW_BYTES + self._acked_bytes >= full_bytes:
            self._acks = None
        return opens_s

    def _misbehave(self) -> None:
        peer = self._line.peer
        if peer.kind == "stalling" and self._line.queued_bytes > peer.first_bytes:
            self._mute = True
        elif peer.kind == "cutting" and self._sent_bytes > peer.first_bytes:
            self._mute = True
            self._loop.call_later(self._line.free_at_s + self._rtt_s / 2 - time.monotonic(), self._cut)

    def _cut(self) -> None:
        if self._client is not None:
            raw = self._client.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.drop()

    def seed_left(self) -> None:
        """Hang up on the client once what is under way has arrived; a mute peer just stays silent."""
        if not self._mute:
            wait_s = max(self._line.free_at_s - time.monotonic(), 0.0) + self._rtt_s / 2
            self._loop.call_later(wait_s + 2 * TICK_S, self.drop)

    def drop(self) -> None:
        """End both connections; twice is harmless."""
        self._line.left(self)
        self._to_client.close()
        self._to_seed.close()
        if self._resume is not None:
            self._resume.cancel()
            self._resume = None
        if self._connecting is not None and not self._connecting.done():
            self._connecting.cancel()
        client, self._client = self._client, None
        seed, self._seed = self._seed, None
        for transport in (client, seed):
            if transport is not None:
                transport.abort()

    # Arrivals.

    def _reach_client(self, chunk: bytes) -> None:
        if self._client is not None and not self._client.is_closing():
            self._line.delivered_bytes += len(chunk)
            self._client.write(chunk)

    def _reach_seed(self, chunk: bytes) -> None:
        if self._seed is not None:
            self._seed.write(chunk)
        else:
            self._early.append(chunk)

    def _drained(self) -> None:
        self._resume = None
        self._resume_seed()

    def _resume_seed(self) -> None:
        if self._seed is not None and self._resume is None and not self._paused_by_client:
            self._seed.resume_reading()


class SeedSide(asyncio.BufferedProtocol):
    """The connection to the seed; reads no more at a time than 20 ms of the uplink's rate."""

    def __init__(self, visit: Visit, peer: Peer) -> None:
        self._visit = visit
        self._buffer = bytearray(min(max(4096, int(peer.rate_bytes_per_s * 0.02)), 128 * 1024))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell the visit that the seed is there."""
        self._visit.seed_connected(cast(asyncio.Transport, transport))

    def get_buffer(self, sizehint: int) -> bytearray:
        """Lend the buffer to read into."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Pass on what was read."""
        self._visit.seed_sent(bytes(memoryview(self._buffer)[:nbytes]))

    def eof_received(self) -> bool:
        """Close when the seed does."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the visit that the seed left."""
        self._visit.seed_left()
