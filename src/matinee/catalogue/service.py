"""The catalogue: the shelf from memory, as soon as it is read, and everything else from the database.

Quick to import: what reads the shelf and what searches is imported on threads (docs/decisions/0002-start.md).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import TYPE_CHECKING

from matinee.catalogue.law import Law
from matinee.errors import BadTitle, MatineeError, Starting, TitleNotAllowed, TitleNotFound
from matinee.models.catalogue import SHELF, Filters, JudgedTitle, ShelfRow, ShelfRows, TitlePage, TitleQuery
from matinee.models.rights import Standing, Verdict
from matinee.models.title import Title, Trailer
from matinee.storage.database import Database
from matinee.types import Country, TitleId

if TYPE_CHECKING:
    from matinee.catalogue.search import Search
    from matinee.catalogue.shelf import Shelf
    from matinee.catalogue.store import TitleStore

log = logging.getLogger(__name__)

ROW_TITLES = 40
"""So many of a shelf stand in its row; the rest is asked for."""
PATIENCE_S = 30.0
_TAKEN = "shelf"


class Catalogue:
    """Titles that may be shared here.

    Args:
        database: where titles are kept.
        law: what may be shared.
        load: reads the built-in shelf; blocks.
        pool: the threads it may block.
    """

    def __init__(self, database: Database, law: Law, load: "Callable[[], Shelf]", pool: Executor) -> None:
        self._database = database
        self._law = law
        self._index: tuple[TitleStore, Search] | None = None
        self._load = load
        self._pool = pool
        self._reading: asyncio.Future[dict[TitleId, Title]] | None = None
        self._digest = ""
        self._settled = asyncio.Event()
        self._failure: MatineeError | None = None
        self._judged = ""
        self._judging = asyncio.Lock()
        self._rows: tuple[str, ShelfRows] | None = None

    def start(self) -> None:
        """Begin to read the shelf on a thread, before anybody asks."""
        if self._reading is None:
            self._reading = asyncio.get_running_loop().run_in_executor(self._pool, self._read)

    async def settle(self) -> None:
        """Bring the shelf into the database where it has changed; the database must be open.

        Raises:
            StorageFailed: it refuses.
        """
        try:
            shelf = await self._titles()
            self._index = await asyncio.get_running_loop().run_in_executor(self._pool, self._make_index)
            store = self._index[0]
            await store.reword()
            wanted = f"{store.words_version} {self._digest}"
            if shelf and await store.state(_TAKEN) != wanted:
                moment = await store.put(SHELF, shelf.values())
                await store.forget(SHELF, moment)
                await store.put_state(_TAKEN, wanted)
            await self._judge(store)
        except MatineeError as error:
            self._failure = error
            raise
        finally:
            self._settled.set()
        # Nobody waits for this: it is only smaller afterwards.
        await store.forget_old()

    def move(self, country: Country) -> None:
        """Go by another country's law from now on; what is kept is judged anew when it is looked for next."""
        self._law.country = country

    async def shelves(self) -> ShelfRows:
        """Give the rows of the home page."""
        shelf = await self._titles()
        if self._rows is None or self._rows[0] != self._law.key:
            self._rows = self._made_rows(shelf)
        return self._rows[1]

    async def title(self, title_id: TitleId) -> JudgedTitle:
        """Give a title that is shown here, and whether it may be shared.

        Raises:
            TitleNotFound: there is none of this id.
            TitleNotAllowed: it may not, or nothing speaks for it anywhere; the details say why.
        """
        title, sources, own = await self._known(title_id)
        verdict = self._law.verdict(title)
        if not self._law.shows(title):
            raise not_allowed(title, verdict)
        return JudgedTitle(title, verdict, sources, own)

    def verdict_on(self, title: Title, trailer: Trailer) -> Verdict:
        """Say whether a title's trailer may be shared here: by what speaks for the trailer, not for the film."""
        return self._law.verdict(replace(title, evidence=trailer.evidence, authors_complete=False))

    async def _known(self, title_id: TitleId) -> tuple[Title, tuple[str, ...], int | None]:
        """Give a title, who has it, and how many releases are the first one's; of the shelf from memory while the
        database is not ready, or when it cannot be used.
        """
        of_shelf = (await self._titles()).get(title_id)
        if of_shelf is not None and (
            not self._settled.is_set() or self._index is None or self._failure is not None
        ):
            return of_shelf, (SHELF,), None
        kept = await (await self._ready())[0].title(title_id)
        if kept is not None:
            return kept.title, kept.sources, kept.own_releases
        if of_shelf is not None:
            return of_shelf, (SHELF,), None
        raise TitleNotFound("There is no title of this name in the catalogue.", title_id=title_id)

    async def of_shelf(self, title_id: TitleId) -> Title | None:
        """Give a title as the shelf alone has it; None where it is not there."""
        return (await self._titles()).get(title_id)

    async def find(self, query: TitleQuery) -> TitlePage:
        """Find titles.

        Raises:
            BadRequest: the cursor is not of such a list.
            Starting: the shelf is still being brought in.
        """
        store, search = await self._ready()
        if self._judged != self._law.key:
            await self._judge(store)
        return await search.find(query)

    async def filters(self, *, children: bool) -> Filters:
        """Say what titles may be narrowed by: of all, or of what a child may see alone.

        Raises:
            Starting: the shelf is still being brought in.
        """
        store, search = await self._ready()
        if self._judged != self._law.key:
            await self._judge(store)
        return await search.filters(children=children)

    async def take(self, source: str, titles: Sequence[Title], query: TitleQuery) -> tuple[Title, ...]:
        """Keep titles of a source, and give those that are shown here and pass the filters of a query.

        Raises:
            Starting: the shelf is still being brought in.
        """
        store, search = await self._ready()
        await store.put(source, titles)
        await store.forget_old()
        return await search.among([title.id for title in titles], query)

    async def store(self) -> "TitleStore":
        """Give what keeps titles, once the shelf is there.

        Raises:
            Starting: it is still being brought in.
        """
        return (await self._ready())[0]

    async def _ready(self) -> "tuple[TitleStore, Search]":
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._settled.wait()
        except TimeoutError:
            raise Starting("The catalogue is still being put in order. Try again in a moment.") from None
        if self._failure is not None:
            raise self._failure
        if self._index is None:
            raise Starting("The catalogue could not be put in order. Start Matinee again.")
        return self._index

    def _make_index(self) -> "tuple[TitleStore, Search]":
        from matinee.catalogue.search import Search
        from matinee.catalogue.store import TitleStore

        store = TitleStore(self._database, self._law)
        return store, Search(self._database, store, self._law)

    async def _judge(self, store: "TitleStore") -> None:
        async with self._judging:
            key = self._law.key
            await store.judge()
            self._judged = key

    async def _titles(self) -> dict[TitleId, Title]:
        self.start()
        assert self._reading is not None  # noqa: S101 - for the type checker; start() sets it
        # Shielded: one impatient request must not cancel it for all.
        return await asyncio.shield(self._reading)

    def _read(self) -> dict[TitleId, Title]:
        try:
            shelf = self._load()
        except (BadTitle, OSError) as error:
            log.error("The built-in shelf cannot be read error=%s", error)
            return {}
        self._digest = shelf.digest
        found = {title.id: title for title in shelf.titles}
        self._rows = self._made_rows(found)
        return found

    def _made_rows(self, shelf: dict[TitleId, Title]) -> tuple[str, ShelfRows]:
        # The country first: it may be changed while a thread is at this, and then all of it is made again.
        key, country = self._law.key, self._law.country
        shown = [title for title in shelf.values() if self._law.shows(title)]
        return key, ShelfRows(country, tuple(_rows(shown)))


def _rows(titles: list[Title]) -> list[ShelfRow]:
    from matinee.catalogue.shelf_names import SHELF_NAMES

    rows = []
    for shelf, names in SHELF_NAMES.items():
        there = [title for title in titles if shelf in title.shelves]
        if there:
            rows.append(ShelfRow(shelf, names, len(there), tuple(there[:ROW_TITLES])))
    return rows


def not_allowed(title: Title, verdict: Verdict) -> TitleNotAllowed:
    """Say that a title may not be shared here, with everything that a page needs to say why."""
    from matinee.catalogue.title_data import evidence_data

    if verdict.standing is Standing.NOT_ALLOWED:
        sentence = "This title may not be shared in your country, so it is not shown here."
    else:
        sentence = "Nobody can say for certain that this title may be shared in your country, so it is not shown here."
    return TitleNotAllowed(
        sentence,
        title_id=title.id,
        country=verdict.country,
        standing=verdict.standing.value,
        reasons=[{"why": one.why.value, "facts": dict(one.facts)} for one in verdict.reasons],
        evidence=[evidence_data(one) for one in title.evidence],
    )
