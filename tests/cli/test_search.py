"""``matinee search`` and ``matinee play`` with a title, as a person does it."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.processes import ALONE, run, started

pytestmark = [pytest.mark.swarm]


async def test_search_and_play_when_a_title_is_named_then_know_what_is_meant(tmp_path: Path) -> None:
    place = ("--data-dir", tmp_path)
    alone = await asyncio.to_thread(
        run, "search", "big", "bukc", "bunny", "--json", *place, MATINEE_COUNTRY="FR"
    )
    serve = ("serve", *ALONE, "--no-open", "--offline", "--port", "0", *place)
    play = ("play", "--player", "none", *place)
    async with started(*serve, MATINEE_COUNTRY="FR") as serving:
        await serving.line()
        found, forbidden, archived = await asyncio.gather(
            asyncio.to_thread(run, "search", "lumiere", *place),
            asyncio.to_thread(run, *play, "nosferatu-1922"),
            asyncio.to_thread(run, *play, "a trip to the moon"),
        )
    assert json.loads(alone.stdout)[0]["id"] == "big-buck-bunny-2008"
    assert "demolition-of-a-wall-1896" in found.stdout
    assert "may not be shared in your country" in forbidden.stderr
    assert "Matinee is offline" in archived.stderr
    assert [done.returncode for done in (alone, found, forbidden, archived)] == [0, 0, 1, 1]
