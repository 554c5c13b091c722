"""A folder of .torrent and .magnet files that the user keeps: films where a torrent states a licence. Asks nobody.

Torrents are read by whoever is given for it, never here; of what a link names nothing is known before somebody sends
it. What was read is known by name, length and time of change, and not read twice.
"""

import asyncio
import logging
import os
import re
import stat
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from matinee.catalogue.providers import claim, reading
from matinee.catalogue.providers.internet_archive import today
from matinee.errors import BadMagnet, BadSource, DiskFailed, MatineeError
from matinee.models.catalogue import FOLDER
from matinee.models.licences import find_licence
from matinee.models.provider import About, Feature, Query, TorrentFacts
from matinee.models.title import Kind, MagnetLink, Release, Title
from matinee.names import clean_name

log = logging.getLogger(__name__)

ID = FOLDER
NAME = "Your folder of torrents"
MOST_FILES = 2000
MOST_BYTES = 10 * 1024 * 1024
"""Of one .torrent: as much as is taken anywhere."""
MOST_LINK_BYTES = 32_768
"""Of one .magnet, likewise."""

_YEAR = re.compile(r"\((1[89][0-9]{2}|20[0-9]{2})\)")
_ADDRESS = re.compile(r"https://[^\s\"'<>\])]+")
_CLUTTER = re.compile(r"\.(mp4|mkv|webm|avi|mov|ogv|mpg|mpeg)$", re.IGNORECASE)

Read = Callable[[bytes], Awaitable[TorrentFacts]]
"""Reads a .torrent with care. Raises BadTorrent, TooLarge."""
Mark = tuple[int, int]
"""Length in bytes, and time of change in nanoseconds."""
Taken = Callable[[str, Mark, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A .torrent of the folder, as it was when it was read."""

    name: str
    mark: Mark
    title: Title | None
    """None where it states no licence, or cannot be read."""


class TorrentFolder:
    """The ``CatalogueProvider`` of ``ports``.

    Args:
        folder: where the user puts .torrent files; need not be there yet. None: none is named.
        read: reads one.
        taken: given each that was read, with its name, its mark and its bytes.
    """

    def __init__(
        self,
        folder: Path | None,
        read: Read,
        taken: Taken | None = None,
        *,
        today: Callable[[], date] = today,
    ) -> None:
        self.folder = folder
        self._read = read
        self._taken = taken
        self._today = today
        self._seen: dict[str, Seen] = {}
        self._turn = asyncio.Lock()

    @property
    def about(self) -> About:
        """Who it is."""
        able = (
            frozenset({Feature.SEARCH, Feature.BROWSE}) if self.folder is not None else frozenset[Feature]()
        )
        return About(id=ID, name=NAME, home="", features=able)

    async def move(self, folder: Path | None) -> None:
        """Have it be another folder from now on."""
        async with self._turn:
            self.folder = folder
            self._seen.clear()

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find films by words in their names."""
        words = query.words[:200].casefold().split()
        async for page in self.browse():
            if query.kind is not Kind.SERIES:
                yield tuple(one for one in page if all(word in one.title.casefold() for word in words))

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Give all films that the folder holds now."""
        yield tuple(one.title for one in await self.scan() if one.title is not None)

    async def details(self, title: Title) -> Title:
        """Not declared, so never called: a torrent is whole."""
        return title

    async def torrent(self, release: Release) -> bytes:
        """Not declared, so never called: what is in the folder was handed over when it was read."""
        raise BadSource("The folder's torrents are here already.")

    async def scan(self) -> list[Seen]:
        """Read what is new or changed, forget what is gone, and give what there is, by name.

        Raises:
            DiskFailed: the folder cannot be read.
        """
        async with self._turn:
            folder = self.folder
            there = {} if folder is None else await asyncio.to_thread(_listed, folder)
            for name in [one for one in self._seen if one not in there]:
                del self._seen[name]
            for name, mark in there.items():
                known = self._seen.get(name)
                if folder is not None and (known is None or known.mark != mark):
                    self._seen[name] = Seen(name, mark, await self._one(folder, name, mark))
            return [self._seen[name] for name in there]

    async def _one(self, folder: Path, name: str, mark: Mark) -> Title | None:
        try:
            data = await asyncio.to_thread(_bytes_of, folder / name)
            facts = None if is_link(name) else await self._read(data)
            if self._taken is not None:
                await self._taken(name, mark, data)
        except MatineeError as error:
            log.warning("A torrent of the folder cannot be taken name=%r error=%s", name, error.message)
            return None
        put = datetime.fromtimestamp(mark[1] / 1e9, UTC).year
        return None if facts is None else title_of(facts, name, put, self._today())


def is_link(name: str) -> bool:
    """Tell whether a file of the folder holds a magnet link."""
    return name.lower().endswith(".magnet")


def link_in(data: bytes) -> str:
    """Give the magnet link that a file holds, alone or on its first line.

    Raises:
        BadMagnet: it holds none.
    """
    link = data.decode("utf-8-sig", errors="replace").strip().partition("\n")[0].strip()
    if not link.lower().startswith("magnet:?"):
        raise BadMagnet("A .magnet file holds one line, which begins with magnet:?")
    return link


def title_of(facts: TorrentFacts, file: str, put: int, checked: date) -> Title | None:
    """Make a film of what a torrent says of itself; None where it states no licence.

    Args:
        facts: what it says.
        file: its name in the folder.
        put: the year in which it was put there: the film's, where its name has none in brackets.
        checked: today.
    """
    said = _CLUTTER.sub("", facts.title or facts.name)
    behind = _YEAR.findall(said)
    year = reading.year(*behind[-1:], put)
    name = clean_name(_YEAR.sub("", said) if behind else said, clean_name(file, "", 200), 200)
    comment = facts.comment or ""
    licences = [
        *claim.licences_in(facts.licence or ""),
        *(one for one in claim.licences_in(comment) if "//" in one),
    ]
    # What else it names is where a person can read more; without, it is the licence's own page.
    pages = [
        one.rstrip(".,;") for one in _ADDRESS.findall(comment) if find_licence(one.rstrip(".,;")) is None
    ]
    source = next(filter(None, map(reading.web_address, pages)), None) or next(
        (known.url for one in licences if (known := find_licence(one)) is not None), ""
    )
    evidence = claim.stated(
        licences,
        ("its maker, who is not named",),
        into=f"the torrent {clean_name(file, 'file', 80)}",
        source=source,
        year=year,
        checked=checked,
    )
    if not evidence or year is None or not name:
        return None
    digest = sha256(facts.magnet.partition("&")[0].encode()).hexdigest()[:32]
    return Title(
        id=reading.title_id(ID, digest),
        kind=Kind.FILM,
        title=name,
        year=year,
        countries=(),
        languages=(),
        releases=(Release(MagnetLink(facts.magnet), length_bytes=facts.length_bytes or None),),
        evidence=evidence,
    )


def _listed(folder: Path) -> dict[str, Mark]:
    """List the torrents and links of a folder by name; a folder that is not there holds none."""
    try:
        with os.scandir(folder) as entries:
            found = dict(_marks(entries))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DiskFailed(
            f"The folder of torrents cannot be read: {error.strerror}. Check torrents_dir."
        ) from error
    return {name: found[name] for name in sorted(found)[:MOST_FILES]}


def _marks(entries: Iterator["os.DirEntry[str]"]) -> Iterator[tuple[str, Mark]]:
    for entry in entries:
        if entry.name.startswith(".") or not entry.name.lower().endswith((".torrent", ".magnet")):
            continue
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # it went away between two looks
        most = MOST_LINK_BYTES if is_link(entry.name) else MOST_BYTES
        if stat.S_ISREG(info.st_mode) and 0 < info.st_size <= most:
            yield entry.name, (info.st_size, info.st_mtime_ns)


def _bytes_of(path: Path) -> bytes:
    """Read a file that is no link to another one."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DiskFailed(f"A torrent of the folder cannot be read: {error.strerror}.") from error
