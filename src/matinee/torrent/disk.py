"""Reads a torrent's files where they lie, without ever following a symbolic link.

Only for pieces that were verified in this run and that libtorrent has said it flushed: younger ones may not be
in the file yet although they are 'finished' (docs/decisions/0004-bytes.md).
"""

import asyncio
import errno
import os
from bisect import bisect_right
from collections import OrderedDict
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from matinee.errors import DiskFailed

OPEN_FILES = 8
"""Descriptors kept a torrent."""


@dataclass(frozen=True, slots=True)
class DiskFile:
    """One file of the torrent as libtorrent lays it on the disk."""

    path: str
    """Relative to the torrent's own folder."""
    offset: int
    """In the torrent's byte space."""
    length: int
    padding: bool


def open_beneath(folder: Path, path: str, flags: int) -> int:
    """Open a file below a folder with no symbolic link in any component.

    Raises:
        OSError: there is none, or a link stands in the way (ELOOP, ENOTDIR).
    """
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        parts = PurePosixPath(path).parts
        for part in parts[:-1]:
            if part in ("..", "/"):
                raise OSError(errno.ELOOP, "a path that leaves its folder", path)
            inner = os.open(
                part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory
            )
            os.close(directory)
            directory = inner
        return os.open(parts[-1], flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=directory)
    finally:
        os.close(directory)


class Disk:
    """The files of one torrent, by offset in its byte space. Reads on the loop when the bytes are in memory."""

    def __init__(self, folder: Path, files: tuple[DiskFile, ...], pool: Executor) -> None:
        self._folder = folder
        self._files = files
        self._offsets = [file.offset for file in files]
        self._pool = pool
        self._open: OrderedDict[int, int] = OrderedDict()

    async def read(self, start: int, stop: int) -> bytes | bytearray:
        """Read up to ``[start, stop)``; the answer ends where a file ends, and is never empty.

        Raises:
            DiskFailed: the file is gone, shorter than it was, or cannot be read.
        """
        index = bisect_right(self._offsets, start) - 1
        while self._files[index].offset + self._files[index].length <= start:
            index += 1
        file = self._files[index]
        length = min(stop, file.offset + file.length) - start
        if file.padding:
            return bytes(length)
        try:
            descriptor = self._descriptor(index)
            data = await self._read(descriptor, length, start - file.offset)
        except OSError as error:
            raise DiskFailed(f"A film's file cannot be read any more: {error.strerror}.") from error
        if not data:
            raise DiskFailed("A film's file has become shorter than it was.")
        return data

    async def _read(self, descriptor: int, length: int, at: int) -> bytes | bytearray:
        buffer = bytearray(length)
        try:
            # Already in the page cache as a rule: then no thread is needed, and nothing blocks.
            got = os.preadv(descriptor, [buffer], at, getattr(os, "RWF_NOWAIT", 0))
        except BlockingIOError:
            got = -1
        except OSError as error:
            if error.errno != errno.EOPNOTSUPP:
                raise
            got = -1
        if got == length:
            return buffer
        if got > 0:
            return buffer[:got]
        # The loop must not wait for a disk. The thread owns its duplicate: an eviction may close ours meanwhile.
        own = os.dup(descriptor)
        return await asyncio.get_running_loop().run_in_executor(self._pool, _pread_and_close, own, length, at)

    def stamp(self, start: int) -> tuple[int, int, int]:
        """Give what changes when somebody else writes to the file at ``start``: inode, size, time.

        Raises:
            DiskFailed: the file is gone.
        """
        index = bisect_right(self._offsets, start) - 1
        try:
            found = os.fstat(self._descriptor(index))
        except OSError as error:
            raise DiskFailed(f"A film's file cannot be read any more: {error.strerror}.") from error
        return found.st_ino, found.st_size, found.st_mtime_ns

    def sync(self) -> None:
        """Make sure that what was written is on the disk: files first, then their folders. Blocks: for a thread."""
        folders = {self._folder}
        for file in self._files:
            if file.padding:
                continue
            try:
                descriptor = open_beneath(self._folder, file.path, os.O_RDONLY)
            except FileNotFoundError:
                continue  # nothing of it was wanted yet
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            folders.add((self._folder / file.path).parent)
        for folder in folders:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def close(self) -> None:
        """Let go of every descriptor. Harmless when called twice."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _descriptor(self, index: int) -> int:
        descriptor = self._open.get(index)
        if descriptor is not None:
            self._open.move_to_end(index)
            return descriptor
        descriptor = open_beneath(self._folder, self._files[index].path, os.O_RDONLY)
        self._open[index] = descriptor
        if len(self._open) > OPEN_FILES:
            os.close(self._open.popitem(last=False)[1])
        return descriptor


def _pread_and_close(descriptor: int, length: int, at: int) -> bytes:
    try:
        return os.pread(descriptor, length, at)
    finally:
        os.close(descriptor)
