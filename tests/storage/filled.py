"""A database with something in every table."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from matinee.catalogue.answers import Answers
from matinee.catalogue.store import TitleStore
from matinee.events import Bus
from matinee.library.service import Library
from matinee.models.catalogue import Wanted
from matinee.models.device import Device, Role
from matinee.models.library import FIRST, Kind, Rating, Seen, Thumb, Wish
from matinee.models.provider import Kept
from matinee.models.rights import Basis, Rights
from matinee.models.title import ArchiveItem, Release
from matinee.storage.cookies import CookieStore
from matinee.storage.database import Database
from matinee.storage.devices import DeviceStore
from matinee.storage.freed import FreedStore
from matinee.storage.item_files import ItemFiles
from matinee.storage.promises import PromiseStore
from matinee.storage.receipts import Count, ReceiptStore
from matinee.storage.tables import metadata
from matinee.torrent.store import TorrentStore
from matinee.types import DeviceId, FileIndex, TitleId
from tests.catalogue.made import SERIES, film
from tests.fakes.playbacks import OUTCOMES
from tests.fakes.titles import LAW
from tests.library.made import FILM
from tests.storage.test_freed import ONE
from tests.storage.test_receipts import BASIS, HASH, RECORD

KEPT = replace(
    RECORD, name="Où est le film ? 🎬", metainfo=bytes(range(256)) * 300, resume=b"\0\xff" * 999,
    rights=Rights(Basis.PUBLIC_DOMAIN, None, "2026-11-26T10:00:00Z"),
)  # fmt: skip
PLACES = [(Release(ArchiveItem(f"item-{number}")),) for number in range(120)]
TITLES = [SERIES, *(film(f"film-{at}", f"Film {at}", releases=place) for at, place in enumerate(PLACES))]
JOINED = film("elsewhere.5", "Le cinquième", releases=PLACES[5])
COOKIE, DEVICE = b"cookie-of-mine", b"device-of-mine"
"""Hashes, as far as the store knows."""


async def filled(url: str) -> None:
    """Put something into every table."""
    database = Database(url)
    await database.open()
    await TorrentStore(database).put(KEPT)
    await ReceiptStore(database).count({HASH: Count(7, 8)}, first=frozenset({HASH}))
    titles = TitleStore(database, LAW)
    await titles.put("somewhere", TITLES)
    await titles.put("elsewhere", [JOINED])
    await titles.record(HASH, TitleId("film-1"), Wanted(1, 2), BASIS)
    await PromiseStore(database).add(OUTCOMES[0])
    await FreedStore(database).add(ONE)
    await ItemFiles(database).keep(HASH, {FileIndex(1): "item/1"})
    await Answers(database).keep("provider", "what is there?", Kept((JOINED,), datetime.now(UTC)))
    await _let_in(database)
    await _remember(database)
    await database.close()


async def empty_tables(database: Database) -> list[str]:
    """Name the tables in which there is nothing."""

    def work(connection: Connection) -> list[str]:
        return [
            table.name
            for table in metadata.sorted_tables
            if not connection.scalar(select(func.count()).select_from(table))
        ]

    return await database.run(work)


async def _let_in(database: Database) -> None:
    cookies, devices, now = CookieStore(database), DeviceStore(database), time.time()
    await cookies.remember(COOKIE, 4e9)
    await cookies.close()
    await devices.add(Device(DeviceId("d" * 22), "Phone", Role.WATCH, now, now, 4e9, "10.0.0.7"), DEVICE)
    await devices.close()


async def _remember(database: Database) -> None:
    library = Library(database, Bus())
    zoe = await library.add_profile("Zoé", "leaf", child=True)
    for profile in (FIRST, zoe.id):
        await library.see(profile, FILM, Seen(3000.0, 6000.0, name="A film"))
    title = FILM.title
    await library.put(
        zoe.id, Kind.WATCHLIST, title, lambda at, _: Wish(title=title, name="A film", changed_ms=at)
    )
    await library.put(
        zoe.id, Kind.RATING, title,
        lambda at, _: Rating(title=title, thumb=Thumb.UP, name="A film", changed_ms=at),
    )  # fmt: skip
    await (await library.lock()).set("1234", None)
