"""A database damaged anywhere must not keep the program from starting (fault F23)."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, create_engine, insert, inspect, select, text
from sqlalchemy.sql.ddl import SchemaGenerator

from matinee.errors import StorageFailed
from matinee.storage.cookies import CookieStore
from matinee.storage.database import Database
from matinee.storage.tables import cookies

FAR_FUTURE = 4e9
ROWS = 200


def damage(path: Path, chance: random.Random) -> None:
    """Cut a file short, or zero or overwrite a part of it."""
    data = path.read_bytes()
    at = chance.randrange(len(data) // 512) * 512
    ways = [
        data[:at],
        data[:at] + bytes(4096) + data[at + 4096 :],
        data[:at] + b"\xa5" * 512 + data[at + 512 :],
    ]
    path.write_bytes(chance.choice(ways))


async def fill(folder: Path) -> Path:
    """Make a database with something in it, all of it in one file."""

    def work(connection: Connection) -> None:
        rows = [{"hash": number.to_bytes(2, "big"), "expires_at": FAR_FUTURE} for number in range(ROWS)]
        connection.execute(insert(cookies), rows)

    database = Database.in_folder(folder)
    await database.open()
    await database.run(work)
    await database.close()
    path = folder / "matinee.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.mark.parametrize("seed", range(40))
async def test_open_when_the_file_is_damaged_anywhere_then_the_program_can_start(
    seed: int, tmp_path: Path
) -> None:
    damage(await fill(tmp_path), random.Random(seed))
    database = Database.in_folder(tmp_path)
    await database.open()
    browsers = CookieStore(database)
    await browsers.load()
    await browsers.remember(b"new", FAR_FUTURE)
    await browsers.close()
    await database.close()
    assert browsers.known(b"new")


async def test_open_when_damaged_and_a_copy_was_kept_then_begins_from_the_copy(tmp_path: Path) -> None:
    path = await fill(tmp_path)
    first = Database.in_folder(tmp_path)
    await first.open()
    await first.keep_copy()
    await first.close()
    path.write_bytes(path.read_bytes()[:5000])
    second = Database.in_folder(tmp_path)
    await second.open()
    kept = await second.run(lambda connection: len(connection.execute(select(cookies)).all()))
    await second.close()
    assert kept == ROWS


@pytest.mark.parametrize("left", [b"", b"no database"], ids=["empty", "nonsense"])
async def test_open_when_the_copy_is_damaged_too_then_a_new_one_begins(left: bytes, tmp_path: Path) -> None:
    path = await fill(tmp_path)
    path.write_bytes(left)
    path.with_suffix(".copy").write_bytes(b"no database either")
    database = Database.in_folder(tmp_path)
    await database.open()
    kept = await database.run(lambda connection: connection.execute(select(cookies)).all())
    await database.close()
    assert (kept, [aside.read_bytes() for aside in tmp_path.glob("*.damaged-*")]) == ([], [left])


async def test_open_when_the_version_is_lost_then_the_file_is_put_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = await fill(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE alembic_version")
    database = Database.in_folder(tmp_path)
    await database.open()
    kept = await database.run(lambda connection: connection.execute(select(cookies)).all())
    await database.close()
    assert kept == []
    assert len(list(tmp_path.glob("*.damaged-*"))) == 1
    assert "its tables are there, but not their version" in caplog.text


async def test_open_when_a_table_is_gone_then_begins_from_the_copy_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = await fill(tmp_path)
    first = Database.in_folder(tmp_path)
    await first.open()
    await first.keep_copy()
    await first.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE cookies")
    second = Database.in_folder(tmp_path)
    await second.open()
    kept = await second.run(lambda connection: len(connection.execute(select(cookies)).all()))
    await second.close()
    assert kept == ROWS
    assert "tables are missing (cookies)" in caplog.text


async def test_open_when_a_servers_version_is_lost_then_says_so_and_changes_nothing(postgresql: str) -> None:
    database = Database(postgresql)
    await database.open()
    await database.run(lambda connection: connection.execute(text("DELETE FROM alembic_version")))
    await database.close()
    with pytest.raises(StorageFailed, match="not their version"):
        await Database(postgresql).open()


async def test_run_when_a_text_is_damaged_then_the_other_rows_are_read(tmp_path: Path) -> None:
    path = await fill(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE texts (one TEXT)")
        connection.execute("INSERT INTO texts VALUES (CAST(x'41ff' AS TEXT)), ('B')")
    database = Database.in_folder(tmp_path)
    await database.open()
    rows = await database.run(
        lambda connection: connection.execute(text("SELECT one FROM texts")).scalars().all()
    )
    await database.close()
    assert rows == ["A\N{REPLACEMENT CHARACTER}", "B"]


async def test_open_when_a_migration_breaks_off_then_nothing_of_it_is_left(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing_engine(database_url) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (one TEXT)"))  # one that is empty needs no migration
    with monkeypatch.context() as broken:
        broken.setattr("alembic.operations.Operations.create_table", _second_fails(Operations.create_table))
        with pytest.raises(ZeroDivisionError):
            await Database(database_url).open()
    database = Database(database_url)
    await database.open()
    assert await database.run(lambda connection: connection.execute(select(cookies)).all()) == []
    await database.close()
    assert list(tmp_path.glob("*.damaged-*")) == []


async def test_open_when_making_the_tables_breaks_off_then_nothing_of_it_is_left(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(SchemaGenerator, "visit_table", _second_fails(SchemaGenerator.visit_table))
        with pytest.raises(ZeroDivisionError):
            await Database(database_url).open()
    with closing_engine(database_url) as engine:
        left = inspect(engine).get_table_names()
    database = Database(database_url)
    await database.open()
    assert await database.run(lambda connection: connection.execute(select(cookies)).all()) == []
    await database.close()
    assert left == []
    assert list(tmp_path.glob("*.damaged-*")) == []


@contextmanager
def closing_engine(database_url: str) -> Iterator[Engine]:
    """An engine that looks from outside."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def _second_fails(real: Callable[..., object]) -> Callable[..., object]:
    """Make one that works once."""
    calls = count()

    def second_fails(*args: object, **options: object) -> object:
        assert 1 // (1 - next(calls))
        return real(*args, **options)

    return second_fails
