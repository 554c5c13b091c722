"""A person points at the seek bar of a film that is not there yet: its picture, its chapter, what the place costs."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.films import CHAPTERS
from tests.browser.parts import WAIT_MS, Screen, open_house
from tests.media.films import made
from tests.swarm.parts import aria2_seed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
]

LIMIT_BYTES_PER_S = 1_000_000
"""Half of the film takes 100 seconds: pictures, which give way to everything, come before, on a busy computer too."""
PIECE_BYTES = 64 * 1024
FAR = 0.8
AGAIN_S = 4.5
"""The page asks no more often for newer pictures."""


async def point_at(screen: Screen, fraction: float) -> Locator:
    """Point at a place of the bar; gives what stands above it."""
    box = await screen.page.get_by_role("slider", name="Place in the film").bounding_box(timeout=WAIT_MS)
    assert box is not None
    # The first movement shows the controls.
    await screen.page.mouse.move(200, 200)
    await screen.page.mouse.move(box["x"] + box["width"] * fraction, box["y"] + box["height"] / 2)
    return screen.page.locator(".hint")


def film_with_chapters(folder: Path) -> Path:
    """Give Big Buck Bunny four times over as a browser plays it, in two chapters, its index in front."""
    film = made(
        "chapters.mp4",
        "-stream_loop", "3", "-i", "{bunny}", "-i", "{chapters.txt}", "-map", "0", "-map_metadata", "1", "-c", "copy",
        "-movflags", "+faststart", files={"chapters.txt": CHAPTERS},
    )  # fmt: skip
    (folder / "seed").mkdir()
    return Path(shutil.copy(film, folder / "seed" / "Big Buck Bunny (2008).mp4"))


async def test_bar_when_the_film_arrives_then_says_what_a_place_costs_and_shows_it_before_it_is_reached(
    chromium: Browser, tmp_path: Path
) -> None:
    film = film_with_chapters(tmp_path)
    with aria2_seed(film, tmp_path, LIMIT_BYTES_PER_S, piece_bytes=PIECE_BYTES) as seeded:
        async with open_house(chromium, tmp_path) as house:
            await house.running.add(seeded.magnet)
            screen = await house.sit_down(f"/film/{seeded.info_hash}/play/0", reduced_motion="reduce")
            await screen.plays_past(1.0)
            hint = await point_at(screen, FAR)
            await expect(hint).to_have_text(re.compile(r"Revenge\s*31:4\d\s*\d+ s$"))
            costs = int((await hint.inner_text()).split()[-2])
            hint = await point_at(screen, 0.004)
            await expect(hint).to_have_text(re.compile(r"Waking\s*0:0\d\s*ready$"))
            marks = await screen.page.locator(".bar .mark").evaluate_all(
                "(all) => all.map((one) => parseFloat(one.style.left))"
            )
            async with asyncio.timeout(150):
                hint = await point_at(screen, FAR)
                while not await hint.locator(".tile").count():
                    await asyncio.sleep(AGAIN_S)
                    hint = await point_at(screen, FAR)
            seen = await house.running.view(seeded.info_hash)
    # How many seconds is the line's: ui/tests/seek.test.mjs holds the sum.
    assert costs >= 1
    assert marks == [pytest.approx(100 * 120 / (4 * 596.5), abs=0.1)]
    # It was shown while most of the film had not come.
    assert seen["progress"]["bytes_done"] < film.stat().st_size / 2
    assert screen.complaints == []
