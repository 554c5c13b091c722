"""``matinee backup`` of a program that runs, ``matinee restore`` into an empty folder: the film plays on, and
everybody is remembered."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.processes import ALONE, run, started
from tests.swarm.pairing import opens, pair

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


async def test_restored_house_when_asked_then_remembers_everybody_and_lets_in_whom_the_backup_says(
    tmp_path: Path,
) -> None:
    old, whole, bare = (tmp_path / name for name in ("old", "whole", "bare"))
    async with _serving(old) as owner:
        cookie = await pair(owner, "Phone")
        await _lived_in(owner)
        before = await _told(owner)
        made = [
            await asyncio.to_thread(run, "backup", tmp_path / name, *options, "--data-dir", old)
            for name, options in (("whole.zip", ["--with-secrets"]), ("bare.zip", []))
        ]
    restored = [run("restore", tmp_path / f"{one.name}.zip", "--data-dir", one) for one in (whole, bare)]
    after, opened = [], []
    for folder in (whole, bare):
        async with _serving(folder) as owner:
            after.append(await _told(owner))
            opened.append(await opens(str(owner.base_url), cookie))
    assert [done.returncode for done in (*made, *restored)] == [0] * 4
    assert all(before.values()), before
    assert after == [before, {**before, "devices": []}]
    assert opened == [("watch", "Phone"), (None, None)]


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Serve a data folder, also to other screens, for its owner."""
    words = ("serve", "--offline", "--no-dht", "--no-open", "--port", "0", "--data-dir", folder)
    async with started(*words, MATINEE_TOKEN=TOKEN, MATINEE_OTHER_SCREENS="true") as serving:
        address = (await serving.line()).removeprefix("Matinee is at ")
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(
            base_url=address, headers=headers, trust_env=False, timeout=60
        ) as client:
            yield client


async def _lived_in(owner: httpx.AsyncClient) -> None:
    """Have two people watch, wish and judge, and a number keep a child in its profile."""
    child = {"name": "Zoé", "colour": "leaf", "child": True}
    zoe = (await owner.post("api/v1/profiles", json=child)).raise_for_status().json()["id"]
    bodies: list[tuple[str, dict[str, Any] | None]] = [
        ("progress/nosferatu-1922", {"position_s": 300.0, "duration_s": 600.0}),
        ("watchlist/nosferatu-1922", None),
        ("ratings/nosferatu-1922", {"thumb": "up"}),
        ("tastes", {"series": "a series", "subtitles": "fr"}),
    ]
    for path, body in bodies:
        for profile in ({}, {"profile": zoe}):
            (await owner.put(f"api/v1/{path}", json=body, params=profile)).raise_for_status()
    (await owner.put("api/v1/profiles/lock", json={"number": "1234"})).raise_for_status()


async def _told(owner: httpx.AsyncClient) -> dict[str, Any]:
    """Give what the interface says of people and their screens."""
    profiles = (await owner.get("api/v1/profiles")).raise_for_status().json()
    devices = (await owner.get("api/v1/devices")).raise_for_status().json()["devices"]
    told: dict[str, Any] = {
        "profiles": profiles, "devices": [{**one, "seen_at": None} for one in devices],
    }  # fmt: skip
    for one in profiles["profiles"]:
        asked = {"profile": one["id"]}
        library = (await owner.get("api/v1/library", params=asked)).raise_for_status().json()
        told |= {f"{kind} of {one['name']}": found for kind, found in library.items()}
        history = (await owner.get("api/v1/history", params=asked)).raise_for_status().json()
        told[f"history of {one['name']}"] = history["history"]
    return told


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
