"""What there is of titles beside the film: stills for backdrops, subtitles that lie beside it, a trailer.

Stills come of a film that was played here, at no network at all; else from the archive's item, whose list of files is
asked for once a month. Nobody waits for that: what is known is told at once, and an event says when there is more.
"""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from matinee.catalogue.archive_choice import beside
from matinee.catalogue.archive_extras import extras_of
from matinee.catalogue.archive_item import Item
from matinee.catalogue.film_file import stem
from matinee.catalogue.pictures import STILL_WIDTH, Picture, item_of, key_of_still, own_still, still_of
from matinee.catalogue.trailers import trailer_of
from matinee.errors import MatineeError, SourceUnreachable
from matinee.events import Bus, PictureCame
from matinee.models.catalogue import JudgedTitle
from matinee.models.extras import Beside, Extras, ItemExtras
from matinee.models.rights import Standing, Verdict
from matinee.models.title import Title, Trailer
from matinee.models.torrent import FileEntry
from matinee.playback.picture_cache import PictureCache
from matinee.playback.trailers import alone, no_trailer
from matinee.types import TitleId

log = logging.getLogger(__name__)

ASKED_EACH_S = 30 * 86_400.0
AWAY_S = 600.0
"""How long an archive that cannot be reached is not asked for the same item."""
MOST_AWAY = 2000


class Items(Protocol):
    """Has items; ``InternetArchive`` is one."""

    async def item(self, identifier: str) -> Item:
        """Give an item as it is today. Raises BadSource, SourceUnreachable, TooLarge."""

    def address(self, identifier: str, path: str) -> str:
        """Say where a file of an item is."""


class TitleExtras:
    """Knows what there is beside films; ``close`` ends what it asks.

    Args:
        title: gives a title that is shown here; raises TitleNotFound, TitleNotAllowed.
        files: gives the files of the torrents that were added for a title.
        verdict: says whether a trailer may be shared here.
        archive: None where nobody may be asked.
        cache: keeps what was found.
        bus: is told when there is more.
        clock: seconds since 1970; where it jumps an item is asked for early or late.
    """

    def __init__(
        self,
        title: Callable[[TitleId], Awaitable[JudgedTitle]],
        files: Callable[[TitleId], Awaitable[Sequence[FileEntry]]],
        verdict: Callable[[Title, Trailer], Verdict],
        archive: Items | None,
        cache: PictureCache,
        bus: Bus,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._title = title
        self._files = files
        self._verdict = verdict
        self._archive = archive
        self._cache = cache
        self._bus = bus
        self._clock = clock
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._away: OrderedDict[str, float] = OrderedDict()
        self._writing = asyncio.Lock()

    async def close(self) -> None:
        """Ask nobody any more."""
        self._archive = None
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def get(self, title_id: TitleId, *, ask: bool) -> Extras:
        """Say what is known of a title; where ``ask``, what is not known is asked for. Raises what ``title`` does."""
        title = (await self._title(title_id)).title
        known = await self._known(title, ask=ask)
        trailer = trailer_of(title, known.trailer)
        here = _beside_film(await self._files(title_id))
        named = dict.fromkeys([Beside(tag) for one in title.releases for tag in one.subtitles])
        return Extras(
            tuple(one.path for one in await self._stills(title, known)),
            _told((*here, *known.subtitles, *named)),
            trailer is not None and self._verdict(title, trailer).standing is Standing.ALLOWED,
        )

    async def stills(self, title: Title) -> Sequence[Picture]:
        """Give the stills of a title, as far as they are known."""
        return await self._stills(title, await self._known(title, ask=False))

    async def trailer(self, judged: JudgedTitle) -> JudgedTitle:
        """Give a title's trailer alone, as far as it is known.

        Raises:
            FileNotFound: it has none that may be shared here.
        """
        title = judged.title
        trailer = trailer_of(title, (await self._known(title, ask=False)).trailer)
        if trailer is None:
            return await no_trailer(judged)
        return alone(judged, trailer, self._verdict(title, trailer))

    async def keep(self, title_id: TitleId, stills: Sequence[bytes]) -> None:
        """Keep stills that were made here of a film: WebP, the best first; they take the place of earlier ones."""
        pictures = [own_still(title_id, key_of_still(data)) for data in stills]
        named = [(name_of(one), data) for one, data in zip(pictures, stills, strict=True)]
        list_of_them = json.dumps([one.key for one in pictures]).encode()
        async with self._writing:
            await asyncio.to_thread(self._cache.put, [*named, (_own_name(title_id), list_of_them)])
        self._bus.publish(PictureCame(title_id))

    async def _stills(self, title: Title, known: ItemExtras) -> Sequence[Picture]:
        own = await asyncio.to_thread(self._own, title.id)
        item = item_of(title)
        if own or item is None or self._archive is None:
            return own
        return [still_of(title.id, self._archive.address(item[0], path)) for path in known.stills]

    def _own(self, title_id: TitleId) -> list[Picture]:
        """Read which stills were made here; those whose file has gone are left out."""
        kept = _read(self._cache.read(_own_name(title_id)))
        keys = kept if isinstance(kept, list) else []
        found = [own_still(title_id, str(key)) for key in keys]
        return [one for one in found if self._cache.has(name_of(one))]

    async def _known(self, title: Title, *, ask: bool) -> ItemExtras:
        item = item_of(title)
        if item is None:
            return ItemExtras()
        name = _item_name(*item)
        kept = _read(await asyncio.to_thread(self._cache.read, name))
        found = _item_extras(kept)
        asked_at = kept.get("asked_at") if isinstance(kept, dict) else None
        fresh = isinstance(asked_at, float) and abs(self._clock() - asked_at) < ASKED_EACH_S
        if ask and not fresh and self._may_ask(name):
            task = asyncio.create_task(self._bring(title, *item), name=f"extras {name}")
            self._asking[name] = task
        return found

    def _may_ask(self, name: str) -> bool:
        away = abs(self._clock() - self._away.get(name, float("-inf"))) < AWAY_S
        return self._archive is not None and name not in self._asking and not away

    async def _bring(self, title: Title, identifier: str, file: str | None) -> None:
        name = _item_name(identifier, file)
        try:
            found = await self._fetch(title, identifier, file)
            whole = {
                "asked_at": self._clock(),
                "stills": found.stills,
                "subtitles": [[one.language, one.machine_made] for one in found.subtitles],
                "trailer": found.trailer,
            }
            async with self._writing:
                await asyncio.to_thread(self._cache.put, [(name, json.dumps(whole).encode())])
            self._bus.publish(PictureCame(title.id))
        except (MatineeError, OSError) as error:
            log.info("What lies beside a film is not known title=%s error=%s", title.id, error)
        finally:
            self._asking.pop(name, None)

    async def _fetch(self, title: Title, identifier: str, file: str | None) -> ItemExtras:
        assert self._archive is not None  # noqa: S101 - ``_may_ask`` saw to it
        try:
            return extras_of(await self._archive.item(identifier), file, title.languages)
        except SourceUnreachable:
            self._away[_item_name(identifier, file)] = self._clock()
            if len(self._away) > MOST_AWAY:
                self._away.popitem(last=False)
            raise
        except MatineeError:  # there is no such item, or it is none: that is known, too
            return ItemExtras()


def name_of(picture: Picture) -> str:
    """Give what a still's file is called."""
    return f"{picture.kind}-{picture.key}-{STILL_WIDTH}.webp"


def _item_name(identifier: str, file: str | None) -> str:
    return "item-" + still_of(TitleId(""), quote(f"{identifier}/{file or ''}")).key


def _own_name(title_id: TitleId) -> str:
    return "own-" + still_of(TitleId(""), title_id).key


def _read(data: bytes | None) -> Any:
    """Read what was kept; what a disk has spoiled is as if it were not there."""
    try:
        return None if data is None else json.loads(data)
    except ValueError:
        return None


def _item_extras(kept: Any) -> ItemExtras:
    match kept:
        case {"stills": list(stills), "subtitles": list(subtitles), "trailer": trailer}:
            pairs = (one for one in subtitles if isinstance(one, list) and len(one) == 2)
            beside_it = (Beside(str(language), bool(machine_made)) for language, machine_made in pairs)
            return ItemExtras(
                tuple(map(str, stills)), tuple(beside_it), None if trailer is None else str(trailer)
            )
    return ItemExtras()


def _beside_film(files: Sequence[FileEntry]) -> tuple[Beside, ...]:
    """Give the subtitles beside the largest film of torrents that are here: no network is needed for that."""
    films = [one for one in files if one.media_type.startswith("video/")]
    film = max(films, key=lambda one: one.length, default=None)
    return () if film is None else beside((one.path for one in files), stem(film.path))


def _told(every: Sequence[Beside]) -> tuple[Beside, ...]:
    """Leave out what says nothing, and what a machine made where a person has made one in that language."""
    people = {one.language for one in every if not one.machine_made}
    said = (
        one for one in every if one.language != "und" and (not one.machine_made or one.language not in people)
    )
    return tuple(sorted(dict.fromkeys(said), key=lambda one: (one.machine_made, one.language)))
