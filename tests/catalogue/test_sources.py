"""What the user wants of providers and feeds: kept, and held to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matinee.catalogue.answers import Answers
from matinee.catalogue.providers.asking import Asking
from matinee.catalogue.providers.feeds import Feeds
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf
from matinee.catalogue.sources import KEY, MOST_FEEDS, Sources
from matinee.errors import BadSource, Conflict, NotFound, SourceUnreachable
from matinee.models.provider import Feed, Query
from matinee.outside.addresses import AddressPolicy
from matinee.storage.database import Database
from tests.catalogue.providers.services import FAULTS, fetcher, home, serving
from tests.catalogue.providers.test_asking import Shelf as Provider
from tests.catalogue.providers.test_asking import film
from tests.catalogue.providers.test_feeds import feed
from tests.fakes.titles import LAW

Make = Callable[[], Sources]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.in_folder(tmp_path)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def make(database: Database, pool: ThreadPoolExecutor) -> Make:
    """Give a function that makes them anew, as a start of the program does."""
    catalogue = Catalogue(database, LAW, lambda: Shelf((), "1"), pool)
    await catalogue.settle()

    def asking(sources: Sources) -> tuple[Asking, Feeds]:
        feeds = Feeds(fetcher(), lambda: sources.feeds)
        providers = (Provider("a", (film("a.moon"),)), Provider("b", SourceUnreachable("It is away.")))
        return Asking((*providers, feeds), Answers(database), enabled=sources.enabled), feeds

    return lambda: Sources(catalogue, AddressPolicy(allow_private=True), asking, pool)


async def asked(sources: Sources) -> list[str]:
    """Search, and say who answered."""
    asking = await sources.asking()
    assert asking is not None
    return sorted({found.provider async for found in asking.search(Query(words="moon"))})


async def test_switch_when_somebody_is_off_then_never_asked_also_after_a_restart(make: Make) -> None:
    sources = make()
    await sources.load()
    assert await asked(sources) == ["a", "b"]
    await sources.switch("b", enabled=False)
    assert await asked(sources) == ["a"]
    again = make()
    assert await asked(again) == ["a"]
    await again.switch("b", enabled=True)
    assert [(one.about.id, one.enabled) for one in (await again.all()).providers] == [
        ("a", True),
        ("b", True),
    ]


async def test_all_when_they_were_asked_then_what_came_of_it(make: Make) -> None:
    sources = make()
    before = await sources.all()
    assert [one.state.answered_at for one in before.providers] == [None, None]
    await asked(sources)
    good, bad = (await sources.all()).providers
    assert (good.state.answered_at is None, good.state.trouble) == (False, None)
    assert bad.state.trouble is not None
    assert bad.state.trouble.message == "It is away."


@pytest.mark.parametrize("provider", ["c", "feeds", ""])
async def test_switch_when_there_is_none_then_not_found(make: Make, provider: str) -> None:
    with pytest.raises(NotFound):
        await make().switch(provider, enabled=False)


async def test_feeds_when_added_then_read_kept_switched_and_removed(make: Make) -> None:
    async with serving({"/a.xml": feed("Moon", "Sun")}) as host:
        sources = make()
        added = await sources.add_feed(f" {home(host)}/a.xml#top ")
        assert (added.feed.address, added.state.name, added.state.titles) == (
            f"{home(host)}/a.xml",
            "Open",
            2,
        )
        assert "feeds" in await asked(sources)
        again = make()
        assert [one.feed for one in (await again.all()).feeds] == [Feed(f"{home(host)}/a.xml")]
        await again.switch_feed(added.feed.id, enabled=False)
        assert "feeds" not in await asked(again)
        with pytest.raises(Conflict, match="already"):
            await again.add_feed(f"{home(host)}/a.xml")
        await again.remove_feed(added.feed.id)
        assert (await make().all()).feeds == ()


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/", "https://a b", ""]
)
async def test_add_feed_when_the_address_cannot_be_one_then_bad_source(make: Make, address: str) -> None:
    with pytest.raises(BadSource):
        await make().add_feed(address)


@pytest.mark.parametrize("fault", ["away", "a page", "gone", "a gigabyte"])
async def test_add_feed_when_it_cannot_be_read_then_it_is_not_kept(make: Make, fault: str) -> None:
    answer, kind = FAULTS[fault]
    async with serving({"/a.xml": answer}) as host:
        sources = make()
        with pytest.raises(kind):
            await sources.add_feed(f"{home(host)}/a.xml")
        assert (await sources.all()).feeds == ()


async def test_add_feed_when_there_are_too_many_then_conflict(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matinee.catalogue.sources.MOST_FEEDS", 1)
    async with serving({"/a.xml": feed("Moon"), "/b.xml": feed("Sun")}) as host:
        sources = make()
        await sources.add_feed(f"{home(host)}/a.xml")
        with pytest.raises(Conflict, match="Remove one"):
            await sources.add_feed(f"{home(host)}/b.xml")
    assert MOST_FEEDS > 1


@pytest.mark.parametrize("key", ["0" * 12, ""])
async def test_feed_when_there_is_none_then_not_found(make: Make, key: str) -> None:
    with pytest.raises(NotFound):
        await make().switch_feed(key, enabled=True)
    with pytest.raises(NotFound):
        await make().remove_feed(key)


@pytest.mark.parametrize(
    "kept", ["", "{", "7", '{"feeds": [7]}', '{"feeds": 7}', '{"off": 7}', '{"feeds": [{"address": "a"}]}']
)
async def test_load_when_what_is_kept_makes_no_sense_then_as_if_nothing_were(
    make: Make, database: Database, pool: ThreadPoolExecutor, kept: str
) -> None:
    catalogue = Catalogue(database, LAW, lambda: Shelf((), "1"), pool)
    await catalogue.settle()
    await (await catalogue.store()).put_state(KEY, kept)
    found = await make().all()
    assert ([one.enabled for one in found.providers], found.feeds) == ([True, True], ())


async def test_all_when_nobody_may_be_asked_then_said_so(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: Shelf((), "1"), pool)
    await catalogue.settle()
    sources = Sources(catalogue, AddressPolicy(), None, pool)
    assert (await sources.all()).asked is False
    assert await sources.asking() is None
    with pytest.raises(BadSource, match="offline"):
        await sources.add_feed("https://films.example/feed.xml")


async def test_asking_before_the_shelf_is_there_then_waits_until_it_is_known_whom_the_user_wants(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: Shelf((), "1"), pool)

    def make(sources: Sources) -> tuple[Asking, Feeds]:
        return Asking([], Answers(database)), Feeds(fetcher(), lambda: sources.feeds)

    sources = Sources(catalogue, AddressPolicy(), make, pool)
    asking = asyncio.create_task(sources.asking())
    await asyncio.sleep(0)
    assert not sources.enabled("internet-archive")
    await catalogue.settle()
    assert await asking is not None
    assert sources.enabled("internet-archive")


async def test_asking_when_it_could_not_be_made_then_is_made_the_next_time(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: Shelf((), "1"), pool)
    await catalogue.settle()
    tries: list[int] = []

    def make(sources: Sources) -> tuple[Asking, Feeds]:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("unreadable")
        return Asking([], Answers(database)), Feeds(fetcher(), lambda: sources.feeds)

    sources = Sources(catalogue, AddressPolicy(), make, pool)
    with pytest.raises(OSError, match="unreadable"):
        await sources.asking()
    assert await sources.asking() is await sources.asking()
    assert len(tries) == 2
