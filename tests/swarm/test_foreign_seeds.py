"""Big Buck Bunny, whole, from clients we did not write."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.swarm.parts import Seed, aria2_seed, arriving, matinee, transmission_seed, webtorrent_seed

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]


@pytest.mark.parametrize("seed", [aria2_seed, transmission_seed, webtorrent_seed])
async def test_film_when_read_whole_then_is_the_seeds(seed: Seed, film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    async with arriving(film, tmp_path, seed=seed) as (running, seeded):
        middle = await running.bytes_of(seeded.info_hash, 30_000_000, 30_300_000)
        whole = await running.whole(seeded.info_hash)
    assert middle == expected[30_000_000:30_300_000]
    assert whole == expected


async def test_ranges_when_asked_at_once_then_are_the_films(film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    places = [random.Random(7).randrange(len(expected) - 200_000) for _ in range(10)]
    async with arriving(film, tmp_path, seed=aria2_seed) as (running, seeded):
        found = await asyncio.gather(
            *(running.bytes_of(seeded.info_hash, place, place + 200_000) for place in places)
        )
    assert found == [expected[place : place + 200_000] for place in places]


async def test_kill_in_the_middle_then_restart_keeps_what_was_there(film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    data = tmp_path / "data"
    async with arriving(film, tmp_path, seed=aria2_seed) as (running, seeded):
        first = await running.bytes_of(seeded.info_hash, 0, 25_000_000)
        await running.kill()
    # The seed is gone: what plays now was kept.
    async with matinee(data) as running:
        torrent = (await running.client.get(f"api/v1/torrents/{seeded.info_hash}")).json()
        again = await running.bytes_of(seeded.info_hash, 0, 8_000_000)
    assert first == expected[:25_000_000]
    assert again == expected[:8_000_000]
    assert torrent["rights"]["licence"] == "CC-BY-3.0"


async def test_piece_changed_on_the_disk_then_is_never_served(film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    data = tmp_path / "data"
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            await running.whole(seeded.info_hash)
        kept = data / "films" / seeded.info_hash / "bbb.mp4"
        with kept.open("r+b") as damaged:
            damaged.seek(5_000_000)
            damaged.write(bytes(300_000))
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            found = await running.bytes_of(seeded.info_hash, 4_900_000, 5_400_000)
    assert found == expected[4_900_000:5_400_000]


async def test_stream_without_rights_is_refused(film: Path, tmp_path: Path) -> None:
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.client.post("api/v1/torrents", json={"magnet": seeded.magnet})
            answer = await running.client.get(f"stream/{seeded.info_hash}/0")
    assert (answer.status_code, answer.json()["code"]) == (409, "rights-unconfirmed")


async def test_second_program_on_the_same_folder_says_so(tmp_path: Path) -> None:
    async with matinee(tmp_path / "data") as running:
        second = subprocess.run(
            [sys.executable, "-m", "matinee", "serve", "--no-open", "--data-dir", str(tmp_path / "data")],
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert second.returncode == 1
    assert running.address in second.stderr


async def test_ffprobe_reads_the_film_from_the_signed_address(film: Path, tmp_path: Path) -> None:
    async with arriving(film, tmp_path, seed=aria2_seed) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, 1000)
        torrent = (await running.client.get(f"api/v1/torrents/{seeded.info_hash}")).json()
        address = running.address.rstrip("/") + torrent["files"][0]["stream_url"]
        probe = await asyncio.create_subprocess_exec(
            "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", address,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(probe.communicate(), 60)
    assert float(out) == pytest.approx(596, abs=1)
