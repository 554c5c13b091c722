"""Many rows in one step: all of them go to the database as one JSON text, which it takes apart by itself.

Row by row Python's SQLite module gives the interpreter away and asks for it back each time; beside a search that is
up to 5 ms a row. SQLAlchemy's own share of a row falls away too.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table, TextClause

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def given(dialect: str) -> str:
    """Give what stands in FROM for the rows of the parameter ``rows``, see ``as_rows``; ``item`` gives their values."""
    return (
        "json_each(:rows) w" if dialect == "sqlite" else "json_array_elements(CAST(:rows AS json)) w(value)"
    )


def item(dialect: str, number: int, kind: str = "TEXT") -> str:
    """Give the SQL of a value of such a row.

    Args:
        dialect: SQLAlchemy's name of the database's.
        number: its place in the row, from 0.
        kind: its type in SQL.
    """
    if dialect == "sqlite":
        return f"json_extract(w.value, '$[{number}]')"
    return f"CAST(w.value ->> {number} AS {kind})"


def as_rows(rows: Sequence[Sequence[Any]]) -> str:
    """Give rows as the parameter ``rows``."""
    return _encode(rows)


@cache
def statement(sql: str) -> "TextClause":
    """Give a statement that is asked again and again: made anew each time, it takes as long as its answer."""
    from sqlalchemy import text

    return text(sql)


def insert_rows(
    connection: "Connection",
    table: "Table",
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    new: bool = False,
) -> None:
    """Insert rows, each with a value for each of the columns.

    Args:
        connection: to the database.
        table: where they go.
        columns: which they have; the others are null.
        rows: none is fine.
        new: leave out what is there already.
    """
    if rows:
        sql = _insert(connection.dialect.name, table, tuple(columns), new=new)
        connection.execute(statement(sql), {"rows": as_rows(rows)})


@cache
def _insert(dialect: str, table: "Table", columns: tuple[str, ...], *, new: bool) -> str:
    from sqlalchemy.dialects import registry

    named = registry.load(dialect)()
    # Of a text its collation is the column's, and no part of its type.
    kinds = [table.c[name].type.compile(named).partition(" COLLATE")[0] for name in columns]
    values = ", ".join(item(dialect, number, kind) for number, kind in enumerate(kinds))
    names = ", ".join(f'"{name}"' for name in columns)
    # WHERE: without it SQLite takes ON CONFLICT for the condition of a join.
    end = " WHERE true ON CONFLICT DO NOTHING" if new else ""
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {given(dialect)}{end}"  # noqa: S608 - no data in it
