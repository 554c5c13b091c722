"""Reads a torrent's files where they lie, without ever following a symbolic link.

Younger pieces than libtorrent has said it flushed may not be in the file yet although they are 'finished': what is
read of them must be proved (docs/decisions/0004-bytes.md).
"""

import asyncio
import errno
import os
import stat
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from matinee.errors import DiskFailed

OPEN_FILES = 8
"""Descriptors kept a torrent."""


Stamp = tuple[int, int, int]
"""What changes when somebody writes to a file: inode, size, time of the change."""


@dataclass(frozen=True, slots=True)
class DiskFile:
    """One file of the torrent as libtorrent lays it on the disk."""

    offset: int
    """In the torrent's byte space."""
    length: int
    padding: bool


class DiskFiles:
    """Where a torrent's files lie, at a few bytes each: there may be 100 000."""

    def __init__(self, files: Iterable[DiskFile], path: Callable[[int], str]) -> None:
        """Take over where the files lie.

        Args:
            files: all of them, in the order of their offsets.
            path: gives a file's path, by its index, relative to the torrent's own folder.
        """
        self.path = path
        self._offsets = array("q")
        self._lengths = array("q")
        self._padding = bytearray()
        self.runs: list[tuple[int, int]] = []
        """What is no padding, as ``[start, stop)`` of the torrent's byte space, merged."""
        for file in files:
            self._offsets.append(file.offset)
            self._lengths.append(file.length)
            self._padding.append(file.padding)
            if file.padding or file.length == 0:
                continue
            start = self.runs.pop()[0] if self.runs and self.runs[-1][1] == file.offset else file.offset
            self.runs.append((start, file.offset + file.length))

    def __getitem__(self, index: int) -> DiskFile:
        return DiskFile(self._offsets[index], self._lengths[index], bool(self._padding[index]))

    def holding(self, offset: int) -> int:
        """Find the index of the file that holds a byte of the torrent."""
        # Of several at one offset the last is meant: those before it are empty.
        return bisect_right(self._offsets, offset) - 1


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

    def __init__(self, folder: Path, files: DiskFiles, pool: Executor) -> None:
        self._folder = folder
        self._files = files
        self._pool = pool
        self._open: OrderedDict[int, int] = OrderedDict()

    async def read(self, start: int, stop: int) -> bytes | bytearray:
        """Read up to ``[start, stop)``; the answer ends where a file ends, and is never empty.

        Raises:
            DiskFailed: the file is gone, shorter than it was, or cannot be read.
        """
        index = self._files.holding(start)
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
        # The loop must not wait for a disk. The thread has a duplicate: an eviction may close ours meanwhile.
        own = os.dup(descriptor)
        work = self._pool.submit(os.pread, own, length, at)
        # Also when whoever asked has gone before a thread had time for it: then it never runs.
        work.add_done_callback(lambda _: os.close(own))
        return await asyncio.wrap_future(work)

    async def whole(self, start: int, stop: int) -> tuple[bytearray, list[Stamp]]:
        """Read all of ``[start, stop)`` from as many files as hold it, and give their stamps of before.

        Raises:
            DiskFailed: a file is gone, shorter than it was, or cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._whole, start, stop)

    def _whole(self, start: int, stop: int) -> tuple[bytearray, list[Stamp]]:
        data, stamps, at = bytearray(stop - start), [], start
        index = self._files.holding(start)
        while at < stop:
            file = self._files[index]
            end = min(stop, file.offset + file.length)
            if not file.padding and end > at:
                room = memoryview(data)[at - start : end - start]
                stamps.append(self._fill(room, index, at - file.offset))
            at, index = max(at, end), index + 1
        return data, stamps

    def _fill(self, room: memoryview, index: int, at: int) -> Stamp:
        # A descriptor of its own: this is a thread, and what the loop has open may be closed meanwhile.
        try:
            descriptor = open_beneath(self._folder, self._files.path(index), os.O_RDONLY)
            try:
                stamp = _stamp(descriptor)
                got = os.preadv(descriptor, [room], at)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise DiskFailed(f"A film's file cannot be read any more: {error.strerror}.") from error
        if got != len(room):
            raise DiskFailed("A film's file has become shorter than it was.")
        return stamp

    def stamp(self, start: int) -> Stamp:
        """Give the stamp of the file at ``start``.

        Raises:
            DiskFailed: the file is gone.
        """
        try:
            return _stamp(self._descriptor(self._files.holding(start)))
        except OSError as error:
            raise DiskFailed(f"A film's file cannot be read any more: {error.strerror}.") from error

    def sync(self) -> None:
        """Make sure that what was written is on the disk: files first, then their folders. Blocks: for a thread."""
        # What is there is walked, not what there could be: of 100 000 files few were wanted yet.
        for _, folders, names, descriptor in os.fwalk(self._folder, topdown=False, onerror=_refuse):
            for name in (*names, *folders):
                _sync(name, descriptor)
            os.fsync(descriptor)

    def close(self) -> None:
        """Let go of every descriptor. Harmless when called twice."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _descriptor(self, index: int) -> int:
        descriptor = self._open.get(index)
        if descriptor is not None:
            self._open.move_to_end(index)
            return descriptor
        descriptor = open_beneath(self._folder, self._files.path(index), os.O_RDONLY)
        self._open[index] = descriptor
        if len(self._open) > OPEN_FILES:
            os.close(self._open.popitem(last=False)[1])
        return descriptor


def _stamp(descriptor: int) -> Stamp:
    found = os.fstat(descriptor)
    return found.st_ino, found.st_size, found.st_ctime_ns


def _refuse(error: OSError) -> None:
    raise error


def _sync(name: str, folder: int) -> None:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=folder)
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fsync(descriptor)  # a folder was synced once all in it was
    finally:
        os.close(descriptor)
