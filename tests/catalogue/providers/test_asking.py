"""Several providers at once: a broken one, a slow one and one that is away empty no page."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from matinee.catalogue.providers.asking import FRESH, Asking
from matinee.errors import BadSource, SourceLimited, SourceUnreachable
from matinee.models.provider import About, Budget, Feature, Found, Kept, Query
from matinee.models.title import Kind, Release, Title
from matinee.types import TitleId

QUERY = Query(words="Moon")
START = datetime(2026, 11, 26, 12, tzinfo=UTC)


def film(name: str) -> Title:
    return Title(id=TitleId(name), kind=Kind.FILM, title=name, year=1902, countries=(), languages=())


class Shelf:
    """A provider that gives what it was made with; an exception among the pages is raised."""

    def __init__(
        self, name: str, *pages: tuple[Title, ...] | Exception, features: frozenset[Feature] | None = None
    ) -> None:
        self.about = About(
            id=name, name=name, home="https://films.example", features=features or frozenset(Feature)
        )
        self.pages = pages
        self.asked = 0
        self.closed = 0

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        self.asked += 1
        try:
            for page in self.pages:
                if isinstance(page, Exception):
                    raise page
                yield page
        finally:
            self.closed += 1

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        yield ()

    async def details(self, title: Title) -> Title:
        self.asked += 1
        (page,) = self.pages
        if isinstance(page, Exception):
            raise page
        return page[0]

    async def torrent(self, release: Release) -> bytes:
        return b""


class Hanging(Shelf):
    """Never answers."""

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        try:
            await asyncio.Event().wait()
            yield ()
        finally:
            self.closed += 1


class Memory:
    """An ``AnswerCache`` that forgets when the test ends."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Kept] = {}

    async def find(self, provider: str, question: str) -> Kept | None:
        return self.kept.get((provider, question))

    async def keep(self, provider: str, question: str, kept: Kept) -> None:
        self.kept[provider, question] = kept


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def asking(
    *providers: Shelf, memory: Memory | None = None, clock: Clock | None = None, **budget: float
) -> Asking:
    limits = Budget(
        page_s=budget.get("page_s", 5.0),
        pages=int(budget.get("pages", 4)),
        titles=int(budget.get("titles", 9)),
    )
    return Asking(providers, memory or Memory(), budget=limits, clock=clock or Clock())


async def found(of: Asking) -> list[Found]:
    async with asyncio.timeout(60):
        return [one async for one in of.search(QUERY)]


def titles(news: list[Found]) -> list[str]:
    return sorted(title.id for one in news for title in one.titles)


async def test_search_when_several_answer_then_all_their_pages_and_the_last_of_each_says_so() -> None:
    news = await found(asking(Shelf("a", (film("a.1"),), (film("a.2"),)), Shelf("b", (film("b.1"),))))
    assert titles(news) == ["a.1", "a.2", "b.1"]
    assert sorted(one.provider for one in news if one.last) == ["a", "b"]
    assert all(one.kept_at is None and one.trouble is None for one in news)


async def test_search_when_a_provider_does_not_declare_it_then_it_is_not_asked() -> None:
    shy = Shelf("shy", (film("shy.1"),), features=frozenset({Feature.BROWSE}))
    assert await found(asking(shy)) == []
    assert shy.asked == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceUnreachable("It is away."), "source-unreachable"),
        (BadSource("It makes no sense."), "bad-source"),
        (ZeroDivisionError("a defect"), "internal"),
        (TimeoutError("of its own"), "source-unreachable"),
    ],
)
async def test_search_when_one_fails_then_the_others_answer_and_it_is_said(
    error: Exception, code: str
) -> None:
    news = await found(asking(Shelf("broken", error), Shelf("good", (film("good.1"),))))
    assert titles(news) == ["good.1"]
    (trouble,) = [one.trouble for one in news if one.trouble is not None]
    assert trouble.code == code
    assert trouble.message.endswith(".")


@pytest.mark.parametrize("page", [(film("other.1"),), ("good.1",), (None,), 7])
async def test_search_when_a_provider_gives_no_titles_of_its_own_then_it_is_broken(page: object) -> None:
    news = await found(asking(Shelf("good", page)))  # type: ignore[arg-type]  # what others' code may do
    assert [one.trouble.code for one in news if one.trouble] == ["internal"]
    assert titles(news) == []


async def test_search_when_one_hangs_then_it_is_left_and_closed_and_the_others_came_first() -> None:
    slow = Hanging("slow")
    news = await found(asking(slow, Shelf("good", (film("good.1"),)), page_s=0.05))
    assert [one.provider for one in news] == ["good", "good", "slow"]
    assert news[-1].trouble is not None
    assert news[-1].trouble.code == "source-unreachable"
    assert slow.closed == 1


async def test_search_when_a_provider_never_ends_then_no_more_than_the_budget_is_taken() -> None:
    endless = Shelf("a", *[(film(f"a.{n}"), film(f"a.{n}b")) for n in range(100)])
    assert len(titles(await found(asking(endless, pages=3)))) == 6
    assert len(titles(await found(asking(endless, pages=99, titles=5)))) == 5
    assert endless.closed == 2


async def test_search_when_nobody_listens_any_more_then_providers_are_closed() -> None:
    slow, good = Hanging("slow"), Shelf("good", (film("good.1"),))
    async with aclosing(asking(slow, good).search(QUERY)) as news:
        assert (await anext(news)).provider == "good"
    assert slow.closed == 1
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_search_when_asked_again_soon_then_from_the_cache_and_said_so() -> None:
    shelf, clock, memory = Shelf("a", (film("a.1"),)), Clock(), Memory()
    first = asking(shelf, memory=memory, clock=clock)
    await found(first)
    clock.now = START + FRESH / 2
    (again,) = await found(first)
    assert (shelf.asked, titles([again]), again.kept_at, again.trouble) == (1, ["a.1"], START, None)
    clock.now = START + FRESH
    await found(first)
    assert shelf.asked == 2


async def test_search_when_a_provider_is_away_then_what_it_gave_last_and_why() -> None:
    memory, clock = Memory(), Clock()
    await found(asking(Shelf("a", (film("a.1"),)), memory=memory, clock=clock))
    clock.now = START + timedelta(days=400)
    (old,) = await found(asking(Shelf("a", SourceUnreachable("It is away.")), memory=memory, clock=clock))
    assert (titles([old]), old.kept_at, old.last) == (["a.1"], START, True)
    assert old.trouble is not None
    assert old.trouble.message == "It is away."


async def test_search_when_it_fails_half_way_then_the_half_is_given_and_not_kept() -> None:
    memory = Memory()
    news = await found(asking(Shelf("a", (film("a.1"),), BadSource("No.")), memory=memory))
    assert titles(news) == ["a.1"]
    assert news[-1].trouble is not None
    assert memory.kept == {}


async def test_search_when_a_provider_wants_to_be_left_alone_then_it_is_not_asked_until_then() -> None:
    shelf, clock = Shelf("a", SourceLimited("Wait.", retry_after_s=60.0)), Clock()
    asker = asking(shelf, clock=clock)
    (first,) = await found(asker)
    clock.now = START + timedelta(seconds=59)
    (second,) = await found(asker)
    assert shelf.asked == 1
    assert [one.trouble and one.trouble.retry_after_s for one in (first, second)] == [60.0, 1.0]
    clock.now = START + timedelta(seconds=60)
    await found(asker)
    assert shelf.asked == 2


async def test_search_when_the_clock_goes_back_then_the_provider_is_asked() -> None:
    shelf, clock, memory = Shelf("a", (film("a.1"),)), Clock(), Memory()
    await found(asking(shelf, memory=memory, clock=clock))
    clock.now = START - timedelta(days=365)
    await found(asking(shelf, memory=memory, clock=clock))
    assert shelf.asked == 2


async def test_details_when_the_provider_knows_more_then_that_and_once() -> None:
    shelf = Shelf("a", (film("a.1"),))
    asker = asking(shelf)
    assert await asker.details(film("a.1")) == (film("a.1"), None)
    assert await asker.details(film("a.1")) == (film("a.1"), None)
    assert shelf.asked == 1


async def test_details_when_the_provider_is_away_then_the_title_as_it_was_and_why() -> None:
    whole, trouble = await asking(Shelf("a", SourceUnreachable("It is away."))).details(film("a.1"))
    assert whole == film("a.1")
    assert trouble is not None
    assert trouble.code == "source-unreachable"


async def test_details_when_the_title_is_of_the_shelf_then_nobody_is_asked() -> None:
    shelf = Shelf("a", (film("a.1"),))
    assert await asking(shelf).details(film("nosferatu-1922")) == (film("nosferatu-1922"), None)
    assert shelf.asked == 0
