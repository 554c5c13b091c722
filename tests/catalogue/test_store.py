"""What several sources say of one film is kept apart, and found as one title, on either database."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert, select, text

from matinee.catalogue import store as module
from matinee.catalogue.ageing import KEPT_DAYS
from matinee.catalogue.joining import Part, groups, joined
from matinee.catalogue.kept import Stored, put_state, read_vocabulary
from matinee.catalogue.law import Law
from matinee.catalogue.search import Search
from matinee.catalogue.store import AHEAD, CALM_LOT_S, LOT, LOT_S, LOTS, SPAN_S, Pace, TitleStore, next_lot
from matinee.models.catalogue import FOLDER, OWN, SHELF, Sort, TitleQuery, Wanted
from matinee.models.library import Kind
from matinee.models.title import ArchiveItem, Release, Title
from matinee.storage import tables
from matinee.storage.database import Database
from matinee.types import Country, InfoHash, TitleId
from tests.catalogue.made import LICENCE, PUBLISHED, film

ARCHIVE = "internet-archive"
ANY = " OR ".join(f'"{letter}" *' for letter in "abcdefghijklmnopqrstuvwxyz0123456789")
"""A question of FTS5 that whatever has a word fulfils."""
LAW = Law(Country("FR"), lambda: date(2026, 11, 26))


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


async def test_drop_when_a_title_is_of_one_source_then_only_that_one_goes(
    store: TitleStore, search: Search
) -> None:
    mine = replace(THEIRS, id=TitleId("own.mine"))
    await store.put(ARCHIVE, [THEIRS])
    await store.put(OWN, [mine])
    assert sorted(await ids(search)) == sorted([THEIRS.id, mine.id])
    before = store.changes
    await store.drop(OWN, [THEIRS.id, TitleId("own.nothing")])
    assert store.changes == before
    await store.drop(OWN, [mine.id])
    assert await ids(search) == [THEIRS.id]
    assert store.changes == before + 1


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


async def test_forget_when_titles_change_or_go_then_the_index_of_words_has_no_more_of_them(
    store: TitleStore, database: Database
) -> None:
    def entered(connection: Connection) -> int:
        if connection.dialect.name == "sqlite":
            words = "SELECT rowid FROM title_words WHERE title_words MATCH :any"
            texts = "SELECT rowid FROM title_texts WHERE title_texts MATCH :any"
            found = [
                *connection.scalars(text(words), {"any": ANY}),
                *connection.scalars(text(texts), {"any": ANY}),
            ]
            for table in ("title_words", "title_texts"):
                connection.execute(text(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')"))  # noqa: S608 - ours
            return len(set(found))
        return int(connection.execute(text("SELECT count(*) FROM title_texts")).scalar_one())

    alone = film("internet-archive.alone", "Alone", 1930, synopsis={"fr": "L'été, près d'un lac."})
    await store.put(ARCHIVE, [THEIRS, alone])
    await store.put(SHELF, [OURS])
    assert await database.run(entered) == 2
    await store.put(ARCHIVE, [THEIRS, replace(alone, title="Never alone", cast=("Somebody Else",))])
    assert await database.run(entered) == 2
    await store.forget(ARCHIVE, "9999")
    assert await database.run(entered) == 1
    await store.forget(SHELF, "9999")
    assert await database.run(entered) == 0


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


WORKS = {
    Kind.WATCHLIST: "{}",
    Kind.RATING: "{}",
    Kind.TASTE: "{}",
    Kind.PROGRESS: "{}:s1e2",
    Kind.HISTORY: "2025-11-26:{}:s1e2",
}
"""What is remembered of a title, by kind, and under which key."""


async def remember(database: Database, kind: Kind, key: str) -> None:
    def work(connection: Connection) -> None:
        if connection.execute(select(tables.profiles)).first() is None:
            fields = {"name": "", "colour": "amber", "child": False, "keeps_history": True, "created_ms": 1}
            connection.execute(insert(tables.profiles).values(id="home", **fields))
        record = {"profile": "home", "kind": kind.value, "key": key, "changed_ms": 1, "value": "{}"}
        connection.execute(insert(tables.library).values(record))

    await database.run(work)


class Today:
    """A clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 26, 12, tzinfo=UTC)
        monkeypatch.setattr(module, "_now", lambda later=timedelta(0): (self.now + later).isoformat())


async def test_forget_old_when_no_provider_gave_it_for_a_year_then_only_what_somebody_holds_stays(
    store: TitleStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = Today(monkeypatch)
    held = {kind: film(f"{ARCHIVE}.{kind}", kind.title(), minutes=60, releases=()) for kind in WORKS}
    played, part, seen, gone = (
        film(f"{ARCHIVE}.{name}", name, minutes=60, releases=())
        for name in ("played", "part", "seen", "gone")
    )
    beside = film("peertube.part", "part", imdb="tt1", minutes=60, releases=())
    await store.put(SHELF, [OURS])
    await store.put(FOLDER, [film("folder.own", "Own", minutes=60, releases=())])
    await store.put("peertube", [beside])
    await store.put(ARCHIVE, [THEIRS, *held.values(), played, part, seen, gone])
    for kind, key in WORKS.items():
        await remember(database, kind, key.format(held[kind].id))
    await remember(database, Kind.WATCHLIST, part.id)
    await store.record(InfoHash("a" * 40), played.id, Wanted(), "{}")
    today.now += timedelta(days=KEPT_DAYS - 1)
    await store.forget_old()
    assert await store.title(gone.id) is not None
    today.now += timedelta(days=2)
    await store.put(ARCHIVE, [seen])
    await store.forget_old()
    for one in (OURS, played, seen, *held.values()):
        assert (await kept(store, one.id)).title == one
    assert (await kept(store, part.id)).sources == ("peertube", ARCHIVE)
    assert (await kept(store, "folder.own")).sources == (FOLDER,)
    assert (await store.title(gone.id), await store.title(THEIRS.id)) == (None, None)


async def test_forget_old_when_titles_go_then_words_go_that_nothing_has_any_more(
    store: TitleStore, search: Search, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORDS_AT_ONCE", 2)
    today = Today(monkeypatch)
    await store.put(SHELF, [OURS])
    gone = film(f"{ARCHIVE}.gone", "Nosferatu Zwölfkämpfer", minutes=10, releases=(), cast=("Иван Hapax",))
    await store.put(ARCHIVE, [gone])
    before = await database.read(read_vocabulary)
    assert {"nosferatu", "zwolfkampfer", "иван", "hapax"} <= before
    assert await ids(search, "zwolfkamfer") == [gone.id]
    today.now += timedelta(days=KEPT_DAYS + 1)
    await store.forget_old()
    assert before - await database.read(read_vocabulary) == {"zwolfkampfer", "иван", "hapax"}
    assert await ids(search, "nosfertu") == [OURS.id]


async def test_put_when_somebody_writes_beside_it_then_both_come_through(
    store: TitleStore, database: Database
) -> None:
    many = [film(f"{ARCHIVE}.{number}", f"Film {number}", minutes=60, releases=()) for number in range(120)]
    taking = asyncio.ensure_future(store.put(ARCHIVE, many))
    writes = 0
    while not taking.done():
        await database.run(partial(put_state, key="beside", value=str(writes)))
        writes += 1
    await taking
    assert [(await kept(store, one.id)).title for one in many] == many
    assert await store.state("beside") == str(writes - 1)


async def test_forget_old_when_it_looked_today_then_looks_again_tomorrow(
    store: TitleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = Today(monkeypatch)
    await store.put(ARCHIVE, [THEIRS])
    today.now += timedelta(days=KEPT_DAYS)
    await store.forget_old()
    today.now += timedelta(hours=1)
    await store.forget_old()
    assert await store.title(THEIRS.id) is not None
    today.now += timedelta(days=1)
    await store.forget_old()
    assert await store.title(THEIRS.id) is None


@pytest.mark.parametrize(
    ("size", "took_s", "wanted"),
    [
        (50, LOT_S, 50),
        (50, 2 * LOT_S, 25),
        (40, LOT_S / 10, 80),
        (80, 0.0, 160),
        (180, 0.0, LOTS[1]),
        (10, 9.0, LOTS[0]),
    ],
)
def test_next_lot_when_one_took_so_long_then_the_next_takes_as_long_as_it_may(
    size: int, took_s: float, wanted: int
) -> None:
    assert next_lot(size, took_s) == wanted


def test_pace_when_nobody_waits_then_transactions_grow_and_shrink_at_once_when_somebody_does() -> None:
    pace = Pace()
    for titles in (50, 100, 200, 400, 800, 800):
        pace.ended(titles, hurried=False)
    assert (pace.span_s, pace.lot_s, pace.ahead, pace.full) == (SPAN_S, CALM_LOT_S, AHEAD, True)
    pace.ended(10, hurried=True)
    assert (pace.span_s, pace.lot_s, pace.ahead) == (LOT_S, LOT_S, LOT)


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
