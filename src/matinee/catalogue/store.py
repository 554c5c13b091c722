"""Keeps titles, whoever gives them: the built-in shelf or a provider.

Titles are written in small lots, so that resume data, which the same thread writes, waits for one lot at most.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from matinee.catalogue.ageing import KEPT_DAYS, forget_words, old_titles
from matinee.catalogue.entries import WORDS_VERSION
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
LOTS = (10, 200)
"""The smallest and the largest lot."""
LOT_S = 0.02
"""So long a lot takes, about: whoever writes beside it waits for that. Where titles are joined with others,
somebody searches meanwhile or the machine is slow, fewer of them take as long (docs/decisions/0030)."""
CALM_LOT_S = 0.05
"""The same while nobody has written beside it for a while."""
SPAN_S = 1.0
"""So long lots go into one transaction at most, if nobody waits to write: a commit each would write most pages ten
times."""
AHEAD = 1000
"""Titles that are read ahead of the writer, at most."""
MOST_KNOWN = 20_000
"""Words that are remembered while titles are taken in: about 2 MB."""
WORDS_AT_ONCE = 500
"""Words of the vocabulary that are looked at together: 5 ms."""
SPANS_BETWEEN = 4
"""Transactions after which the log goes into the database at the latest: far fewer than would have a write do it."""


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
        coming, ahead, pace = iter(titles), list[Title](), Pace()
        try:
            while ahead := ahead + list(islice(coming, max(0, pace.ahead - len(ahead)))):
                work = partial(self._put, source=source, titles=ahead, moment=moment, pace=pace)
                ahead = ahead[await self._database.run(work) :]
                if pace.full:
                    await self._database.write_back()
                    await pace.written_back(self._database)
        finally:
            if pace.many:
                await self._database.let_go()
        self.changes += 1
        return moment

    def _put(
        self, connection: "Connection", source: str, titles: Sequence[Title], moment: str, pace: "Pace"
    ) -> int:
        """Write lots until somebody waits to write, and give how many titles that were."""
        done = 0
        begun = time.perf_counter()
        while done < len(titles):
            lot = titles[done : done + pace.size]
            since = time.perf_counter()
            self._parts.put(connection, source, prepared(source, lot), moment, pace.known)
            done += len(lot)
            now = time.perf_counter()
            pace.size = next_lot(len(lot), now - since, pace.lot_s)
            if self._database.waited_for or now - begun >= pace.span_s:
                break
        pace.ended(done, hurried=self._database.waited_for)
        return done

    async def forget(self, source: str, moment: str) -> None:
        """Forget what a source gave at another moment than this, its last."""
        while await self._database.run(partial(self._parts.forget, source=source, moment=moment, most=LOT)):
            pass
        self.changes += 1

    async def drop(self, source: str, titles: Sequence[TitleId]) -> None:
        """Forget some titles of a source now."""
        work = partial(self._parts.drop, source=source, ids=titles)
        if await self._database.run(work):
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
            after: str | None = ""
            while after is not None:
                after = await self._database.run(partial(forget_words, after=after, most=WORDS_AT_ONCE))
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


class Pace:
    """How much is taken in at once: as little as lets others write soon, and all the more while nobody wants to."""

    def __init__(self) -> None:
        self.size = LOT
        """Titles of the next lot."""
        self.lot_s = LOT_S
        """So long the next lot may take."""
        self.span_s = LOT_S
        """So long the next transaction may take."""
        self.ahead = LOT
        """So many titles the next transaction may need."""
        self.known: set[str] = set()
        """Words that have been entered, as many as need not be looked for again."""
        self.many = False
        """Whether the writer keeps more pages than usual."""
        self._spans = 0
        self._titles = 0

    def ended(self, titles: int, *, hurried: bool) -> None:
        """Note that a transaction ended, with so many titles, and whether somebody waited for it."""
        self._spans += 1
        self._titles += titles
        self.span_s = LOT_S if hurried else min(SPAN_S, 2 * self.span_s)
        self.lot_s = CALM_LOT_S if self.span_s == SPAN_S else LOT_S
        self.ahead = max(LOT, min(AHEAD, 2 * titles))
        if len(self.known) > MOST_KNOWN:
            self.known.clear()

    @property
    def full(self) -> bool:
        """Tell whether the log should go into the database."""
        return self._spans >= SPANS_BETWEEN or self._titles >= AHEAD

    async def written_back(self, database: Database) -> None:
        """Note that it went; where many titles come the writer keeps more pages from now on."""
        if self._titles >= AHEAD and not self.many:
            self.many = True
            await database.keep_pages()
        self._spans = self._titles = 0


def next_lot(size: int, took_s: float, lot_s: float = LOT_S) -> int:
    """Give how many titles to write next: as many as take that long, and at most twice as many as before.

    Args:
        size: so many were written.
        took_s: so long that took.
        lot_s: so long the next may take.
    """
    wanted = 2 * size if took_s <= 0 else min(2 * size, int(size * lot_s / took_s))
    return max(LOTS[0], min(LOTS[1], wanted))


def _now(later: timedelta = timedelta(0)) -> str:
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds").replace("+00:00", "Z")
