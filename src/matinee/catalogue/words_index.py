"""The index of words in the two databases' own tongues: FTS5 of SQLite, text search of PostgreSQL.

A question is groups of words: of each group one at least must be there. Words are folded: letters and digits alone,
so nothing in them means anything to either database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from matinee.catalogue.entries import EntryWords
from matinee.storage.bulk import as_rows, given, item, statement

if TYPE_CHECKING:
    from sqlalchemy import Connection

Term = tuple[str, bool]
"""A word, and whether it may be the beginning of one."""
Groups = Sequence[Sequence[Term]]


class Scope(Enum):
    """Where the words must be."""

    NAMES = ("names",)
    FACTS = ("names", "facts")
    ALL = ("words",)
    """In names, facts and synopsis: an index of its own, for it is five times as long."""


@dataclass(frozen=True, slots=True)
class Matching:
    """How titles are found by words."""

    table: str
    row: str
    """Its column that holds the title's row."""
    condition: str
    parameters: dict[str, str]


def put_words(connection: "Connection", rows: Sequence[tuple[int, EntryWords]]) -> None:
    """Enter the words of new titles, by row."""
    if not rows:
        return
    dialect = connection.dialect.name
    key = "rowid" if dialect == "sqlite" else "row"
    for table, columns, words in _columns(rows):
        taken = [item(dialect, number + 1) for number in range(len(columns))]
        if dialect != "sqlite":
            taken = [f"array_to_tsvector(string_to_array({one}, ' '))" for one in taken]
        values = ", ".join((item(dialect, 0, "INTEGER"), *taken))
        sql = f"INSERT INTO {table} ({key}, {', '.join(columns)}) SELECT {values} FROM {given(dialect)}"  # noqa: S608 - ours
        connection.execute(statement(sql), {"rows": as_rows(words)})


def drop_words(connection: "Connection", rows: Sequence[tuple[int, EntryWords]]) -> None:
    """Take titles that go out of the index: SQLite's knows no words but those that are given here."""
    dialect = connection.dialect.name
    if dialect != "sqlite" or not rows:
        return
    for table, columns, words in _columns(rows):
        values = ", ".join(item(dialect, number) for number in range(1 + len(columns)))
        into = f"{table} ({table}, rowid, {', '.join(columns)})"
        sql = f"INSERT INTO {into} SELECT 'delete', {values} FROM {given(dialect)}"  # noqa: S608 - no data in it
        connection.execute(statement(sql), {"rows": as_rows(words)})


def having_word(dialect: str, word: str) -> str:
    """Give a question for a title that has a word among its names, people and other facts.

    Args:
        dialect: SQLAlchemy's name of the database's.
        word: SQL that gives the word, folded.
    """
    if dialect == "sqlite":
        # Entries of titles that are gone lead nowhere, see ``search``.
        found = f"title_words JOIN titles t ON t.row = title_words.rowid WHERE title_words MATCH '\"' || {word} || '\"'"
    else:
        found = f"title_words w WHERE (w.names || w.facts) @@ CAST(quote_literal({word}) AS tsquery)"
    return f"SELECT 1 FROM {found}"  # noqa: S608 - no data in it


def _columns(
    rows: Sequence[tuple[int, EntryWords]],
) -> tuple[tuple[str, tuple[str, ...], list[tuple[int | str, ...]]], ...]:
    """Say for each of the two indexes which columns it has, and each title's row and what stands in them."""
    return (
        ("title_words", ("names", "facts"), [(row, _line(one.names), _line(one.facts)) for row, one in rows]),
        ("title_texts", ("words",), [(row, _line(one.names | one.facts | one.texts)) for row, one in rows]),
    )


def _line(words: set[str]) -> str:
    return " ".join(words)


def matching(dialect: str, groups: Groups, scope: Scope, but_not: tuple[Groups, Scope] | None) -> Matching:
    """Say how titles are found by words.

    Args:
        dialect: SQLAlchemy's name of the database's.
        groups: at least one, none of them empty.
        scope: where the words must be.
        but_not: what must not be fulfilled besides.
    """
    table = _table(scope)
    row = f"{table}.{'rowid' if dialect == 'sqlite' else 'row'}"
    if dialect == "sqlite":
        return _matching_sqlite(table, row, groups, scope, but_not)
    condition = f"({_vector(scope)}) @@ CAST(:question AS tsquery)"
    parameters = {"question": _tsquery(groups)}
    if but_not is not None:
        other = _table(but_not[1])
        found = f"SELECT 1 FROM {other} o WHERE o.row = {row} AND ({_vector(but_not[1])}) @@ CAST(:but_not AS tsquery)"  # noqa: S608 - ours
        condition += f" AND NOT EXISTS ({found})"
        parameters["but_not"] = _tsquery(but_not[0])
    return Matching(table, row, condition, parameters)


def _matching_sqlite(
    table: str, row: str, groups: Groups, scope: Scope, but_not: tuple[Groups, Scope] | None
) -> Matching:
    question = _fts(groups, scope)
    condition, parameters = f"{table} MATCH :question", {"question": question}
    if but_not is not None:
        other, unwanted = _table(but_not[1]), _fts(*but_not)
        if other == table:
            parameters["question"] = f"({question}) NOT ({unwanted})"
        else:
            condition += f" AND {row} NOT IN (SELECT rowid FROM {other} WHERE {other} MATCH :but_not)"  # noqa: S608 - ours
            parameters["but_not"] = unwanted
    return Matching(table, row, condition, parameters)


def _table(scope: Scope) -> str:
    return "title_texts" if scope is Scope.ALL else "title_words"


def _fts(groups: Groups, scope: Scope) -> str:
    parts = (
        "(" + " OR ".join(f'"{word}"{" *" if open_ else ""}' for word, open_ in one) + ")" for one in groups
    )
    return f"{{{' '.join(scope.value)}}} : ({' AND '.join(parts)})"


def _vector(scope: Scope) -> str:
    return " || ".join(scope.value)


def _tsquery(groups: Groups) -> str:
    parts = (
        "(" + " | ".join(f"'{word}'{':*' if open_ else ''}" for word, open_ in one) + ")" for one in groups
    )
    return " & ".join(parts)
