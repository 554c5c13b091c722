"""Films on the web of which there is no torrent: fetched whole, proved, and made one, with the web as its first seed.

Whoever makes a torrent of the same file makes the same one: its name is the file's own, its pieces are cut by its
length alone. So all who do find each other. docs/decisions/0024 says what else there was.
"""

import asyncio
import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from matinee.errors import BadSource, DiskFailed, DiskFull, TooLarge
from matinee.models.title import WebFilm
from matinee.names import clean_name
from matinee.outside.fetch import Answer, Fetcher

Report = Callable[[int, int], None]
"""Told how many bytes are here, of how many."""

T = TypeVar("T")

SPAN_BYTES = 4 * 1024 * 1024
"""Asked for at once; the fetcher must take so much."""
SPAN_S = 60.0
"""For one span: a line that brings less than 70 kB/s is too slow for this."""
MOST_BYTES = 2 * 1024**3
"""Of a film that is fetched whole before it plays: half an hour on a line of 10 Mbit/s."""
NAME_MAX_BYTES = 200
"""Of a file without its suffix, in UTF-8."""
LONGEST_SUFFIX = 8
LONGEST_NAME = 2048


class WebFilms:
    """Fetches films from the web.

    Args:
        fetcher: judges every address; takes ``SPAN_BYTES`` at least. None where nobody may be asked straight.
        folder: where what has arrived lies; it is begun anew with the program.
        reserve_bytes: room that is always left on the disk.
        pool: where hashing and writing run.
    """

    def __init__(self, fetcher: Fetcher | None, folder: Path, reserve_bytes: int, pool: Executor) -> None:
        self._fetcher = fetcher
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._pool = pool
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._clean = False

    @asynccontextmanager
    async def fetched(self, film: WebFilm, report: Report) -> AsyncIterator[Path]:
        """Give a file with the film, whole and proved as far as it can be; gone when this is left.

        What has arrived of one that is given up stays, and is gone on with when it is wanted again.

        Raises:
            BadSource: its host gives something else than the film, or nobody may be asked.
            SourceUnreachable, SourceLimited: it is away.
            TooLarge: it is larger than what is fetched this way.
            DiskFull, DiskFailed: it cannot be kept.
        """
        if self._fetcher is None:
            raise BadSource(
                "This film is on the web alone, and nobody may be asked straight: there is a proxy."
            )
        key = hashlib.sha256(film.url.encode()).hexdigest()[:32]
        async with self._turns[key]:
            folder = self._folder / key
            await self._run(self._begin, folder)
            path = folder / _name(film.url)
            try:
                await self._fetch(self._fetcher, film, path, report)
                yield path
            except BadSource:
                # What is wrong in the middle would be wrong again.
                await self._run(shutil.rmtree, folder, True)
                raise
            await self._run(shutil.rmtree, folder, True)

    async def _fetch(self, fetcher: Fetcher, film: WebFilm, path: Path, report: Report) -> None:
        """Fetch span by span, from where the last time ended."""
        start = await self._run(_resumed, path)
        length: int | None = None
        while length is None or start < length:
            answer = await fetcher.get(film.url, span=(start, start + SPAN_BYTES))
            whole = _length(answer, start)
            if length not in (None, whole):
                raise BadSource("The film changed while it was fetched. Try again.")
            if length is None:
                await self._run(self._check_room, path.parent, whole - start)
            length = whole
            # A host that gives no spans sends the whole, which then is all there is.
            fresh = answer.body[start - answer.start :]
            if not fresh and start < length:
                raise BadSource("The film's host sends less of it than there is. Try again later.")
            start += len(fresh)
            await self._run(_append, path, fresh)
            report(start, length)
        if film.sha1 is not None and await self._run(_sha1, path) != film.sha1:
            raise BadSource("What came is not the film that was said to be there. Try again later.")

    def _begin(self, folder: Path) -> None:
        """Make room for a film; what an earlier run of the program left is thrown away: nobody knows it any more."""
        if not self._clean:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._clean = True
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DiskFailed(f"The folder where films are kept cannot be used: {error.strerror}.") from error

    def _check_room(self, folder: Path, needed: int) -> None:
        if needed > MOST_BYTES:
            raise TooLarge(
                f"This film has {needed / 1e9:.1f} GB and no torrent: it would be fetched whole before it plays. "
                "Choose a smaller version."
            )
        # Twice: it is copied to where it is shared from, unless the file system lets both share.
        if shutil.disk_usage(folder).free < 2 * needed + self._reserve_bytes:
            raise DiskFull(
                f"There is no room for the film: {needed / 1e9:.1f} GB are needed twice. Make room, or set films_dir "
                "to a larger disk."
            )

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)


def _length(answer: Answer, start: int) -> int:
    """Give how long the film is, by an answer to a span from ``start``."""
    if answer.length is None and answer.start == 0:
        return len(answer.body)
    if answer.length is None or answer.start != start:
        raise BadSource("The film's host gives another part of it than was asked for. Try again later.")
    return answer.length


def _resumed(path: Path) -> int:
    """Give how much of a film is here: all but a byte, so that there is always something to ask for."""
    try:
        start = max(0, path.stat().st_size - 1)
        os.truncate(path, start)
    except FileNotFoundError:
        return 0
    return start


def _append(path: Path, data: bytes) -> None:
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        raise DiskFailed(f"The film cannot be written: {error.strerror}.") from error


def _sha1(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha1").hexdigest()  # named by whoever has the film


def _name(url: str) -> str:
    """Give the file's own name, as far as a file can be called so."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    said = clean_name(last, "film", LONGEST_NAME).replace("/", "_").replace("\\", "_")
    stem, dot, suffix = said.lstrip(".").rpartition(".")
    if not stem or len(suffix) > LONGEST_SUFFIX:
        stem, dot, suffix = said.lstrip("."), "", ""
    return f"{stem.encode()[:NAME_MAX_BYTES].decode(errors='ignore') or 'film'}{dot}{suffix}"
