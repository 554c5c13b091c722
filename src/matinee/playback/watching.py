"""What people watch and what is remembered of it: the library, the catalogue and the torrents together.

A player knows which file of which torrent it plays. What is remembered is the film or the episode, so that it is the
same whichever release of it is played, and whether it was found in the catalogue or is already here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from matinee.errors import BadRequest, FileNotFound, MatineeError, TorrentNotFound
from matinee.library.service import Library, now_ms
from matinee.types import FileIndex, InfoHash, ProfileId, TitleId

if TYPE_CHECKING:
    from matinee.catalogue.service import Catalogue
    from matinee.models.library import Going, Kept, Progress, Record, Seen, Taken, Work
    from matinee.models.title import Title
    from matinee.models.torrent import FileEntry
    from matinee.ports import Films
    from matinee.storage.item_files import ItemFiles

    _Contents: TypeAlias = tuple[tuple[FileEntry, ...], dict[FileIndex, Work]]
    """What a torrent has, and which of its files are which works."""

SHOWN = 60
"""So many titles are looked at for what to go on with."""
LOOKED_AT = 400
_CACHED = 256


class Watching:
    """Answers what the web asks of what people watch.

    Args:
        library: what is remembered.
        catalogue: knows titles, and which torrents were added for them.
        films: knows what is here.
        items: knows by what films of archives' items are remembered, whichever torrent has them.
    """

    def __init__(
        self, library: Library, catalogue: Catalogue, films: Films, items: ItemFiles | None = None
    ) -> None:
        self.library = library
        self._catalogue = catalogue
        self._films = films
        self._items = items
        self._contents: dict[InfoHash, _Contents] = {}

    async def see(self, profile: ProfileId, work: Work, seen: Seen) -> Progress:
        """Keep where somebody is in a work; of a torrent's file, in the film or episode that it is.

        Of a trailer nothing is kept: nobody goes on with one, and it is no film of their evening.
        """
        if work.file is not None:
            info_hash, index = InfoHash(work.title), work.file
            if await self._is_trailer(info_hash, index):
                from matinee.library.seeing import progress_of

                return progress_of(work, seen, None, now_ms())
            work = await self._work_of(info_hash, index)
            seen = replace(seen, info_hash=info_hash, file_index=index)
        name = await self.name_of(work.title) or await self.name_of(seen.info_hash or "")
        return await self.library.see(profile, work, replace(seen, name=name))

    async def left(self, info_hash: InfoHash) -> tuple[bool, int | None]:
        """Say whether a torrent has been watched, and in Unix milliseconds when somebody last did, if ever."""
        from matinee.playback.first_to_go import films_among, is_watched

        files, works = await self._read(info_hash)
        keys = {work.key for work in works.values()}
        if not works:
            keys = {(await self._work_of(info_hash, file.index)).key for file in films_among(files)}
        left = await self.library.left(sorted(keys)) if keys else []
        return is_watched(keys, left), max((one.changed_ms for one in left), default=None)

    async def title_of(self, info_hash: InfoHash) -> TitleId | None:
        """Say for which title that is shown here a torrent was added."""
        recorded = await (await self._catalogue.store()).title_of(info_hash)
        return None if recorded is None or await self._title(recorded[0]) is None else recorded[0]

    async def shown_in(self, info_hash: InfoHash, index: FileIndex) -> TitleId | None:
        """Say which title that is shown here a file is a film or an episode of; a trailer is none."""
        work = await self._work_of(info_hash, index)
        return None if work.file is not None else TitleId(work.title)

    async def name_of(self, title: str) -> str:
        """Say what a title, or a torrent, is called; empty when nobody here knows it."""
        if (found := await self._title(title)) is not None:
            return found.title
        try:
            return (await self._films.torrent(InfoHash(title))).name
        except TorrentNotFound:
            return ""

    async def cards(self, titles: Iterable[str]) -> dict[str, Title]:
        """Give those of these titles that are shown here."""
        found = {one: await self._title(one) for one in dict.fromkeys(titles)}
        return {name: title for name, title in found.items() if title is not None}

    async def going_on(self, profile: ProfileId) -> tuple[list[Going], dict[str, Title]]:
        """Give what to go on with, the last first, and the titles of it; what cannot be played here is left out."""
        from matinee.library.going_on import going_on
        from matinee.models.library import Kind
        from matinee.models.library import Progress as Left

        records = await self.library.records(profile, Kind.PROGRESS, LOOKED_AT)
        left = [one for one in records if isinstance(one, Left)]
        cards = await self.cards(list(dict.fromkeys(one.work.title for one in left))[:SHOWN])
        parts = {
            name: [(season.number, episode.number) for season in title.seasons for episode in season.episodes]
            for name, title in cards.items()
            if title.seasons
        }
        going = [await self._placed(one, cards.get(one.work.title)) for one in going_on(left, parts)]
        return [one for one in going if one is not None][:SHOWN], cards

    async def take(self, text: bytes) -> Taken:
        """Bring in an exported library; a torrent's file becomes the film or the episode that it is.

        Raises:
            BadLibrary, TooLarge, Conflict: it cannot be; nothing of it has been.
        """
        from matinee.library.document import read

        coming = [await self._resolved(one) for one in read(text, now_ms())]
        return await self.library.take(coming)

    async def _resolved(self, kept: Kept) -> Kept:
        return replace(kept, records=tuple([await self._resolved_record(one) for one in kept.records]))

    async def _resolved_record(self, record: Record) -> Record:
        from matinee.models.library import Progress as Left

        if not isinstance(record, Left) or record.work.file is None:
            return record
        return replace(record, work=await self._work_of(InfoHash(record.work.title), record.work.file))

    async def _placed(self, going: Going, title: Title | None) -> Going | None:
        """Say where what to go on with is here; None where it can be had nowhere."""
        work = going.work
        if title is None:
            place = going.info_hash or InfoHash(work.title)
            if work.file is None or await self._is_trailer(InfoHash(work.title), work.file):
                return None
            return going if await self._is_here(place) else None
        if going.info_hash is not None and await self._is_here(going.info_hash):
            return going
        for info_hash in await self._torrents_of(title.id):
            contents = await self._read(info_hash)
            index = next((index for index, one in contents[1].items() if one == work), None)
            if index is not None:
                return replace(going, info_hash=info_hash, file_index=index)
        return replace(going, info_hash=None, file_index=None)

    async def _is_trailer(self, info_hash: InfoHash, index: FileIndex) -> bool:
        from matinee.playback.trailers import is_trailer

        if index in (await self._read(info_hash))[1]:
            return False
        try:
            view = await self._films.torrent(info_hash)
        except TorrentNotFound:
            return False
        return is_trailer(view.name, view.files, index)

    async def _is_here(self, info_hash: InfoHash) -> bool:
        try:
            return (await self._films.torrent(info_hash)).rights is not None
        except TorrentNotFound:
            return False

    async def _torrents_of(self, title: TitleId) -> list[InfoHash]:
        found = await (await self._catalogue.store()).added_for(title)
        return [info_hash for info_hash in found if await self._is_here(info_hash)]

    async def _title(self, title: str) -> Title | None:
        try:
            return (await self._catalogue.title(TitleId(title))).title
        except MatineeError:
            return None

    async def _work_of(self, info_hash: InfoHash, index: FileIndex) -> Work:
        from matinee.models.library import Work as Made

        known = (await self._read(info_hash))[1].get(index)
        if known is not None:
            return known
        first = (info_hash, index) if self._items is None else await self._items.first(info_hash, index)
        return Made(first[0], file=first[1])

    async def _read(self, info_hash: InfoHash) -> _Contents:
        """Find out what the files of a torrent are; the same answer as long as its list is the same."""
        try:
            files = (await self._films.torrent(info_hash)).files
        except TorrentNotFound:
            files = ()
        kept = self._contents.get(info_hash)
        # A torrent that was nobody's may have become a title's since.
        if kept is not None and kept[0] == files and kept[1]:
            return kept
        contents = files, await self._works(info_hash, files) if files else {}
        self._contents.pop(info_hash, None)
        self._contents[info_hash] = contents
        if len(self._contents) > _CACHED:
            del self._contents[next(iter(self._contents))]
        return contents

    async def _works(self, info_hash: InfoHash, files: tuple[FileEntry, ...]) -> dict[FileIndex, Work]:
        recorded = await (await self._catalogue.store()).title_of(info_hash)
        title = None if recorded is None else await self._title(recorded[0])
        if recorded is None or title is None:
            return {}
        return _works_of(title, recorded[1], files)


def _works_of(
    title: Title, only: tuple[int, int] | None, files: tuple[FileEntry, ...]
) -> dict[FileIndex, Work]:
    """Say which files of a torrent are which parts of the title that it was added for.

    Args:
        title: the title.
        only: season and number, where the torrent was added for one episode.
        files: what the torrent has.
    """
    from matinee.catalogue.film_file import encodings
    from matinee.models.catalogue import Wanted
    from matinee.models.library import Work as Made
    from matinee.playback.titles import choice_of, file_of

    parts: list[tuple[int | None, int | None]] = [
        (season.number, episode.number) for season in title.seasons for episode in season.episodes
    ] or [(None, None)]
    works: dict[FileIndex, Work] = {}
    for season, number in parts:
        try:
            choice = choice_of(title, Wanted(season, number))
        except (BadRequest, FileNotFound):
            continue
        # An episode with releases of its own is in its own torrent alone.
        if season is not None and choice.place is None and only is not None and only != (season, number):
            continue
        file = file_of(files, choice)
        for one in () if file is None else encodings(files, file):
            works.setdefault(one.index, Made(title.id, season, number))
    return works
