"""Completes titles of the shelf with what providers have of them: chapters of which no copy is known, and ratings.

Nobody is asked before somebody opens a title, or looks for it further; what they have is kept like anything else that
they give, and is there the next time without them. Nothing of this is loaded before.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Self

from matinee.catalogue.service import Catalogue
from matinee.errors import MatineeError
from matinee.models.catalogue import SHELF, JudgedTitle
from matinee.models.title import ArchiveItem, Title
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
            async for provider, found in asking.complete(title):
                await store.put(provider, [found])
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


def _may_have_more(title: Title) -> bool:
    return lacks(title) or (
        title.rating is None and any(isinstance(one.place, ArchiveItem) for one in title.releases)
    )
