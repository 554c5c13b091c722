"""Three of the ends that `make torture` has by the hundred."""

import random
from pathlib import Path

import pytest

from tests.swarm.parts import aria2_seed
from tests.torture.rounds import Lives

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

SHORT_S = (0.5, 2.0)
"""What is claimed then is luck: a claim is saved every three seconds. The long run has claims enough."""


async def test_program_when_killed_at_random_then_claims_nothing_wrongly_and_forgets_nothing(
    film: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with aria2_seed(film, tmp_path, 8_000_000) as seeded:
        lives = Lives(film, seeded, random.Random(7), SHORT_S)
        await lives.live(data)
        await lives.kill_while_starting(data)
        await lives.live(data)
        await lives.look(data)
    assert (lives.found.wrong, lives.found.lost) == ([], [])
    assert lives.found.actions > 0
