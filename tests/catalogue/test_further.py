"""Searching further: what providers find is kept, judged, joined and filtered; a broken one hides nothing."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from matinee.catalogue.answers import Answers
from matinee.catalogue.further import Further
from matinee.catalogue.law import Law
from matinee.catalogue.providers.asking import Asking
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf
from matinee.errors import BadRequest, SourceLimited, SourceUnreachable
from matinee.models.catalogue import Answered, TitleQuery
from matinee.models.provider import About, Feature, Query
from matinee.models.title import Kind, Release, Title
from matinee.storage.database import Database
from matinee.types import Country
from tests.catalogue.made import MAGNET, film

LAW = Law(Country("FR"), lambda: date(2026, 11, 26))
OURS = film("nosferatu-1922", "Nosferatu", imdb="tt0013442", minutes=94, releases=())
DEADLINE_S = 20.0


class Provider:
    """Gives pages, and then fails or ends."""

    def __init__(self, name: str, *pages: tuple[Title, ...], failure: Exception | None = None) -> None:
        self.about = About(
            id=name, name=name.title(), home=f"https://{name}.example", features=frozenset({Feature.SEARCH})
        )
        self.pages = pages
        self.failure = failure
        self.asked: list[Query] = []
        self.left = asyncio.Event()

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        self.asked.append(query)
        try:
            for page in self.pages:
                yield page
            if self.failure is not None:
                raise self.failure
        finally:
            self.left.set()


def found(name: str, title: str = "Nosferatu", /, **fields: object) -> Title:
    return film(name, title, int(str(fields.pop("year", 1950))), **{"releases": (), **fields})


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.in_folder(tmp_path)
    await opened.open()
    yield opened
    await opened.close()


Make = Callable[..., Further]


@pytest.fixture
async def catalogue(database: Database, pool: ThreadPoolExecutor) -> Catalogue:
    made = Catalogue(database, LAW, lambda: Shelf((OURS,), "1"), pool)
    await made.settle()
    return made


@pytest.fixture
def make(catalogue: Catalogue, database: Database, pool: ThreadPoolExecutor) -> Make:
    def further(*providers: Provider, now: datetime = datetime(2026, 11, 26, tzinfo=UTC)) -> Further:
        made = Asking(providers, Answers(database), clock=lambda: now)  # type: ignore[arg-type] # fakes that search alone

        async def asking() -> Asking:
            return made

        return Further(catalogue, asking)

    return further


async def answers(further: Further, words: str = "nosferatu", **fields: object) -> list[Answered]:
    async with asyncio.timeout(DEADLINE_S):
        return [one async for one in further.search(TitleQuery(words=words, **fields))]  # type: ignore[arg-type]


async def ids(catalogue: Catalogue, words: str) -> list[str]:
    return [title.id for title in (await catalogue.find(TitleQuery(words=words))).titles]


async def test_search_when_providers_find_titles_then_they_are_kept_judged_and_joined(
    make: Make, catalogue: Catalogue
) -> None:
    page = (
        found("archive.same", "A Symphony of Horror", year=2009, imdb="tt0013442"),
        found("archive.again", "Nosferatu", year=1922, minutes=93),
        found("archive.other", "Nosferatu in Venice"),
        found("archive.without", evidence=()),
    )
    further = make(Provider("archive", page), Provider("tube", (found("tube.one", "Nosferatoons"),)))
    told = await answers(further)
    by_provider = {one.provider: one for one in told if one.titles}
    assert [title.id for title in by_provider["archive"].titles] == ["nosferatu-1922", "archive.other"]
    assert (by_provider["archive"].found, by_provider["tube"].found) == (4, 1)
    assert {one.provider for one in told if one.last} == {"archive", "tube"}
    assert [one.trouble for one in told] == [None] * len(told)
    # The next search finds them without asking anybody.
    assert await ids(catalogue, "nosferatu") == ["nosferatu-1922", "archive.other", "tube.one"]
    assert await ids(catalogue, "symphony") == ["nosferatu-1922"]


async def test_search_when_filtered_then_the_filters_hold_for_what_others_have(make: Make) -> None:
    provider = Provider(
        "archive",
        (found("archive.a", genres=("horror",), minutes=50), found("archive.b", genres=("comedy",))),
    )
    told = await answers(make(provider), kind=Kind.FILM, genre="horror", minutes=(40, 60), years=(1950, 1950))
    assert [[title.id for title in one.titles] for one in told] == [["archive.a"], []]
    assert (told[0].found, provider.asked) == (2, [Query(words="nosferatu", kind=Kind.FILM)])


async def test_search_when_narrowed_by_country_language_or_subtitles_then_what_others_have_is_too(
    make: Make,
) -> None:
    spoken = {"countries": ("FR",), "languages": ("fr",), "evidence": film("any").evidence}
    titled = (Release(MAGNET, subtitles=("en",)),)
    page = (
        found("archive.a", "Nosferatu un", releases=titled, **spoken),
        found("archive.b", "Nosferatu deux", **spoken),
        found("archive.c", "Nosferatu drei", **{**spoken, "languages": ("de",)}),
        found("archive.d", "Nosferatu four", **{**spoken, "countries": ("US",)}),
    )
    narrow = {"country": Country("FR"), "language": "fr"}
    told = await answers(make(Provider("archive", page)), **narrow)
    assert [title.id for one in told for title in one.titles] == ["archive.a", "archive.b"]
    told = await answers(make(Provider("archive", page)), **narrow, subtitled=True)
    assert [title.id for one in told for title in one.titles] == ["archive.a"]


async def test_search_when_one_is_away_and_one_is_broken_then_the_third_is_heard_and_what_was_known_stands_in(
    make: Make,
) -> None:
    then = datetime(2026, 11, 24, tzinfo=UTC)
    known = found("archive.known", "Nosferatu in Venice")
    await answers(make(Provider("archive", (known,)), now=then))
    told = await answers(
        make(
            Provider("archive", failure=SourceUnreachable("It is away.")),
            Provider("broken", failure=ZeroDivisionError()),
            Provider("busy", failure=SourceLimited("It wants to be left alone.", retry_after_s=60.0)),
            Provider("tube", (found("tube.one", "Nosferatoons"),)),
            now=then + timedelta(days=2),
        )
    )
    last = {one.provider: one for one in told if one.last}
    assert ([title.id for title in last["archive"].titles], last["archive"].kept_at) == (
        ["archive.known"],
        then,
    )
    troubles = {name: one.trouble.code if one.trouble else None for name, one in last.items()}
    assert troubles == {
        "archive": "source-unreachable", "broken": "internal", "busy": "source-limited", "tube": None,
    }  # fmt: skip
    assert [title.id for one in told if one.provider == "tube" for title in one.titles] == ["tube.one"]


async def test_search_when_nobody_listens_any_more_then_nobody_is_asked_any_more(make: Make) -> None:
    provider = Provider("archive", (found("archive.a"),), (found("archive.b", "Nosferatu in Venice"),))
    told = make(provider).search(TitleQuery(words="nosferatu"))
    assert [title.id for title in (await anext(told)).titles] == ["archive.a"]
    await told.aclose()
    async with asyncio.timeout(DEADLINE_S):
        await provider.left.wait()


async def test_search_when_nobody_may_be_asked_then_nobody_is(catalogue: Catalogue) -> None:
    async def nobody() -> None:
        return None

    further = Further(catalogue, nobody)
    assert (await further.providers(), await answers(further)) == ((), [])


async def test_search_without_words_then_says_so_and_asks_nobody(make: Make) -> None:
    provider = Provider("archive")
    with pytest.raises(BadRequest, match="no words"):
        await answers(make(provider), "  ")
    assert provider.asked == []
    assert [one.id for one in await make(provider).providers()] == ["archive"]
