"""``Titles`` in memory."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from matinee.catalogue.law import Law
from matinee.errors import MatineeError, TitleNotFound
from matinee.models.catalogue import (
    AddedTitle,
    Answered,
    Filters,
    JudgedTitle,
    ShelfRow,
    ShelfRows,
    TitlePage,
    TitleQuery,
    Wanted,
)
from matinee.models.choice import Forecast, Reason, Why
from matinee.models.playback import ClientSupport
from matinee.models.provider import About, Feature, Trouble
from matinee.types import Country, FileIndex, InfoHash, TitleId
from tests.catalogue.made import SERIES, film
from tests.fakes.films import OWN_WORK, make_view
from tests.fakes.playbacks import PROMISE

LAW = Law(Country("FR"), lambda: date(2026, 11, 26))
FILM = film("a-film-1922", "A film")
FORECAST = Forecast(1, "a.mp4", PROMISE, (Reason(Why.FITS_LINE, {"needs_bytes_per_s": 1e6}),))


ARCHIVE = About(
    id="internet-archive", name="Internet Archive", home="https://archive.org", features=frozenset(Feature)
)
ANSWERS = (
    Answered("internet-archive", (FILM,), 3, None, None, last=False),
    Answered("peertube", (), 0, None, Trouble("source-limited", "It wants to be left alone.", 60.0), last=True),
    Answered(
        "internet-archive", (SERIES,), 1, datetime(2026, 11, 24, tzinfo=UTC),
        Trouble("source-unreachable", "It is away."), last=True,
    ),
)  # fmt: skip


@dataclass
class FakeFurther:
    """``Further`` in memory; ``given`` records what was asked of it, ``ended`` that nobody listens any more."""

    given: list[TitleQuery] = field(default_factory=list)
    answers: Sequence[Answered] = ANSWERS
    failure: MatineeError | None = None
    failure_after: int = 0
    """After so many answers."""
    hangs: bool = False
    """After its answers."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def providers(self) -> tuple[About, ...]:
        return (ARCHIVE,)

    async def search(self, query: TitleQuery) -> AsyncGenerator[Answered, None]:
        self.given.append(query)
        self.asked.set()
        try:
            for number, answer in enumerate(self.answers):
                if self.failure is not None and number == self.failure_after:
                    raise self.failure
                yield answer
            if self.hangs:
                await asyncio.Event().wait()
        finally:
            self.ended.set()


@dataclass
class FakeTitles:
    """``given`` records what was asked of it."""

    given: list[tuple[object, ...]] = field(default_factory=list)
    rows: ShelfRows = field(
        default_factory=lambda: ShelfRows(
            Country("FR"), (ShelfRow("serials", {"en": "Serials", "fr": "Films à épisodes"}, 1, (SERIES,)),)
        )
    )
    page: TitlePage = field(default_factory=lambda: TitlePage((FILM, SERIES), None))
    failure: MatineeError | None = None

    async def shelves(self) -> ShelfRows:
        return self.rows

    async def find(self, query: TitleQuery) -> TitlePage:
        self._ask("find", query)
        return self.page

    async def filters(self, *, children: bool) -> Filters:
        self._ask("filters", children)
        return Filters(("en", "fr"), (7, 150), subtitled=True)

    async def title(self, title_id: TitleId) -> JudgedTitle:
        self._ask("title", title_id)
        found = {title.id: title for title in (FILM, SERIES)}.get(title_id)
        if found is None:
            raise TitleNotFound("There is no title of this name in the catalogue.", title_id=title_id)
        return JudgedTitle(found, LAW.verdict(found), ("shelf",))

    async def complete(self, title_id: TitleId) -> JudgedTitle:
        self.given.append(("complete", title_id))
        return replace(await self.title(title_id), looking=True)

    async def forecast(self, title_id: TitleId, wanted: Wanted, client: ClientSupport) -> Forecast:
        self._ask("forecast", title_id, wanted, client)
        return FORECAST

    async def add(self, title_id: TitleId, wanted: Wanted, client: ClientSupport | None = None) -> AddedTitle:
        self._ask("add", title_id, wanted)
        return AddedTitle(make_view(InfoHash("a" * 40), (), OWN_WORK), FileIndex(3), new=True)

    async def file(
        self, title_id: TitleId, wanted: Wanted, client: ClientSupport | None = None
    ) -> tuple[InfoHash, FileIndex]:
        self._ask("file", title_id, wanted)
        return InfoHash("a" * 40), FileIndex(0)

    def _ask(self, *asked: object) -> None:
        self.given.append(asked)
        if self.failure is not None:
            raise self.failure
