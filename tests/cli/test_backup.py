"""``matinee backup`` of a program that runs, ``matinee restore`` into an empty folder: the film plays on."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.cli.processes import ALONE, run, started

pytestmark = [pytest.mark.swarm]

TOKEN = "a-token-of-the-tests-0123456789"


async def test_restored_film_plays_on_without_anybody_and_what_was_there_is_put_aside(
    bunny: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    async with started("share", bunny, "--licence", "CC-BY-3.0", *ALONE, "--data-dir", old) as share:
        await share.line()
        made = await asyncio.to_thread(run, "backup", tmp_path / "kept.zip", "--data-dir", old)
        refused = await asyncio.to_thread(run, "restore", tmp_path / "kept.zip", "--data-dir", old)
    restored = run("restore", tmp_path / "kept.zip", "--data-dir", new)
    shutil.copytree(old / "films", new / "films")
    serve = ("serve", "--offline", "--no-dht", "--no-open", "--port", "0", "--data-dir", new)
    async with started(*serve, MATINEE_TOKEN=TOKEN) as serving:
        address = (await serving.line()).removeprefix("Matinee is at ")
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(
            base_url=address, headers=headers, trust_env=False, timeout=60
        ) as client:
            (film,) = (await client.get("/api/v1/torrents")).json()["torrents"]
            body = (await client.get(film["files"][0]["stream_url"])).content
            (entry,) = (await client.get("/api/v1/receipt")).json()["entries"]
    again = run("restore", tmp_path / "kept.zip", "--data-dir", new)
    assert [done.returncode for done in (made, refused, restored, again)] == [0, 1, 0, 0]
    assert "running already" in refused.stderr
    assert "without tokens, keys and passwords" in made.stdout
    assert body == bunny.read_bytes()
    assert (film["rights"]["licence"], entry["bytes_down"]) == ("CC-BY-3.0", 0)
    assert "What was there is in" in again.stdout
    assert len(list(new.glob("before-restore-*/matinee.sqlite"))) == 1


def test_start_when_a_newer_program_changed_the_database_then_says_so_and_touches_nothing(
    tmp_path: Path,
) -> None:
    place = ("--data-dir", tmp_path)
    run("list", *place)
    with closing(sqlite3.connect(tmp_path / "matinee.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA journal_mode=DELETE")
    before = (tmp_path / "matinee.sqlite").read_bytes()
    ended = [
        run(*words, *place) for words in (("list",), ("receipt",), ("serve", "--port", "0", "--offline"))
    ]
    assert [done.returncode for done in ended] == [1, 1, 1]
    assert all("changed by a newer Matinee (version 9999" in done.stderr for done in ended)
    assert not any("Traceback" in done.stderr for done in ended)
    with closing(sqlite3.connect(tmp_path / "matinee.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    assert (tmp_path / "matinee.sqlite").read_bytes()[100:] == before[100:]  # but for the counter in its head
