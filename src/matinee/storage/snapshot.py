"""The whole database as one SQLite file, and back: whichever of the two kinds it is, and while a program uses it.

SQLite is copied by its own online backup. PostgreSQL's rows are read in one transaction and written into a SQLite file
whose tables the same migrations have made; the other way round likewise. docs/decisions/0026-backup.md.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.errors import StorageFailed
from matinee.storage import sqlite_file
from matinee.storage.database import HEAD, SQLITE, upgrade

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

ROWS = 50
"""Copied at once: a torrent's row may have tens of megabytes."""
WORDLESS = "wordless"
"""Key of ``catalogue_state``: the words of titles up to this row are in the index; of the others they must be made."""
_OWN = ("alembic_version",)


def take(url: str, to: Path) -> str:
    """Copy a database, as it is at this moment, into a new SQLite file; gives its version.

    Raises:
        StorageFailed: there is none, it is damaged, or its server does not answer.
        OSError: the file cannot be written.
    """
    if not url.startswith(SQLITE):
        return _from_server(url, to)
    path = Path(url.removeprefix(SQLITE))
    if not path.exists():
        raise StorageFailed(f"There is no database at {path}. Name the data folder with --data-dir.")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        return version_of(to)
    except sqlite3.Error as error:
        raise StorageFailed(f"The database cannot be copied: {error}.") from error


def version_of(path: Path) -> str:
    """Give the version of a sound SQLite file of ours.

    Raises:
        StorageFailed: it is damaged, or none of ours.
    """
    try:
        found = sqlite_file.complaint(path)
        if found is None:
            with closing(sqlite3.connect(path)) as connection:
                # Ours has neither; whoever puts one in wants something to be done when it is opened.
                if connection.execute(
                    "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')"
                ).fetchone():
                    raise StorageFailed("The database holds what no database of Matinee does.")
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if row is not None:
                return str(row[0])
            found = "its version is not there"
    except sqlite3.Error as error:
        found = str(error)
    raise StorageFailed(f"The database is damaged: {found}.")


def put(path: Path, url: str) -> None:
    """Replace what is in a PostgreSQL database by a SQLite file of ours: all of it, or nothing.

    Tables that are not Matinee's stay. Afterwards it has the file's version.

    Raises:
        StorageFailed: the server refuses.
    """
    version = version_of(path)
    with _connected(url) as target, _connected(f"{SQLITE}{path}") as source:
        _drop(target)
        upgrade(target, version)
        copy_rows(source, target)


def is_empty(url: str) -> bool:
    """Tell whether a PostgreSQL database has no table of ours.

    Raises:
        StorageFailed: the server refuses.
    """
    with _connected(url) as connection:
        return not _ours(connection)


def copy_rows(source: "Connection", target: "Connection") -> None:
    """Copy every row of every table but the indexes of words, which the next start makes again."""
    from sqlalchemy import delete, insert, select

    there, here = _tables(source), _tables(target)
    ours = [
        table for table in here.sorted_tables if table.name in there.tables
    ]  # others may live on a server, too
    for table in ours:
        target.execute(delete(table))
        # What the driver holds of it is read, and written, in parts.
        this = select(there.tables[table.name])
        rows = source.execute(this, execution_options={"yield_per": ROWS}).mappings()
        for part in rows.partitions(ROWS):
            target.execute(insert(table), [dict(row) for row in part])
    if "catalogue_state" in here.tables:
        state = here.tables["catalogue_state"]
        target.execute(delete(state).where(state.c.key == WORDLESS))
        target.execute(insert(state).values(key=WORDLESS, value="0"))
    if target.dialect.name == "postgresql":
        _count_on(target, ours)


def _from_server(url: str, to: Path) -> str:
    from sqlalchemy import text

    with _connected(url, isolation_level="REPEATABLE READ") as source:
        if not _ours(source):
            raise StorageFailed("There is nothing of Matinee in this database. Is it the right one?")
        version = str(source.execute(text("SELECT version_num FROM alembic_version")).scalar())
        if version > HEAD:
            raise StorageFailed(
                f"The database was changed by a newer Matinee (version {version}, this one knows {HEAD}). "
                "Use the newer one."
            )
        with _connected(f"{SQLITE}{to}") as target:
            upgrade(target, version)
            copy_rows(source, target)
    return version


@contextmanager
def _connected(url: str, **options: str) -> "Iterator[Connection]":
    """Connect for one transaction."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    engine = create_engine(url, poolclass=NullPool, **options)
    if url.startswith(SQLITE):
        event.listen(engine, "connect", _plain)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StorageFailed(f"The database refused: {getattr(error, 'orig', error)}.") from error
    finally:
        engine.dispose()


def _plain(connection: sqlite3.Connection, _: object) -> None:
    """As ``sqlite_file.safe``, for a file that one process alone uses."""
    connection.isolation_level = None
    connection.text_factory = sqlite_file.text


def _ours(connection: "Connection") -> list[str]:
    from sqlalchemy import inspect

    from matinee.storage.tables import WORD_INDEXES, metadata

    there = set(inspect(connection).get_table_names())
    return [name for name in (*metadata.tables, *WORD_INDEXES, *_OWN) if name in there]


def _drop(connection: "Connection") -> None:
    for name in _ours(connection):
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def _tables(connection: "Connection") -> "MetaData":
    """Describe the tables as they are, not as this program has them: an older program's are copied as well."""
    from sqlalchemy import MetaData, inspect

    from matinee.storage.tables import WORD_INDEXES

    names = [
        name
        for name in inspect(connection).get_table_names()
        if name not in _OWN and not name.startswith(WORD_INDEXES)
    ]
    found = MetaData()
    found.reflect(connection, only=names)
    return found


def _count_on(connection: "Connection", tables: "Sequence[Table]") -> None:
    """Have PostgreSQL number new rows after those that were copied."""
    for table in tables:
        for column in table.primary_key.columns:
            name = connection.exec_driver_sql(
                "SELECT pg_get_serial_sequence(%s, %s)", (table.name, column.name)
            ).scalar()
            if name is not None:
                newest = f'SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}"'  # noqa: S608 - our own names
                connection.exec_driver_sql(f"SELECT setval('{name}', ({newest}), false)")
