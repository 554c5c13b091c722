"""Reads what is kept of titles, and what is near to some: whoever may be of one title with them.

What is near is looked for by the database in one question a lot, by what ``joining`` goes by: most of what has a name
in common is of another year or length, and never read.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matinee.catalogue.entries import Entry
from matinee.catalogue.joining import LENGTHS_APART, MINUTES_APART, YEARS_APART, Part, touching
from matinee.catalogue.title_data import title_from
from matinee.models.catalogue import SHELF
from matinee.models.title import Title
from matinee.storage.bulk import as_rows, given, item, statement
from matinee.types import TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

NEXT_ROW = "next-row"
MOST_NEAR = 500
"""Parts that are joined anew at once: where more touch each other, those beyond stay as they are."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A part and what is kept beside it."""

    entry: Entry
    """What is kept of it where it is joined with no other."""
    seen_at: str
    added_at: str
    row: int = 0
    """0 where it is not in the database yet."""
    joined: str = ""
    """Of the part that leads: the title as it is found, JSON."""

    @property
    def part(self) -> Part:
        """What its source says."""
        return self.entry.parts[0]

    @property
    def id(self) -> TitleId:
        """Its title's."""
        return self.entry.title.id


@dataclass(frozen=True, slots=True)
class Stored:
    """A title as it is kept, joined of all that sources say."""

    title: Title
    sources: tuple[str, ...]
    """Who has it; the first leads."""
    own_releases: int
    """How many of its releases are of the one that leads: the first."""


def near(connection: "Connection", coming: Sequence[Part], leads: set[str]) -> list[tuple[Kept, ...]]:
    """Read the groups that are led so, and all that touch them or what comes, and what touches those."""
    found = read_groups(connection, leads)
    frontier = [*coming, *(one.part for group in found.values() for one in group)]
    read: dict[str, tuple[Kept, ...]] = {}
    while frontier and sum(map(len, found.values())) <= MOST_NEAR:
        names = _leads_near(connection, frontier) - found.keys()
        read.update(read_groups(connection, names - read.keys()))
        beside = {name: [one.part for one in read[name]] for name in sorted(names)}
        reached = touching(frontier, beside)
        found.update((name, read[name]) for name in reached)
        frontier = [part for name in reached for part in beside[name]]
    return list(found.values())


def _leads_near(connection: "Connection", parts: Sequence[Part]) -> set[str]:
    """Find who leads what may have to be joined with some parts: more than do, see ``touching``."""
    dialect = connection.dialect.name
    keys = {key for part in parts for key in part.near_keys}
    tagged = f"""
        SELECT t.id FROM {given(dialect)} JOIN title_tags g ON g.tag = {item(dialect, 0)}
        JOIN titles t ON t.row = g.row"""  # noqa: S608 - no data in it, here and below
    found = set(connection.scalars(statement(tagged), {"rows": as_rows([(key,) for key in keys])}))
    # Of a title that is of one source all that two must agree in stands in its row. What is joined of several is
    # always read: its parts may differ. Where one's kind or year does, it is among the tags. The rows are taken apart
    # once, not for each namesake.
    kinds = ("TEXT", "TEXT", "INTEGER", "INTEGER", "TEXT")
    values = ", ".join(item(dialect, number, kind) for number, kind in enumerate(kinds))
    named = f"""
        WITH one (name, kind, year, minutes, source) AS MATERIALIZED (SELECT {values} FROM {given(dialect)})
        SELECT DISTINCT t.id FROM one JOIN title_names n ON n.name = one.name JOIN titles t ON t.row = n.row
        WHERE n.year BETWEEN one.year - :years AND one.year + :years AND t.kind = one.kind AND (
            EXISTS (SELECT 1 FROM titles o WHERE o.lead = t.id)
            OR (t.year = one.year AND (t.minutes IS NULL OR one.minutes IS NULL) AND :shelf IN (t.source, one.source))
            OR ((t.year = one.year OR t.source <> one.source) AND (
                abs(t.minutes - one.minutes) <= :minutes
                OR abs(t.minutes - one.minutes) <= :lengths * t.minutes
                OR abs(t.minutes - one.minutes) <= :lengths * one.minutes)))"""  # noqa: S608 - as above
    rows = {
        (name, one.title.kind.value, one.title.year, one.title.minutes, one.source)
        for one in parts
        for name in one.names
    }
    limits = {"years": YEARS_APART, "minutes": MINUTES_APART, "lengths": LENGTHS_APART, "shelf": SHELF}
    found.update(connection.scalars(statement(named), {"rows": as_rows(list(rows)), **limits}))
    return found


def read_groups(connection: "Connection", leads: Iterable[str]) -> dict[str, tuple[Kept, ...]]:
    """Read groups by the ids of those that lead; each in the order in which it was entered: who leads is first."""
    from sqlalchemy import func, or_, select

    from matinee.storage.tables import title_data, titles

    wanted = sorted(leads)
    found: dict[str, tuple[Kept, ...]] = dict.fromkeys(wanted, ())
    if not wanted:
        return found
    asked = (
        select(titles, title_data.c.whole, func.coalesce(title_data.c.own, title_data.c.whole).label("said"))
        .join(title_data, title_data.c.row == titles.c.row)
        .where(or_(titles.c.id.in_(wanted), titles.c.lead.in_(wanted)))
        .order_by(titles.c.row)
    )
    for row in connection.execute(asked):
        title = read_title(row.said)
        if title is not None:
            said = Entry(title, row.said, row.digest, (Part(row.source, title),))
            found[row.lead or row.id] += (Kept(said, row.seen_at, row.added_at, row.row, row.whole),)
    return found


def stored(connection: "Connection", title_id: TitleId) -> Stored | None:
    """Read a title by its id, or by that of any part of it; None when it is not kept."""
    from sqlalchemy import func, select

    from matinee.storage.tables import title_data, titles

    lead = select(func.coalesce(titles.c.lead, titles.c.id)).where(titles.c.id == title_id).scalar_subquery()
    asked = select(titles.c.source, title_data.c.whole, title_data.c.own).join(
        title_data, title_data.c.row == titles.c.row
    )
    row = connection.execute(asked.where(titles.c.id == lead)).first()
    title = None if row is None else read_title(row.whole)
    if row is None or title is None:
        return None
    own = None if row.own is None else read_title(row.own)
    others = select(titles.c.source).where(titles.c.lead == title.id).order_by(titles.c.row)
    sources = dict.fromkeys((row.source, *connection.scalars(others)))
    return Stored(title, tuple(sources), len((own or title).releases))


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


def state(connection: "Connection", key: str) -> str | None:
    """Read a single value."""
    from sqlalchemy import select

    from matinee.storage.tables import catalogue_state

    found = connection.execute(select(catalogue_state.c.value).where(catalogue_state.c.key == key)).scalar()
    return None if found is None else str(found)


def put_state(connection: "Connection", key: str, value: str) -> None:
    """Keep a single value."""
    sql = """
        INSERT INTO catalogue_state (key, value) VALUES (:key, :value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value"""
    connection.execute(statement(sql), {"key": key, "value": value})


def next_rows(connection: "Connection", count: int) -> int:
    """Take the numbers of so many rows, which nothing ever had, and give the first."""
    sql = """
        INSERT INTO catalogue_state (key, value) VALUES (:key, :first)
        ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(catalogue_state.value AS integer) + :count AS text)
        RETURNING value"""
    asked = {"key": NEXT_ROW, "first": str(1 + count), "count": count}
    return int(connection.execute(statement(sql), asked).scalar_one()) - count
