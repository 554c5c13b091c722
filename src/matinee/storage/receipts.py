"""Receipts: written within the transactions in which torrents are kept, counted beside them, read by whoever asks."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from matinee import __version__
from matinee.models.licences import find_licence
from matinee.models.receipt import Day, Entry, Named, Receipt, Stated
from matinee.models.rights import Rights
from matinee.models.torrent import Homes
from matinee.storage.database import Database
from matinee.types import InfoHash

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from matinee.models.overview import Given

log = logging.getLogger(__name__)


_NAMED = ("title", "season", "episode", "basis", "basis_at")


@dataclass(frozen=True, slots=True)
class Count:
    """libtorrent's count of a torrent's payload bytes since it was added."""

    bytes_down: int
    bytes_up: int
    seeds: int = 0
    """How many others have all of it, as far as is known now; 0 says nothing of those that were seen before."""
    seen_on: str = ""
    """The day on which they were; empty where none was."""


def opened(connection: "Connection", info_hash: str, name: str, added_at: str) -> None:
    """Begin the receipt of a torrent that was just added."""
    from sqlalchemy import insert

    from matinee.storage.tables import receipts

    connection.execute(
        insert(receipts).values(
            info_hash=info_hash, name=name, added_at=added_at, recorded_from=added_at,
            before_down=0, before_up=0, seen_down=0, seen_up=0,
        )
    )  # fmt: skip


def stated(connection: "Connection", info_hash: str, name: str, rights: Rights | None) -> None:
    """Note a torrent's name and basis; what was noted already is not noted twice."""
    from sqlalchemy import insert, select, update

    from matinee.storage.tables import receipt_bases as bases
    from matinee.storage.tables import receipts

    receipt = _open(connection, info_hash)
    if receipt is None:
        return
    connection.execute(update(receipts).where(receipts.c.id == receipt).values(name=name))
    if rights is None:
        return
    newest = select(bases).where(bases.c.receipt == receipt).order_by(bases.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    now = (rights.stated_at, rights.basis.value, rights.licence)
    if row is None or (row.stated_at, row.basis, row.licence) != now:
        this = insert(bases).values(
            receipt=receipt, stated_at=rights.stated_at, basis=rights.basis.value, licence=rights.licence
        )
        connection.execute(this)


def homes(connection: "Connection", hashes: Sequence[str]) -> dict[str, Homes]:
    """Say how many others had all of each torrent when any was last seen; where none ever was it is left out."""
    from sqlalchemy import select

    from matinee.storage.tables import receipts

    asked = select(receipts).where(
        receipts.c.info_hash.in_(hashes), receipts.c.removed_at.is_(None), receipts.c.seeds_on.is_not(None)
    )
    return {
        row.info_hash: Homes(row.seeds, row.seeds_on)
        for row in connection.execute(asked.order_by(receipts.c.id))
    }


def named(
    connection: "Connection", info_hash: str, *, title: str, season: int | None, episode: int | None,
    basis: str, moment: str,
) -> None:  # fmt: skip
    """Note for which title a torrent was added and what spoke for it, as JSON; the first note stays."""
    from sqlalchemy import update

    from matinee.storage.tables import receipts

    receipt = _open(connection, info_hash)
    this = update(receipts).where(receipts.c.id == receipt, receipts.c.title.is_(None))
    connection.execute(this.values(title=title, season=season, episode=episode, basis=basis, basis_at=moment))


def ended(connection: "Connection", info_hash: str) -> None:
    """Note that a torrent was removed."""
    from sqlalchemy import update

    from matinee.storage.tables import receipts

    receipt = _open(connection, info_hash)
    connection.execute(update(receipts).where(receipts.c.id == receipt).values(removed_at=_now()))


def carried(connection: "Connection", was: str, now: str) -> None:
    """Have the receipt of a torrent go on in that of another: what was moved, since when, for what and why."""
    from sqlalchemy import delete, select, update

    from matinee.storage.tables import receipt_bases as bases
    from matinee.storage.tables import receipt_days as days
    from matinee.storage.tables import receipts

    old, new = _open(connection, was), _open(connection, now)
    if old is None or new is None:
        ended(connection, was)
        return
    for day in connection.execute(select(days).where(days.c.receipt == old)).all():
        _add_day(connection, new, day.day, (day.first_at, day.last_at), day.bytes_down, day.bytes_up)
    before = connection.execute(select(receipts).where(receipts.c.id == old)).one()
    row = connection.execute(select(receipts).where(receipts.c.id == new)).one()
    since = {name: min(getattr(before, name), getattr(row, name)) for name in ("added_at", "recorded_from")}
    named = {} if row.title is not None else {name: getattr(before, name) for name in _NAMED}
    connection.execute(update(receipts).where(receipts.c.id == new).values(**since, **named))
    known = {
        (one.stated_at, one.basis, one.licence)
        for one in connection.execute(select(bases).where(bases.c.receipt == new))
    }
    for one in connection.execute(select(bases).where(bases.c.receipt == old)).all():
        if (one.stated_at, one.basis, one.licence) not in known:
            connection.execute(update(bases).where(bases.c.id == one.id).values(receipt=new))
    for table in (bases, days):
        connection.execute(delete(table).where(table.c.receipt == old))
    connection.execute(delete(receipts).where(receipts.c.id == old))


class ReceiptStore:
    """The tables of receipts. Every call has reached the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, counts: Mapping[InfoHash, Count], *, first: frozenset[InfoHash]) -> None:
        """Put down what has moved since the last call.

        Args:
            counts: what libtorrent has counted, of torrents that are here.
            first: those counted for the first time since the program started. Their count may have gone back, when a
                power cut took libtorrent's last save: nothing moved then, and it is counted on from there.

        Raises:
            StorageFailed: the database refused; the next call puts it down.
        """

        def work(connection: "Connection") -> None:
            for info_hash, count in counts.items():
                _moved(connection, info_hash, count, may_fall=info_hash in first)

        await self._database.run(work)

    async def begun(self, info_hash: InfoHash, name: str, added_at: str, rights: Rights) -> None:
        """Begin the receipt of what is no torrent yet, unless it has begun. Raises StorageFailed."""

        def work(connection: "Connection") -> None:
            if _open(connection, info_hash) is None:
                opened(connection, info_hash, name, added_at)
            stated(connection, info_hash, name, rights)

        await self._database.run(work)

    async def ended(self, info_hash: InfoHash) -> None:
        """Note that it was removed. Raises StorageFailed."""
        await self._database.run(lambda connection: ended(connection, info_hash))

    async def carried(self, was: InfoHash, now: InfoHash) -> None:
        """Have the receipt of what became a torrent go on in that torrent's. Raises StorageFailed."""
        await self._database.run(lambda connection: carried(connection, was, now))

    async def read(self) -> Receipt:
        """Give all that is on record.

        Raises:
            StorageFailed: the database refused.
        """
        return await self._database.read(_read)

    async def given(self) -> "Given":
        """Give the sums of all that is on record.

        Raises:
            StorageFailed: the database refused.
        """
        return await self._database.read(_given)


def _open(connection: "Connection", info_hash: str) -> int | None:
    from sqlalchemy import select

    from matinee.storage.tables import receipts

    there = select(receipts.c.id).where(receipts.c.info_hash == info_hash, receipts.c.removed_at.is_(None))
    return connection.execute(there.order_by(receipts.c.id.desc()).limit(1)).scalar()


def _moved(connection: "Connection", info_hash: str, count: Count, *, may_fall: bool) -> None:
    from sqlalchemy import select, update

    from matinee.storage.tables import receipts

    receipt = _open(connection, info_hash)
    if receipt is None:
        return
    this = update(receipts).where(receipts.c.id == receipt)
    row = connection.execute(select(receipts).where(receipts.c.id == receipt)).one()
    if count.seeds > 0 and (count.seeds, count.seen_on) != (row.seeds, row.seeds_on):
        connection.execute(this.values(seeds=count.seeds, seeds_on=count.seen_on))
    if row.seen_down is None or row.seen_up is None:
        connection.execute(
            this.values(
                before_down=count.bytes_down, before_up=count.bytes_up,
                seen_down=count.bytes_down, seen_up=count.bytes_up,
            )
        )  # fmt: skip
        return
    down, up = count.bytes_down - row.seen_down, count.bytes_up - row.seen_up
    if down > 0 or up > 0:
        _put_day(connection, receipt, max(down, 0), max(up, 0))
    # A figure that falls in the middle of a run is one that libtorrent has not counted again yet.
    seen_down = count.bytes_down if may_fall else max(count.bytes_down, row.seen_down)
    seen_up = count.bytes_up if may_fall else max(count.bytes_up, row.seen_up)
    if (seen_down, seen_up) != (row.seen_down, row.seen_up):
        connection.execute(this.values(seen_down=seen_down, seen_up=seen_up))


def _put_day(connection: "Connection", receipt: int, down: int, up: int) -> None:
    moment = _now()
    _add_day(connection, receipt, moment[:10], (moment, moment), down, up)


def _add_day(
    connection: "Connection", receipt: int, day: str, moments: tuple[str, str], down: int, up: int
) -> None:
    """Add what moved on a day, from one moment to another."""
    from sqlalchemy import insert, select, update

    from matinee.storage.tables import receipt_days as days

    first_at, last_at = moments
    here = (days.c.receipt == receipt, days.c.day == day)
    row = connection.execute(select(days).where(*here)).first()
    if row is None:
        said = {"receipt": receipt, "day": day, "first_at": first_at, "last_at": last_at}
        connection.execute(insert(days).values(**said, bytes_down=down, bytes_up=up))
        return
    span = {"first_at": min(row.first_at, first_at), "last_at": max(row.last_at, last_at)}
    moved = {"bytes_down": row.bytes_down + down, "bytes_up": row.bytes_up + up}
    connection.execute(update(days).where(*here).values(**span, **moved))


def _read(connection: "Connection") -> Receipt:
    from sqlalchemy import select

    from matinee.storage.tables import receipt_bases, receipt_days, receipts

    days: dict[int, list[Day]] = {}
    for row in connection.execute(select(receipt_days).order_by(receipt_days.c.day)):
        day = Day(row.day, row.first_at, row.last_at, row.bytes_down, row.bytes_up)
        days.setdefault(row.receipt, []).append(day)
    bases: dict[int, list[Stated]] = {}
    for row in connection.execute(select(receipt_bases).order_by(receipt_bases.c.id)):
        said = Stated(row.stated_at, row.basis, row.licence, _address(row.licence))
        bases.setdefault(row.receipt, []).append(said)
    ordered = select(receipts).order_by(receipts.c.added_at, receipts.c.id)
    entries = [
        _entry(dict(row), tuple(bases.get(row["id"], ())), tuple(days.get(row["id"], ())))
        for row in connection.execute(ordered).mappings()
    ]
    return Receipt(_now(), __version__, tuple(entries))


def _given(connection: "Connection") -> "Given":
    from sqlalchemy import func, select

    from matinee.models.overview import Given
    from matinee.storage.tables import receipt_days as days
    from matinee.storage.tables import receipts

    before = connection.execute(
        select(func.count(), func.sum(receipts.c.before_down), func.sum(receipts.c.before_up))
    ).one()
    moved = connection.execute(select(func.sum(days.c.bytes_down), func.sum(days.c.bytes_up))).one()
    return Given(
        before[0], int(before[1] or 0) + int(moved[0] or 0), int(before[2] or 0) + int(moved[1] or 0)
    )


def _entry(row: dict[str, Any], bases: tuple[Stated, ...], days: tuple[Day, ...]) -> Entry:
    return Entry(
        info_hash=row["info_hash"],
        name=row["name"],
        added_at=row["added_at"],
        recorded_from=row["recorded_from"],
        removed_at=row["removed_at"],
        title=_title(row),
        stated=bases,
        before_down=row["before_down"],
        before_up=row["before_up"],
        days=days,
        bytes_down=(row["before_down"] or 0) + sum(day.bytes_down for day in days),
        bytes_up=(row["before_up"] or 0) + sum(day.bytes_up for day in days),
        seeds=row["seeds"],
        seeds_on=row["seeds_on"],
    )


def _title(row: dict[str, Any]) -> Named | None:
    if row["title"] is None:
        return None
    try:
        kept = json.loads(row["basis"])
        name, year = kept.get("title"), kept.get("year")
        country, reasons, evidence = kept["country"], tuple(kept["reasons"]), tuple(kept["evidence"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.error("The evidence of a torrent is damaged info_hash=%s error=%r", row["info_hash"], error)
        name, year, country, reasons, evidence = None, None, "", (), ()
    return Named(
        row["title"], name, year, row["season"], row["episode"], row["basis_at"], country, reasons, evidence
    )


def _address(licence: str | None) -> str | None:
    found = None if licence is None else find_licence(licence)
    if found is not None:
        return found.url
    return licence if licence is not None and licence.startswith("https://") else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
