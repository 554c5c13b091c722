"""What goes wrong around a film: disks, folders, resume data, peers that die. The numbers are of the fault list."""

import asyncio
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from matinee.torrent import running as running_of
from matinee.torrent import telling
from matinee.torrent.adding import RESERVE_PART
from matinee.torrent.engine import Engine
from tests.swarm.parts import (
    PIECE_BYTES,
    Seeded,
    aria2_seed,
    arriving,
    libtorrent_seed,
    matinee,
    matinee_here,
)
from tests.swarm.peers import Mute

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

NOBODY_S = 30.0
LARGER_DISK_BYTES = 24 * 2**20
NOBODY = "magnet:?xt=urn:btih:" + "e" * 40


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 16 MB where films are to be kept; needs root."""
    folder = tmp_path / "films"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=True, timeout=10)
    monkeypatch.setenv("MATINEE_FILMS_DIR", str(folder))
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True, timeout=10)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of the user's own, outside."""
    path = tmp_path / "victim"
    path.write_bytes(b"precious")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder."""
    return tmp_path / "data"


def remount(folder: Path, options: str) -> None:
    """Change a disk while it is used."""
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True, timeout=10)


def kept(data: Path, seeded: Seeded) -> Path:
    """Where a film's bytes are."""
    return data / "films" / seeded.info_hash / "bbb.mp4"


async def test_f03_disk_when_it_is_full_then_says_so_and_goes_on_once_there_is_room(
    film: Path, small_disk: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    async with arriving(film, tmp_path) as (running, seeded):
        first = await running.bytes_of(seeded.info_hash, 0, 1_000_000)
        reader = asyncio.create_task(running.whole(seeded.info_hash))
        full = await running.until(seeded.info_hash, lambda film: film["state"] == "error")
        listed = await running.client.get("api/v1/torrents")
        again = await running.bytes_of(seeded.info_hash, 0, 1_000_000)
        remount(small_disk, "size=200m")
        await running.until(seeded.info_hash, lambda film: film["state"] == "downloading", 30)
        await asyncio.gather(reader, return_exceptions=True)
        whole = await running.whole(seeded.info_hash)
    assert (full["trouble"]["code"], listed.status_code) == ("disk-full", 200)
    assert first == again == expected[:1_000_000]
    assert whole == expected


async def test_f03_floor_when_nothing_caps_films_then_stays_free_but_for_a_piece_and_the_film_says_why(
    film: Path, small_disk: Path, tmp_path: Path
) -> None:
    remount(small_disk, f"size={LARGER_DISK_BYTES}")
    free, full = [], asyncio.Event()

    async def measure() -> None:
        while not full.is_set():
            free.append(shutil.disk_usage(small_disk).free)
            await asyncio.sleep(0.002)

    async with arriving(film, tmp_path) as (running, seeded), asyncio.TaskGroup() as group:
        group.create_task(measure())
        reader = asyncio.create_task(running.whole(seeded.info_hash))
        waits = await running.until(seeded.info_hash, lambda film: film["state"] == "error")
        await running.settled(seeded.info_hash)
        full.set()
        settings = (await running.client.get("api/v1/storage")).raise_for_status().json()
        await running.kill()
        await asyncio.gather(reader, return_exceptions=True)
    floor_bytes = LARGER_DISK_BYTES // RESERVE_PART
    assert settings["cap_bytes"] == 0
    assert max(free) > 0.9 * LARGER_DISK_BYTES
    assert floor_bytes - PIECE_BYTES <= min(free) <= floor_bytes + 8 * PIECE_BYTES
    assert waits["trouble"]["code"] == "disk-full"
    assert "goes on by itself" in waits["trouble"]["sentence"]


async def test_f05_folder_when_it_cannot_be_written_then_adding_is_refused(
    film: Path, small_disk: Path, tmp_path: Path
) -> None:
    remount(small_disk, "ro")
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            answer = await running.offer(seeded.magnet)
            listed = (await running.client.get("api/v1/torrents")).json()["torrents"]
    assert (answer.status_code, answer.json()["code"], listed) == (503, "disk-failed", [])


async def test_f05_folder_when_it_turns_read_only_then_the_film_says_so(
    film: Path, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_PIECE_TIMEOUT_S", "3")
    with libtorrent_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.list_files(seeded)
            remount(small_disk, "ro")
            await running.add(seeded.magnet)
            found = await running.until(seeded.info_hash, lambda film: film["state"] == "error")
    assert found["trouble"]["code"] == "disk-failed"


async def test_f06_disk_of_films_when_it_is_pulled_then_nothing_is_written_in_its_place_and_it_comes_back(
    film: Path, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_PIECE_TIMEOUT_S", "3")
    monkeypatch.setattr(running_of, "DISK_RETRY_S", 0.5)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    remount(small_disk, "size=200m")
    subprocess.run(["mount", "--bind", small_disk, elsewhere], check=True, timeout=10)
    try:
        with libtorrent_seed(film, tmp_path) as seeded:
            async with matinee_here(tmp_path / "data") as running:
                await running.list_files(seeded)
                subprocess.run(["umount", "--lazy", small_disk], check=True, timeout=10)
                await running.add(seeded.magnet)
                gone = await running.until(seeded.info_hash, lambda film: film["trouble"] is not None)
                refused = await running.offer(NOBODY)
                written = list(small_disk.iterdir())
                subprocess.run(["mount", "--bind", elsewhere, small_disk], check=True, timeout=10)
                whole = await running.whole(seeded.info_hash)
    finally:
        subprocess.run(["umount", "--lazy", elsewhere], check=True, timeout=10)
    assert gone["trouble"]["code"] == refused.json()["code"] == "disk-failed"
    assert "not there any more" in gone["trouble"]["sentence"]
    assert written == []
    assert whole == film.read_bytes()


async def test_f12_seed_when_it_dies_then_the_request_ends_short_and_never_in_zeros(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = film.read_bytes()
    monkeypatch.setenv("MATINEE_PIECE_TIMEOUT_S", "3")
    got = bytearray()
    async with matinee(tmp_path / "data") as running:
        with libtorrent_seed(film, tmp_path, 8_000_000) as seeded:
            await running.add(seeded.magnet)
            await running.bytes_of(seeded.info_hash, 0, len(expected) // 2)
        died_at = time.monotonic()
        async with (
            asyncio.timeout(30),
            running.client.stream("GET", f"stream/{seeded.info_hash}/0") as answer,
        ):
            await _take(answer, got)
        await running.until(seeded.info_hash, _is_without_anybody)
        told_s = time.monotonic() - died_at
        health = await running.client.get("api/v1/health")
    assert len(expected) // 2 <= len(got) < len(expected)
    assert bytes(got) == expected[: len(got)]
    assert told_s < NOBODY_S
    assert health.status_code == 200


async def test_f24_resume_data_when_broken_then_the_files_are_checked_and_nothing_is_lost(
    film: Path, tmp_path: Path, data: Path
) -> None:
    expected = film.read_bytes()
    async with arriving(film, tmp_path) as (running, seeded):
        await running.whole(seeded.info_hash)
    with closing(sqlite3.connect(data / "matinee.sqlite")) as connection, connection:
        connection.execute("UPDATE torrents SET resume = ?", (b"d4:file\xff\xfenonsense",))
    async with matinee(data) as running:
        await running.until(seeded.info_hash, lambda film: film["state"] == "complete")
        whole = await running.whole(seeded.info_hash)
    assert whole == expected


@pytest.mark.parametrize("way", ["cut", "gone", "overwritten", "a-folder", "a-link"])
async def test_f25_file_when_it_changes_underneath_then_wrong_bytes_are_never_served(
    way: str, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: Path, victim: Path
) -> None:
    monkeypatch.setenv("MATINEE_PIECE_TIMEOUT_S", "3")
    expected = film.read_bytes()
    victim.write_bytes(b"a secret" * 10_000_000)
    before = victim.read_bytes()
    async with arriving(film, tmp_path) as (running, seeded):
        await running.whole(seeded.info_hash)
        HARMS[way](kept(data, seeded), victim)
        got = bytearray()
        async with (
            asyncio.timeout(60),
            running.client.stream("GET", f"stream/{seeded.info_hash}/0") as answer,
        ):
            await _take(answer, got)
        health = await running.client.get("api/v1/health")
    assert bytes(got) == expected[: len(got)]
    assert victim.read_bytes() == before
    assert health.status_code == 200


async def test_f26_link_when_it_waits_in_the_folder_then_its_victim_is_unchanged(
    film: Path, tmp_path: Path, data: Path, victim: Path
) -> None:
    with aria2_seed(film, tmp_path) as seeded:
        kept(data, seeded).parent.mkdir(parents=True)
        kept(data, seeded).symlink_to(victim)
        async with matinee(data) as running:
            answer = await running.offer(seeded.magnet)
    assert (answer.status_code, answer.json()["code"]) == (503, "disk-failed")
    assert victim.read_bytes() == b"precious"


async def test_f26_link_when_it_comes_before_the_first_byte_then_its_victim_is_unchanged(
    film: Path, tmp_path: Path, data: Path, victim: Path
) -> None:
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(data) as running:
            await running.list_files(seeded)
            kept(data, seeded).symlink_to(victim)
            await running.add(seeded.magnet)
            found = await running.view(seeded.info_hash)
            kept(data, seeded).unlink()
            await running.client.patch(f"api/v1/torrents/{seeded.info_hash}", json={"paused": False})
            got = await running.bytes_of(seeded.info_hash, 0, 100_000)
    assert (found["state"], found["trouble"]["code"]) == ("error", "disk-failed")
    assert victim.read_bytes() == b"precious"
    assert got == film.read_bytes()[:100_000]


async def test_f26_link_when_it_comes_between_two_starts_then_its_victim_is_unchanged(
    film: Path, tmp_path: Path, data: Path, victim: Path
) -> None:
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            await running.bytes_of(seeded.info_hash, 0, 1_000_000)
        kept(data, seeded).unlink()
        kept(data, seeded).symlink_to(victim)
        async with matinee(data) as running:
            found = await running.until(seeded.info_hash, lambda film: film["trouble"] is not None)
            await running.add(seeded.magnet)
    assert (found["state"], found["trouble"]["code"]) == ("error", "disk-failed")
    assert victim.read_bytes() == b"precious"


async def test_f32_metadata_when_it_never_comes_then_says_why_and_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_METADATA_TIMEOUT_S", "1")
    async with matinee(tmp_path / "data") as running:
        added = await running.add(NOBODY)
        answer = await running.client.get(f"stream/{'e' * 40}/0")
        found = await running.until("e" * 40, lambda film: film["trouble"] is not None)
        gone = await running.client.delete(f"api/v1/torrents/{'e' * 40}")
    assert added["state"] == "fetching-metadata"
    assert (answer.status_code, answer.json()["code"]) == (504, "metadata-timeout")
    assert (found["trouble"]["code"], gone.status_code) == ("metadata-timeout", 204)


async def test_f32_metadata_when_those_connected_never_send_it_then_says_so_to_whoever_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_METADATA_TIMEOUT_S", "2")
    async with matinee(tmp_path / "data") as running, Mute("e" * 40).listening() as mute:
        telling = asyncio.create_task(running.until_told("e" * 40, lambda film: film["trouble"] is not None))
        await running.add(f"{NOBODY}&x.pe=127.0.0.1:{mute.port}")
        told = await telling
        answer = await running.client.get(f"stream/{'e' * 40}/0")
    assert mute.asked > 0
    assert told["trouble"]["code"] == answer.json()["code"] == "metadata-timeout"
    assert "1 connected, but none of them sent it" in told["trouble"]["sentence"]
    assert told["trouble"]["sentence"] == answer.json()["detail"]


async def test_f32_metadata_when_late_and_nothing_else_happens_then_whoever_listens_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_METADATA_TIMEOUT_S", "2")
    monkeypatch.setattr(telling, "HEARTBEAT_S", 3600.0)
    monkeypatch.setattr(Engine, "refresh", _no_news)
    async with matinee_here(tmp_path / "data") as running:
        await running.add(NOBODY)
        told = await running.until_told("e" * 40, lambda film: film["trouble"] is not None, 10)
    assert "nobody was found" in told["trouble"]["sentence"]


async def test_f32_metadata_when_nobody_looked_before_then_the_answer_knows_who_is_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_METADATA_TIMEOUT_S", "2")
    async with matinee(tmp_path / "data") as running, Mute("e" * 40).listening() as mute:
        await running.add(f"{NOBODY}&x.pe=127.0.0.1:{mute.port}")
        answer = await running.client.get(f"stream/{'e' * 40}/0")
    assert "1 connected, but none of them sent it" in answer.json()["detail"]


async def _no_news(_: Engine) -> None:
    """Ask libtorrent nothing: its answer would be told, and what is late with it."""


def _is_without_anybody(film: dict[str, Any]) -> bool:
    """Tell when the page says that nobody sends it: it goes by these."""
    return bool(film["peers"]["connected"] == 0 and film["rates"]["down_bytes_per_s"] == 0)


async def _take(answer: httpx.Response, got: bytearray) -> None:
    """Take what comes until it ends or breaks off."""
    try:
        async for chunk in answer.aiter_raw():
            got += chunk
    except httpx.RemoteProtocolError:
        return


def _cut(path: Path, _: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(10_000_000)


def _overwrite(path: Path, _: Path) -> None:
    with path.open("r+b") as file:
        file.seek(20_000_000)
        file.write(bytes(5_000_000))


def _folder(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path, victim: Path) -> None:
    path.unlink()
    path.symlink_to(victim)


HARMS = {
    "cut": _cut,
    "gone": lambda path, _: path.unlink(),
    "overwritten": _overwrite,
    "a-folder": _folder,
    "a-link": _link,
}
