"""Keeps torrents across restarts: what was added, its rights, and the engine's resume data."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from matinee.models.rights import Basis, Rights
from matinee.models.torrent import Homes, Sharing, Take, Takes
from matinee.storage import receipts
from matinee.storage.database import Database
from matinee.types import FileIndex, InfoHash

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

LOT_ROWS = 50
LOT_BYTES = 2 * 1024 * 1024
"""Of rows that are read at once: a question for each of 500 torrents took 0.4 s of a start."""

_INFO_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Record:
    """A torrent as it is kept."""

    info_hash: InfoHash
    name: str
    magnet: str
    metainfo: bytes | None
    """The rebuilt .torrent; None until somebody sent a magnet's metadata."""
    resume: bytes | None
    """libtorrent's resume data; it claims no piece that is not on the disk."""
    added_at: str
    paused: bool
    sharing: Sharing
    rights: Rights | None
    down_limit_bytes_per_s: int
    up_limit_bytes_per_s: int
    kept: bool = False
    """Whether its user wants it here for good: it never makes room for others."""
    own: bool = False
    """Whether it is the user's own, published here."""
    used_at: str | None = None
    """About when somebody last read of it; RFC 3339, UTC."""
    takes: Takes = field(default_factory=Takes)
    place: int = 0
    """In the order of all torrents, 0 the first."""
    give_ratio: float | None = None
    """At which giving ends; 0 is no limit, None goes by the settings."""
    give_hours: float | None = None
    """Likewise, in hours from when it was complete."""
    completed_at: str | None = None
    """RFC 3339, UTC; None until all of it was here."""
    homes: Homes | None = None
    """As its receipt has it; kept there alone."""


class TorrentStore:
    """The table of torrents. Every call has reached the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> AsyncIterator[Record]:
        """Read every torrent, the oldest first, some at a time; a row that is damaged is left out."""

        def sizes(connection: "Connection") -> list[tuple[str, int]]:
            from sqlalchemy import func, select

            from matinee.storage.tables import torrents

            long = [func.coalesce(func.length(one), 0) for one in (torrents.c.metainfo, torrents.c.resume)]
            asked = select(torrents.c.info_hash, *long).order_by(torrents.c.added_at)
            return [(row[0], row[1] + row[2]) for row in connection.execute(asked)]

        def some(connection: "Connection", wanted: Sequence[str]) -> list[dict[str, Any]]:
            from sqlalchemy import select

            from matinee.storage.tables import torrents

            asked = select(torrents).where(torrents.c.info_hash.in_(wanted))
            homes = receipts.homes(connection, wanted)
            rows = connection.execute(asked).mappings()
            return [{**row, "homes": homes.get(row["info_hash"])} for row in rows]

        for wanted in _some_at_a_time(await self._database.run(sizes)):
            rows = {row["info_hash"]: row for row in await self._database.run(partial(some, wanted=wanted))}
            for info_hash in wanted:
                record = _record(rows[info_hash]) if info_hash in rows else None
                if record is not None:
                    yield record

    async def put(self, record: Record) -> None:
        """Keep a torrent, or replace what was kept of it; metainfo or resume data that is None leaves the kept one."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import insert, update

            from matinee.storage.tables import torrents

            values = _values(record)
            changed = connection.execute(
                update(torrents).where(torrents.c.info_hash == record.info_hash).values(**values)
            )
            if changed.rowcount == 0:
                connection.execute(insert(torrents).values(info_hash=record.info_hash, **values))
                receipts.opened(connection, record.info_hash, record.name, record.added_at)
            receipts.stated(connection, record.info_hash, record.name, record.rights)

        await self._database.run(work)

    async def metainfo(self, info_hash: InfoHash) -> bytes | None:
        """Give the rebuilt .torrent, which what runs does not hold; None when nobody has sent it yet."""

        def work(connection: "Connection") -> bytes | None:
            from sqlalchemy import select

            from matinee.storage.tables import torrents

            asked = select(torrents.c.metainfo).where(torrents.c.info_hash == info_hash)
            return connection.execute(asked).scalar()

        return await self._database.read(work)

    async def put_resume(self, info_hash: InfoHash, resume: bytes) -> None:
        """Keep new resume data of a torrent; nothing happens when it was removed meanwhile."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import update

            from matinee.storage.tables import torrents

            connection.execute(
                update(torrents).where(torrents.c.info_hash == info_hash).values(resume=resume)
            )

        await self._database.run(work)

    async def put_places(self, places: Mapping[InfoHash, int]) -> None:
        """Keep in which order torrents are."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import update

            from matinee.storage.tables import torrents

            for info_hash, place in places.items():
                connection.execute(
                    update(torrents).where(torrents.c.info_hash == info_hash).values(place=place)
                )

        await self._database.run(work)

    async def put_use(self, info_hash: InfoHash, used_at: str) -> None:
        """Keep when somebody last read of a torrent; nothing happens when it was removed meanwhile."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import update

            from matinee.storage.tables import torrents

            connection.execute(
                update(torrents).where(torrents.c.info_hash == info_hash).values(used_at=used_at)
            )

        await self._database.run(work)

    async def delete(self, info_hash: InfoHash) -> None:
        """Forget a torrent; its receipt stays."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import delete

            from matinee.storage.tables import torrents

            connection.execute(delete(torrents).where(torrents.c.info_hash == info_hash))
            receipts.ended(connection, info_hash)

        await self._database.run(work)


def _some_at_a_time(sizes: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Give the names of rows in lots, each of which is read at once: of 100 000 files one has 10 MB."""
    lot: list[str] = []
    lot_bytes = 0
    for name, size in sizes:
        if lot and (len(lot) == LOT_ROWS or lot_bytes + size > LOT_BYTES):
            yield lot
            lot, lot_bytes = [], 0
        lot.append(name)
        lot_bytes += size
    if lot:
        yield lot


def _values(record: Record) -> dict[str, Any]:
    rights = record.rights
    values: dict[str, Any] = {
        "name": record.name,
        "magnet": record.magnet,
        "added_at": record.added_at,
        "paused": record.paused,
        "sharing": record.sharing.value,
        "rights_basis": rights.basis.value if rights else None,
        "rights_licence": rights.licence if rights else None,
        "rights_stated_at": rights.stated_at if rights else None,
        "down_limit_bytes_per_s": record.down_limit_bytes_per_s,
        "up_limit_bytes_per_s": record.up_limit_bytes_per_s,
        "kept": record.kept,
        "own": record.own,
        "used_at": record.used_at,
        "takes": _takes_json(record.takes),
        "place": record.place,
        "give_ratio": record.give_ratio,
        "give_hours": record.give_hours,
        "completed_at": record.completed_at,
    }
    # Both may be large, so what runs does not hold them; and what it was started with is old by now.
    for name in ("metainfo", "resume"):
        if getattr(record, name) is not None:
            values[name] = getattr(record, name)
    return values


def _record(row: dict[str, Any]) -> Record | None:
    info_hash = str(row["info_hash"])
    try:
        if not _INFO_HASH.fullmatch(info_hash):
            raise ValueError("not an info hash")  # it names a folder
        rights = None
        if row["rights_basis"] is not None:
            rights = Rights(Basis(row["rights_basis"]), row["rights_licence"], row["rights_stated_at"])
        return Record(
            info_hash=InfoHash(info_hash),
            name=row["name"],
            magnet=row["magnet"],
            metainfo=row["metainfo"],
            resume=row["resume"],
            added_at=row["added_at"],
            paused=row["paused"],
            sharing=Sharing(row["sharing"]),
            rights=rights,
            down_limit_bytes_per_s=row["down_limit_bytes_per_s"],
            up_limit_bytes_per_s=row["up_limit_bytes_per_s"],
            kept=row["kept"],
            own=row["own"],
            used_at=row["used_at"],
            takes=_takes(row["takes"]),
            place=row["place"],
            give_ratio=row["give_ratio"],
            give_hours=row["give_hours"],
            completed_at=row["completed_at"],
            homes=row["homes"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("A torrent's row in the database is damaged info_hash=%r error=%s", info_hash, error)
        return None


def _takes_json(takes: Takes) -> str | None:
    if takes == Takes():
        return None
    return json.dumps(
        {"rest": takes.rest.value, "files": {str(i): take.value for i, take in takes.files.items()}}
    )


def _takes(text: str | None) -> Takes:
    if text is None:
        return Takes()
    kept = json.loads(text)
    files = {FileIndex(int(index)): Take(take) for index, take in kept["files"].items()}
    return Takes(Take(kept["rest"]), files)
