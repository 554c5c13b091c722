"""What peers sent is counted to the end, though a whole film rests as soon as nobody watches it."""

from pathlib import Path

import pytest

from tests.swarm.parts import aria2_seed, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]


async def test_activity_when_the_film_is_whole_and_rests_then_tells_all_that_came(
    film: Path, tmp_path: Path
) -> None:
    length = film.stat().st_size
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            whole = await running.whole(seeded.info_hash)
            at_rest = await running.settled(seeded.info_hash)
        async with matinee(tmp_path / "data") as running:
            await running.until(seeded.info_hash, lambda film: film["state"] == "complete")
            kept = await running.fetched(seeded.info_hash)
    assert len(whole) == length
    assert length <= at_rest == kept
