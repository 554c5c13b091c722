"""A serial of which one chapter is known: the others are said to be looked for, and play once they are found.

Where they play, each is followed by the next, as long as somebody seems to be there.
"""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.mocked import EVENING, Mocked
from tests.browser.parts import both_rooms
from tests.browser.sights import PLAY, PLAYER, SIGHTS, Sight

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SOUGHT = next(one for one in SIGHTS if one.name == "series-sought")
LOOKING = "Not found yet: looking at the Internet Archive …"
SERIAL = Sight("serial", PLAY, PLAYER, {"serial": ""})
EPISODES = (1, 2, 3, 6)
"""The films of the made-up server that play, one after the other."""
PATIENCE_MS = 8_000
NOTHING: dict[str, list[str]] = {"dark": [], "light": []}
_END = """() => {
  const video = document.querySelector('video');
  video.currentTime = video.duration - 0.5;
  return video.play();
}"""
NOWHERE = "Matinee knows no lawful copy of this chapter yet."


@pytest.mark.parametrize("width", [390, 1440])
async def test_chapters_when_they_are_looked_for_then_says_so_and_each_plays_once_it_is_found(
    mocked: Mocked, width: int
) -> None:
    async with mocked.tab(width, 900) as screen:
        await mocked.show(screen, SOUGHT)
        page = screen.page
        plays = page.get_by_role("button", name="Play ", exact=False).filter(visible=True)
        chapters = page.locator("section:has(#episodes) li")
        await expect(chapters).to_have_count(12)
        await expect(page.get_by_text(LOOKING, exact=True)).to_have_count(11)
        await expect(chapters.nth(0).get_by_role("button", name="Play The Purple Death")).to_be_visible()
        await expect(chapters.nth(1).get_by_role("button", name="Play Freezing Torture")).to_have_count(0)
        before = await plays.count()
        await page.evaluate("dispatchEvent(new Event('found'))")
        await expect(page.get_by_text(LOOKING, exact=True)).to_have_count(0)
        await expect(plays).to_have_count(before + 10)
        await expect(chapters.nth(1).get_by_role("button", name="Play Freezing Torture")).to_be_visible()
        await expect(chapters.nth(11).get_by_text(NOWHERE, exact=True)).to_be_visible()
        await expect(page.get_by_text("4.3 of 5, 27 reviews at the Internet Archive")).to_be_visible()
        assert await screen.runs_out() == []
        await page.locator("#episodes").scroll_into_view_if_needed()
        assert screen.complaints == []


async def _plays(page: Page, episode: int) -> None:
    """Wait until an episode plays, and have it come to its end."""
    await expect(page).to_have_url(re.compile(f"/film/{episode:040x}/play/0$"))
    await page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    await page.evaluate(_END)


async def test_episode_when_it_ends_then_the_next_one_comes_by_itself_until_nobody_seems_to_be_there(
    mocked: Mocked,
) -> None:
    async with mocked.tab(390, 844) as screen:
        page = screen.page
        await page.clock.install(time=EVENING)
        await mocked.show(screen, SERIAL)
        for episode in EPISODES[:2]:
            await _plays(page, episode)
            await expect(page.get_by_text(re.compile("^Begins in [1-8] second"))).to_be_visible()
            await page.clock.run_for(PATIENCE_MS)
        # Two have followed each other and nothing was touched: the next one waits for a word, however long.
        await _plays(page, EPISODES[2])
        asked = page.get_by_role("heading", name="Still watching?")
        await expect(asked).to_be_visible()
        await page.clock.run_for(10 * PATIENCE_MS)
        await expect(asked).to_be_visible()
        assert await both_rooms(screen) == NOTHING
        assert await screen.runs_out() == []
        await expect(page.get_by_role("button", name="Go on", exact=True)).to_be_focused()
        await page.keyboard.press("Enter")
        await _plays(page, EPISODES[3])
        assert screen.complaints == []
