"""Hands: what a person presses with. Each does the same things to a page in its own way, and in no other.

A finger taps, a mouse clicks. A keyboard has the tab key and no pointer; a remote has four arrows, a key that presses
and one that leads back, and nothing else.
"""

import re
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.parts import WAIT_MS, Screen

MOST_PRESSES = 120
BAR = "Place in the film"

_BEFORE = """(target) => {
  const at = document.activeElement;
  return at === target ? 0 : (at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING) ? -1 : 1;
}"""
_ARROWS = """(target) => {
  const at = document.activeElement;
  if (at === target) return null;
  window.hands ??= { of: new WeakMap(), last: 0 };
  if (!window.hands.of.has(at)) window.hands.of.set(at, window.hands.last += 1);
  const drawn = (one) => ['radio', 'checkbox'].includes(one.type) && one.labels?.[0] ? one.labels[0] : one;
  const [a, b] = [drawn(at), drawn(target)].map((one) => one.getBoundingClientRect());
  const down = b.top >= a.bottom - 2 ? 1 : b.bottom <= a.top + 2 ? -1 : 0;
  const right = b.left + b.width / 2 >= a.left + a.width / 2 ? 'ArrowRight' : 'ArrowLeft';
  const left = right === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
  const [towards, away] = down === 1 ? ['ArrowDown', 'ArrowUp'] : ['ArrowUp', 'ArrowDown'];
  const keys = down === 0 ? [right, away, towards, left] : [towards, right, left, away];
  return [window.hands.of.get(at), keys];
}"""


class Hand(ABC):
    """What a person does with a page.

    Args:
        screen: the tab that it is before.
    """

    size: tuple[int, int]
    """Of the window, in CSS pixels."""
    context: dict[str, Any] = {}  # noqa: RUF012 - read only

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    @property
    def name(self) -> str:
        """Of its pictures."""
        return f"{type(self).__name__.lower()}.{self.size[0]}"

    @property
    def page(self) -> Page:
        """The page itself."""
        return self.screen.page

    @abstractmethod
    async def press(self, target: Locator) -> None:
        """Press a thing."""

    @abstractmethod
    async def back(self) -> None:
        """Go back to where one was."""

    async def write(self, field: Locator, text: str) -> None:
        """Write into a field, in the place of what stands there."""
        await self.press(field)
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    async def choose_file(self, button: Locator, field: Locator, file: Path) -> None:
        """Choose a file in the system's own window, which the button opens for a field that nobody sees."""
        async with self.page.expect_file_chooser(timeout=WAIT_MS) as opened:
            await self.press(button)
        await (await opened.value).set_files(file)

    async def choose(self, field: Locator, value: str) -> None:
        """Choose from a list that the system draws, which no test sees."""
        await field.select_option(value)

    @abstractmethod
    async def controls(self) -> None:
        """Have the player's controls in sight."""

    @abstractmethod
    async def seek(self, fraction: float) -> None:
        """Go to a place of the film that plays."""

    async def plays_past(self, position_s: int) -> None:
        """Wait until the picture moves beyond a place."""
        await self.screen.plays_past(position_s)

    async def panel(self, name: str, option: str) -> None:
        """Choose in one of the player's panels, and close it."""
        await self.controls()
        await self.press(self.page.get_by_role("button", name=name, exact=True))
        await self.press(self.page.get_by_role("radio", name=re.compile(option)))
        await self.close_panel()

    async def close_panel(self) -> None:
        """Close the player's panel."""
        await self.press(self.page.get_by_role("dialog").get_by_role("button", name="Close"))


class Finger(Hand):
    """A telephone."""

    size = (390, 844)
    context = {"has_touch": True, "is_mobile": True}  # noqa: RUF012

    async def press(self, target: Locator) -> None:
        await target.tap(timeout=WAIT_MS)

    async def back(self) -> None:
        await self.page.go_back()

    async def controls(self) -> None:
        # They go to sleep by themselves; where they are awake already a tap would send them away.
        if not await self.page.locator("main.shown").count():
            await self.page.locator("video").tap(position={"x": 60, "y": 160})
        await expect(self.page.locator("main.shown")).to_have_count(1)

    async def seek(self, fraction: float) -> None:
        await self.controls()
        bar = self.page.get_by_role("slider", name=BAR)
        box = await bar.bounding_box()
        assert box is not None
        await self.page.touchscreen.tap(box["x"] + fraction * box["width"], box["y"] + box["height"] / 2)


class TabletFinger(Finger):
    """A tablet."""

    size = (820, 1180)


class Mouse(Hand):
    """A computer, by its mouse; letters come from the keyboard."""

    size = (1440, 900)

    async def press(self, target: Locator) -> None:
        await target.click(timeout=WAIT_MS)

    async def back(self) -> None:
        await self.page.go_back()

    async def controls(self) -> None:
        for x in (300, 310):
            await self.page.mouse.move(x, 300)
        await expect(self.page.locator("main.shown")).to_have_count(1)

    async def seek(self, fraction: float) -> None:
        await self.controls()
        await self.screen.seek(fraction)


class MouseInFirefox(Mouse):
    """The same, but a place of the film is a digit: no test may run there what it likes in a page, to measure the bar.

    Nor does it learn that the system's window for files is open.
    """

    async def seek(self, fraction: float) -> None:
        await self.page.keyboard.press(str(round(fraction * 10)))

    async def plays_past(self, position_s: int) -> None:
        beyond = "|".join(str(at) for at in range(position_s + 1, position_s + 60))
        bar = self.page.locator("main [role=slider]")
        await expect(bar).to_have_attribute("aria-valuenow", re.compile(f"^({beyond})$"))

    async def choose_file(self, button: Locator, field: Locator, file: Path) -> None:
        await expect(button).to_be_enabled()
        await field.set_input_files(file)


class Keys(Hand):
    """Whoever leads the focus to a thing, and presses there."""

    async def reach(self, target: Locator) -> None:
        """Lead the focus to a thing."""
        raise AssertionError("every kind of keys has its own way")

    async def press(self, target: Locator) -> None:
        await self.reach(target)
        await self.page.keyboard.press("Enter")

    async def write(self, field: Locator, text: str) -> None:
        # What stands in a television's browser is written with letters on its screen, which no page sees.
        await self.reach(field)
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    async def back(self) -> None:
        await self.page.keyboard.press("Escape")

    async def close_panel(self) -> None:
        await self.page.keyboard.press("Escape")


class Keyboard(Keys):
    """A computer, without its mouse."""

    size = (1440, 900)

    async def reach(self, target: Locator) -> None:
        """Press the tab key, forwards or backwards, until a thing has the focus."""
        await target.wait_for(timeout=WAIT_MS, state="attached")
        for _ in range(MOST_PRESSES):
            way = await target.evaluate(_BEFORE)
            if way == 0:
                return
            await self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        raise AssertionError(f"the tab key does not lead to {target}")

    async def choose(self, field: Locator, value: str) -> None:
        await self.reach(field)
        words = await field.locator(f"option[value='{value}']").inner_text()
        await self.page.keyboard.type(words)
        await expect(field).to_have_value(value)

    async def controls(self) -> None:
        await self.page.keyboard.press("Enter")

    async def seek(self, fraction: float) -> None:
        await self.page.keyboard.press(str(round(fraction * 10)))


class Remote(Keys):
    """A television: its browser counts 1920 pixels, however many it has."""

    size = (1920, 1080)

    async def reach(self, target: Locator) -> None:
        """Press arrows towards a thing until it has the focus."""
        await target.wait_for(timeout=WAIT_MS, state="attached")
        tried: set[tuple[int, str]] = set()
        for _ in range(MOST_PRESSES):
            found = await target.evaluate(_ARROWS)
            if found is None:
                return
            at, keys = found
            key = next((one for one in keys if (at, one) not in tried), None)
            if key is None:
                break
            tried.add((at, key))
            await self.page.keyboard.press(key)
        raise AssertionError(f"no arrow leads to {target}")

    async def choose(self, field: Locator, value: str) -> None:
        await self.reach(field)
        at = await field.evaluate(
            "(list, value) => [...list.options].findIndex((one) => one.value === value) - list.selectedIndex",
            value,
        )
        for key in ("Enter", *["ArrowDown"] * at, "Enter"):
            await self.page.keyboard.press(key)
        await expect(field).to_have_value(value)

    async def controls(self) -> None:
        if not await self.page.locator("main.shown .bottom :focus").count():
            await self.page.keyboard.press("Enter")
            await expect(self.page.locator("main.shown .bottom :focus")).to_have_count(1)

    async def seek(self, fraction: float) -> None:
        await self.controls()
        bar = self.page.get_by_role("slider", name=BAR)
        await self.reach(bar)
        wanted = fraction * float(await bar.get_attribute("aria-valuemax") or 0)
        for _ in range(MOST_PRESSES):
            if float(await bar.get_attribute("aria-valuenow") or 0) > wanted - 5:
                return
            await self.page.keyboard.press("ArrowRight")
        raise AssertionError("the arrows do not lead there")
