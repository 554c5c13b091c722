"""What each source says of titles, kept apart, and the titles that are made of it: the work of the writing thread.

Of a title that several sources have, the row of the part that leads (``joining``) is what is found: with all names,
tags and words, and the whole of the joined title. The others have a row that points to it, and what they say, so that
they can be parted again. When a part comes, changes or goes, it is joined anew with what is near it; the rest stays.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from matinee.catalogue.entries import Entry, EntryWords, digest_of, entry
from matinee.catalogue.joining import Part, groups, joined
from matinee.catalogue.kept import Kept, near, next_rows, put_state, read_groups, read_title, state
from matinee.catalogue.law import Law
from matinee.catalogue.words_index import drop_words, put_words
from matinee.models.catalogue import SHELF
from matinee.models.rights import Standing
from matinee.models.title import Title
from matinee.storage.bulk import as_rows, given, insert_rows, item, statement
from matinee.storage.snapshot import WORDLESS
from matinee.types import TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ROW = (
    "row", "id", "lead", "source", "seen_at", "added_at", "digest", "kind", "year", "minutes", "children", "rating",
    "sort_name", "judged", "shown", "allowed",
)  # fmt: skip


def prepared(source: str, titles: Iterable[Title]) -> list[Entry]:
    """Make of titles what is kept of them, and find what the database need not know: half of the work. Pure."""
    found = []
    for title in titles:
        part = Part(source, title)
        one = entry(title, (part,))
        # These are remembered, and wanted of nearly every title that comes.
        _ = part.near_keys, one.names, one.words, one.tags
        found.append(one)
    return found


class Parts:
    """The tables of titles.

    Args:
        law: whether a title is shown here.
    """

    def __init__(self, law: Law) -> None:
        self._law = law

    def put(
        self, connection: "Connection", source: str, said: Sequence[Entry], moment: str, known: set[str]
    ) -> None:
        """Keep what a source says of titles, see ``prepared``, or replace what it said of them before.

        Args:
            connection: to the database.
            source: whose titles they are.
            said: what it says.
            moment: RFC 3339, UTC.
            known: words that are in the vocabulary for certain; more are when this returns.
        """
        from sqlalchemy import update

        from matinee.storage.tables import titles as table

        entries = {one.title.id: one for one in said}
        kept = _kept_of(connection, entries)
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
            coming.append(Kept(one, moment, added_at))
        if same:
            connection.execute(update(table).where(table.c.id.in_(same)).values(seen_at=moment))
        if coming:
            leads = {kept[one.id].lead or one.id for one in coming if one.id in kept}
            self._join(connection, coming, {one.id for one in coming if one.id in kept}, leads, known)

    def forget(self, connection: "Connection", source: str, moment: str, most: int) -> int:
        """Forget some of what a source gave at another moment than this, its last; gives how many.

        Another, not an earlier: what was given before the clock was set back would stay until that day comes again.
        """
        from sqlalchemy import select

        from matinee.storage.tables import titles as table

        old = select(table.c.id, table.c.lead).where(table.c.source == source, table.c.seen_at != moment)
        going = {TitleId(one.id): one.lead or one.id for one in connection.execute(old.limit(most))}
        if going:
            self._join(connection, (), going.keys(), set(going.values()), set())
        return len(going)

    def drop(self, connection: "Connection", source: str, ids: Sequence[TitleId]) -> bool:
        """Forget some titles of a source; says whether there were any."""
        from sqlalchemy import select

        from matinee.storage.tables import titles as table

        known = select(table.c.id, table.c.lead).where(table.c.id.in_(ids), table.c.source == source)
        going = {TitleId(one.id): one.lead or one.id for one in connection.execute(known)}
        if going:
            self._join(connection, (), going.keys(), set(going.values()), set())
        return bool(going)

    def forget_old(self, connection: "Connection", ids: Sequence[TitleId], before: str) -> None:
        """Forget some titles, but for what has been given again since this moment."""
        from sqlalchemy import select

        from matinee.storage.tables import titles as table

        old = select(table.c.id, table.c.lead).where(table.c.id.in_(ids), table.c.seen_at < before)
        going = {TitleId(one.id): one.lead or one.id for one in connection.execute(old)}
        if going:
            self._join(connection, (), going.keys(), set(going.values()), set())

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
        groups = read_groups(connection, [one.id for one in found])
        ordered = [(row, _led(groups[lead], lead)) for row, lead in found]
        put_words(connection, [(row, _entry_of(group).words) for row, group in ordered if group])
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

    def _join(
        self,
        connection: "Connection",
        coming: Sequence[Kept],
        going: Collection[TitleId],
        leads: set[str],
        known: set[str],
    ) -> None:
        """Join anew what is near to what comes and goes.

        Args:
            connection: to the database.
            coming: what is to be kept.
            going: which rows are not good any more: those of what goes, and of what comes and was here already.
            leads: who leads those.
            known: words that are in the vocabulary, see ``put``.
        """
        changed = {*(one.id for one in coming), *going}
        before = near(connection, [one.part for one in coming], leads)
        stays = [one for group in before for one in group if one.id not in changed]
        pool = {one.id: one for one in (*stays, *coming)}
        found = [
            tuple(pool[part.title.id] for part in group)
            for group in groups(one.part for one in pool.values())
        ]
        # A group that is as it was stays: its rows are good. The others are entered in the order in which they come.
        good = {frozenset(one.id for one in group) for group in before}
        made = [group for group in found if not _as_before(group, good, changed)]
        place = {title_id: number for number, title_id in enumerate(pool)}
        made.sort(key=lambda group: min(place[one.id] for one in group))
        untouched = {one.id for group in found for one in group} - {one.id for group in made for one in group}
        gone = [group for group in before if not {one.id for one in group} <= untouched]
        drop_words(connection, list(_words_of(gone)))
        _delete(connection, {*going, *(one.id for group in gone for one in group)})
        if made:
            self._enter(connection, made, known)

    def _enter(self, connection: "Connection", made: Sequence[tuple[Kept, ...]], known: set[str]) -> None:
        from matinee.storage import tables

        first = next_rows(connection, sum(map(len, made)))
        rows: list[Sequence[Any]] = []
        data: list[tuple[int, str, str | None]] = []
        leads: list[tuple[int, Entry]] = []
        for group in made:
            lead, *others = group
            row = first + len(rows)
            one = _entry_of(group)
            leads.append((row, one))
            added_at = min(kept.added_at for kept in group)
            rows.append(self._row(row, lead, one.title, None, added_at, one.sort_name))
            data.append((row, one.whole, lead.entry.whole if others else None))
            for kept in others:
                row = first + len(rows)
                rows.append(self._row(row, kept, kept.part.title, lead.id, kept.added_at, ""))
                data.append((row, kept.entry.whole, None))
        insert_rows(connection, tables.titles, _ROW, rows)
        insert_rows(connection, tables.title_data, ("row", "whole", "own"), data)
        names = [(row, name, one.title.year) for row, one in leads for name in one.names]
        insert_rows(connection, tables.title_names, ("row", "name", "year"), names)
        tags = [(row, tag) for row, one in leads for tag in one.tags]
        insert_rows(connection, tables.title_tags, ("row", "tag"), tags)
        worded = [(row, one.words) for row, one in leads]
        put_words(connection, worded)
        new = sorted(set().union(*(words.vocabulary for _, words in worded)) - known)
        insert_rows(connection, tables.title_vocabulary, ("word",), [(word,) for word in new], new=True)
        known.update(new)

    def _row(
        self, row: int, kept: Kept, title: Title, lead: TitleId | None, added_at: str, sort_name: str
    ) -> Sequence[Any]:
        judged = self._judged(title, lead)
        said = (
            title.kind.value,
            title.year,
            title.minutes,
            title.children,
            title.rating.value if title.rating else 0.0,
        )
        source = kept.part.source
        return (
            row,
            kept.id,
            lead,
            source,
            kept.seen_at,
            added_at,
            kept.entry.digest,
            *said,
            sort_name,
            *judged.values(),
        )


def _kept_of(connection: "Connection", ids: Iterable[TitleId]) -> dict[str, Any]:
    """Read what is here of these, each by its id."""
    dialect = connection.dialect.name
    sql = f"""
        SELECT t.id, t.lead, t.digest, t.source, t.added_at
        FROM {given(dialect)} JOIN titles t ON t.id = {item(dialect, 0)}"""  # noqa: S608 - no data in it
    found = connection.execute(statement(sql), {"rows": as_rows([(one,) for one in ids])})
    return {row.id: row for row in found}


def _led(group: Sequence[Kept], lead: str) -> list[Kept]:
    """Give a group with the part first that leads it."""
    return sorted(group, key=lambda kept: kept.id != lead)


def _entry_of(group: Sequence[Kept]) -> Entry:
    """Give what is kept of a title; the part that leads is first."""
    lead, *others = group
    if not others:
        return lead.entry
    return entry(joined([kept.part for kept in group]), [kept.part for kept in group])


def _words_of(groups: Iterable[Sequence[Kept]]) -> Iterator[tuple[int, EntryWords]]:
    """Give rows, and the words under which they are in the index: none where that is not certain."""
    for group in groups:
        lead, made = group[0], _entry_of(group)
        if made.whole == lead.joined and digest_of(lead.entry.whole) == lead.entry.digest:
            yield lead.row, made.words


def _as_before(group: Sequence[Kept], before: set[frozenset[TitleId]], changed: set[TitleId]) -> bool:
    ids = frozenset(one.id for one in group)
    return ids in before and not ids & changed


def _delete(connection: "Connection", ids: set[TitleId]) -> None:
    from sqlalchemy import delete

    from matinee.storage.tables import titles

    if ids:
        connection.execute(delete(titles).where(titles.c.id.in_(ids)))
