"""Every way that arrows lead on a page, walked in the page itself: ``walking.js`` says what is wrong with it."""

from pathlib import Path

from tests.browser.parts import Screen
from tests.browser.sights import SIGHTS

WALKING = Path(__file__).with_name("walking.js").read_text(encoding="utf-8")
LOCKED = {"locked"}
"""There is nothing to go to."""
REACHED = {sight.name for sight in SIGHTS if "/play/" not in sight.place} - LOCKED


async def walk(screen: Screen) -> list[str]:
    """Give what arrows do not reach, and where they lose the focus."""
    await screen.page.evaluate(WALKING)
    await screen.page.keyboard.press("Tab")
    faults: list[str] = await screen.page.evaluate("() => window.walking.walk()")
    return faults
