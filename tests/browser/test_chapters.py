"""A serial of which one chapter is known: the others are said to be looked for, and play once they are found."""

import pytest
from playwright.async_api import expect

from tests.browser.mocked import Mocked
from tests.browser.sights import SIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SOUGHT = next(one for one in SIGHTS if one.name == "series-sought")
LOOKING = "Not found yet: looking at the Internet Archive …"
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
