"""One database, one thread that writes and one that reads: coroutines in, results out.

SQLAlchemy costs 0.75 s to import here and Alembic another 0.3 s and 11 MB, so both are imported on the writer's
thread, the second only when an older program's tables must change; the program answers meanwhile
(docs/decisions/0002-start.md).
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from matinee.errors import Starting, StorageFailed
from matinee.storage import sqlite_file

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

HEAD = "0013"
"""The newest migration; a test holds it to be Alembic's own answer."""


SQLITE = "sqlite:///"
PATIENCE_S = 30.0


class _Damaged(Exception):
    """What is there cannot be a database of ours."""


class Database:
    """The program's database. Every call is one transaction: on the writer's thread, or on one that only reads.

    A search does not wait for what is being written, nor does a write for a search; docs/decisions/0019-search.md.
    """

    def __init__(self, url: str, folder: Path | None = None) -> None:
        """Use a database; of PostgreSQL a copy is kept in ``folder`` before its tables change."""
        self._url = url
        self._folder = folder
        self._path = Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None
        self._engine: Engine | None = None
        self._opened = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, "database")
        self._queue: set[object] = set()
        """Who waits for the writer's turn."""
        self._reader = ThreadPoolExecutor(1, "database-reader")

    @classmethod
    def of(cls, url: str, folder: Path) -> "Database":
        """Use the database that a setting names, or a SQLite file in the data folder where it names none."""
        return cls(url or cls.url_in(folder), folder)

    @classmethod
    def in_folder(cls, folder: Path) -> "Database":
        """Use a SQLite file in the data folder."""
        return cls(cls.url_in(folder), folder)

    @staticmethod
    def url_in(folder: Path) -> str:
        """Give the address of the SQLite file in a data folder."""
        return f"{SQLITE}{folder / 'matinee.sqlite'}"

    async def open(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            StorageFailed: it cannot be opened, or a newer program has changed it.
        """
        await self._run(self._open)
        self._opened.set()

    async def opened(self) -> None:
        """Wait until it is open: the program answers before.

        Raises:
            Starting: it takes very long.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._opened.wait()
        except TimeoutError:
            raise Starting("Matinee is still starting. Try again in a moment.") from None

    async def run(self, work: Callable[["Connection"], T]) -> T:
        """Run ``work`` in one transaction: committed, and on the disk, when this returns.

        Raises:
            StorageFailed: the database refused; nothing of the transaction is left.
        """
        return await self._run(self._transact, work)

    @property
    def waited_for(self) -> bool:
        """Tell whether somebody waits to write: long work on the writer's thread ends its transaction then."""
        return bool(self._queue)

    async def read(self, work: Callable[["Connection"], T]) -> T:
        """Run ``work``, which changes nothing, beside what is being written; it sees what was committed before.

        Raises:
            StorageFailed: the database refused.
        """
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._transact, work)

    async def keep_copy(self) -> None:
        """Keep a copy of a database that opened well, to begin again from should it be damaged; SQLite alone.

        Raises:
            StorageFailed: there is no room, or it cannot be written.
        """
        if self._path is not None:
            try:
                await self._run(sqlite_file.keep_copy, self._path)
            except (OSError, sqlite3.Error) as error:
                raise StorageFailed(f"No copy of the database could be kept: {error}.") from error

    async def write_back(self) -> None:
        """Have SQLite bring its log into the database beside who writes: a commit that has to waits for the disk.

        Raises:
            StorageFailed: it refuses.
        """
        if self._path is not None:
            try:
                await asyncio.to_thread(sqlite_file.write_back, self._path)
            except sqlite3.Error as error:
                raise StorageFailed(f"The database refused: {error}.") from error

    async def keep_pages(self) -> None:
        """Have the writer keep more of SQLite's pages, until ``let_go``: for who writes very much."""
        if self._path is not None:
            await self._run(self._transact, lambda connection: sqlite_file.keep_pages(connection.connection))

    async def let_go(self) -> None:
        """Give back what the writer keeps in memory of a large change; nothing that was written is touched."""
        if self._path is not None:
            await self._run(self._transact, lambda connection: sqlite_file.let_go(connection.connection))

    async def close(self) -> None:
        """Finish what is queued and close. Harmless when called twice."""
        if self._engine is not None:
            engine, self._engine = self._engine, None
            await asyncio.to_thread(self._reader.shutdown, wait=True)
            await self._run(engine.dispose)
        self._writer.shutdown(wait=True)

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        place = object()

        def turn() -> T:
            self._queue.discard(place)
            return work(*args)

        self._queue.add(place)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._writer, turn)
        finally:
            # Who is cancelled while waiting never has a turn.
            self._queue.discard(place)

    def _open(self) -> None:
        from sqlalchemy.exc import DatabaseError

        try:
            self._engine = self._sound()
        except (DatabaseError, sqlite3.Error, OSError) as error:
            reason = getattr(error, "orig", error)
            raise StorageFailed(f"The database cannot be opened: {reason}.") from error

    def _sound(self) -> "Engine":
        """Connect; a damaged file gives way to its last good copy, and a damaged copy to an empty database."""
        from sqlalchemy.exc import DatabaseError

        if self._path is None:
            try:
                return self._connect()
            except _Damaged as error:
                raise StorageFailed(
                    f"The database cannot be used: {error}. Restore it from a backup, or name another one."
                ) from error
        for use_copy in (True, False):
            try:
                reason = sqlite_file.complaint(self._path)
                if reason is None:
                    return self._connect()
            except _Damaged as error:
                reason = str(error)
            except DatabaseError as error:
                if not sqlite_file.is_damage(error.orig):
                    raise
                reason = str(error.orig)
            sqlite_file.begin_again(self._path, reason, use_copy=use_copy)
        return self._connect()

    def _connect(self) -> "Engine":
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import SingletonThreadPool

        # A connection a thread: handed to and fro, each would throw away its pages whenever the other has written.
        engine = create_engine(self._url, poolclass=SingletonThreadPool)
        if self._path is not None:
            event.listen(engine, "connect", sqlite_file.safe)
            event.listen(engine, "begin", _begin)
        try:
            self._migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _migrate(self, engine: "Engine") -> None:
        from sqlalchemy import inspect, text

        from matinee.storage.tables import WORD_INDEXES, metadata

        with engine.begin() as connection:
            tables = set(inspect(connection).get_table_names())
            if not tables:
                _create(connection)
                return
            found = None
            if "alembic_version" in tables:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if found == HEAD:
                if missing := {*metadata.tables, *WORD_INDEXES} - tables:
                    raise _Damaged(f"tables are missing ({', '.join(sorted(missing))})")
                return
            if found is None and "torrents" in tables:
                raise _Damaged("its tables are there, but not their version")
            if found is not None and str(found) > HEAD:
                raise StorageFailed(
                    f"The database was changed by a newer Matinee (version {found}, this one knows {HEAD}). "
                    "Start the newer one, or use another data folder."
                )
            if found is not None:
                self._keep_before(str(found))
            upgrade(connection)

    def _keep_before(self, version: str) -> None:
        """Keep a copy of what an older program left, before its tables change."""
        if self._path is not None:
            sqlite_file.keep_before(self._path, version)
        elif self._folder is not None:
            from matinee.storage import snapshot

            new = self._folder / "postgresql.new"
            new.unlink(missing_ok=True)
            snapshot.take(self._url, new)
            sqlite_file.settle(new, self._folder / f"postgresql.version-{version}")

    def _transact(self, work: Callable[["Connection"], T]) -> T:
        from sqlalchemy.exc import SQLAlchemyError

        if self._engine is None:
            raise StorageFailed("The database is not open.")
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise StorageFailed(f"The database refused: {getattr(error, 'orig', error)}.") from error


def _create(connection: "Connection") -> None:
    """Make every table of an empty database, as the migrations together would: Alembic is not needed for it."""
    from sqlalchemy import text

    from matinee.storage.tables import create_words, metadata

    metadata.create_all(connection)
    create_words(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def upgrade(connection: "Connection", version: str = "head") -> None:
    """Bring the tables of an older program up to date, or to another version."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, version)


def _begin(connection: "Connection") -> None:
    connection.exec_driver_sql("BEGIN")
