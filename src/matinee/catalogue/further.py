"""Searches further than what is kept here: asks the providers, and keeps what they find for the next search.

Nothing of this is loaded, and nobody is asked, before somebody wants it: docs/decisions/0025-searching-further.md.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Executor
from contextlib import aclosing
from typing import TYPE_CHECKING

from matinee.catalogue.service import Catalogue
from matinee.errors import BadRequest
from matinee.models.catalogue import Answered, TitleQuery

if TYPE_CHECKING:
    from matinee.catalogue.providers.asking import Asking
    from matinee.models.provider import About


class Further:
    """Asks the providers.

    Args:
        catalogue: keeps what they find, and says what is shown of it.
        make: makes what asks them; blocks. None where nobody may be asked.
        pool: the threads it may block.
    """

    def __init__(self, catalogue: Catalogue, make: "Callable[[], Asking] | None", pool: Executor) -> None:
        self._catalogue = catalogue
        self._make = make
        self._pool = pool
        self._asking: asyncio.Future[Asking] | None = None

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
        async with aclosing(asking.search(Query(words=query.words, kind=query.kind))) as answers:
            async for one in answers:
                shown = await self._catalogue.take(one.provider, one.titles, query) if one.titles else ()
                yield Answered(one.provider, shown, len(one.titles), one.kept_at, one.trouble, one.last)

    async def _ready(self) -> "Asking | None":
        if self._make is None:
            return None
        if self._asking is None or (self._asking.done() and self._asking.exception() is not None):
            self._asking = asyncio.get_running_loop().run_in_executor(self._pool, self._make)
        return await asyncio.shield(self._asking)
