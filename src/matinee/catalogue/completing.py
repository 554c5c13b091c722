"""Completes titles of the shelf with what providers have of them: chapters of which no copy is known, and ratings.

Nobody is asked before somebody opens a title, or looks for it further; what they have is kept like anything else that
they give, and is there the next time without them. Nothing of this is loaded before.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from matinee.catalogue.service import Catalogue
from matinee.errors import MatineeError
from matinee.models.catalogue import SHELF, JudgedTitle
from matinee.models.title import ArchiveItem, Episode, Season, Title
from matinee.types import TitleId

if TYPE_CHECKING:
    from matinee.catalogue.providers.asking import Asking

log = logging.getLogger(__name__)

AGAIN_S = 600.0
"""So soon a title is not looked for again, whatever came of it."""
MOST_AT_ONCE = 4
"""Titles; of more nobody waits for."""


class Completing:
    """Looks for what titles lack. An async context manager.

    Args:
        catalogue: keeps what is found.
        asking: gives who asks the providers; None where nobody may be asked.
        changed: told of a title when more is known of it, and when the looking ends.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        asking: "Callable[[], Awaitable[Asking | None]] | None",
        changed: Callable[[TitleId], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._catalogue = catalogue
        self._asking = asking
        self._changed = changed
        self._clock = clock
        self._looking: dict[TitleId, asyncio.Task[None]] = {}
        self._looked_at: dict[TitleId, float] = {}

    def is_looking(self, title_id: TitleId) -> bool:
        """Tell whether a title is looked for now."""
        return title_id in self._looking

    def look(self, judged: JudgedTitle) -> bool:
        """Begin to look for what a title lacks, if not done a moment ago; says whether it is looked for now."""
        title = judged.title
        if title.id in self._looking:
            return True
        if self._asking is None or judged.source != SHELF or not _may_have_more(title):
            return False
        if (
            len(self._looking) >= MOST_AT_ONCE
            or self._clock() - self._looked_at.get(title.id, -AGAIN_S) < AGAIN_S
        ):
            return False
        self._looked_at[title.id] = self._clock()
        task = asyncio.create_task(self._complete(title, self._asking))
        self._looking[title.id] = task
        task.add_done_callback(lambda _: self._ended(title.id))
        return True

    async def finished(self, title_id: TitleId) -> None:
        """Wait until a title is not looked for any more."""
        task = self._looking.get(title_id)
        if task is not None:
            await asyncio.wait([task])

    async def _complete(self, title: Title, ready: "Callable[[], Awaitable[Asking | None]]") -> None:
        try:
            asking = await ready()
            if asking is None:
                return
            store = await self._catalogue.store()
            # As the shelf has it: what was found before is looked for once more, for it may be gone, or claimed.
            own = await self._catalogue.of_shelf(title.id)
            if own is None:
                return
            async for found in asking.complete(own):
                if found.title is None:
                    await store.drop(found.provider, [TitleId(f"{found.provider}..{title.id}")])
                else:
                    # Until all of it is known what was known before stays.
                    part = found.title if found.whole else with_before(found.title, own, title)
                    await store.put(found.provider, [part])
                self._changed(title.id)
        except MatineeError as error:
            # The title is there as it was; what a provider does is in its own state.
            log.warning("What a title lacks cannot be looked for title=%s error=%s", title.id, error.message)

    def _ended(self, title_id: TitleId) -> None:
        self._looking.pop(title_id, None)
        self._changed(title_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        tasks = list(self._looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def lacks(title: Title) -> bool:
    """Tell whether no copy is known of some episode."""
    return not title.releases and any(not one.releases for season in title.seasons for one in season.episodes)


def with_before(found: Title, own: Title, known: Title) -> Title:
    """Give what was found so far, and of episodes that are not in it yet what was found for them before.

    Args:
        found: what a provider has.
        own: the title as the shelf has it.
        known: the title as it was known before, of all who have it.
    """
    places = {(season.number, one.number): one for season in found.seasons for one in season.episodes}
    mine = {(season.number, one.number) for season in own.seasons for one in season.episodes if one.releases}
    for season in known.seasons:
        for one in season.episodes:
            if one.releases and (season.number, one.number) not in mine:
                bare = Episode(one.number, one.title, releases=one.releases)
                places.setdefault((season.number, one.number), bare)
    seasons = {season for season, _ in places}
    return replace(
        found,
        rating=found.rating or known.rating,
        seasons=tuple(
            Season(number, tuple(one for key, one in sorted(places.items()) if key[0] == number))
            for number in sorted(seasons)
        ),
    )


def _may_have_more(title: Title) -> bool:
    episodes = (one for season in title.seasons for one in season.episodes)
    releases = (*title.releases, *(release for one in episodes for release in one.releases))
    # What was found is looked at again too: it may be gone, or claimed.
    return lacks(title) or any(isinstance(one.place, ArchiveItem) for one in releases)
