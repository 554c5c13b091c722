"""A file of which somebody says that it is a film: what it is made of, found out in a process that can do no harm."""

import asyncio
import os
import stat
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Self

from matinee.errors import BadFilm, BadSource, DiskFailed
from matinee.media.worker import MediaWorker
from matinee.models.media import MediaInfo
from matinee.playback.facts import ask_info

READ_BYTES = 1024 * 1024
NO_FILM = (
    "This is not a film that Matinee can open: there is no picture in it that moves. Choose another file."
)


class FileReader:
    """The ``ByteReader`` of a plain file; it is open as long as its owner has it.

    Args:
        file: its descriptor.
        length: in bytes.
        pool: where it is read.
    """

    def __init__(self, file: int, length: int, pool: Executor) -> None:
        self._file = file
        self._length = length
        self._pool = pool

    @property
    def length(self) -> int:
        """The file's length in bytes."""
        return self._length

    async def read(self, start: int, stop: int) -> bytes:
        """Give a prefix of the bytes ``[start, stop)``."""
        count = min(stop - start, READ_BYTES)
        loop = asyncio.get_running_loop()
        try:
            data = await loop.run_in_executor(self._pool, os.pread, self._file, count, start)
        except OSError as error:
            raise DiskFailed(f"The film cannot be read: {error.strerror}.") from error
        if not data:
            raise DiskFailed("The film became shorter while it was read. Publish it once it is finished.")
        return data

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        return None


async def look_into(path: Path, pool: Executor) -> MediaInfo:
    """Say what a film is made of.

    Raises:
        BadSource: there is no such file, or it may not be read.
        BadFilm: it is no film.
        DiskFailed: it cannot be read to its end.
    """
    opening = pool.submit(_opened, path)
    try:
        file, length = await asyncio.wrap_future(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_let_go)
        raise
    try:
        async with MediaWorker(lambda: FileReader(file, length, pool), length, niceness=5) as worker:
            try:
                info = await ask_info(worker.ask)
            except BadFilm as error:
                raise BadFilm(NO_FILM) from error
    finally:
        os.close(file)
    if not info.video:
        raise BadFilm(NO_FILM)
    return info


def _let_go(opening: Future[tuple[int, int]]) -> None:
    """Close a file that was opened for somebody who has gone."""
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result()[0])


def _opened(path: Path) -> tuple[int, int]:
    try:
        # Not blocking: a pipe or a device of that name would wait for ever.
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BadSource(f"The file cannot be opened: {error.strerror}. Check its path.") from error
    info = os.fstat(file)
    if not stat.S_ISREG(info.st_mode) or info.st_size == 0:
        os.close(file)
        raise BadSource("There is no file with content at this path. Choose a film.")
    return file, info.st_size
