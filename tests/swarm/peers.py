"""Peers that lie or are silent: no client of the field does it, so the tests have their own."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Self

from matinee.torrent.lane import wire
from matinee.torrent.lane.wire import Kind

METADATA = 3
"""Under which number a mute peer wants to be asked for metadata."""


class Peer:
    """Shakes hands with everybody who calls, and counts what it is asked for."""

    greeting = b""
    """What it says first."""

    def __init__(self, info_hash: str) -> None:
        self.port = 0
        self.asked = 0
        self.was_asked = asyncio.Event()
        self.left = asyncio.Event()
        """Set once somebody who asked has hung up."""
        self._info_hash = bytes.fromhex(info_hash)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        """Answer who calls while the context lasts."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one who called."""
        try:
            await reader.readexactly(wire.HANDSHAKE_BYTES)
            writer.write(wire.handshake(self._info_hash, b"-XX0001-" + os.urandom(12), v2=False))
            writer.write(self.greeting)
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                message = length.to_bytes(4, "big") + await reader.readexactly(length)
                if length:
                    self.hear(message[4], message, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            if self.asked:
                self.left.set()
        finally:
            writer.close()

    def hear(self, kind: int, message: bytes, writer: asyncio.StreamWriter) -> None:
        """Take a message."""

    def note(self) -> None:
        """Count that something was asked for."""
        self.asked += 1
        self.was_asked.set()


class Misbehaving(Peer):
    """Claims to have everything, lets everybody ask, and answers with noise or not at all."""

    greeting = wire.extended(b"d1:mdee") + wire.plain(Kind.HAVE_ALL) + wire.plain(Kind.UNCHOKE)

    def __init__(self, info_hash: str, *, lies: bool) -> None:
        super().__init__(info_hash)
        self._lies = lies

    def hear(self, kind: int, message: bytes, writer: asyncio.StreamWriter) -> None:
        """Answer a request with noise."""
        if kind != Kind.REQUEST:
            return
        self.note()
        if self._lies:
            piece, offset, length = wire.read_request(message)
            writer.write(wire.block_head(piece, offset, length) + os.urandom(length))


class Mute(Peer):
    """Says that it has the metadata (BEP 9), and never sends it."""

    greeting = wire.extended(b"d1:md11:ut_metadatai%dee13:metadata_sizei9000ee" % METADATA) + wire.plain(
        Kind.HAVE_NONE
    )

    def hear(self, kind: int, message: bytes, writer: asyncio.StreamWriter) -> None:
        """Count who asks for it."""
        if kind == Kind.EXTENDED and message[5] == METADATA:
            self.note()
