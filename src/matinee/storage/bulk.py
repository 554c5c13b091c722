"""Many rows in one step: all of them go to the database as one JSON text, which it takes apart by itself.

Row by row Python's SQLite module gives the interpreter away and asks for it back each time; beside a search that is
up to 5 ms a row. SQLAlchemy's own share of a row falls away too.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


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
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


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
    from sqlalchemy import text

    if not rows:
        return
    dialect = connection.dialect
    # Of a text its collation is the column's, and no part of its type.
    kinds = [table.c[name].type.compile(dialect).partition(" COLLATE")[0] for name in columns]
    values = ", ".join(item(dialect.name, number, kind) for number, kind in enumerate(kinds))
    names = ", ".join(f'"{name}"' for name in columns)
    # WHERE: without it SQLite takes ON CONFLICT for the condition of a join.
    end = " WHERE true ON CONFLICT DO NOTHING" if new else ""
    sql = f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {given(dialect.name)}{end}"  # noqa: S608 - no data in it
    connection.execute(text(sql), {"rows": as_rows(rows)})
