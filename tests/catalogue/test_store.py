"""What several sources say of one film is kept apart, and found as one title, on either database."""

import random
from collections.abc import AsyncIterator
from datetime import date

import pytest

from matinee.catalogue import store as module
from matinee.catalogue.joining import Part, groups, joined
from matinee.catalogue.law import Law
from matinee.catalogue.parts import Stored
from matinee.catalogue.search import Search
from matinee.catalogue.store import TitleStore
from matinee.models.catalogue import SHELF, Sort, TitleQuery
from matinee.models.title import ArchiveItem, Release, Title
from matinee.storage.database import Database
from matinee.types import Country, TitleId
from tests.catalogue.made import LICENCE, PUBLISHED, film

ARCHIVE = "internet-archive"
LAW = Law(Country("FR"), lambda: date(2026, 11, 26))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def store(database: Database) -> TitleStore:
    return TitleStore(database, LAW)


@pytest.fixture
def search(database: Database, store: TitleStore) -> Search:
    return Search(database, store, LAW)


OURS = film(
    "nosferatu-1922", "Nosferatu", imdb="tt0013442", minutes=94, releases=(Release(ArchiveItem("ours")),)
)
THEIRS = film(
    "internet-archive.n", "Nosferatu: A Symphony of Horror", 2009, imdb="tt0013442", genres=("horror",), minutes=81,
    countries=(Country("US"),), releases=(Release(ArchiveItem("n")),), evidence=(PUBLISHED,), cast=("Max Schreck",),
)  # fmt: skip


async def ids(search: Search, words: str = "", **fields: object) -> list[str]:
    query = TitleQuery(words=words, **fields)  # type: ignore[arg-type] # a test's own
    return [title.id for title in (await search.find(query)).titles]


async def kept(store: TitleStore, name: str) -> Stored:
    found = await store.title(TitleId(name))
    assert found is not None
    return found


async def test_put_when_two_sources_have_a_film_then_it_is_one_and_found_by_both_names(
    store: TitleStore, search: Search
) -> None:
    await store.put(ARCHIVE, [THEIRS])
    await store.put(SHELF, [OURS])
    assert await ids(search) == ["nosferatu-1922"]
    assert await ids(search, "symphony of hor") == await ids(search, "schreck") == ["nosferatu-1922"]
    for name in (OURS.id, THEIRS.id):
        found = await kept(store, name)
        assert found.title == joined([Part(SHELF, OURS), Part(ARCHIVE, THEIRS)])
        assert (found.sources, found.own_releases) == ((SHELF, ARCHIVE), 1)
    assert (found.title.title, len(found.title.releases), found.title.evidence) == (
        "Nosferatu",
        2,
        (LICENCE, PUBLISHED),
    )


async def test_forget_when_one_source_goes_away_then_the_other_has_all_that_it_had(
    store: TitleStore, search: Search
) -> None:
    await store.put(ARCHIVE, [THEIRS])
    moment = await store.put(SHELF, [OURS])
    await store.forget(ARCHIVE, moment)
    assert await kept(store, OURS.id) == Stored(OURS, (SHELF,), 1)
    assert await store.title(THEIRS.id) is None
    assert await ids(search, "symphony") == []
    await store.put(ARCHIVE, [THEIRS])
    await store.forget(SHELF, "9999")
    assert await kept(store, THEIRS.id) == Stored(THEIRS, (ARCHIVE,), 1)
    assert await ids(search) == [THEIRS.id]


async def test_forget_when_the_clock_was_set_back_then_what_the_source_no_longer_gives_goes(
    store: TitleStore, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_now", lambda: "2027-11-26T12:00:00.000000Z")
    await store.put(SHELF, [OURS, film("gone-1930", "Gone", 1930)])
    monkeypatch.setattr(module, "_now", lambda: "2026-11-26T12:00:00.000000Z")
    await store.forget(SHELF, await store.put(SHELF, [OURS]))
    assert await ids(search) == [OURS.id]


async def test_put_when_identifiers_come_to_differ_then_they_are_two_again(
    store: TitleStore, search: Search
) -> None:
    await store.put(SHELF, [OURS])
    await store.put(ARCHIVE, [THEIRS])
    other = film(THEIRS.id, "Nosferatu", 1922, imdb="tt0079641", minutes=94)
    await store.put(ARCHIVE, [other])
    assert await ids(search) == [OURS.id, THEIRS.id]
    assert await kept(store, OURS.id) == Stored(OURS, (SHELF,), 1)
    assert await kept(store, other.id) == Stored(other, (ARCHIVE,), 1)


async def test_put_when_nothing_changed_then_no_row_is_written_anew(
    store: TitleStore, database: Database
) -> None:
    def rows(connection: object) -> list[tuple[int, str]]:
        from sqlalchemy import text

        found = connection.execute(text("SELECT row, id FROM titles ORDER BY row"))  # type: ignore[attr-defined]
        return [(row.row, row.id) for row in found]

    alone = film("internet-archive.alone", "Alone", 1930, minutes=60, releases=())
    await store.put(SHELF, [OURS])
    await store.put(ARCHIVE, [THEIRS, alone])
    before = await database.read(rows)
    await store.put(SHELF, [OURS])
    await store.put(ARCHIVE, [THEIRS, alone])
    # Near to one that stands alone, but not the same film: neither is touched.
    await store.put(ARCHIVE, [film("internet-archive.longer", "Alone", 1930, minutes=90, releases=())])
    assert (await database.read(rows))[: len(before)] == before


async def test_find_when_sorted_by_when_it_was_added_then_what_was_there_before_stays_old(
    store: TitleStore, search: Search
) -> None:
    await store.put(ARCHIVE, [THEIRS])
    await store.put(ARCHIVE, [film("internet-archive.new", "New", 1930)])
    await store.put(SHELF, [OURS])
    assert await ids(search, sort=Sort.ADDED) == ["internet-archive.new", OURS.id]


async def test_judge_when_the_country_changes_then_no_part_of_a_title_is_found_by_itself(
    store: TitleStore, database: Database
) -> None:
    await store.put(SHELF, [OURS])
    await store.put(ARCHIVE, [THEIRS])
    law = Law(Country("US"), lambda: date(2026, 11, 26))
    there = TitleStore(database, law)
    await there.judge()
    assert await ids(Search(database, there, law)) == [OURS.id]


def drawn(chance: random.Random, source: str, number: int) -> Title:
    return film(
        f"{source}.{number}",
        chance.choice(("Nosferatu", "The Nosferatu", "Der Golem")),
        chance.randint(1920, 1921),
        minutes=chance.choice((None, 90, 93, 97)),
        imdb=chance.choice((None, None, "tt1", "tt2")),
        releases=(
            Release(ArchiveItem(f"{source}.{number}")),
            Release(ArchiveItem(chance.choice("abcdefgh"))),
        ),
    )


@pytest.mark.parametrize("seed", range(3))
async def test_put_and_forget_in_any_order_then_titles_are_as_if_all_had_come_at_once(
    store: TitleStore, search: Search, seed: int
) -> None:
    chance = random.Random(seed)
    there: dict[str, dict[str, Title]] = {SHELF: {}, ARCHIVE: {}, "peertube": {}}
    for _ in range(20):
        source = chance.choice(list(there))
        coming = [drawn(chance, source, chance.randrange(6)) for _ in range(chance.randint(1, 3))]
        there[source].update({title.id: title for title in coming})
        if chance.random() < 0.3:
            there[source] = {title.id: title for title in coming}
        moment = await store.put(source, there[source].values())
        await store.forget(source, moment)
        parts = [Part(source, title) for source, kept in there.items() for title in kept.values()]
        wanted = {group[0].title.id: joined(group) for group in groups(parts)}
        assert {title.id: title for title in (await search.find(TitleQuery(limit=200))).titles} == wanted
        for group in groups(parts):
            for part in group:
                assert (await kept(store, part.title.id)).title == wanted[group[0].title.id]
