"""Receipts in either database: what was taken and given, when, and on what basis; it outlives the torrent."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from matinee.catalogue.store import TitleStore
from matinee.models.catalogue import Wanted
from matinee.models.overview import Given
from matinee.models.receipt import Entry
from matinee.models.rights import Basis, Rights
from matinee.models.torrent import Sharing
from matinee.storage import database as migrations
from matinee.storage import receipts as module
from matinee.storage.database import Database
from matinee.storage.receipts import Count, ReceiptStore
from matinee.torrent.store import Record, TorrentStore
from matinee.types import InfoHash, TitleId
from tests.fakes.titles import LAW

HASH = InfoHash("a" * 40)
FIRST = Rights(Basis.LICENCE, "cc-by-3.0", "2026-11-26T10:00:00Z")
THEN = Rights(Basis.LICENCE, "https://film.example/licence", "2026-11-26T11:00:00Z")
RECORD = Record(
    info_hash=HASH, name="film", magnet="magnet:?xt=urn:btih:" + HASH, metainfo=None, resume=None,
    added_at="2026-11-26T09:00:00Z", paused=False, sharing=Sharing.KEEP, rights=None,
    down_limit_bytes_per_s=0, up_limit_bytes_per_s=0,
)  # fmt: skip
BASIS = json.dumps({"title": "Film", "year": 1922, "country": "FR", "reasons": [], "evidence": []})
NONE: frozenset[InfoHash] = frozenset()


class Days:
    """Makes the day what a test says."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
        patch.setattr(module, "_now", lambda: self.now.isoformat().replace("+00:00", "Z"))


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    """A clock of the test's own."""
    return Days(monkeypatch)


async def entries(database: Database) -> tuple[Entry, ...]:
    """Give what is on record; the sums over all of it are right each time."""
    store = ReceiptStore(database)
    found = (await store.read()).entries
    down, up = (sum(getattr(one, field) for one in found) for field in ("bytes_down", "bytes_up"))
    assert await store.given() == Given(len(found), down, up)
    return found


async def count(database: Database, down: int, up: int, *, first: bool = False) -> None:
    """Have libtorrent's count put down."""
    known = frozenset({HASH}) if first else NONE
    await ReceiptStore(database).count({HASH: Count(down, up)}, first=known)


async def test_bases_when_stated_anew_then_each_stands_once_with_the_address_of_its_licence(
    database: Database,
) -> None:
    store = TorrentStore(database)
    for record in (RECORD, replace(RECORD, rights=FIRST), replace(RECORD, rights=FIRST, name="renamed")):
        await store.put(record)
    await store.put(replace(RECORD, rights=THEN, name="renamed"))
    (entry,) = await entries(database)
    assert [(one.stated_at, one.licence, one.licence_url) for one in entry.stated] == [
        ("2026-11-26T10:00:00Z", "cc-by-3.0", "https://creativecommons.org/licenses/by/3.0/"),
        ("2026-11-26T11:00:00Z", "https://film.example/licence", "https://film.example/licence"),
    ]
    assert (entry.name, entry.added_at, entry.recorded_from) == ("renamed", RECORD.added_at, RECORD.added_at)


async def test_bytes_when_counted_on_several_days_then_each_day_has_its_own(
    database: Database, days: Days
) -> None:
    await TorrentStore(database).put(RECORD)
    await count(database, 100, 0, first=True)
    days.now += timedelta(hours=1)
    await count(database, 100, 40)
    days.now += timedelta(days=1)
    await count(database, 100, 40)
    await count(database, 130, 50)
    (entry,) = await entries(database)
    assert [(one.day, one.bytes_down, one.bytes_up) for one in entry.days] == [
        ("2026-11-26", 100, 40),
        ("2026-11-27", 30, 10),
    ]
    assert (entry.days[0].first_at, entry.days[0].last_at) == ("2026-11-26T12:00:00Z", "2026-11-26T13:00:00Z")
    assert (entry.bytes_down, entry.bytes_up) == (130, 50)


async def test_others_when_nobody_is_seen_any_more_then_the_last_number_and_its_day_stay(
    database: Database,
) -> None:
    await TorrentStore(database).put(RECORD)
    store = ReceiptStore(database)
    for seen in ((3, "2026-11-12"), (2, "2026-11-13"), (0, "")):
        await store.count({HASH: Count(0, 0, *seen)}, first=NONE)
    await TorrentStore(database).delete(HASH)
    (entry,) = await entries(database)
    assert (entry.seeds, entry.seeds_on) == (2, "2026-11-13")


async def test_bytes_when_a_power_cut_took_the_last_save_then_nothing_is_counted_twice_or_lost(
    database: Database,
) -> None:
    await TorrentStore(database).put(RECORD)
    await count(database, 100, 80, first=True)
    await count(database, 60, 50, first=True)  # the next start: libtorrent knows less
    await count(database, 70, 50)
    (entry,) = await entries(database)
    assert (entry.bytes_down, entry.bytes_up) == (110, 80)


async def test_days_when_the_clock_goes_back_a_year_then_every_byte_stands_once(
    database: Database, days: Days
) -> None:
    await TorrentStore(database).put(RECORD)
    await count(database, 100, 0, first=True)
    days.now -= timedelta(days=365)
    await count(database, 150, 0)
    days.now += timedelta(days=365)
    await count(database, 175, 0)
    (entry,) = await entries(database)
    assert [(one.day, one.bytes_down) for one in entry.days] == [("2025-11-26", 50), ("2026-11-26", 125)]


async def test_receipt_when_removed_and_added_again_then_both_stand_with_their_own_evidence(
    database: Database, days: Days
) -> None:
    store, titles = TorrentStore(database), TitleStore(database, LAW)
    await store.put(replace(RECORD, rights=FIRST))
    await titles.record(HASH, TitleId("film-1922"), Wanted(1, 2), BASIS)
    await count(database, 100, 7, first=True)
    await store.delete(HASH)
    await count(database, 900, 900)
    await store.put(replace(RECORD, rights=THEN, added_at="2026-11-27T09:00:00Z"))
    await titles.record(HASH, TitleId("film-1922"), Wanted(1, 2), BASIS.replace("1922", "1923"))
    await titles.record(HASH, TitleId("another-1930"), Wanted(), BASIS)
    first, second = await entries(database)
    assert (first.removed_at, first.bytes_down, first.bytes_up) == ("2026-11-26T12:00:00Z", 100, 7)
    assert (second.removed_at, second.bytes_down) == (None, 0)
    assert first.title is not None
    assert second.title is not None
    told = [(one.id, one.name, one.year, one.season, one.episode) for one in (first.title, second.title)]
    assert told == [("film-1922", "Film", 1922, 1, 2), ("film-1922", "Film", 1923, 1, 2)]


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"country": "FR", "reasons": 3, "evidence": []}'])
async def test_receipt_when_its_evidence_is_damaged_then_the_rest_is_there(
    damage: str, database: Database
) -> None:
    await TorrentStore(database).put(RECORD)
    await TitleStore(database, LAW).record(HASH, TitleId("film-1922"), Wanted(), damage)
    (entry,) = await entries(database)
    assert entry.title is not None
    assert (entry.title.id, entry.title.evidence) == ("film-1922", ())


async def test_torrents_of_an_older_program_then_what_came_before_is_said_not_to_be_recorded(
    database_url: str, days: Days
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        migrations.upgrade(connection, "0004")
        connection.execute(
            text(
                "INSERT INTO torrents (info_hash, name, magnet, added_at, paused, sharing, rights_basis, "
                "rights_licence, rights_stated_at, down_limit_bytes_per_s, up_limit_bytes_per_s) VALUES (:hash, "
                "'film', '', '2026-11-20T09:00:00Z', false, 'keep', 'licence', 'CC-BY-3.0', "
                "'2026-11-20T09:00:01Z', 0, 0)"
            ),
            {"hash": HASH},
        )
        recorded = "INSERT INTO title_torrents VALUES (:hash, 'film-1922', NULL, NULL, :basis, '2026-11-20T09:00:02Z')"
        connection.execute(text(recorded), {"hash": HASH, "basis": BASIS})
    engine.dispose()
    database = Database(database_url)
    await database.open()
    (new,) = await entries(database)
    await count(database, 5000, 300, first=True)
    await count(database, 5000, 310)
    (counted,) = await entries(database)
    await database.close()
    assert new.recorded_from > new.added_at
    assert (new.before_down, new.before_up, new.bytes_down) == (None, None, 0)
    assert [one.stated_at for one in new.stated] == ["2026-11-20T09:00:01Z"]
    assert (new.title is not None and new.title.name, counted.before_down, counted.before_up) == (
        "Film",
        5000,
        300,
    )
    assert [(one.bytes_down, one.bytes_up) for one in counted.days] == [(0, 10)]
