"""Peers that lie or are silent: no client of the field does it, so the tests have their own."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator

from matinee.torrent.lane import wire
from matinee.torrent.lane.wire import Kind


class Misbehaving:
    """Claims to have everything, lets everybody ask, and answers with noise or not at all."""

    def __init__(self, info_hash: str, *, lies: bool) -> None:
        self.port = 0
        self.asked = 0
        self.left = asyncio.Event()
        """Set once somebody who asked has hung up."""
        self._info_hash = bytes.fromhex(info_hash)
        self._lies = lies

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one who called."""
        try:
            await reader.readexactly(wire.HANDSHAKE_BYTES)
            writer.write(wire.handshake(self._info_hash, b"-XX0001-" + os.urandom(12), v2=False))
            writer.write(wire.extended(b"d1:mdee") + wire.plain(Kind.HAVE_ALL) + wire.plain(Kind.UNCHOKE))
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                message = length.to_bytes(4, "big") + await reader.readexactly(length)
                if length and message[4] == Kind.REQUEST:
                    self._answer(writer, *wire.read_request(message))
        except (asyncio.IncompleteReadError, ConnectionError):
            if self.asked:
                self.left.set()
        finally:
            writer.close()

    def _answer(self, writer: asyncio.StreamWriter, piece: int, offset: int, length: int) -> None:
        self.asked += 1
        if self._lies:
            writer.write(wire.block_head(piece, offset, length) + os.urandom(length))


@contextlib.asynccontextmanager
async def misbehaving(info_hash: str, *, lies: bool) -> AsyncIterator[Misbehaving]:
    """Run such a peer."""
    peer = Misbehaving(info_hash, lies=lies)
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
