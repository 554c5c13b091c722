"""One database, one writer: what is committed stays, and what cannot be read is said."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, select, text

from matinee.errors import StorageFailed
from matinee.storage import cookies as cookies_module
from matinee.storage import database as module
from matinee.storage.cookies import CookieStore
from matinee.storage.database import HEAD, Database
from matinee.storage.tables import WORD_INDEXES, cookies, metadata

FAR_FUTURE = 4e9
DEADLINE_S = 30.0

WRITER = """
import asyncio, sys
from sqlalchemy import insert
from matinee.storage.database import Database
from matinee.storage.tables import cookies

async def main():
    database = Database(sys.argv[1])
    await database.open()
    for number in range(10**6):
        row = insert(cookies).values(hash=number.to_bytes(4, "big"), expires_at=float(number))
        await database.run(lambda connection: connection.execute(row))
        print(number, flush=True)

asyncio.run(main())
"""

OPENER = """
import asyncio, sys
from matinee.storage.database import Database

async def main():
    database = Database(sys.argv[1])
    await database.open()
    await database.close()
    print("alembic" in sys.modules)

asyncio.run(main())
"""


def put(number: int) -> Callable[[Connection], None]:
    """Make work that writes one row."""

    def work(connection: Connection) -> None:
        connection.execute(insert(cookies).values(hash=bytes([number]), expires_at=FAR_FUTURE))

    return work


def count(connection: Connection) -> int:
    """Count the rows."""
    return len(connection.execute(select(cookies)).all())


def differences(connection: Connection) -> list[object]:
    """Compare the tables with the program's; those of the index of words are for no library to describe."""

    def ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not str(name).startswith(WORD_INDEXES)

    context = MigrationContext.configure(connection, opts={"include_name": ours})
    return list(compare_metadata(context, metadata))


def test_head_when_compared_then_is_alembics_own() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_open_when_new_then_has_exactly_the_tables_of_the_program(database: Database) -> None:
    assert await database.run(differences) == []


async def test_migrations_when_run_from_the_first_then_give_the_same_tables(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        module.upgrade(connection)
    with engine.begin() as connection:
        found = differences(connection)
    engine.dispose()
    opened = Database(database_url)
    await opened.open()
    await opened.run(put(1))
    await opened.close()
    assert found == []


async def test_open_when_an_older_program_made_it_then_goes_forward_and_keeps_a_copy(
    database_url: str, tmp_path: Path
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        module.upgrade(connection, "0001")
        put(1)(connection)
    engine.dispose()
    database = Database.of(database_url, tmp_path)
    await database.open()
    kept, changed = await database.run(count), await database.run(differences)
    await database.close()
    (copy,) = tmp_path.glob("*.version-0001")
    with closing(sqlite3.connect(copy)) as connection:
        before = connection.execute("SELECT hash, version_num FROM cookies, alembic_version").fetchall()
    assert (kept, changed, before) == (1, [], [(bytes([1]), "0001")])
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_open_when_no_copy_can_be_kept_then_the_tables_of_the_older_program_stay(
    database_url: str, tmp_path: Path
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        module.upgrade(connection, "0001")
        put(1)(connection)
    kind = database_url.partition(":")[0].partition("+")[0]
    (tmp_path / f"{'matinee' if kind == 'sqlite' else 'postgresql'}.version-0001" / "in the way").mkdir(
        parents=True
    )
    with pytest.raises(StorageFailed, match="cannot be opened"):
        await Database.of(database_url, tmp_path).open()
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        kept = count(connection)
    engine.dispose()
    assert (version, kept) == ("0001", 1)


async def test_read_when_something_is_being_written_then_does_not_wait_and_sees_what_was_committed(
    database: Database,
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        put(1)(connection)
        begun.set()
        assert may_end.wait(DEADLINE_S)

    writing = asyncio.ensure_future(database.run(slow))
    assert await asyncio.to_thread(begun.wait, DEADLINE_S)
    before = await database.read(count)
    may_end.set()
    await writing
    assert (before, await database.read(count)) == (0, 1)


async def test_read_when_not_open_then_says_so(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    with pytest.raises(StorageFailed, match="not open"):
        await database.read(count)
    await database.close()


def test_open_when_nothing_must_change_then_alembic_is_not_imported(tmp_path: Path) -> None:
    for _ in range(2):  # once new, once as it was kept
        done = subprocess.run(
            [sys.executable, "-c", OPENER, f"sqlite:///{tmp_path}/matinee.sqlite"],
            capture_output=True, text=True, timeout=DEADLINE_S, check=True,
        )  # fmt: skip
        assert done.stdout == "False\n"


async def test_open_when_it_was_open_before_then_keeps_what_is_in_it(database_url: str) -> None:
    first = Database(database_url)
    await first.open()
    await first.run(put(1))
    await first.close()
    second = Database(database_url)
    await second.open()
    assert await second.run(count) == 1
    await second.close()


async def test_open_when_a_newer_program_changed_it_then_refuses_and_leaves_it(database_url: str) -> None:
    database = Database(database_url)
    await database.open()
    await database.run(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    )
    await database.close()
    with pytest.raises(StorageFailed, match="newer Matinee"):
        await Database(database_url).open()
    with pytest.raises(StorageFailed, match="9999"):
        await Database(database_url).open()


async def test_run_when_the_work_fails_then_nothing_of_it_is_left(database: Database) -> None:
    def work(connection: Connection) -> None:
        put(1)(connection)
        put(1)(connection)

    with pytest.raises(StorageFailed, match="refused"):
        await database.run(work)
    assert await database.run(count) == 0


async def test_run_when_asked_at_once_then_every_work_is_done(database: Database) -> None:
    await asyncio.gather(*(database.run(put(number)) for number in range(50)))
    assert await database.run(count) == 50


async def test_run_when_not_open_then_says_so(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    with pytest.raises(StorageFailed, match="not open"):
        await database.run(count)
    await database.close()
    await database.close()


async def test_open_when_the_folder_is_not_there_then_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be opened"):
        await Database.in_folder(tmp_path / "none").open()


async def test_open_when_no_server_answers_then_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be opened"):
        await Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}").open()


async def test_commits_when_the_program_is_killed_then_are_all_there(database_url: str) -> None:
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        told = [int(await writer.stdout.readline()) for _ in range(40)]
        writer.send_signal(signal.SIGKILL)
        await writer.wait()
    database = Database(database_url)
    await database.open()
    kept = await database.run(count)
    await database.close()
    assert kept >= len(told)


@pytest.mark.parametrize(
    "damage",
    [b"this is no database", b"SQLite format 3\0" + b"\xff" * 5000, bytes(8192)],
    ids=["text", "header-alone", "zeros"],
)
async def test_open_when_the_file_is_no_database_then_it_is_put_aside(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "matinee.sqlite").write_bytes(damage)
    database = Database.in_folder(tmp_path)
    await database.open()
    await database.run(put(1))
    await database.close()
    assert [path.read_bytes() for path in tmp_path.glob("*.damaged-*")] == [damage]


async def test_cookies_when_kept_then_are_known_after_a_restart_until_they_expire(database: Database) -> None:
    first = CookieStore(database)
    await first.load()
    await first.remember(b"lasting", FAR_FUTURE)
    await first.remember(b"expired", 1.0)
    await first.remember(b"lasting", FAR_FUTURE + 1)
    await first.close()
    second = CookieStore(database)
    await second.load()
    assert [second.known(name) for name in (b"lasting", b"expired", b"never")] == [True, False, False]


async def test_cookies_when_a_browser_is_let_in_then_it_is_kept_before_it_is_answered(
    database: Database,
) -> None:
    first, held, free = CookieStore(database), asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Connection) -> None:
        loop.call_soon_threadsafe(held.set)
        assert free.wait(DEADLINE_S)

    await first.load()
    holding = asyncio.create_task(database.run(hold))
    await held.wait()
    letting_in = asyncio.create_task(first.remember(b"mine", FAR_FUTURE))
    await asyncio.sleep(0)
    assert (letting_in.done(), database.waited_for) == (False, True)
    free.set()
    await asyncio.gather(holding, letting_in)
    second = CookieStore(database)
    await second.load()
    assert second.known(b"mine")


async def test_cookies_when_the_clock_is_wrong_for_a_start_then_are_known_again_once_it_is_right(
    database: Database,
) -> None:
    right = 1.8e9
    first = CookieStore(database, lambda: right)
    await first.load()
    await first.remember(b"mine", right + 90 * 86_400)
    await first.close()
    known = []
    for now in (right + 4000 * 86_400, right - 400 * 86_400, right + 60):
        store = CookieStore(database, lambda at=now: at)  # type: ignore[misc]  # its type is not inferred
        await store.load()
        known.append(store.known(b"mine"))
        if known[-1]:
            store.renew(b"mine", now + 90 * 86_400)
        await store.close()
    assert known == [False, True, True]


async def test_cookies_when_there_are_too_many_then_the_oldest_are_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cookies_module, "MOST", 2)
    first = CookieStore(database)
    for number in range(4):
        await first.remember(bytes([number]), FAR_FUTURE + number)
    await first.close()
    second = CookieStore(database)
    await second.load()
    assert [second.known(bytes([number])) for number in range(4)] == [False, False, True, True]


async def test_waited_for_when_somebody_waits_to_write_then_long_work_is_told_until_they_have_their_turn(
    database: Database,
) -> None:
    begun, asked, told = asyncio.Event(), threading.Event(), list[bool]()
    loop = asyncio.get_running_loop()

    def long_work(_: Connection) -> None:
        told.append(database.waited_for)
        loop.call_soon_threadsafe(begun.set)
        assert asked.wait(DEADLINE_S)
        told.append(database.waited_for)

    async def ask() -> None:
        await database.run(lambda _: told.append(database.waited_for))

    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as tasks:
        tasks.create_task(database.run(long_work))
        await begun.wait()
        waiting, leaving = tasks.create_task(ask()), tasks.create_task(ask())
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait({leaving})
        asked.set()
        await waiting
    assert told == [False, True, False]
