"""The disk of the data folder is full (fault F04), and the program stands still for a while (F08)."""

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.swarm.parts import arriving, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

STANDS_S = 4.0
"""Longer than a piece is waited for."""
MOST_WISHES = 3000


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a disk of its own, of 24 MB; needs root."""
    folder = tmp_path / "data"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True, timeout=10)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True, timeout=10)


def fill(folder: Path) -> Path:
    """Leave no byte on a disk."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


async def test_f04_disk_of_the_database_when_it_is_full_then_says_so_and_loses_nothing(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_FILMS_DIR", str(tmp_path / "films"))
    wished = []
    async with matinee(state) as running:
        # Answered once everything is open: a disk that is full before that keeps the program from starting.
        before = await running.client.put("api/v1/watchlist/before")
        filler = await asyncio.to_thread(fill, state)
        for number in range(MOST_WISHES):
            answer = await running.client.put(f"api/v1/watchlist/film-{number}")
            if answer.status_code != 200:
                break
            wished.append(f"film-{number}")
        health = await running.client.get("api/v1/health")
        listed = await running.client.get("api/v1/watchlist")
        await asyncio.to_thread(filler.unlink)
        after = await running.client.put("api/v1/watchlist/after")
        await running.kill()
    async with matinee(state) as running:
        kept = (await running.client.get("api/v1/watchlist")).json()["watchlist"]
    assert (answer.status_code, answer.json()["code"]) == (503, "storage-failed")
    assert [one.status_code for one in (before, health, listed, after)] == [200] * 4
    assert {wish["title"] for wish in kept} == {"before", *wished, "after"}


async def test_f08_program_when_it_stood_still_for_a_while_then_the_film_goes_on(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_PIECE_TIMEOUT_S", "3")
    expected = film.read_bytes()
    async with arriving(film, tmp_path, 8_000_000) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, 1000)
        reading = asyncio.create_task(running.bytes_of(seeded.info_hash, 0, 20_000_000))
        await running.until(seeded.info_hash, lambda film: film["rates"]["down_bytes_per_s"] > 0)
        running.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(STANDS_S)  # this is the fault, and not a wait for anything
        running.process.send_signal(signal.SIGCONT)
        read = await reading
        whole = await running.whole(seeded.info_hash)
    assert read == expected[:20_000_000]
    assert whole == expected
