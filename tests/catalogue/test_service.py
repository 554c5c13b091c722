"""The catalogue from its beginning: the shelf at once, the rest when the database is open."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from matinee.catalogue.law import Law
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf, load
from matinee.catalogue.shelf_names import SHELF_NAMES
from matinee.errors import BadTitle, StorageFailed, TitleNotAllowed, TitleNotFound
from matinee.models.catalogue import TitleQuery
from matinee.models.rights import AuthorDied, Standing
from matinee.models.title import SHELVES
from matinee.storage.database import Database
from matinee.types import Country, TitleId
from tests.catalogue.made import ELSEWHERE, SERIES, film

FORBIDDEN = film("forbidden-1999", "Forbidden", 1999, evidence=(), shelves=("drama",))
SHELF = Shelf((film("a-film-1922", "A film", shelves=("drama", "french")), FORBIDDEN, SERIES), "1")
LAW = Law(Country("FR"), lambda: date(2026, 11, 26))
DEADLINE_S = 20.0


@pytest.fixture
def pool() -> AsyncIterator[ThreadPoolExecutor]:  # type: ignore[misc] # pytest takes a generator
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.in_folder(tmp_path)
    yield opened
    await opened.close()


async def ids(catalogue: Catalogue, words: str = "") -> list[str]:
    return [title.id for title in (await catalogue.find(TitleQuery(words=words))).titles]


async def test_shelves_when_no_database_is_open_then_are_there(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: SHELF, pool)
    found = await catalogue.shelves()
    assert [(row.id, row.count) for row in found.rows] == [("drama", 1), ("french", 2), ("serials", 1)]
    assert await catalogue.shelves() is found
    judged = await catalogue.title(SERIES.id)
    assert (judged.title, judged.source) == (SERIES, "shelf")
    with pytest.raises(TitleNotAllowed, match="Nobody can say") as caught:
        await catalogue.title(FORBIDDEN.id)
    assert caught.value.details["standing"] == "not-known"


async def test_title_when_free_where_it_was_made_and_not_known_here_then_is_shown_as_such(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: Shelf((ELSEWHERE,), "1"), pool)
    await database.open()
    await catalogue.settle()
    judged = await catalogue.title(ELSEWHERE.id)
    assert judged.verdict.standing is Standing.NOT_KNOWN
    assert await ids(catalogue) == [ELSEWHERE.id]
    assert [row.count for row in (await catalogue.shelves()).rows] == [1]


async def test_find_when_the_shelf_is_being_brought_in_then_waits_for_it(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: SHELF, pool)
    asking = asyncio.ensure_future(ids(catalogue, "vamp"))
    await database.open()
    await catalogue.settle()
    async with asyncio.timeout(DEADLINE_S):
        assert await asking == ["les-vampires-1915"]
    assert await ids(catalogue) == ["a-film-1922", "les-vampires-1915"]
    with pytest.raises(TitleNotFound):
        await catalogue.title(TitleId("nothing-1900"))


async def test_settle_when_the_shelf_is_the_same_then_writes_nothing_and_a_new_one_replaces_it(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    await database.open()
    await Catalogue(database, LAW, lambda: SHELF, pool).settle()
    same = Catalogue(database, LAW, lambda: SHELF, pool)
    await same.settle()
    assert ((await same.store()).changes, await ids(same)) == (0, ["a-film-1922", "les-vampires-1915"])
    newer = Catalogue(database, LAW, lambda: Shelf((film("new-1930", "New", 1930),), "2"), pool)
    await newer.settle()
    assert await ids(newer) == ["new-1930"]


async def test_settle_when_another_country_is_set_then_judges_anew(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    lived_long = AuthorDied(
        by="Wikidata", source="https://www.wikidata.org/wiki/Q2", checked=date(2026, 11, 26), name="Jean Vivant",
        role="director", year=1990, nationality=Country("FR"),
    )  # fmt: skip
    shelf = Shelf((replace(ELSEWHERE, evidence=(*ELSEWHERE.evidence, lived_long)),), "1")
    await database.open()
    america = Catalogue(database, Law(Country("US"), lambda: date(2026, 11, 26)), lambda: shelf, pool)
    await america.settle()
    there = await ids(america)
    france = Catalogue(database, LAW, lambda: shelf, pool)
    await france.settle()
    assert (there, await ids(france)) == ([ELSEWHERE.id], [])


async def test_find_when_the_database_cannot_be_used_then_says_so(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, LAW, lambda: SHELF, pool)
    with pytest.raises(StorageFailed):
        await catalogue.settle()
    with pytest.raises(StorageFailed):
        await catalogue.find(TitleQuery())
    assert len((await catalogue.shelves()).rows) == 3


async def test_shelves_when_the_shelf_cannot_be_read_then_are_empty(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    def broken() -> Shelf:
        raise BadTitle("shelf.json is damaged: install Matinee again.")

    assert (await Catalogue(database, LAW, broken, pool).shelves()).rows == ()


async def test_shelf_when_loaded_then_fills_the_home_page(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    catalogue = Catalogue(database, Law(Country("US"), lambda: date(2026, 11, 26)), load, pool)
    rows = (await catalogue.shelves()).rows
    assert len(rows) > 15
    assert sum(row.count for row in rows) > 400


def test_names_when_compared_then_are_of_all_shelves_in_their_order() -> None:
    assert tuple(SHELF_NAMES) == SHELVES
