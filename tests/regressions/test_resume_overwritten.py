"""A change of a film's settings writes its row, and must not put back the resume data of the last start."""

from pathlib import Path

import pytest

from tests.swarm.parts import libtorrent_seed, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

UNSAVED_BYTES = 10_000_000
"""What may have come since the last save."""


async def test_change_when_more_came_since_the_start_then_a_kill_loses_none_of_it(
    film: Path, tmp_path: Path
) -> None:
    with libtorrent_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            await running.bytes_of(seeded.info_hash, 0, 1_000_000)
        async with matinee(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            await running.whole(seeded.info_hash)
            await running.settled(seeded.info_hash)
            changed = await running.client.patch(
                f"api/v1/torrents/{seeded.info_hash}",
                json={"up_limit_bytes_per_s": 1_000_000, "paused": True},
            )
            await running.kill()
        async with matinee(tmp_path / "data") as running:
            back = await running.until(seeded.info_hash, lambda film: film["progress"]["bytes_done"] > 0)
    assert changed.status_code == 200
    assert back["progress"]["bytes_done"] >= len(film.read_bytes()) - UNSAVED_BYTES
    assert back["rights"]["licence"] == "CC-BY-3.0"
