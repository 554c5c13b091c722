"""A film that came by magnet is fetched where somebody reads, not from end to end.

libtorrent gives every piece its default priority when a magnet's metadata comes; only what the readers want may be
wanted after that.
"""

import random
from pathlib import Path

import pytest

from tests.swarm.parts import arriving

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

RATE_BYTES_PER_S = 4_000_000
OPENING_BYTES = 12_000_000
"""More than head, tail and the second or two in which the last reader is still expected back."""


async def test_magnet_when_nobody_reads_then_is_not_fetched_whole(tmp_path: Path) -> None:
    film = tmp_path / "seed" / "film.mp4"
    film.parent.mkdir()
    film.write_bytes(random.Random(1).randbytes(10 * RATE_BYTES_PER_S))
    async with arriving(film, tmp_path, RATE_BYTES_PER_S) as (running, seeded):
        fetched = await running.settled(seeded.info_hash)
    assert fetched < OPENING_BYTES
