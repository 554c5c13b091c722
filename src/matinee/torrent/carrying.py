"""Brings what is the same from an earlier torrent of an item into the folder of its new one, before that is opened.

Nothing of it is believed: libtorrent hashes what it finds there as it does any other file, and keeps the pieces that
are right. Holes stay holes.
"""

import asyncio
import errno
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from matinee.errors import MatineeError
from matinee.torrent.contents import Contents
from matinee.torrent.disk import open_beneath
from matinee.torrent.space import Space
from matinee.torrent.torrent import Torrent
from matinee.types import FileIndex

log = logging.getLogger(__name__)

STEP_BYTES = 8 * 1024 * 1024
BLOCK_BYTES = 512
"""In which ``st_blocks`` counts (POSIX)."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One file that comes from another torrent."""

    old: Torrent
    old_index: FileIndex
    new_index: FileIndex


Carry = Callable[[Contents], Sequence[Carried]]
"""Says what a torrent takes over, once its contents are known."""


def fits(carried: Sequence[Carried], space: Space) -> bool:
    """Tell whether there is room for second copies; else all of it is fetched again, as room is made."""
    shares = {id(one.old): one.old.share for one in carried}.values()
    return space.refusal(sum(share.taken_bytes for share in shares if share is not None)) is None


async def bring(
    carried: Sequence[Carried], contents: Contents, folder: Path, reserve_bytes: int, pool: Executor
) -> None:
    """Copy files into a new torrent's folder, which is there. What cannot be copied is fetched again.

    Args:
        carried: which files come from where.
        contents: of the new torrent.
        folder: of the new torrent.
        reserve_bytes: stay free on the disk.
        pool: threads that may wait for a disk.
    """
    for old in {one.old.record.info_hash: one.old for one in carried}.values():
        if old.film is not None:
            try:
                # What is proved and not libtorrent's yet, and what it holds in memory, is written first.
                await old.film.pieces.hand_over()
                await old.film.saver.save(last=True)
            except (MatineeError, OSError, TimeoutError) as error:
                log.info("Some of an earlier torrent is not on the disk yet error=%s", error)
    for one in carried:
        film = one.old.film
        if film is None:
            continue
        paths = film.contents.disk_files.path(one.old_index), contents.disk_files.path(one.new_index)
        try:
            copied = await asyncio.get_running_loop().run_in_executor(
                pool, _copy, one.old.folder, paths[0], folder, paths[1], reserve_bytes
            )
        except OSError as error:
            log.info("A file of an earlier torrent is fetched again error=%s", error.strerror)
            continue
        log.info(
            "A file came from an earlier torrent of the item info_hash=%s file=%d bytes=%d",
            one.old.record.info_hash,
            one.new_index,
            copied,
        )


def _copy(old: Path, source: str, new: Path, target: str, reserve_bytes: int) -> int:
    """Copy what is there of a file, if there is room for it, and give how many bytes that was."""
    try:
        reading = open_beneath(old, source, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        needed = os.fstat(reading).st_blocks * BLOCK_BYTES
        if needed > shutil.disk_usage(new).free - reserve_bytes:
            raise OSError(errno.ENOSPC, "There is no room for a second copy", target)
        (new / target).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        writing = open_beneath(new, target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            return _copy_data(reading, writing)
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def _copy_data(reading: int, writing: int) -> int:
    size, at, copied = os.fstat(reading).st_size, 0, 0
    while at < size:
        try:
            start = os.lseek(reading, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # a hole up to the end
                break
            raise
        stop = os.lseek(reading, start, os.SEEK_HOLE)
        for at in range(start, stop, STEP_BYTES):
            data = os.pread(reading, min(STEP_BYTES, stop - at), at)
            copied += os.pwrite(writing, data, at)
        at = stop
    os.ftruncate(writing, size)
    return copied
