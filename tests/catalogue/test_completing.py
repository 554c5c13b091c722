"""What titles of the shelf lack is looked for when one is opened, kept, joined, and there later without anybody."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matinee.catalogue.answers import Answers
from matinee.catalogue.completing import AGAIN_S, Completing
from matinee.catalogue.further import Further
from matinee.catalogue.providers.asking import COMPLETE_FRESH, Asking
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf
from matinee.errors import SourceUnreachable
from matinee.models.catalogue import TitleQuery
from matinee.models.provider import About, Feature
from matinee.models.title import ArchiveItem, Episode, Kind, Rating, Release, Season, Title
from matinee.storage.database import Database
from matinee.types import TitleId
from tests.catalogue.made import film
from tests.fakes.titles import LAW

NAMES = ("The Purple Death", "Freezing Torture", "Walking Bombs")
SERIAL = film(
    "flash-1940", "Flash Gordon", 1940, kind=Kind.SERIES, releases=(), imdb="tt0032475",
    seasons=(
        Season(1, (
            Episode(1, NAMES[0], releases=(Release(ArchiveItem("one")),)), Episode(2, NAMES[1]), Episode(3, NAMES[2]),
        )),
    ),
)  # fmt: skip
REVIEWED = film("reviewed-1920", "Reviewed", 1920, releases=(Release(ArchiveItem("it")),))
WHOLE = film("whole-1920", "Whole", 1920)
TWO, THREE = Release(ArchiveItem("two"), "2.mp4"), Release(ArchiveItem("three"), "3.mp4")
STARS = Rating(8.6, 27, "Internet Archive")
DEADLINE_S = 30.0


def part(*episodes: Episode, **fields: object) -> Title:
    """Make what a provider has of the serial."""
    given = {"releases": (), "evidence": (), "imdb": SERIAL.imdb, "seasons": (Season(1, episodes),), **fields}
    return film("archive..flash-1940", "Flash Gordon", 1940, kind=Kind.SERIES, **given)


FOUND = (part(Episode(2, NAMES[1], releases=(TWO,))),)
MORE = (part(Episode(2, NAMES[1], releases=(TWO,)), Episode(3, NAMES[2], releases=(THREE,)), rating=STARS),)


@dataclass
class Archive:
    """Has what titles lack."""

    pages: tuple[tuple[Title, ...], ...] = (FOUND, MORE)
    failure: Exception | None = None
    asked: list[TitleId] = field(default_factory=list)
    given: list[Title] = field(default_factory=list)
    """The titles as they were when it was asked."""
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    features: frozenset[Feature] = frozenset({Feature.COMPLETE})

    @property
    def about(self) -> About:
        return About(id="archive", name="Archive", home="https://archive.example", features=self.features)

    async def complete(self, title: Title) -> AsyncGenerator[tuple[Title, ...], None]:
        self.asked.append(title.id)
        self.given.append(title)
        for page in self.pages:
            yield page
        await self.go_on.wait()
        if self.failure is not None:
            raise self.failure


@dataclass
class House:
    """A catalogue with one provider; ``now`` is the time of both clocks, in seconds."""

    catalogue: Catalogue
    database: Database
    archive: Archive
    completing: Completing
    told: asyncio.Queue[TitleId]
    clock: list[float]

    async def look(self, title: Title = SERIAL) -> bool:
        return self.completing.look(await self.catalogue.title(title.id))

    async def seen(self, title: Title = SERIAL) -> list[tuple[Release, ...]]:
        known = (await self.catalogue.title(title.id)).title
        return [one.releases for season in known.seasons for one in season.episodes]

    async def news(self) -> TitleId:
        async with asyncio.timeout(DEADLINE_S):
            return await self.told.get()

    async def ended(self, title: Title = SERIAL) -> None:
        self.archive.go_on.set()
        async with asyncio.timeout(DEADLINE_S):
            await self.completing.finished(title.id)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.fixture
async def house(tmp_path: Path, pool: ThreadPoolExecutor) -> AsyncIterator[House]:
    database = Database.in_folder(tmp_path)
    await database.open()
    catalogue = Catalogue(database, LAW, lambda: Shelf((SERIAL, REVIEWED, WHOLE), "1"), pool)
    await catalogue.settle()
    archive, clock = Archive(), [0.0]
    told: asyncio.Queue[TitleId] = asyncio.Queue()
    start = datetime(2026, 11, 26, tzinfo=UTC)
    asking = Asking([archive], Answers(database), clock=lambda: start + timedelta(seconds=clock[0]))  # type: ignore[list-item] # it only completes

    async def ready() -> Asking:
        return asking

    async with Completing(catalogue, ready, told.put_nowait, lambda: clock[0]) as completing:
        yield House(catalogue, database, archive, completing, told, clock)
    await database.close()


async def test_look_when_chapters_are_found_then_each_is_there_as_it_comes_and_stays_without_the_provider(
    house: House,
) -> None:
    assert await house.look()
    assert await house.news() == SERIAL.id
    assert (await house.seen())[1] == (TWO,)
    assert await house.look()  # still
    await house.ended()
    assert await house.seen() == [(Release(ArchiveItem("one")),), (TWO,), (THREE,)]
    known = await house.catalogue.title(SERIAL.id)
    assert (known.sources, known.title.rating, known.title.evidence) == (
        ("shelf", "archive"),
        STARS,
        SERIAL.evidence,
    )
    assert not await house.look()  # a moment ago
    assert house.archive.asked == [SERIAL.id]


async def test_look_when_it_was_done_then_not_again_before_its_time_and_never_in_vain(house: House) -> None:
    house.archive.pages = (FOUND,)
    await house.look()
    await house.ended()
    for seconds, times in ((AGAIN_S, 1), (COMPLETE_FRESH.total_seconds() + AGAIN_S, 2)):
        house.clock[0] = seconds
        assert await house.look()
        await house.ended()
        assert len(house.archive.asked) == times


async def test_look_when_the_provider_fails_then_what_it_gave_is_kept_and_it_is_asked_again(
    house: House,
) -> None:
    house.archive.pages, house.archive.failure = (FOUND,), SourceUnreachable("It is away.")
    await house.look()
    await house.ended()
    assert await house.seen() == [(Release(ArchiveItem("one")),), (TWO,), ()]
    assert not await house.look()
    house.clock[0] = AGAIN_S
    house.archive.failure = ZeroDivisionError()
    assert await house.look()
    await house.ended()
    assert len(house.archive.asked) == 2


async def test_look_when_it_is_looked_for_again_then_what_was_found_stays_until_all_is_known_and_what_is_gone_goes(
    house: House,
) -> None:
    async def again(*pages: tuple[Title, ...], failure: Exception | None = None) -> list[tuple[Release, ...]]:
        house.clock[0] += COMPLETE_FRESH.total_seconds() + AGAIN_S
        house.archive.pages, house.archive.failure = pages, failure
        assert await house.look()
        await house.ended()
        return (await house.seen())[1:]

    assert await again(*house.archive.pages) == [(TWO,), (THREE,)]
    assert await again(FOUND, failure=SourceUnreachable("It is away.")) == [(TWO,), (THREE,)]
    assert (await house.catalogue.title(SERIAL.id)).title.rating == STARS
    assert await again(FOUND) == [(TWO,), ()]
    assert await again() == [(), ()]
    assert (await house.catalogue.title(SERIAL.id)).sources == ("shelf",)
    assert len(house.archive.given) == 4
    assert all(title.seasons == SERIAL.seasons for title in house.archive.given)


@pytest.mark.parametrize(
    "page",
    [
        (replace(FOUND[0], id=TitleId("other.1")),),
        ("no title",),
        (part(Episode(2, "Another name", releases=(TWO,)), Episode(1, NAMES[0], releases=(THREE,))),),
        (part(Episode(7, NAMES[1], releases=(TWO,))),),
        (part(Episode(2, NAMES[1], releases=(TWO,)), imdb="tt9999999"),),
    ],
)
async def test_look_when_what_comes_is_not_of_this_title_then_it_stays_as_it_was(
    house: House, page: tuple[Title, ...]
) -> None:
    house.archive.pages = (page,)
    await house.look()
    await house.ended()
    assert await house.seen() == [(Release(ArchiveItem("one")),), (), ()]


async def test_look_when_there_is_nothing_to_look_for_or_nobody_to_ask_then_nobody_is(house: House) -> None:
    assert not await house.look(WHOLE)
    nobody = Completing(house.catalogue, None, house.told.put_nowait)
    assert not nobody.look(await house.catalogue.title(SERIAL.id))
    house.archive.features = frozenset()
    assert await house.look(REVIEWED)
    await house.ended(REVIEWED)
    assert house.archive.asked == []


async def test_look_when_a_film_has_reviews_then_they_are_told_with_their_source(house: House) -> None:
    house.archive.pages = (
        (
            film(
                "archive..reviewed-1920",
                "Reviewed",
                1920,
                releases=REVIEWED.releases,
                evidence=(),
                rating=STARS,
            ),
        ),
    )
    assert await house.look(REVIEWED)
    await house.ended(REVIEWED)
    known = (await house.catalogue.title(REVIEWED.id)).title
    assert (known.rating, known.releases) == (STARS, REVIEWED.releases)


async def test_close_when_something_is_looked_for_then_it_ends(house: House) -> None:
    await house.look()
    await house.news()
    await house.completing.__aexit__()
    assert not house.archive.go_on.is_set()


async def test_search_further_when_a_series_here_lacks_chapters_then_they_are_looked_for(
    house: House,
) -> None:
    async def asking() -> Asking:
        return Asking((), Answers(house.database))

    further = Further(house.catalogue, asking, house.completing)
    async with asyncio.timeout(DEADLINE_S):
        assert [one async for one in further.search(TitleQuery(words="gordon"))] == []
        assert [one async for one in further.search(TitleQuery(words="whole"))] == []
    assert await house.news() == SERIAL.id
    assert house.archive.asked == [SERIAL.id]
