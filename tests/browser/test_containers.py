"""Every usual kind of film plays in Chromium, from a foreign seed: the picture moves, the sound is there, seeks end."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser import films
from tests.browser.parts import offer, open_house
from tests.media.drawn import LEFT, film_of_pictures, rows_of
from tests.media.subtitled import time_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

FRAMES = 20


@pytest.mark.parametrize("kind", films.KINDS)
async def test_film_when_of_any_usual_kind_then_moves_sounds_and_seeks(
    kind: str, chromium: Browser, tmp_path: Path
) -> None:
    film = films.placed(films.of_kind(kind), tmp_path)
    async with offer(film, tmp_path) as offered, open_house(chromium, tmp_path) as house:
        await house.running.add(offered.magnet)
        screen = await house.sit_down(f"/film/{offered.info_hash}/play/0", reduced_motion="reduce")
        await screen.plays_past(1.0)
        await screen.seek(0.8)
        far = await screen.frames(0.8 * films.CLIP_S - 1.5, FRAMES)
        await screen.page.keyboard.press("1")
        back = await screen.frames(0.1 * films.CLIP_S - 1.5, FRAMES)
        decoded = await screen.decoded()
    assert (far, back) == (FRAMES, FRAMES)
    assert decoded.sound_bytes > 0
    assert screen.complaints == []


async def test_subtitles_when_they_are_pictures_then_are_drawn_at_their_second_and_place(
    chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "seed").mkdir()
    film = Path(shutil.copy(film_of_pictures(), tmp_path / "seed"))
    start_s, stop_s = time_of(2)
    async with offer(film, tmp_path) as offered, open_house(chromium, tmp_path) as house:
        await house.running.add(offered.magnet)
        screen = await house.sit_down(f"/film/{offered.info_hash}/play/0", reduced_motion="reduce")
        await screen.plays_past(0.5)
        await screen.page.keyboard.press("c")
        drawn = screen.page.locator(".picture > img")
        await screen.stand_at((start_s + stop_s) / 2)
        await expect(drawn).to_have_js_property("complete", True)
        width, left, whole = await drawn.evaluate(
            "(it) => [it.naturalWidth, it.getBoundingClientRect().left, it.parentElement.clientWidth]"
        )
        await screen.stand_at(stop_s + 0.2)
        await expect(drawn).to_have_count(0)
    assert width == len(rows_of(2)[0])
    assert left / whole == pytest.approx((LEFT + 2) / 1280, abs=0.02)
    assert screen.complaints == []


async def test_bar_when_pointed_at_then_shows_the_picture_of_that_moment(
    chromium: Browser, tmp_path: Path
) -> None:
    film = films.placed(films.of_kind("index-at-the-end.mp4"), tmp_path)
    async with offer(film, tmp_path) as offered, open_house(chromium, tmp_path) as house:
        await house.running.add(offered.magnet)
        await house.running.bytes_of(offered.info_hash, 0, film.stat().st_size)
        screen = await house.sit_down(f"/film/{offered.info_hash}/play/0", reduced_motion="reduce")
        await screen.plays_past(0.5)
        await screen.page.keyboard.press("k")
        await screen.reads("all here")
        bar = await screen.page.get_by_role("slider", name="Place in the film").bounding_box()
        assert bar is not None
        tile = screen.page.locator(".hint .tile")
        async with screen.page.expect_response(lambda got: got.url.endswith(".webp")) as sprite:
            await screen.page.mouse.move(bar["x"] + bar["width"] * 0.5, bar["y"] + bar["height"] / 2)
            await expect(tile).to_be_visible()
        answer = await sprite.value
        await expect(screen.page.locator(".hint")).to_contain_text(re.compile("0:(19|20).*ready"))
    assert answer.status == 200
    assert screen.complaints == []
