"""A person opens the link that Matinee gave and watches Big Buck Bunny while it comes from a foreign client."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.parts import FILM_BYTES, FILM_S, TWICE_THE_BITRATE, House, open_house
from tests.swarm.parts import Seeded, aria2_seed, webtorrent_seed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

Seed = Callable[..., AbstractContextManager[Seeded]]

FRAMES = 24
SMALL_PIECE_BYTES = 64 * 1024
"""At twice the bitrate a large piece is seconds: what is waited for here is the player, not the line."""


@pytest.mark.parametrize("seed", [aria2_seed, webtorrent_seed])
async def test_film_when_arriving_at_twice_its_bitrate_then_plays_seeks_and_plays_on(
    seed: Seed, film: Path, tmp_path: Path, windowed: Browser
) -> None:
    expected = film.read_bytes()
    with seed(film, tmp_path, TWICE_THE_BITRATE, piece_bytes=SMALL_PIECE_BYTES) as seeded:
        async with open_house(windowed, tmp_path) as house:
            await house.running.add(seeded.magnet)
            screen = await house.sit_down(f"/film/{seeded.info_hash}/play/0")
            await screen.plays_past(2.0)
            shown = await screen.moves_at(0.7, FILM_S, FRAMES)
            found = await _ranges(house, seeded)
    assert shown == FRAMES
    assert all(data == expected[place : place + len(data)] for place, data in found)
    assert screen.complaints == []


async def _ranges(house: House, seeded: Seeded) -> list[tuple[int, bytes]]:
    """Read three ranges at random, from what the slow seed has sent and has not."""
    places = [random.Random(11).randrange(FILM_BYTES - 50_000) for _ in range(3)]
    return [
        (place, await house.running.bytes_of(seeded.info_hash, place, place + 50_000)) for place in places
    ]
