"""Keeps titles, whoever gives them: the built-in shelf or a provider.

Titles are written in small lots, so that resume data, which the same thread writes, waits for one lot at most.
"""

import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, islice
from typing import TYPE_CHECKING

from matinee.catalogue.ageing import KEPT_DAYS, old_titles
from matinee.catalogue.entries import WORDS_VERSION, Entry
from matinee.catalogue.kept import Stored, put_state, state, stored
from matinee.catalogue.law import Law
from matinee.catalogue.parts import Parts, prepared
from matinee.models.catalogue import Wanted
from matinee.models.title import Title
from matinee.storage import receipts
from matinee.storage.database import Database
from matinee.storage.snapshot import WORDLESS
from matinee.types import InfoHash, TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

LOT = 50
"""Titles written at once, to begin with."""
LOTS = (10, 100)
"""The smallest and the largest lot."""
LOT_S = 0.02
"""So long a lot is written, about: whoever writes beside it waits for that. Where titles are joined with others,
somebody searches meanwhile or the machine is slow, fewer of them take as long (docs/decisions/0030)."""
LOTS_BETWEEN = 4
"""Lots after which the log goes into the database: far fewer than would have a write do it."""


class TitleStore:
    """The tables of titles. What several sources have is one title, and what the shelf says of it goes first."""

    words_version = WORDS_VERSION

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._parts = Parts(law)
        self._aged = ""
        """The day on which was last looked for what is old."""
        self.changes = 0
        """Grows whenever titles have been taken in or forgotten, once at the end: whoever reads all words does so
        then."""

    async def put(self, source: str, titles: Iterable[Title]) -> str:
        """Keep titles of a source, or replace what was kept of them; gives the moment, for ``forget``."""
        moment = _now()
        coming, size = iter(titles), LOT
        for number in count(1):
            lot = list(islice(coming, size))
            if not lot:
                break
            # On the writing thread too, or it would take the interpreter from whoever writes beside it; but apart, so
            # that nobody waits for both.
            said = await self._database.run(partial(_prepared, source=source, titles=lot))
            took_s = await self._database.run(partial(self._put, source=source, said=said, moment=moment))
            size = next_lot(len(lot), took_s)
            if number % LOTS_BETWEEN == 0:
                await self._database.write_back()
        self.changes += 1
        return moment

    def _put(self, connection: "Connection", source: str, said: list[Entry], moment: str) -> float:
        """Write a lot, and give how long that took."""
        begun = time.perf_counter()
        self._parts.put(connection, source, said, moment)
        return time.perf_counter() - begun

    async def forget(self, source: str, moment: str) -> None:
        """Forget what a source gave at another moment than this, its last."""
        while await self._database.run(partial(self._parts.forget, source=source, moment=moment, most=LOT)):
            pass
        self.changes += 1

    async def forget_old(self) -> None:
        """Forget what no provider has given for a year and nothing of the user's holds; looks once a day."""
        today, before = _now()[:10], _now(-timedelta(days=KEPT_DAYS))
        if self._aged == today:
            return
        self._aged = today
        going = await self._database.read(partial(old_titles, before=before))
        for first in range(0, len(going), LOT):
            lot = going[first : first + LOT]
            await self._database.run(partial(self._parts.forget_old, ids=lot, before=before))
        if going:
            log.info("Forgot what no provider has given for a year titles=%d", len(going))
            self.changes += 1

    async def judge(self) -> None:
        """Judge anew what was judged for another country or year."""
        while await self._database.run(partial(self._parts.judge, most=LOT)):
            pass

    async def reword(self) -> None:
        """Make the words of titles that came from a backup of the other kind of database, see ``storage/snapshot``."""
        if await self.state(WORDLESS) is not None:
            while await self._database.run(partial(self._parts.reword, most=LOT)):
                pass

    async def title(self, title_id: TitleId) -> Stored | None:
        """Give a title, joined with what others say of it; None when it is not kept."""
        return await self._database.read(partial(stored, title_id=title_id))

    async def state(self, key: str) -> str | None:
        """Give a single value."""
        return await self._database.read(partial(state, key=key))

    async def put_state(self, key: str, value: str) -> None:
        """Keep a single value."""
        await self._database.run(partial(put_state, key=key, value=value))

    async def record(self, info_hash: InfoHash, title: TitleId, wanted: Wanted, basis: str) -> None:
        """Record for which title a torrent was added, and on what basis, as JSON; the first record stays."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import insert, select

            from matinee.storage.tables import title_torrents

            moment = _now()
            season, episode = wanted.season, wanted.episode
            receipts.named(
                connection, info_hash, title=title, season=season, episode=episode, basis=basis, moment=moment
            )
            known = select(title_torrents.c.title).where(title_torrents.c.info_hash == info_hash)
            if connection.execute(known).first() is None:
                connection.execute(
                    insert(title_torrents).values(
                        info_hash=info_hash,
                        title=title,
                        season=season,
                        episode=episode,
                        basis=basis,
                        recorded_at=moment,
                    )
                )

        await self._database.run(work)

    async def torrents_of(self, title: TitleId, wanted: Wanted) -> list[InfoHash]:
        """Give the torrents that were added for a title, or for an episode of it, the last first."""

        def work(connection: "Connection") -> list[InfoHash]:
            from sqlalchemy import select

            from matinee.storage.tables import title_torrents as table

            asked = select(table.c.info_hash).where(
                table.c.title == title,
                table.c.season.is_not_distinct_from(wanted.season),
                table.c.episode.is_not_distinct_from(wanted.episode),
            )
            found = connection.scalars(asked.order_by(table.c.recorded_at.desc()))
            return [InfoHash(one) for one in found]

        return await self._database.read(work)

    async def added_for(self, title: TitleId) -> list[InfoHash]:
        """Give the torrents that were added for a title or any of its episodes, the last first."""

        def work(connection: "Connection") -> list[InfoHash]:
            from sqlalchemy import select

            from matinee.storage.tables import title_torrents as table

            asked = select(table.c.info_hash).where(table.c.title == title)
            return [InfoHash(one) for one in connection.scalars(asked.order_by(table.c.recorded_at.desc()))]

        return await self._database.read(work)

    async def parts_of(self, title: TitleId) -> list[TitleId]:
        """Give what a title is called by each source that has it, the one that leads first."""

        def work(connection: "Connection") -> list[TitleId]:
            from sqlalchemy import select

            from matinee.storage.tables import titles as table

            others = select(table.c.id).where(table.c.lead == title).order_by(table.c.row)
            return [title, *(TitleId(one) for one in connection.scalars(others))]

        return await self._database.read(work)

    async def title_of(self, info_hash: InfoHash) -> tuple[TitleId, tuple[int, int] | None] | None:
        """Give the title that a torrent was added for, with season and number where that was one episode."""

        def work(connection: "Connection") -> tuple[TitleId, tuple[int, int] | None] | None:
            from sqlalchemy import select

            from matinee.storage.tables import title_torrents as table

            row = connection.execute(select(table).where(table.c.info_hash == info_hash)).first()
            if row is None:
                return None
            whole = row.season is None or row.episode is None
            return TitleId(row.title), None if whole else (row.season, row.episode)

        return await self._database.read(work)


def next_lot(size: int, took_s: float) -> int:
    """Give how many titles to write next: as many as take ``LOT_S``, and at most twice as many as before.

    Args:
        size: so many were written.
        took_s: so long that took.
    """
    wanted = 2 * size if took_s <= 0 else min(2 * size, int(size * LOT_S / took_s))
    return max(LOTS[0], min(LOTS[1], wanted))


def _prepared(_: "Connection", source: str, titles: list[Title]) -> list[Entry]:
    return prepared(source, titles)


def _now(later: timedelta = timedelta(0)) -> str:
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds").replace("+00:00", "Z")
