"""Posters and backdrops of the makers: fetched once from where the title has them, made small, kept on the disk.

STATES of a picture: drawn (nobody has it, or nobody may be asked) -> queued (it was looked at) -> fetched -> here; or
none, for a month; or away, for some minutes. Nobody waits: the page is told when a picture has come.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from matinee.catalogue.pictures import WIDTHS, Picture, picture_of
from matinee.errors import MatineeError, NotFound, SourceUnreachable
from matinee.events import Bus, PictureCame
from matinee.media.picture import Small
from matinee.models.catalogue import JudgedTitle
from matinee.models.title import PictureKind, Title
from matinee.outside.fetch import Answer
from matinee.playback.picture_cache import PictureCache
from matinee.types import TitleId

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Pictures that are fetched at once."""
MOST_QUEUED = 120
"""Of more, those looked at first are forgotten: somebody has scrolled past them."""
AWAY_S = 600.0
"""How long a host that cannot be reached is not asked for the same picture."""
MOST_AWAY = 2000


class Fetches(Protocol):
    """Fetches what is at an address; ``Fetcher`` of ``outside/fetch``."""

    async def get(self, url: str, *, accept: str = "*/*") -> Answer:
        """Raises BadSource, SourceUnreachable, TooLarge."""


class Develops(Protocol):
    """Makes small pictures; ``Studio`` of ``media/picture``."""

    async def develop(self, data: bytes, widths: tuple[int, ...]) -> tuple[Small, ...]:
        """Raises BadSource, Unavailable."""

    async def close(self) -> None:
        """End what makes them."""


class Posters:
    """Gives pictures that are here, and fetches those that are not; ``close`` ends it.

    Args:
        title: gives a title that is shown here; raises TitleNotFound, TitleNotAllowed.
        fetcher: judges every address; None where nobody may be asked.
        studio: makes them small; closed at the end.
        cache: keeps them.
        bus: is told when one has come.
        stills: gives the stills of a title.
    """

    def __init__(
        self, title: Callable[[TitleId], Awaitable[JudgedTitle]], fetcher: Fetches | None, studio: Develops,
        cache: PictureCache, bus: Bus, stills: Callable[[Title], Awaitable[Sequence[Picture]]], *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._title = title
        self._fetcher = fetcher
        self._studio = studio
        self._cache = cache
        self._bus = bus
        self._stills = stills
        self._clock = clock
        self._queue: OrderedDict[str, Picture] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._away: OrderedDict[str, float] = OrderedDict()
        self._writing = asyncio.Lock()

    async def close(self) -> None:
        """Fetch nothing any more, and end what makes them."""
        self._queue.clear()
        self._fetcher = None
        tasks = list(self._fetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._studio.close()

    async def get(self, title_id: TitleId, kind: PictureKind, key: str, width: int) -> bytes | None:
        """Give a picture as WebP; None when it is not here, and then it is fetched where somebody may be asked.

        Raises:
            NotFound: the title has no such picture.
            TitleNotFound, TitleNotAllowed: it is not shown here.
        """
        picture = await self._find((await self._title(title_id)).title, kind, key)
        if picture is None or width not in WIDTHS[kind]:
            raise NotFound("This title has no such picture.")
        data = await asyncio.to_thread(self._cache.read, _name(picture, width))
        if data is None:
            await self._want(picture)
        return data

    async def _find(self, title: Title, kind: PictureKind, key: str) -> Picture | None:
        every = await self._stills(title) if kind is PictureKind.STILL else (picture_of(title, kind),)
        return next((one for one in every if one is not None and one.key == key), None)

    async def _want(self, picture: Picture) -> None:
        if self._fetcher is None or not picture.url or picture.key in self._fetching:
            return
        if self._away.get(picture.key, 0.0) > self._clock():
            return
        if await asyncio.to_thread(self._cache.has_none, picture.key):
            return
        self._queue[picture.key] = picture
        self._queue.move_to_end(picture.key)
        while len(self._queue) > MOST_QUEUED:
            self._queue.popitem(last=False)
        self._go_on()

    def _go_on(self) -> None:
        """Fetch what was looked at last first: it is what somebody sees."""
        while self._queue and len(self._fetching) < AT_ONCE and self._fetcher is not None:
            key, picture = self._queue.popitem()
            if key not in self._fetching:
                self._fetching[key] = asyncio.create_task(
                    self._bring(picture, self._fetcher), name=f"picture {key}"
                )

    async def _bring(self, picture: Picture, fetcher: Fetches) -> None:
        try:
            await self._fetch(picture, fetcher)
        except (MatineeError, OSError) as error:
            log.info("A picture did not come title=%s error=%s", picture.title, error)
        finally:
            self._fetching.pop(picture.key, None)
            self._go_on()

    async def _fetch(self, picture: Picture, fetcher: Fetches) -> None:
        widths = WIDTHS[picture.kind]
        try:
            answer = await fetcher.get(picture.url, accept="image/jpeg, image/png, image/webp, image/gif")
            made = await self._studio.develop(answer.body, widths)
        except SourceUnreachable:
            self._away[picture.key] = self._clock() + AWAY_S
            if len(self._away) > MOST_AWAY:
                self._away.popitem(last=False)
            raise
        except MatineeError:
            async with self._writing:
                await asyncio.to_thread(self._cache.note_none, picture.key)
            raise
        named = [(_name(picture, width), small.data) for width, small in zip(widths, made, strict=True)]
        async with self._writing:
            await asyncio.to_thread(self._cache.put, named)
        self._bus.publish(PictureCame(picture.title))


def _name(picture: Picture, width: int) -> str:
    return f"{picture.kind}-{picture.key}-{width}.webp"
