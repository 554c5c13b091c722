"""The smallest streamer on libtorrent that behaves: priorities, a sequence, and pieces read from the alert.

`python -m bench.clients.plain_streamer SOURCE FOLDER PORT` serves the torrent's only file at the root.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import sys
from pathlib import Path

import libtorrent as lt
import uvloop

AHEAD_BYTES = 8_000_000
"""How far beyond the reader pieces are wanted; a bounded set keeps a seek short."""

_SETTINGS: lt.settings_pack = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "smooth_connects": False,
    "connection_speed": 500,
    "whole_pieces_threshold": 0,
    "close_redundant_connections": False,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": int(
        lt.alert_category.status | lt.alert_category.piece_progress | lt.alert_category.storage
    ),
}


class Streamer:
    """One torrent, one file, any number of readers of which the latest steers."""

    def __init__(self, source: str, folder: str) -> None:
        self._session = lt.session(_SETTINGS)
        if source.startswith("magnet:"):
            parameters = lt.parse_magnet_uri(source)
            parameters.flags |= lt.torrent_flags.default_dont_download
        else:
            parameters = lt.load_torrent_file(source)
        parameters.save_path = folder
        parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        parameters.flags |= lt.torrent_flags.sequential_download
        self._info: lt.torrent_info | None = parameters.ti
        if self._info is not None:
            count = self._info.num_pieces()
            parameters.piece_priorities = [7, *[0] * (count - 2), 7]
        self._have: set[int] = set()
        self._changed = asyncio.Condition()
        self._reads: dict[int, asyncio.Future[bytes]] = {}
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._session.set_alert_fd(self._far.fileno())
        asyncio.get_running_loop().add_reader(self._near, self._wake)
        self._at = 0
        self._handle = self._session.add_torrent(parameters)

    @property
    def ready(self) -> lt.torrent_info | None:
        """Give the metainfo once it is here."""
        return self._info

    async def _announce_change(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._near.recv(4096)
        changed = False
        for alert in self._session.pop_alerts():
            if isinstance(alert, lt.piece_finished_alert):
                self._have.add(alert.piece_index)
                changed = True
            elif isinstance(alert, lt.metadata_received_alert):
                self._info = self._handle.torrent_file()
                changed = True
                self.steer(0)
                assert self._info is not None
                self._handle.piece_priority(self._info.num_pieces() - 1, 7)
            elif isinstance(alert, lt.read_piece_alert):
                waiting = self._reads.pop(alert.piece, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(alert.buffer)
        if changed:
            self.steer(self._at)
            self._task = asyncio.get_running_loop().create_task(self._announce_change())

    def steer(self, piece: int) -> None:
        """Want the next missing pieces from here on and nothing else; nothing wanted would drop the seeds."""
        assert self._info is not None
        self._at = piece
        count, length = self._info.num_pieces(), self._info.piece_length()
        room = max(AHEAD_BYTES // length, 2)
        missing = [index for index in range(piece, count) if index not in self._have][:room]
        missing = missing or [index for index in range(count) if index not in self._have][:room]
        priorities = [0] * count
        for rank, index in enumerate(missing):
            priorities[index] = max(7 - rank, 5)
        if count - 1 not in self._have and not self._have:
            priorities[count - 1] = 7
        self._handle.prioritize_pieces(priorities)

    async def piece(self, index: int) -> bytes:
        """Wait for a piece and give its bytes."""
        if index not in self._have:
            self.steer(index)
        async with self._changed:
            await self._changed.wait_for(lambda: index in self._have)
        waiting = self._reads.get(index)
        if waiting is None:
            waiting = self._reads[index] = asyncio.get_running_loop().create_future()
            self._handle.read_piece(index)
        # Shielded: another reader may wait for the same piece.
        return await asyncio.shield(waiting)


async def _serve(streamer: Streamer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one GET, with or without a Range."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        request = await reader.readuntil(b"\r\n\r\n")
        information = streamer.ready
        if information is None:
            writer.write(b"HTTP/1.1 503 Not yet\r\nContent-Length: 0\r\n\r\n")
        else:
            asked = re.search(rb"range: bytes=(\d+)-", request.lower())
            total, length = information.total_size(), information.piece_length()
            at = int(asked[1]) if asked else 0
            writer.write(
                b"HTTP/1.1 %s\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n"
                % (b"206 Partial Content" if asked else b"200 OK", at, total - 1, total, total - at)
            )
            gone = asyncio.create_task(reader.read(1))
            while at < total and not gone.done():
                fetching = asyncio.create_task(streamer.piece(at // length))
                await asyncio.wait((fetching, gone), return_when=asyncio.FIRST_COMPLETED)
                if not fetching.done():
                    fetching.cancel()
                    break
                part = fetching.result()[at % length :]
                writer.write(part)
                await writer.drain()
                at += len(part)
            gone.cancel()
    writer.close()


async def _main(source: str, folder: str, port: int) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    streamer = Streamer(source, folder)
    server = await asyncio.start_server(lambda r, w: _serve(streamer, r, w), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
