"""Keeps titles, whoever gives them: the built-in shelf or a provider.

Titles are written in small lots, so that resume data, which the same thread writes, waits for one lot at most.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from matinee.catalogue.entries import WORDS_VERSION
from matinee.catalogue.law import Law
from matinee.catalogue.parts import Parts, Stored, put_state, state, stored
from matinee.models.catalogue import Wanted
from matinee.models.title import Title
from matinee.storage import receipts
from matinee.storage.database import Database
from matinee.storage.snapshot import WORDLESS
from matinee.types import InfoHash, TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOT = 50
"""Titles written at once: 20 ms (2026-11-26)."""


class TitleStore:
    """The tables of titles. What several sources have is one title, and what the shelf says of it goes first."""

    words_version = WORDS_VERSION

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._parts = Parts(law)
        self.changes = 0
        """Grows whenever titles have been taken in or forgotten, once at the end: whoever reads all words does so
        then."""

    async def put(self, source: str, titles: Iterable[Title]) -> str:
        """Keep titles of a source, or replace what was kept of them; gives the moment, for ``forget``."""
        moment = _now()
        coming = iter(titles)
        while lot := list(islice(coming, LOT)):
            await self._database.run(partial(self._parts.put, source=source, titles=lot, moment=moment))
        self._parts.settle()
        self.changes += 1
        return moment

    async def forget(self, source: str, moment: str) -> None:
        """Forget what a source gave at another moment than this, its last."""
        while await self._database.run(partial(self._parts.forget, source=source, moment=moment, most=LOT)):
            pass
        self._parts.settle()
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


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
