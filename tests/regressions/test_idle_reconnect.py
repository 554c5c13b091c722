"""A film that waits for its player loses no seed by it.

Seeds hang up on whoever wants nothing as they do. Called again only after ten seconds and more, and given up after a
few calls, they were missing when the player came.
"""

import asyncio
import time
from pathlib import Path

import pytest

from tests.swarm.parts import RIGHTS, libtorrent_seed, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

SOON_S = 9.0
"""It took ten and more."""
NOTICED_S = 3.0
"""libtorrent calls peers once a second."""


async def test_restart_when_the_film_waits_for_its_player_then_its_seed_is_there_soon(
    film: Path, tmp_path: Path
) -> None:
    with libtorrent_seed(film, tmp_path, 8_000_000) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            await running.bytes_of(seeded.info_hash, 0, 25_000_000)
            await running.kill()
        async with matinee(tmp_path / "data") as running:
            await running.until(seeded.info_hash, lambda film: film["progress"]["bytes_done"] > 0)
            with pytest.raises(TimeoutError):
                await running.until(seeded.info_hash, lambda film: film["peers"]["connected"] > 0, NOTICED_S)
            began = time.monotonic()
            found = await running.bytes_of(seeded.info_hash, 40_000_000, 40_100_000)
            took_s = time.monotonic() - began
    assert found == film.read_bytes()[40_000_000:40_100_000]
    assert took_s < SOON_S


async def test_rights_when_stated_after_the_list_of_files_came_then_the_film_begins_soon(
    film: Path, tmp_path: Path
) -> None:
    with libtorrent_seed(film, tmp_path, 8_000_000) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.list_files(seeded)
            await running.client.put(f"api/v1/torrents/{seeded.info_hash}/rights", json=RIGHTS)
            async with asyncio.timeout(SOON_S):
                found = await running.bytes_of(seeded.info_hash, 0, 100_000)
    assert found == film.read_bytes()[:100_000]
