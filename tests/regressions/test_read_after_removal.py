"""Somebody reads on while a torrent is removed: libtorrent, which has forgotten it, was asked for its pieces.

Seen in `make torture ARGS=soak`, 27 November 2026: players were answered by an internal error, and processes that open
films stayed behind.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matinee.errors import TorrentRemoved
from matinee.models.torrent import FileEntry
from matinee.types import FileIndex, PieceIndex
from tests.swarm.parts import make_torrent, matinee_here
from tests.torrent.test_pieces import PIECE, Kept
from tests.torrent.test_steering import Desk, next_turn


async def test_pieces_when_the_torrent_was_removed_then_say_so_and_ask_nobody(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        film = Kept(tmp_path, pool)
        film.arrive()
        film.pieces.end(TorrentRemoved("The torrent was removed."))
        with pytest.raises(TorrentRemoved):
            await film.pieces.read(PieceIndex(0), 0, PIECE)
        with pytest.raises(TorrentRemoved):
            film.pieces.arrival(PieceIndex(1))
    assert film.handle.reads == 0


async def test_pieces_when_removed_while_one_is_proved_then_its_file_is_not_opened_again(
    tmp_path: Path,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        film = Kept(tmp_path, pool)
        film.pieces.claim([True] * len(film.pieces.have))
        reading = asyncio.ensure_future(film.pieces.read(PieceIndex(0), 0, PIECE))
        await asyncio.sleep(0)
        film.pieces.end(TorrentRemoved("The torrent was removed."))
        film.pieces._disk.close()
        with pytest.raises(TorrentRemoved):
            await reading
        assert not film.pieces._disk._open


async def test_steering_when_the_torrent_was_removed_then_wants_nothing_any_more() -> None:
    desk = Desk()
    seat_id, seat = desk.sit(0)
    desk.bring(0)
    desk.steering.stop()
    before = desk.fetcher.changes
    desk.steering.advance(seat, 0, 100)
    desk.steering.wait(seat, 50 * 1024 * 1024)
    desk.steering.peer_failed()
    desk.steering.close(seat_id)
    await next_turn()
    assert desk.fetcher.changes == before


@pytest.mark.swarm
async def test_reader_when_it_closes_after_the_removal_then_nothing_is_asked_of_libtorrent(
    film: Path, tmp_path: Path
) -> None:
    _, metainfo = make_torrent(film, tmp_path)
    async with matinee_here(tmp_path / "data") as running:
        info_hash = await running.upload(metainfo.read_bytes(), rights=True)
        torrent = running.torrent(info_hash)
        entry: FileEntry = torrent.view().files[0]
        async with torrent.open(FileIndex(entry.index)) as reader:
            await running.client.delete(f"api/v1/torrents/{info_hash}")
            assert not torrent.handle.is_valid()
            with pytest.raises(TorrentRemoved):
                await reader.read(0, 1)
        assert torrent.readers == 0
