"""Ends and new beginnings: what a signal or a kill leaves, and what a restart finds."""

import asyncio
import signal
import time
from pathlib import Path

import pytest

from tests.swarm.parts import arriving, libtorrent_seed, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

END_LIMIT_S = 3.0 + 2.0  # what is promised, and what a computer busy with other tests takes
LOST_LIMIT_BYTES = 16_000_000
SLACK_BYTES = 2_000_000
"""Blocks on their way twice when a place is given up, and a broken piece."""


async def test_f01_kill_when_in_the_middle_then_a_restart_fetches_only_what_was_not_there(
    film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    data = tmp_path / "data"
    with libtorrent_seed(film, tmp_path, 8_000_000) as seeded:
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            await running.bytes_of(seeded.info_hash, 0, 25_000_000)
            await running.kill()
        async with matinee(data) as running:
            back = await running.until(seeded.info_hash, lambda film: film["progress"]["bytes_done"] > 0)
            before = await running.fetched(seeded.info_hash)
            # A restarted program is told of its seed as a person would do it: by the link.
            await running.add(seeded.magnet)
            whole = await running.whole(seeded.info_hash)
            after = await running.fetched(seeded.info_hash)
    had = back["progress"]["bytes_done"]
    assert whole == expected
    assert had >= 25_000_000 - LOST_LIMIT_BYTES
    assert after - before <= len(expected) - had + SLACK_BYTES


@pytest.mark.parametrize("moment", [3_000_000, 19_000_000])
async def test_f01_kill_when_at_any_moment_then_no_piece_is_claimed_wrongly(
    moment: int, film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    data = tmp_path / "data"
    async with arriving(film, tmp_path, 8_000_000) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, moment)
        await running.kill()
    async with matinee(data) as running:
        await running.until(seeded.info_hash, lambda film: film["state"] != "checking")
        spans = (await running.client.get(f"api/v1/torrents/{seeded.info_hash}/files/0/ranges")).json()[
            "spans"
        ]
        found = [await running.bytes_of(seeded.info_hash, start, stop) for start, stop in spans]
    kept = data / "films" / seeded.info_hash / "bbb.mp4"
    # What was played may have been gathered in memory and not be on the disk yet: then it is not claimed.
    on_disk = kept.read_bytes() if kept.exists() else b""
    assert found == [expected[start:stop] for start, stop in spans]
    assert [on_disk[start:stop] for start, stop in spans] == found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_f50_signal_when_streams_are_open_then_ends_cleanly_in_three_seconds(
    number: signal.Signals, film: Path, tmp_path: Path
) -> None:
    async with arriving(film, tmp_path, 500_000) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, 1000)
        readers = [
            asyncio.create_task(running.bytes_of(seeded.info_hash, start, start + 10_000_000))
            for start in range(0, 40_000_000, 5_000_000)
        ]
        await running.until(seeded.info_hash, lambda film: film["rates"]["down_bytes_per_s"] > 0)
        began = time.monotonic()
        running.process.send_signal(number)
        status = await asyncio.wait_for(running.process.wait(), 60)
        took_s = time.monotonic() - began
        await asyncio.gather(*readers, return_exceptions=True)
    assert status == 0
    assert took_s < END_LIMIT_S
    # Whoever closes the database last takes away what it wrote beside it.
    assert not list((tmp_path / "data").glob("matinee.sqlite-*"))


async def test_f22_lock_when_the_program_was_killed_then_the_next_one_starts(tmp_path: Path) -> None:
    async with matinee(tmp_path / "data") as running:
        await running.kill()
    async with matinee(tmp_path / "data") as running:
        health = await running.client.get("api/v1/health")
    assert health.status_code == 200


async def test_restart_when_a_magnet_had_no_metadata_yet_then_it_is_still_looked_for(tmp_path: Path) -> None:
    nobody = "f" * 40
    async with matinee(tmp_path / "data") as running:
        await running.add(f"magnet:?xt=urn:btih:{nobody}")
    async with matinee(tmp_path / "data") as running:
        found = await running.view(nobody)
    assert (found["state"], found["rights"]["licence"]) == ("fetching-metadata", "CC-BY-3.0")
