"""A remote: four arrows, a key that presses and one that leads back. They reach all, and the focus is never lost."""

import random
import re

import pytest
from playwright.async_api import expect

from tests.browser.mocked import Mocked
from tests.browser.parts import Screen
from tests.browser.sights import SIGHTS
from tests.browser.walking import walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ARROWS = ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft")
TELEVISION = [
    sight for sight in SIGHTS if sight.name in {"home", "browse", "title", "film", "settings", "transfers"}
]
"""Its browser counts 1920 pixels, however many it has. On a desk ``test_sights`` walks, through all there is."""
PRESSES = 60
WALKED = "(how) => { window.walking.look(how); return [...window.walking.faults]; }"


async def _walk_at_random(screen: Screen) -> list[str]:
    """Press real arrows in no order, the same on every run; give what went wrong."""
    chance = random.Random(1895)
    faults: list[str] = []
    for press in range(PRESSES):
        key = chance.choice(ARROWS)
        await screen.page.keyboard.press(key)
        faults = await screen.page.evaluate(WALKED, f"press {press}, {key}")
    return faults


async def test_arrows_when_there_is_nothing_else_then_reach_all_and_never_lose_the_focus(
    mocked: Mocked,
) -> None:
    faults: dict[str, list[str]] = {}
    async with mocked.tab(1920, 1080) as screen:
        for sight in TELEVISION:
            await mocked.show(screen, sight)
            faults[sight.name] = await walk(screen)
            if sight.name == "home":
                faults["home, at random"] = await _walk_at_random(screen)
    assert {name: found for name, found in faults.items() if found} == {}


async def test_escape_when_pressed_then_leads_back_to_what_was_pressed(mocked: Mocked) -> None:
    home = next(sight for sight in SIGHTS if sight.name == "home")
    async with mocked.tab() as screen:
        await mocked.show(screen, home)
        keyboard, focused = screen.page.keyboard, screen.page.locator(":focus")
        await screen.tab_to("About the film")
        for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
            await keyboard.press(key)
        place = await focused.get_attribute("data-place")
        assert place is not None
        await keyboard.press("Enter")
        await expect(screen.page.locator(".synopsis")).to_be_visible()
        await keyboard.press("Escape")
        await expect(focused).to_have_attribute("data-place", place)
        # A search that is typed is emptied first; then it is left.
        await keyboard.press("/")
        await keyboard.type("night")
        await expect(focused).to_have_value("night")
        await keyboard.press("Escape")
        await expect(focused).to_have_value("")
        await keyboard.press("Escape")
        await expect(screen.page).to_have_url(re.compile("#/$"))
        # Where the first page was another, it leads home.
        await screen.page.goto("about:blank")
        await mocked.show(screen, next(sight for sight in SIGHTS if sight.name == "settings"))
        await screen.page.keyboard.press("Escape")
        await expect(screen.page.locator("main [data-place]").first).to_be_visible()
