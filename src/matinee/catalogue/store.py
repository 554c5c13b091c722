"""Keeps titles, whoever gives them: the built-in shelf or a provider.

Titles are written in small lots, so that resume data, which the same thread writes, waits for one lot at most.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from matinee.catalogue.entries import WORDS_VERSION, Entry, entry
from matinee.catalogue.law import Law
from matinee.catalogue.service import SHELF
from matinee.catalogue.title_data import title_from
from matinee.catalogue.words_index import put_words
from matinee.models.catalogue import Wanted
from matinee.models.title import Title
from matinee.storage import receipts
from matinee.storage.database import Database
from matinee.types import InfoHash, TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

LOT = 50
"""Titles written at once: 20 ms (2026-11-26)."""
NEXT_ROW = "next-row"


class TitleStore:
    """The tables of titles. What the shelf says of one goes before what others say."""

    words_version = WORDS_VERSION

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law
        self._vocabulary: set[str] | None = None
        """Words that are kept already, while titles are being taken in."""
        self.changes = 0
        """Grows whenever titles have been taken in or forgotten, once at the end: whoever reads all words does so
        then."""

    async def put(self, source: str, titles: Iterable[Title]) -> str:
        """Keep titles of a source, or replace what was kept of them; gives the moment, for ``forget``."""
        moment = _now()
        coming = iter(titles)
        while lot := list(islice(coming, LOT)):
            await self._database.run(partial(self._put, source=source, titles=lot, moment=moment))
        self._vocabulary = None
        self.changes += 1
        return moment

    async def forget(self, source: str, before: str) -> None:
        """Forget what a source has not given since a moment."""

        def work(connection: "Connection") -> None:
            from sqlalchemy import delete

            from matinee.storage.tables import titles

            connection.execute(delete(titles).where(titles.c.source == source, titles.c.seen_at < before))

        await self._database.run(work)
        self.changes += 1

    async def judge(self) -> None:
        """Judge anew what was judged for another country or year."""

        def lot(connection: "Connection") -> int:
            from sqlalchemy import bindparam, select, update

            from matinee.storage.tables import title_data, titles

            key = self._law.key
            found = connection.execute(
                select(titles.c.row, title_data.c.whole)
                .join(title_data, title_data.c.row == titles.c.row)
                .where(titles.c.judged != key)
                .limit(LOT)
            ).all()
            changed = [
                {"of": row, "shows": (title := read_title(whole)) is not None and self._law.shows(title)}
                for row, whole in found
            ]
            if changed:
                this = update(titles).where(titles.c.row == bindparam("of"))
                connection.execute(this.values(judged=key, shown=bindparam("shows")), changed)
            return len(changed)

        while await self._database.run(lot):
            pass

    async def title(self, title_id: TitleId) -> tuple[Title, str] | None:
        """Give a title and its source; None when it is not kept."""

        def work(connection: "Connection") -> tuple[Title, str] | None:
            from sqlalchemy import select

            from matinee.storage.tables import title_data, titles

            row = connection.execute(
                select(title_data.c.whole, titles.c.source)
                .join(titles, title_data.c.row == titles.c.row)
                .where(titles.c.id == title_id)
            ).first()
            title = None if row is None else read_title(row.whole)
            return None if row is None or title is None else (title, str(row.source))

        return await self._database.read(work)

    async def state(self, key: str) -> str | None:
        """Give a single value."""
        return await self._database.read(partial(_state, key=key))

    async def put_state(self, key: str, value: str) -> None:
        """Keep a single value."""
        await self._database.run(partial(_put_state, key=key, value=value))

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

    def _put(self, connection: "Connection", source: str, titles: Sequence[Title], moment: str) -> None:
        from sqlalchemy import delete, select, update

        from matinee.storage import tables

        entries = {one.title.id: one for one in map(entry, titles)}
        table = tables.titles
        columns = (table.c.id, table.c.row, table.c.digest, table.c.source)
        kept = {row.id: row for row in connection.execute(select(*columns).where(table.c.id.in_(entries)))}
        same, old, new = [], [], []
        for title_id, one in entries.items():
            row = kept.get(title_id)
            if row is not None and row.source == SHELF != source:
                continue
            if row is not None and (row.digest, row.source) == (one.digest, source):
                same.append(row.row)
                continue
            if row is not None:
                old.append(row.row)
            new.append(one)
        if same:
            connection.execute(update(table).where(table.c.row.in_(same)).values(seen_at=moment))
        if old:
            connection.execute(delete(table).where(table.c.row.in_(old)))
        if new:
            self._enter(connection, source, new, moment)

    def _enter(self, connection: "Connection", source: str, new: Sequence[Entry], moment: str) -> None:
        from sqlalchemy import insert

        from matinee.storage import tables

        first = int(_state(connection, NEXT_ROW) or 1)
        numbered = list(enumerate(new, first))
        _put_state(connection, NEXT_ROW, str(first + len(new)))
        key = self._law.key
        connection.execute(
            insert(tables.titles),
            [
                {
                    "row": row,
                    "id": one.title.id,
                    "source": source,
                    "seen_at": moment,
                    "digest": one.digest,
                    "kind": one.title.kind.value,
                    "year": one.title.year,
                    "children": one.title.children,
                    "rating": one.title.rating.value if one.title.rating else 0.0,
                    "sort_name": one.sort_name,
                    "judged": key,
                    "shown": self._law.shows(one.title),
                }
                for row, one in numbered
            ],
        )
        connection.execute(
            insert(tables.title_data), [{"row": row, "whole": one.whole} for row, one in numbered]
        )
        names = [{"row": row, "name": name} for row, one in numbered for name in one.names]
        if names:
            connection.execute(insert(tables.title_names), names)
        worded = [(row, one.words()) for row, one in numbered]
        tags = [{"row": row, "tag": tag} for row, one in numbered for tag in one.tags]
        connection.execute(insert(tables.title_tags), tags)
        put_words(connection, worded)
        self._enter_vocabulary(connection, {word for _, words in worded for word in words.vocabulary})

    def _enter_vocabulary(self, connection: "Connection", words: set[str]) -> None:
        from sqlalchemy import insert

        from matinee.storage.tables import title_vocabulary

        if self._vocabulary is None:
            self._vocabulary = read_vocabulary(connection)
        if missing := words - self._vocabulary:
            connection.execute(insert(title_vocabulary), [{"word": word} for word in sorted(missing)])
            self._vocabulary |= missing


def read_title(whole: str) -> Title | None:
    """Read a title as it is kept; None when it is damaged, which must not hide every other."""
    try:
        return title_from(json.loads(whole))
    except (KeyError, TypeError, ValueError) as error:
        log.error("A title in the database is damaged error=%r", error)
        return None


def read_vocabulary(connection: "Connection") -> set[str]:
    """Read every word of a name or a person that was ever kept."""
    from sqlalchemy import select

    from matinee.storage.tables import title_vocabulary

    return set(connection.scalars(select(title_vocabulary.c.word)))


def _state(connection: "Connection", key: str) -> str | None:
    from sqlalchemy import select

    from matinee.storage.tables import catalogue_state

    found = connection.execute(select(catalogue_state.c.value).where(catalogue_state.c.key == key)).scalar()
    return None if found is None else str(found)


def _put_state(connection: "Connection", key: str, value: str) -> None:
    from sqlalchemy import delete, insert

    from matinee.storage.tables import catalogue_state

    connection.execute(delete(catalogue_state).where(catalogue_state.c.key == key))
    connection.execute(insert(catalogue_state).values(key=key, value=value))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
