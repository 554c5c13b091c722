"""How much of a torrent's shown files is here, as pieces are claimed, come, and are mended."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from matinee.errors import TorrentRemoved
from matinee.models.healing import Mend
from matinee.outside.addresses import AddressPolicy
from matinee.torrent.adding import prepare
from matinee.torrent.disk import Disk
from matinee.torrent.film import Film
from matinee.torrent.metainfo import read_metainfo
from matinee.torrent.piece_cache import PieceCache
from matinee.torrent.pieces import PieceStore
from matinee.torrent.resume import ResumeSaver
from matinee.torrent.schedule import Change
from matinee.torrent.space import DiskSpace, Space
from matinee.torrent.steering import Steering
from matinee.types import FileIndex, InfoHash, PieceIndex
from tests.torrent.made_torrents import PIECE, file_v1, folder_v1, torrent

DEADLINE_S = 60.0
FILM_BYTES = 20_000
TEXT_BYTES = 10_000
HASH = InfoHash("a" * 40)
FILES = (
    file_v1(FILM_BYTES, "film.mkv"),
    file_v1(2 * PIECE - FILM_BYTES, "pad", attr=b"p"),
    file_v1(TEXT_BYTES, "film.srt"),
)
"""Two pieces with the film, the second one filled up with nothing that anybody sees; a third with its subtitles."""
TAIL = Mend(FileIndex(0), PieceIndex(1), PIECE, FILM_BYTES)


class Fetcher:
    """Nobody who fetches."""

    by_lane = False

    def apply(self, change: Change) -> None:
        """Fetch nothing."""


async def never(_info_hash: InfoHash, _resume: bytes) -> None:
    """Keep nothing: nothing is saved here."""
    raise AssertionError


@pytest.fixture
async def film(tmp_path: Path, pool: ThreadPoolExecutor) -> AsyncIterator[Film]:
    """Give a film of which nothing is here."""
    contents = prepare(read_metainfo(torrent(folder_v1(*FILES)), AddressPolicy()), tmp_path, None)[1]
    assert contents is not None
    handle = cast("Any", None)
    disk = Disk(tmp_path, contents.disk_files, pool)
    pieces = PieceStore(HASH, contents.layout, contents.hashes, disk, handle, PieceCache(), pool, print)
    steering = Steering(contents.layout, pieces.ready, Fetcher())
    share = Space(lambda: DiskSpace(1 << 40, 0)).share(HASH, contents.layout, steering.touch)
    saver = ResumeSaver(HASH, handle, pieces, share, disk, never, pool)
    film = Film(contents, disk, pieces, steering, saver, None, share)
    yield film
    film.end(TorrentRemoved("The torrent was removed."))


def spans(film: Film) -> tuple[tuple[int, int], ...]:
    """Give what is here of the film itself."""
    return tuple(film.ranges(film.contents.files[0]).spans)


async def test_arrived_when_a_piece_comes_twice_then_its_shown_bytes_count_once(film: Film) -> None:
    done = []
    for piece in (0, 0, 1, 2, 2):
        film.arrived(PieceIndex(piece))
        done.append((film.bytes_done, film.complete))
    assert done == [
        (PIECE, False),
        (PIECE, False),
        (FILM_BYTES, False),
        (FILM_BYTES + TEXT_BYTES, True),
        (FILM_BYTES + TEXT_BYTES, True),
    ]
    assert spans(film) == ((0, FILM_BYTES),)


async def test_claimed_when_some_were_found_then_what_was_thought_before_does_not_count(film: Film) -> None:
    film.arrived(PieceIndex(1))
    film.claimed([True, False, True])
    assert film.bytes_done == PIECE + TEXT_BYTES
    assert spans(film) == ((0, PIECE),)


async def test_mend_when_its_piece_comes_after_all_then_its_bytes_count_once(film: Film) -> None:
    film.arrived(PieceIndex(0))
    film.mend(TAIL, b"x" * (TAIL.stop - TAIL.start))
    assert (film.bytes_done, spans(film)) == (FILM_BYTES, ((0, FILM_BYTES),))
    film.arrived(PieceIndex(1))
    assert film.bytes_done == FILM_BYTES


async def test_unmend_when_a_part_was_wrong_then_it_is_missing_again(film: Film) -> None:
    film.arrived(PieceIndex(0))
    film.mend(TAIL, b"x" * (TAIL.stop - TAIL.start))
    film.unmend(TAIL)
    assert (film.bytes_done, spans(film)) == (PIECE, ((0, PIECE),))


async def test_mend_when_the_file_is_not_shown_then_nothing_is_taken(film: Film) -> None:
    film.mend(Mend(FileIndex(1), PieceIndex(1), 0, 10), b"x" * 10)
    assert film.bytes_done == 0


async def test_end_when_somebody_reads_then_it_is_told_that_the_torrent_is_gone(film: Film) -> None:
    waiting = film.pieces.arrival(PieceIndex(0))
    film.end(TorrentRemoved("The torrent was removed."))
    with pytest.raises(TorrentRemoved):
        await asyncio.wait_for(waiting, DEADLINE_S)
