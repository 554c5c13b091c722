"""The index of words in the two databases' own tongues: FTS5 of SQLite, text search of PostgreSQL.

A question is groups of words: of each group one at least must be there. Words are folded: letters and digits alone,
so nothing in them means anything to either database.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

Term = tuple[str, bool]
"""A word, and whether it may be the beginning of one."""
Groups = Sequence[Sequence[Term]]


class Scope(Enum):
    """Where the words must be."""

    NAMES = ("names",)
    FACTS = ("names", "facts")
    ALL = ("names", "facts", "texts")


def put_words(connection: "Connection", rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter the words of new titles: ``row``, and ``names``, ``facts``, ``texts`` with a space between words."""
    from sqlalchemy import text

    if connection.dialect.name == "sqlite":
        sql = "INSERT INTO title_words (rowid, names, facts, texts) VALUES (:row, :names, :facts, :texts)"
    else:
        vectors = ", ".join(
            f"array_to_tsvector(string_to_array(:{one}, ' '))" for one in ("names", "facts", "texts")
        )
        sql = f"INSERT INTO title_words (row, names, facts, texts) VALUES (:row, {vectors})"  # noqa: S608 - no data in it
    connection.execute(text(sql), list(rows))


def row_column(dialect: str) -> str:
    """Give the index's column that holds the title's row."""
    return "title_words.rowid" if dialect == "sqlite" else "title_words.row"


def matching(
    dialect: str, groups: Groups, scope: Scope, but_not: tuple[Groups, Scope] | None
) -> tuple[str, dict[str, str]]:
    """Give a condition on the index, and its parameters.

    Args:
        dialect: SQLAlchemy's name of the database's.
        groups: at least one, none of them empty.
        scope: where the words must be.
        but_not: what must not be fulfilled besides.
    """
    if dialect == "sqlite":
        question = _fts(groups, scope)
        if but_not is not None:
            question = f"({question}) NOT ({_fts(*but_not)})"
        return "title_words MATCH :question", {"question": question}
    condition = f"({_vector(scope)}) @@ CAST(:question AS tsquery)"
    parameters = {"question": _tsquery(groups)}
    if but_not is not None:
        condition += f" AND NOT ({_vector(but_not[1])}) @@ CAST(:but_not AS tsquery)"
        parameters["but_not"] = _tsquery(but_not[0])
    return condition, parameters


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
