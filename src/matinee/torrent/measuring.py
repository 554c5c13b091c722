"""Looks at the disk for ``space``: how much is free, what lies there, and which pieces libtorrent has begun."""

import asyncio
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path

import libtorrent as lt

from matinee.torrent.adding import RESERVE_PART
from matinee.torrent.space import DiskSpace
from matinee.torrent.torrent import Torrent
from matinee.types import PieceIndex

BLOCK_BYTES = 512
"""In which ``st_blocks`` counts (POSIX)."""


def look(films: Path, reserve_bytes: int) -> DiskSpace:
    """Say how much is free where films are kept, and how much has to stay so; nothing where nobody can look."""
    there = next((one for one in (films, *films.parents) if one.exists()), films)
    try:
        usage = shutil.disk_usage(there)
    except OSError:
        return DiskSpace(0, reserve_bytes)
    return DiskSpace(usage.free, min(reserve_bytes, usage.total // RESERVE_PART))


def lying_in(films: Path) -> dict[str, int]:
    """Measure what lies where films are kept, in bytes by the names of folders. Blocks: for a thread."""
    try:
        with os.scandir(films) as entries:
            return {entry.name: _taken(entry) for entry in entries}
    except OSError:
        return {}  # not there yet, or closed to us: whatever is added next says so


def _taken(entry: "os.DirEntry[str]") -> int:
    """Add up what an entry and everything below it take; a link takes nothing that is ours."""
    try:
        taken = entry.stat(follow_symlinks=False).st_blocks * BLOCK_BYTES
        if entry.is_dir(follow_symlinks=False):
            with os.scandir(entry.path) as inner:
                taken += sum(map(_taken, inner))
    except OSError:
        return 0  # it went away between two looks
    return taken


async def let_go(torrents: Iterable[Torrent], pool: Executor) -> None:
    """Give back the space of pieces that were wanted once, and of which nothing has come."""
    for torrent in torrents:
        if torrent.film is None or torrent.share is None or not torrent.share.booked:
            continue
        film, share, lane = torrent.film, torrent.share, torrent.lane
        share.asked = set(film.steering.wanted)
        begun = await asyncio.get_running_loop().run_in_executor(pool, _begun, torrent.handle)
        # What is gathered or proved in memory is written in any case.
        held = {
            piece
            for piece in share.booked
            if film.pieces.early(piece) is not None or (lane is not None and lane.gathers(piece))
        }
        share.let_go(set(share.booked) - begun - held - share.asked)
        share.asked = None


def _begun(handle: lt.torrent_handle) -> set[PieceIndex]:
    """Ask libtorrent of which pieces some may be on the disk: a blocking question."""
    try:
        return {PieceIndex(part["piece_index"]) for part in handle.get_download_queue()}
    except RuntimeError:
        return set()  # it was removed meanwhile, and its share with it
