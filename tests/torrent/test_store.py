"""Torrents come back as they were kept."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from matinee.models.rights import Basis, Rights
from matinee.models.torrent import Homes, Sharing, Take, Takes
from matinee.storage.database import Database
from matinee.storage.receipts import Count, ReceiptStore
from matinee.storage.tables import torrents
from matinee.torrent.store import Record, TorrentStore
from matinee.types import FileIndex, InfoHash

RIGHTS = Rights(Basis.LICENCE, "CC-BY-3.0", "2026-11-22T20:00:00Z")
BARE = Record(
    info_hash=InfoHash("a" * 40), name="", magnet="magnet:?xt=urn:btih:" + "a" * 40, metainfo=None, resume=None,
    added_at="2026-11-22T20:00:00.000Z", paused=False, sharing=Sharing.WHILE_WATCHING, rights=None,
    down_limit_bytes_per_s=0, up_limit_bytes_per_s=0,
)  # fmt: skip
FULL = Record(
    info_hash=InfoHash("b" * 64), name="Ein Film \N{SNOWMAN} \N{FILM FRAMES}",
    magnet="magnet:?xt=urn:btmh:1220" + "b" * 64,
    metainfo=bytes(range(256)) * 500, resume=b"\0\xff" * 1000, added_at="2026-11-22T20:00:00.001Z", paused=True,
    sharing=Sharing.KEEP, rights=RIGHTS, down_limit_bytes_per_s=1 << 50, up_limit_bytes_per_s=7,
    kept=True, own=True, used_at="2026-11-26T20:00:00Z",
    takes=Takes(Take.NORMAL, {FileIndex(3): Take.NOT, FileIndex(7): Take.HIGH}), place=4, give_ratio=2.5,
    give_hours=0.0, completed_at="2026-11-25T20:00:00Z",
)  # fmt: skip


@pytest.fixture
def store(database: Database) -> TorrentStore:
    """An empty store."""
    return TorrentStore(database)


async def everything(store: TorrentStore) -> list[Record]:
    """Read all of it."""
    return [record async for record in store.all()]


async def test_all_when_torrents_were_put_then_gives_them_as_they_were_oldest_first(
    store: TorrentStore,
) -> None:
    await store.put(FULL)
    await store.put(BARE)
    assert await everything(store) == [BARE, FULL]


@pytest.mark.parametrize(("rows", "size"), [(2, 1 << 20), (50, 3000), (50, 1)])
async def test_all_when_they_are_read_in_lots_then_none_is_left_out(
    rows: int, size: int, store: TorrentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matinee.torrent.store.LOT_ROWS", rows)
    monkeypatch.setattr("matinee.torrent.store.LOT_BYTES", size)
    records = [
        replace(FULL, info_hash=InfoHash(f"{number:040x}"), added_at=f"2026-11-22T20:00:0{number}.000Z")
        for number in range(5)
    ]
    for record in records:
        await store.put(record)
    assert await everything(store) == records


async def test_put_when_it_was_there_then_replaces_all_but_what_is_not_given(store: TorrentStore) -> None:
    await store.put(FULL)
    await store.put(replace(FULL, name="new", rights=None, metainfo=None, resume=None))
    assert await everything(store) == [replace(FULL, name="new", rights=None)]


async def test_all_when_others_were_seen_with_all_of_one_then_says_how_many_and_when(
    store: TorrentStore, database: Database
) -> None:
    await store.put(FULL)
    await store.put(BARE)
    seen = {FULL.info_hash: Count(0, 0, 2, "2026-11-12"), BARE.info_hash: Count(0, 0)}
    await ReceiptStore(database).count(seen, first=frozenset(seen))
    # Nobody says anything for a while after a start: that is no news of how many there are.
    await ReceiptStore(database).count({FULL.info_hash: Count(1, 0)}, first=frozenset())
    assert await everything(store) == [BARE, replace(FULL, homes=Homes(2, "2026-11-12"))]


async def test_put_resume_when_the_torrent_is_there_then_changes_that_alone(store: TorrentStore) -> None:
    await store.put(BARE)
    await store.put_resume(BARE.info_hash, b"resume")
    assert await everything(store) == [replace(BARE, resume=b"resume")]


async def test_put_resume_when_the_torrent_was_removed_then_it_stays_away(store: TorrentStore) -> None:
    await store.put(BARE)
    await store.delete(BARE.info_hash)
    await store.delete(BARE.info_hash)
    await store.put_resume(BARE.info_hash, b"late")
    assert await everything(store) == []


@pytest.mark.parametrize(
    "damage",
    [
        {"info_hash": "../../etc"},
        {"sharing": "everything"},
        {"rights_basis": "none", "rights_licence": "x"},
        {"takes": "not JSON"},
        {"takes": "[]"},
        {"takes": '{"rest": "all", "files": {}}'},
    ],
    ids=["hash", "sharing", "rights", "text", "list", "word"],
)
async def test_all_when_a_row_is_damaged_then_the_others_are_there(
    damage: dict[str, str], database: Database, store: TorrentStore
) -> None:
    await store.put(BARE)
    await store.put(FULL)
    await database.run(
        lambda connection: connection.execute(
            update(torrents).where(torrents.c.info_hash == FULL.info_hash).values(**damage)
        )
    )
    assert await everything(store) == [BARE]


async def test_put_places_when_torrents_are_moved_then_only_that_is_otherwise(store: TorrentStore) -> None:
    await store.put(FULL)
    await store.put(BARE)
    await store.put_places({BARE.info_hash: 9, InfoHash("c" * 40): 1})
    assert await everything(store) == [replace(BARE, place=9), FULL]
