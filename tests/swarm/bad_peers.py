"""Peers that waste what others give them: each speaks when it is called, and calls by itself as well."""

import asyncio
import contextlib
import itertools
import os
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Self

from matinee.torrent.lane import wire
from matinee.torrent.lane.wire import Kind

COPIES = 20
POURED_BYTES = 100_000_000
DRIP_EACH_S = 0.005
RESET = struct.pack("ii", 1, 0)
_OPENING = wire.extended(b"d1:mdee") + wire.plain(Kind.HAVE_ALL) + wire.plain(Kind.UNCHOKE)
_NOISE = bytes(range(256)) * 256
RAVINGS = (
    bytes(range(255, 0, -1)) * 40,
    wire.request(Kind.REQUEST, 2**32 - 1, 2**32 - 1, 2**32 - 1),
    struct.pack(">IBI", 5, Kind.HAVE, 2**31),
    struct.pack(">IB", 3, Kind.REQUEST) + b"ab",
    struct.pack(">IB", 900_001, Kind.BITFIELD) + b"\xff" * 900_000,
    struct.pack(">IB", 1, Kind.EXTENDED),
    struct.pack(">IBB", 6, Kind.EXTENDED, 0) + b"d1:m",
    struct.pack(">IBB", 2_002, Kind.EXTENDED, 0) + b"l" * 2_000,
    struct.pack(">IBII", 9, Kind.PIECE, 2**31, 2**31),
    struct.pack(">IBII", 16_393, Kind.PIECE, 0, 5) + bytes(16_384),
    struct.pack(">IB", 1, 255),
)
"""Each makes no sense in its own way, behind a handshake."""


class BadPeer(ABC):
    """Says its handshake at once, whoever called whom."""

    def __init__(self, info_hash: str) -> None:
        self.port = 0
        self.met = 0
        """How often somebody's handshake came."""
        self._info_hash = bytes.fromhex(info_hash)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        """Answer who calls while the context lasts."""
        async with await asyncio.start_server(self.meet, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self

    async def call(self, port: int, own: str) -> asyncio.Task[None]:
        """Call somebody from an address of our own; what is given lasts until one of both hangs up."""
        line = await asyncio.open_connection("127.0.0.1", port, local_addr=(own, 0))
        return asyncio.create_task(self.meet(*line))

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one until one of both hangs up."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await self.greet(writer)
            await reader.readexactly(wire.HANDSHAKE_BYTES)
            self.met += 1
            await self.misbehave(reader, writer)
        writer.close()

    async def greet(self, writer: asyncio.StreamWriter) -> None:
        """Say the handshake."""
        writer.write(wire.handshake(self._info_hash, b"-XX0001-" + os.urandom(12), v2=False))

    @abstractmethod
    async def misbehave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Do what it is here for."""


class Answering(BadPeer):
    """Claims to have everything, and is asked for it."""

    def __init__(self, info_hash: str, content: bytes, piece_bytes: int) -> None:
        super().__init__(info_hash)
        self.asked = 0
        self._content = content
        self._piece_bytes = piece_bytes

    async def misbehave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every request."""
        writer.write(_OPENING)
        while True:
            length = int.from_bytes(await reader.readexactly(4), "big")
            message = length.to_bytes(4, "big") + await reader.readexactly(length)
            if length and message[4] == Kind.REQUEST:
                self.asked += 1
                await self.answer(*wire.read_request(message), writer)

    def block(self, piece: int, offset: int, length: int) -> bytes:
        """Give a block as it is sent."""
        at = piece * self._piece_bytes + offset
        return wire.block_head(piece, offset, length) + self._content[at : at + length]

    @abstractmethod
    async def answer(self, piece: int, offset: int, length: int, writer: asyncio.StreamWriter) -> None:
        """Answer a request."""


class Duplicating(Answering):
    """Sends every block twenty times."""

    async def answer(self, piece: int, offset: int, length: int, writer: asyncio.StreamWriter) -> None:
        """Send it, and again, and again."""
        for _ in range(COPIES):
            writer.write(self.block(piece, offset, length))
            await writer.drain()


class Dripping(Answering):
    """Sends everything byte by byte, and never gets far."""

    async def greet(self, writer: asyncio.StreamWriter) -> None:
        """Say the handshake byte by byte."""
        own = wire.handshake(self._info_hash, b"-XX0001-" + os.urandom(12), v2=False)
        await _drip(own, writer)

    async def answer(self, piece: int, offset: int, length: int, writer: asyncio.StreamWriter) -> None:
        """Send it byte by byte."""
        await _drip(self.block(piece, offset, length), writer)


class Boasting(BadPeer):
    """Announces a message of four gigabytes, and sends as much of it as is taken."""

    def __init__(self, info_hash: str) -> None:
        super().__init__(info_hash)
        self.poured_bytes = 0

    async def misbehave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Begin it, and go on until the other has had enough."""
        writer.write(_OPENING + struct.pack(">IBII", 2**32 - 1, Kind.PIECE, 0, 0))
        for _ in itertools.takewhile(lambda _: self.poured_bytes < POURED_BYTES, itertools.repeat(None)):
            writer.write(_NOISE)
            await writer.drain()
            self.poured_bytes += len(_NOISE)


class Raving(BadPeer):
    """Says what makes no sense; each that meets it hears the next."""

    async def misbehave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say it, and listen until the other hangs up."""
        writer.write(_OPENING + RAVINGS[self.met % len(RAVINGS)])
        await reader.read()


class Flapping(BadPeer):
    """Is gone as soon as it is there."""

    async def misbehave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Break the connection off by a reset."""
        line = writer.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


async def _drip(data: bytes, writer: asyncio.StreamWriter) -> None:
    for at in range(len(data)):
        writer.write(data[at : at + 1])
        await writer.drain()
        await asyncio.sleep(DRIP_EACH_S)
