"""Stills of a film behind its title: they come after a moment, pass slowly, shift nothing; and what lies beside it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.mocked import Mocked
from tests.media.made_pictures import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WIDE, SMALL = drawn("mjpeg", "yuvj420p", 960, 540), drawn("mjpeg", "yuvj420p", 160, 120)
MISSING = 3
"""That still may come, and has not."""
_SHIFTS = """() => {
  window.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.shifts += one.value)))
    .observe({ type: 'layout-shift', buffered: true });
}"""


_SENT = """() => {
  window.sent = [];
  const ask = window.fetch;
  window.fetch = (input, init) => {
    if (init?.method === 'POST') window.sent.push(init.body);
    return ask(input, init);
  };
}"""


async def _open(page: Page, mocked: Mocked, place: str, stills: int, picture: bytes) -> list[str]:
    """Go to a place; gives the stills that are asked for from then on."""
    asked: list[str] = []

    async def answer(route: Route) -> None:
        number = int(route.request.url.rsplit("still-", 1)[1][:16])
        asked.append(route.request.url)
        if number == MISSING:
            await route.fulfill(status=202)
        else:
            await route.fulfill(body=picture, content_type="image/webp")

    await page.route("**/pictures/**/still-*", answer)
    query = urlencode({"still": "", "beside": "", "stills": stills, "remember": "notice:read"})
    await page.goto(f"{mocked.address}?{query}#{place}")
    await page.evaluate(_SHIFTS)
    return asked


@pytest.mark.parametrize(
    ("options", "stills", "seen"),
    [
        ({"reduced_motion": "no-preference"}, 5, 4),
        ({"reduced_motion": "reduce"}, 5, 1),
    ],
)
async def test_evenings_title_when_there_are_stills_then_they_pass_unless_somebody_wants_them_still(
    options: Mapping[str, Any], stills: int, seen: int, mocked: Mocked
) -> None:
    async with mocked.tab(**options) as screen:
        asked = await _open(screen.page, mocked, "/", stills, WIDE)
        shown = screen.page.locator("section .still")
        await expect(shown).to_have_count(seen)
        # Whichever has its turn: the one before it lies under it.
        await expect(screen.page.locator("section .still.lit")).to_have_count(1)
        await expect(screen.page.locator("section .still.under")).to_have_count(1 if seen > 1 else 0)
        await expect(screen.page.locator("section svg.gone")).to_have_count(1)
        assert len({one for one in asked if one.endswith("-960.webp")}) == (5 if seen > 1 else 1)
        assert await screen.page.evaluate("window.shifts") < 0.02
        assert screen.complaints == []


async def test_evenings_title_when_bytes_are_counted_then_none_is_fetched(mocked: Mocked) -> None:
    async with mocked.tab(reduced_motion="no-preference") as screen:
        counted = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
        await screen.page.add_init_script(counted)
        async with screen.page.expect_response("**/*Stills*") as script:
            asked = await _open(screen.page, mocked, "/", 5, WIDE)
        await (await script.value).finished()
        await screen.page.evaluate("() => new Promise((done) => requestIdleCallback(done))")
        assert asked == []
        await expect(screen.page.locator("section .still")).to_have_count(0)


async def test_title_when_something_lies_beside_it_then_its_page_says_so_and_its_trailer_plays(
    mocked: Mocked,
) -> None:
    async with mocked.tab() as screen:
        page = screen.page
        await _open(page, mocked, "/title/big-buck-bunny-2008", 5, SMALL)
        await expect(page.get_by_text("English and French", exact=True)).to_be_visible()
        still = page.locator(".still.small")
        await expect(still).to_have_count(1)
        picture, place = await still.locator(".hung").bounding_box(), await still.bounding_box()
        assert picture is not None
        assert place is not None
        # So few pixels are not stretched over a wall.
        assert picture["width"] <= 160 * 2.4 + 1 < place["width"]
        await page.evaluate(_SENT)
        await page.get_by_role("button", name="Trailer of Big Buck Bunny").click()
        await expect(page.locator("video")).to_have_count(1)
        sent = [json.loads(one) for one in await page.evaluate("window.sent")]
        of_title = [one for one in sent if "client" in one and "start_s" in one]
        assert [(one["title_id"], one["trailer"]) for one in of_title] == [("big-buck-bunny-2008", True)]
        assert screen.complaints == []
