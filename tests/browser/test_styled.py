"""Subtitles drawn in their maker's look: the right pixels at the right second, and words where that cannot be."""

import re

import pytest
from playwright.async_api import expect

from tests.browser import films
from tests.browser.conftest import Festival
from tests.browser.parts import WAIT_MS, Screen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="session"),
]

BOARD = (300, 200)
"""A point of the red board, on the script's sheet of 1280 by 720."""
ASIDE = (900, 200)

_POINTS = """(points) => {
  const drawn = document.querySelector('.drawn canvas');
  if (drawn === null || drawn.width < 2) return null;
  const sheet = new OffscreenCanvas(1280, 720);
  const pen = sheet.getContext('2d');
  pen.drawImage(drawn, 0, 0, 1280, 720);
  return points.map(([x, y]) => [...pen.getImageData(x, y, 1, 1).data].map((part) => Math.round(part / 25)));
}"""
RED, NOTHING = [10, 0, 0, 10], [0, 0, 0, 0]

_COVERS = """() => {
  const of = (name) => document.querySelector(name).getBoundingClientRect();
  const video = document.querySelector('video');
  const [drawn, room] = [of('.drawn canvas'), of('video')];
  const scale = Math.min(room.width / video.videoWidth, room.height / video.videoHeight);
  return [
    Math.abs(drawn.width - video.videoWidth * scale) < 2,
    Math.abs(drawn.height - video.videoHeight * scale) < 2,
    Math.abs(drawn.left + drawn.right - room.left - room.right) < 2,
  ];
}"""


async def _choose_styles(screen: Screen) -> None:
    """Have the lines on, then drawn as they were made."""
    await screen.plays_past(0.1)
    await screen.page.keyboard.press("c")
    await screen.reads("Subtitles: English")
    await screen.page.keyboard.press("k")
    await screen.stand_at(61)
    await expect(screen.page.locator(".cue").first).to_contain_text("A sign")
    await screen.open_panel("Subtitles")
    await screen.page.get_by_role("radio", name="As they were made").click()


async def _shows(screen: Screen, board: list[int]) -> None:
    """Wait until the board's place has a colour, and nothing stands aside of it."""
    await screen.page.wait_for_function(
        f"([points, wanted]) => JSON.stringify(({_POINTS})(points)) === wanted",
        arg=[[BOARD, ASIDE], str([board, NOTHING]).replace(" ", "")],
        timeout=WAIT_MS,
    )


async def test_styles_when_asked_for_then_are_drawn_at_their_second_and_place(festival: Festival) -> None:
    screen = await festival.watch(films.STYLED)
    async with screen.page.expect_response(
        lambda got: re.search(r"/fonts/[^/]+/\d+$", got.url) is not None
    ) as font:
        await _choose_styles(screen)
    assert (await font.value).status == 200
    await _shows(screen, RED)
    await expect(screen.page.locator(".cue")).to_have_count(0)
    assert await screen.breaches() == []
    await screen.page.keyboard.press("Escape")
    for place, board in (
        (59.9, NOTHING),
        (60.1, RED),
        (62.9, RED),
        (63.1, NOTHING),
        (81, NOTHING),
        (61, RED),
    ):
        await screen.stand_at(place)
        await _shows(screen, board)
    for _ in range(15):
        await screen.page.keyboard.press("h")
    await _shows(screen, NOTHING)
    await screen.stand_at(64)
    await _shows(screen, RED)
    for size in ({"width": 700, "height": 900}, {"width": 1500, "height": 500}):
        await screen.page.set_viewport_size(size)  # type: ignore[arg-type] # a TypedDict of the same shape
        await _shows(screen, RED)
        assert await screen.page.evaluate(_COVERS) == [True, True, True]
    await screen.page.keyboard.press("f")
    await screen.page.wait_for_function("() => document.fullscreenElement !== null", timeout=WAIT_MS)
    await _shows(screen, RED)
    assert await screen.page.evaluate(_COVERS) == [True, True, True]
    await screen.page.keyboard.press("f")
    await screen.page.wait_for_function("() => document.fullscreenElement === null", timeout=WAIT_MS)
    await screen.page.reload()
    await screen.plays_past(0.1)
    await screen.page.keyboard.press(">")
    await screen.stand_at(64)
    await _shows(screen, RED)
    # Letters that no font at hand has would be empty boxes: the browser shows them, as text.
    await screen.drop("signs.ass", films.STYLED_LINES.replace("A sign", "看板 لوحة"))
    await screen.reads("Their own look needs a font that is not in the film: the words are shown plainly.")
    await expect(screen.page.locator(".cue").first).to_contain_text("看板 لوحة")
    assert screen.complaints == []


async def test_styles_when_the_browser_cannot_draw_them_then_says_so_and_shows_the_words(
    festival: Festival,
) -> None:
    screen = await festival.watch(films.STYLED)
    await screen.page.route("**/*.wasm", lambda route: route.abort())
    await _choose_styles(screen)
    await screen.reads("This browser cannot draw their own look: the words are shown plainly.")
    await expect(screen.page.locator(".cue").first).to_contain_text("A sign")
