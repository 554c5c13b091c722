"""A program that is killed while it brings an older one's tables forward: the next goes forward with all of it."""

import asyncio
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import create_engine

from matinee.storage import database as module
from matinee.storage.database import Database
from tests.storage.test_database import count, differences, put

DEADLINE_S = 60.0
STEPS = (1, 3, 9, 20, 45, 90)
"""Statements, the last of which is not the last of all; and after them the commit alone is left out."""

KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from matinee.storage.database import Database

last, done = int(sys.argv[2]), 0

@event.listens_for(Engine, "after_cursor_execute")
def _(connection, cursor, statement, parameters, context, many):
    global done
    done += 1
    if done == last:
        os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(Engine, "commit")
def _(connection):
    print(done, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(Database(sys.argv[1]).open())
"""


async def _killed(url: str, last: int) -> tuple[int, bytes]:
    """Open a database in a process that ends after so many statements, or before the commit."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, url, str(last), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(DEADLINE_S):
        out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out


async def test_migration_when_killed_at_any_step_then_the_next_start_has_every_table_and_every_row(
    tmp_path: Path,
) -> None:
    old = tmp_path / "old.sqlite"
    engine = create_engine(f"sqlite:///{old}")
    with engine.begin() as connection:
        module.upgrade(connection, "0001")
        put(1)(connection)
    engine.dispose()
    ended, found = [], []
    for last in (*STEPS, 0):
        folder = tmp_path / str(last)
        folder.mkdir()
        shutil.copy(old, folder / "matinee.sqlite")
        ended.append(await _killed(Database.url_in(folder), last))
        database = Database.in_folder(folder)
        await database.open()
        found.append((await database.run(count), await database.run(differences)))
        await database.close()
    assert [code for code, _ in ended] == [-signal.SIGKILL] * (len(STEPS) + 1)
    assert [out for _, out in ended[:-1]] == [b""] * len(STEPS)
    assert int(ended[-1][1]) > STEPS[-1]
    assert found == [(1, [])] * (len(STEPS) + 1)
