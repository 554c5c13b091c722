"""One database, one writer thread: coroutines in, results out.

SQLAlchemy costs 0.75 s to import here and Alembic another 0.3 s, so both are imported on the writer's thread, the
second only when a migration is due; the program answers meanwhile (docs/decisions/0002-start.md).
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from matinee.errors import StorageFailed

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

log = logging.getLogger(__name__)

T = TypeVar("T")

HEAD = "0001"
"""The newest migration; a test holds it to be Alembic's own answer."""


class Database:
    """The program's database. Every call runs on one thread of its own, in one transaction."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: Engine | None = None
        self._writer = ThreadPoolExecutor(1, "database")

    @classmethod
    def in_folder(cls, folder: Path) -> "Database":
        """Use a SQLite file in the data folder."""
        return cls(f"sqlite:///{folder / 'matinee.sqlite'}")

    async def open(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            StorageFailed: it cannot be opened, or a newer program has changed it.
        """
        await self._run(self._open)

    async def run(self, work: Callable[["Connection"], T]) -> T:
        """Run ``work`` in one transaction: committed, and on the disk, when this returns.

        Raises:
            StorageFailed: the database refused; nothing of the transaction is left.
        """
        return await self._run(self._transact, work)

    async def close(self) -> None:
        """Finish what is queued and close. Harmless when called twice."""
        if self._engine is not None:
            engine, self._engine = self._engine, None
            await self._run(engine.dispose)
        self._writer.shutdown(wait=True)

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work, *args)

    def _open(self) -> None:
        from sqlalchemy import create_engine, event
        from sqlalchemy.exc import DatabaseError

        def connect() -> "Engine":
            engine = create_engine(self._url, pool_size=1, max_overflow=0)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _safe_sqlite)
            try:
                self._migrate(engine)
            except BaseException:
                engine.dispose()
                raise
            return engine

        try:
            self._engine = connect()
        except DatabaseError as error:
            if not _is_damaged_sqlite(error.orig):
                raise StorageFailed(f"The database cannot be opened: {error.orig}.") from error
            self._put_aside()
            self._engine = connect()

    def _migrate(self, engine: "Engine") -> None:
        from sqlalchemy import inspect, text

        with engine.begin() as connection:
            if inspect(connection).has_table("alembic_version"):
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                if found == HEAD:
                    return
                if found is not None and str(found) > HEAD:
                    raise StorageFailed(
                        f"The database was changed by a newer Matinee (version {found}, this one knows {HEAD}). "
                        "Start the newer one, or use another data folder."
                    )
            from alembic import command
            from alembic.config import Config

            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            command.upgrade(config, "head")

    def _transact(self, work: Callable[["Connection"], T]) -> T:
        from sqlalchemy.exc import SQLAlchemyError

        if self._engine is None:
            raise StorageFailed("The database is not open.")
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise StorageFailed(f"The database refused: {getattr(error, 'orig', error)}.") from error

    def _put_aside(self) -> None:
        """Keep a damaged file for whoever can mend it, and make room for a new one."""
        path = Path(self._url.removeprefix("sqlite:///"))
        aside = path.with_suffix(f".damaged-{int(time.time())}")
        path.replace(aside)
        for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        log.error("The database was damaged and has been put aside; a new one begins path=%s", aside.name)


def _safe_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """FULL: with NORMAL a power cut loses what was confirmed (0 of 200 commits survived; with FULL all 200)."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _is_damaged_sqlite(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.DatabaseError) and error.sqlite_errorname in (
        "SQLITE_NOTADB",
        "SQLITE_CORRUPT",
    )
