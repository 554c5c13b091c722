"""Searches further than what is kept here: asks the providers, and keeps what they find for the next search.

Nothing of this is loaded, and nobody is asked, before somebody wants it: docs/decisions/0025-searching-further.md.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from matinee.catalogue.service import Catalogue
from matinee.errors import BadRequest
from matinee.models.catalogue import Answered, TitleQuery
from matinee.models.title import Kind

if TYPE_CHECKING:
    from matinee.catalogue.completing import Completing
    from matinee.catalogue.providers.asking import Asking
    from matinee.models.provider import About

MOST_SERIES = 3
"""That are completed for one search."""


class Further:
    """Asks the providers.

    Args:
        catalogue: keeps what they find, and says what is shown of it.
        asking: gives who asks them, once somebody wants it; None where nobody may be asked.
        completing: looks for what is missing of the series that are found here.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        asking: "Callable[[], Awaitable[Asking | None]]",
        completing: "Completing | None" = None,
    ) -> None:
        self._catalogue = catalogue
        self._ready = asking
        self._completing = completing

    async def providers(self) -> "tuple[About, ...]":
        """Say who is asked; nobody when Matinee is offline or behind a proxy."""
        asking = await self._ready()
        return () if asking is None else asking.searched

    async def search(self, query: TitleQuery) -> AsyncGenerator[Answered, None]:
        """Ask everybody, and give what each has as it comes; the last of each says so.

        Raises:
            BadRequest: there are no words to ask for.
            Starting: the shelf is still being brought in.
        """
        from matinee.models.provider import Query

        if not query.words.strip():
            raise BadRequest("There are no words to look for. Type a name.")
        asking = await self._ready()
        if asking is None:
            return
        await self._complete(query)
        async with aclosing(asking.search(Query(words=query.words, kind=query.kind))) as answers:
            async for one in answers:
                shown = await self._catalogue.take(one.provider, one.titles, query) if one.titles else ()
                yield Answered(one.provider, shown, len(one.titles), one.kept_at, one.trouble, one.last)

    async def _complete(self, query: TitleQuery) -> None:
        """Have it looked for what is missing of the first series that are here for these words: nobody waits for it."""
        if self._completing is None or query.kind is Kind.FILM:
            return
        found = await self._catalogue.find(replace(query, kind=Kind.SERIES, limit=MOST_SERIES, cursor=None))
        for title in found.titles:
            self._completing.look(await self._catalogue.title(title.id))
