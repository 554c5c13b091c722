"""What each source says of titles, kept apart, and the titles that are made of it: the work of the writing thread.

Of a title that several sources have, the row of the part that leads (``joining``) is what is found: with all names,
tags and words, and the whole of the joined title. The others have a row that points to it, and what they say, so that
they can be parted again. When a part comes, changes or goes, it is joined anew with what is near it; the rest stays.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matinee.catalogue.entries import Entry, entry
from matinee.catalogue.joining import YEARS_APART, Part, groups, joined, named_key, touching
from matinee.catalogue.law import Law
from matinee.catalogue.title_data import title_from
from matinee.catalogue.words_index import put_words
from matinee.models.catalogue import SHELF
from matinee.models.rights import Standing
from matinee.models.title import Kind, Title
from matinee.storage.snapshot import WORDLESS
from matinee.types import TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

MOST_NEAR = 500
"""Parts that are joined anew at once: where more touch each other, those beyond stay as they are."""
NEXT_ROW = "next-row"


@dataclass(frozen=True, slots=True)
class Kept:
    """A part and what is kept beside it."""

    part: Part
    digest: str
    whole: str
    """What its source says, as JSON."""
    seen_at: str
    added_at: str

    @property
    def id(self) -> TitleId:
        """Its title's."""
        return self.part.title.id

    @property
    def entry(self) -> Entry:
        """What is kept of it where it is joined with no other."""
        return Entry(self.part.title, self.whole, self.digest, (self.part,))


@dataclass(frozen=True, slots=True)
class Stored:
    """A title as it is kept, joined of all that sources say."""

    title: Title
    sources: tuple[str, ...]
    """Who has it; the first leads."""
    own_releases: int
    """How many of its releases are of the one that leads: the first."""


class Parts:
    """The tables of titles.

    Args:
        law: whether a title is shown here.
    """

    def __init__(self, law: Law) -> None:
        self._law = law
        self._vocabulary: set[str] | None = None
        """Words that are kept already, while titles are being taken in."""

    def settle(self) -> None:
        """Let go of what helped to take titles in."""
        self._vocabulary = None

    def put(self, connection: "Connection", source: str, titles: Sequence[Title], moment: str) -> None:
        """Keep titles of a source, or replace what it said of them before."""
        from sqlalchemy import select, update

        from matinee.storage.tables import titles as table

        parts = [Part(source, title) for title in titles]
        entries = {part.title.id: entry(part.title, (part,)) for part in parts}
        columns = (table.c.id, table.c.digest, table.c.source, table.c.added_at)
        kept = {row.id: row for row in connection.execute(select(*columns).where(table.c.id.in_(entries)))}
        same: list[TitleId] = []
        coming: list[Kept] = []
        for title_id, one in entries.items():
            row = kept.get(title_id)
            if row is not None and row.source == SHELF != source:
                continue
            if row is not None and (row.digest, row.source) == (one.digest, source):
                same.append(title_id)
                continue
            added_at = moment if row is None else str(row.added_at)
            coming.append(Kept(one.parts[0], one.digest, one.whole, moment, added_at))
        if same:
            connection.execute(update(table).where(table.c.id.in_(same)).values(seen_at=moment))
        if coming:
            self._join(connection, coming, ())

    def forget(self, connection: "Connection", source: str, moment: str, most: int) -> int:
        """Forget some of what a source gave at another moment than this, its last; gives how many.

        Another, not an earlier: what was given before the clock was set back would stay until that day comes again.
        """
        from sqlalchemy import select

        from matinee.storage.tables import titles as table

        old = select(table.c.id).where(table.c.source == source, table.c.seen_at != moment).limit(most)
        going = [TitleId(one) for one in connection.scalars(old)]
        if going:
            self._join(connection, (), going)
        return len(going)

    def judge(self, connection: "Connection", most: int) -> int:
        """Judge anew some of what was judged for another country or year; gives how many."""
        from sqlalchemy import bindparam, select, update

        from matinee.storage.tables import title_data, titles

        found = connection.execute(
            select(titles.c.row, titles.c.lead, title_data.c.whole)
            .join(title_data, title_data.c.row == titles.c.row)
            .where(titles.c.judged != self._law.key)
            .limit(most)
        ).all()
        changed = [
            {
                "of": row,
                **{f"new_{name}": value for name, value in self._judged(read_title(whole), lead).items()},
            }
            for row, lead, whole in found
        ]
        if changed:
            this = update(titles).where(titles.c.row == bindparam("of"))
            connection.execute(
                this.values({name: bindparam(f"new_{name}") for name in self._judged(None, None)}), changed
            )
        return len(changed)

    def reword(self, connection: "Connection", most: int) -> int:
        """Make the words of at most so many titles whose rows were copied without; gives how many it were."""
        from sqlalchemy import delete, select

        from matinee.storage.tables import catalogue_state, titles

        done = state(connection, WORDLESS)
        if done is None:
            return 0
        leads = select(titles.c.row, titles.c.id).where(titles.c.lead.is_(None), titles.c.row > int(done))
        found = connection.execute(leads.order_by(titles.c.row).limit(most)).all()
        if not found:
            connection.execute(delete(catalogue_state).where(catalogue_state.c.key == WORDLESS))
            return 0
        groups = _read_groups(connection, [one.id for one in found])
        ordered = [(row, _led(groups[lead], lead)) for row, lead in found]
        put_words(connection, [(row, _entry_of(group).words()) for row, group in ordered if group])
        put_state(connection, WORDLESS, str(found[-1].row))
        return len(found)

    def _judged(self, title: Title | None, lead: str | None) -> dict[str, Any]:
        """Say what the law makes of a title: a part of another is not found by itself."""
        standing = None if title is None or lead is not None else self._law.shows_as(title)
        return {
            "judged": self._law.key,
            "shown": standing is not None,
            "allowed": standing is Standing.ALLOWED,
        }

    def _join(self, connection: "Connection", coming: Sequence[Kept], going: Sequence[TitleId]) -> None:
        """Join anew what is near to what comes and goes."""
        changed = {*(one.id for one in coming), *going}
        near = _near(connection, coming, changed)
        stays = [one for group in near for one in group if one.id not in changed]
        pool = {one.id: one for one in (*stays, *coming)}
        found = [
            tuple(pool[part.title.id] for part in group)
            for group in groups(one.part for one in pool.values())
        ]
        # A group that is as it was stays: its rows are good. The others are entered in the order in which they come.
        before = {frozenset(one.id for one in group) for group in near}
        made = [group for group in found if not _as_before(group, before, changed)]
        place = {title_id: number for number, title_id in enumerate(pool)}
        made.sort(key=lambda group: min(place[one.id] for one in group))
        untouched = {one.id for group in found for one in group} - {one.id for group in made for one in group}
        _delete(connection, changed | {one.id for group in near for one in group} - untouched)
        if made:
            self._enter(connection, made)

    def _enter(self, connection: "Connection", made: Sequence[tuple[Kept, ...]]) -> None:
        from sqlalchemy import insert

        from matinee.storage import tables

        first = int(state(connection, NEXT_ROW) or 1)
        put_state(connection, NEXT_ROW, str(first + sum(map(len, made))))
        rows: list[dict[str, Any]] = []
        data: list[dict[str, Any]] = []
        leads: list[tuple[int, Entry]] = []
        for group in made:
            lead, *others = group
            row = first + len(rows)
            one = _entry_of(group)
            leads.append((row, one))
            added_at = min(kept.added_at for kept in group)
            rows.append(
                {
                    **self._row(lead, one.title, None),
                    "row": row,
                    "sort_name": one.sort_name,
                    "added_at": added_at,
                }
            )
            data.append({"row": row, "whole": one.whole, "own": lead.whole if others else None})
            for kept in others:
                row = first + len(rows)
                rows.append({**self._row(kept, kept.part.title, lead.id), "row": row, "sort_name": ""})
                data.append({"row": row, "whole": kept.whole, "own": None})
        connection.execute(insert(tables.titles), rows)
        connection.execute(insert(tables.title_data), data)
        if names := [{"row": row, "name": name} for row, one in leads for name in one.names]:
            connection.execute(insert(tables.title_names), names)
        connection.execute(
            insert(tables.title_tags), [{"row": row, "tag": tag} for row, one in leads for tag in one.tags]
        )
        worded = [(row, one.words()) for row, one in leads]
        put_words(connection, worded)
        self._enter_vocabulary(connection, {word for _, words in worded for word in words.vocabulary})

    def _row(self, kept: Kept, title: Title, lead: TitleId | None) -> dict[str, Any]:
        return {
            "id": kept.id,
            "lead": lead,
            "source": kept.part.source,
            "seen_at": kept.seen_at,
            "added_at": kept.added_at,
            "digest": kept.digest,
            "kind": title.kind.value,
            "year": title.year,
            "minutes": title.minutes,
            "children": title.children,
            "rating": title.rating.value if title.rating else 0.0,
            **self._judged(title, lead),
        }

    def _enter_vocabulary(self, connection: "Connection", words: set[str]) -> None:
        from sqlalchemy import insert

        from matinee.storage.tables import title_vocabulary

        known = self._vocabulary if self._vocabulary is not None else read_vocabulary(connection)
        if missing := words - known:
            connection.execute(insert(title_vocabulary), [{"word": word} for word in sorted(missing)])
        known |= missing
        self._vocabulary = known


def _near(connection: "Connection", coming: Sequence[Kept], changed: set[TitleId]) -> list[tuple[Kept, ...]]:
    """Read the groups of what changes, and all that touch it, and what touches those."""
    from sqlalchemy import func, select

    from matinee.storage.tables import titles

    lead = select(func.coalesce(titles.c.lead, titles.c.id)).where(titles.c.id.in_(changed))
    found = _read_groups(connection, set(connection.scalars(lead)))
    frontier = [one.part for one in (*coming, *(one for group in found.values() for one in group))]
    read: dict[str, tuple[Kept, ...]] = {}
    while frontier and sum(map(len, found.values())) <= MOST_NEAR:
        leads = _leads(connection, frontier) - found.keys()
        read.update(_read_groups(connection, leads - read.keys()))
        near = {name: [one.part for one in read[name]] for name in sorted(leads)}
        reached = touching(frontier, near)
        found.update((name, read[name]) for name in reached)
        frontier = [part for name in reached for part in near[name]]
    return list(found.values())


def _leads(connection: "Connection", parts: Sequence[Part]) -> set[str]:
    """Find who leads what has a key in common with some parts."""
    from sqlalchemy import select

    from matinee.storage.tables import title_names, title_tags, titles

    keys = {key for part in parts for key in part.near_keys}
    tagged = select(titles.c.id).join(title_tags, title_tags.c.row == titles.c.row)
    found = set(connection.scalars(tagged.where(title_tags.c.tag.in_(keys))))
    years = [part.title.year for part in parts]
    named = (
        select(titles.c.id, titles.c.kind, titles.c.year, title_names.c.name)
        .join(title_names, title_names.c.row == titles.c.row)
        .where(title_names.c.name.in_({name for part in parts for name in part.names}))
        .where(titles.c.year.between(min(years) - YEARS_APART, max(years) + YEARS_APART))
    )
    found.update(
        row.id for row in connection.execute(named) if named_key(Kind(row.kind), row.year, row.name) in keys
    )
    return found


def _read_groups(connection: "Connection", leads: Iterable[str]) -> dict[str, tuple[Kept, ...]]:
    """Read groups by the ids of those that lead."""
    from sqlalchemy import func, or_, select

    from matinee.storage.tables import title_data, titles

    wanted = sorted(leads)
    asked = (
        select(titles, func.coalesce(title_data.c.own, title_data.c.whole).label("said"))
        .join(title_data, title_data.c.row == titles.c.row)
        .where(or_(titles.c.id.in_(wanted), titles.c.lead.in_(wanted)))
    )
    found: dict[str, tuple[Kept, ...]] = dict.fromkeys(wanted, ())
    for row in connection.execute(asked):
        title = read_title(row.said)
        if title is not None:
            kept = Kept(Part(row.source, title), row.digest, row.said, row.seen_at, row.added_at)
            found[row.lead or row.id] += (kept,)
    return found


def _led(group: Sequence[Kept], lead: str) -> list[Kept]:
    """Give a group with the part first that leads it."""
    return sorted(group, key=lambda kept: kept.id != lead)


def _entry_of(group: Sequence[Kept]) -> Entry:
    """Give what is kept of a title; the part that leads is first."""
    lead, *others = group
    if not others:
        return lead.entry
    return entry(joined([kept.part for kept in group]), [kept.part for kept in group])


def _as_before(group: Sequence[Kept], before: set[frozenset[TitleId]], changed: set[TitleId]) -> bool:
    ids = frozenset(one.id for one in group)
    return ids in before and not ids & changed


def _delete(connection: "Connection", ids: set[TitleId]) -> None:
    from sqlalchemy import delete

    from matinee.storage.tables import titles

    if ids:
        connection.execute(delete(titles).where(titles.c.id.in_(ids)))


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
    from sqlalchemy import delete, insert

    from matinee.storage.tables import catalogue_state

    connection.execute(delete(catalogue_state).where(catalogue_state.c.key == key))
    connection.execute(insert(catalogue_state).values(key=key, value=value))
