"""Publishes the user's own files: hashes them, and lays a copy where the engine shares from. Theirs stay as they are.

Why a copy and not the files themselves: docs/decisions/0007-own-copy.md.
"""

import asyncio
import errno
import fcntl
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

from matinee.errors import DiskFailed, DiskFull
from matinee.models.torrent import PublishStep
from matinee.outside.addresses import AddressPolicy
from matinee.ports import Report
from matinee.torrent import adding
from matinee.torrent.publish import Publication, Published, Stopped, entries, publish_blocking, stoppable

CLONE = 0x40049409
"""FICLONE of ``ioctl_ficlonerange(2)``: the file system lets both files share their blocks until one is changed."""
CHUNK_BYTES = 16 * 1024 * 1024
"""After each the copy looks whether it should stop."""

_Told = Callable[[PublishStep, int, int], None]


class Publisher:
    """Publishes into one data folder.

    Args:
        policy: which trackers and web seeds may be named.
        films: where films are kept.
        reserve_bytes: room that is always left on the disk.
        pool: where hashing and copying run.
    """

    def __init__(self, policy: AddressPolicy, films: Path, reserve_bytes: int, pool: Executor) -> None:
        self._policy = policy
        self._films = films
        self._reserve_bytes = reserve_bytes
        self._pool = pool

    async def publish(self, publication: Publication, report: Report) -> Published:
        """Make the torrent, and lay its files where the engine looks for them. Cancelling stops within a moment.

        Raises:
            BadRights, BadSource, TooLarge: it cannot be published.
            DiskFailed: a file cannot be read, or changed meanwhile; or the copy cannot be written.
            DiskFull: there is no room for the copy.
        """
        loop = asyncio.get_running_loop()

        def tell(step: PublishStep, done: int, total: int) -> None:
            loop.call_soon_threadsafe(report, step, done, total)

        return await stoppable(self._pool, lambda stop: self._publish(publication, tell, stop))

    def _publish(self, publication: Publication, tell: _Told, stop: threading.Event) -> Published:
        # A link that the user names is followed; those found in a folder are not.
        path = publication.path.resolve()
        listed = entries(path)
        before = _marks(path.parent, listed)
        published = publish_blocking(
            publication, self._policy, lambda done, count: tell(PublishStep.HASHING, done, count), stop
        )
        folder = self._films / published.description.identity
        fresh = not folder.exists()
        adding.make_folder(self._films, folder, self._reserve_bytes)
        try:
            if _marks(path.parent, listed) != before:
                raise _changed(path)
            if publication.ours:
                _move(path.parent, listed, folder)
                return published
            self._copy(path.parent, listed, folder, tell, stop)
            if _marks(path.parent, listed) != before:
                raise _changed(path)
        except BaseException:
            if fresh:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        return published

    def _copy(
        self, source: Path, listed: list[tuple[str, int]], folder: Path, tell: _Told, stop: threading.Event
    ) -> None:
        total = sum(size for _, size in listed)
        done = 0
        for name, size in listed:
            target = folder / name
            try:
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                if target.exists() and target.stat().st_size == size:
                    done += size  # published before: the engine checks it
                    continue
                with (source / name).open("rb") as theirs, target.open("wb") as ours:
                    if not _clone(theirs.fileno(), ours.fileno()):
                        self._check_room(folder, total - done)
                        for copied in _chunks(theirs.fileno(), ours.fileno()):
                            if stop.is_set():
                                raise Stopped
                            tell(PublishStep.COPYING, done + copied, total)
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    raise _no_room(total) from error
                raise DiskFailed(
                    f"The film cannot be copied to where films are kept: {error.strerror}."
                ) from error
            done += size

    def _check_room(self, folder: Path, needed: int) -> None:
        if shutil.disk_usage(folder).free < needed + self._reserve_bytes:
            raise _no_room(needed)


def _move(source: Path, listed: list[tuple[str, int]], folder: Path) -> None:
    """Take files over that nobody else has; a copy of a large film would need its room twice."""
    try:
        for name, _ in listed:
            target = folder / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (source / name).replace(target)
    except OSError as error:
        raise DiskFailed(f"The film cannot be brought to where films are kept: {error.strerror}.") from error


def _changed(path: Path) -> DiskFailed:
    return DiskFailed(f"{path.name!r} was changed while it was read. Share it once it is finished.")


def _marks(parent: Path, listed: list[tuple[str, int]]) -> list[tuple[int, int, int]]:
    """Give what changes when somebody writes into the files."""
    try:
        found = [(parent / name).stat() for name, _ in listed]
    except OSError as error:
        raise DiskFailed(f"A file went away while it was read: {error.strerror}.") from error
    return [(mark.st_ino, mark.st_size, mark.st_mtime_ns) for mark in found if stat.S_ISREG(mark.st_mode)]


def _no_room(needed: int) -> DiskFull:
    return DiskFull(
        f"There is no room for the copy that is shared: {needed / 1e9:.1f} GB are needed where films are kept. "
        "Make room, or set films_dir to a larger disk."
    )


def _clone(theirs: int, ours: int) -> bool:
    """Let the file system share the blocks, where it can: instant, and no room is taken."""
    try:
        fcntl.ioctl(ours, CLONE, theirs)
    except OSError:
        return False
    return True


def _chunks(theirs: int, ours: int) -> Iterator[int]:
    """Copy, and give how many bytes are done after each chunk."""
    copied = 0
    while sent := os.sendfile(ours, theirs, copied, CHUNK_BYTES):
        copied += sent
        yield copied
