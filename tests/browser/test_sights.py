"""Every page, panel and dialog: dark on a desk, and light and as wide as is left where somebody enlarges everything."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.mocked import Mocked
from tests.browser.parts import Screen
from tests.browser.sights import SIGHTS
from tests.browser.walking import REACHED, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COLOURS = ("color-contrast", "link-in-text-block")
ZOOMED = (320, 640)
"""A window of 1280 pixels, enlarged four times, or one of 640, enlarged twice."""

FEW = {"home", "title", "own", "settings"}
"""Enough to see that a page turns with its language, and what a desk alone shows in the light room."""
LIMIT_S = 400
"""On a computer that does much else; 20 s on one that does not."""

_UNSEEN_FOCUS = """() => {
  const LOOK = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor'];
  const look = (one) => {
    const above = [one.parentElement, one.parentElement?.parentElement];
    const boxes = [one, ...above, ...one.querySelectorAll('*'), one.nextElementSibling];
    return boxes.filter((box) => box instanceof Element)
      .map((box) => LOOK.map((name) => getComputedStyle(box)[name]).join()).join(';');
  };
  const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"]';
  const within = document.querySelector('dialog:modal') ?? document;
  const before = document.activeElement;
  const unseen = [];
  for (const one of within.querySelectorAll(focusable)) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('[inert]') !== null) continue;
    one.blur();
    const plain = look(one);
    one.focus({ preventScroll: true });
    if (document.activeElement === one && look(one) === plain) unseen.push(one.outerHTML.slice(0, 160));
  }
  before?.focus?.({ preventScroll: true });
  return unseen;
}"""

_MISNAMED = """() => {
  const said = (one) => one.nodeType === Node.TEXT_NODE ? one.data
    : one.ariaHidden === 'true' || !(one instanceof HTMLElement) ? '' : [...one.childNodes].map(said).join(' ');
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role]')].filter((one) => {
    const name = one.getAttribute('aria-label') ?? said(one.labels?.[0] ?? one);
    return one.checkVisibility() && /^(.{2,})[\\s:,·]+\\1$/iu.test(name.replace(/\\s+/gu, ' ').trim());
  }).map((one) => one.outerHTML.slice(0, 160));
}"""

_MOVES = """() => document.getAnimations().filter((one) => one.playState === 'running')
  .map((one) => one.effect?.target?.outerHTML?.slice(0, 160) ?? 'something')"""

_SIDEWAYS = """() => {
  const wide = document.documentElement.scrollWidth;
  return wide > innerWidth ? [`${wide} px wide`] : [];
}"""


async def _at_a_desk(screen: Screen, name: str) -> dict[str, list[str]]:
    found = {"axe": await screen.breaches()}
    if name in FEW:
        await screen.page.emulate_media(color_scheme="light")
        found["axe, light"] = await screen.breaches(*COLOURS)
        await screen.page.emulate_media(color_scheme="dark")
    # Only after a key does a browser show where the focus is.
    await screen.page.keyboard.press("Shift")
    found["focus unseen"] = await screen.page.evaluate(_UNSEEN_FOCUS)
    found["named twice"] = await screen.page.evaluate(_MISNAMED)
    found["moves"] = await screen.page.evaluate(_MOVES)
    if name in REACHED:
        found["arrows"] = await walk(screen)
    return found


async def _enlarged(screen: Screen) -> dict[str, list[str]]:
    return {
        "axe, narrow, light": await screen.breaches(),
        "runs out": await screen.runs_out(),
        "sideways": await screen.page.evaluate(_SIDEWAYS),
    }


async def _tour(mocked: Mocked, *, enlarged: bool) -> list[str]:
    size, room = (ZOOMED, "light") if enlarged else ((1440, 900), "dark")
    wrong: list[str] = []
    async with mocked.tab(*size, color_scheme=room) as screen:
        for sight in sorted(SIGHTS, key=lambda sight: str(sight.wishes)):
            await mocked.show(screen, sight)
            found = await (_enlarged(screen) if enlarged else _at_a_desk(screen, sight.name))
            wrong += [f"{sight.name}: {what}: {one}" for what, those in found.items() for one in those]
    return wrong


@pytest.mark.timeout(LIMIT_S)
async def test_sights_when_seen_by_everybody_then_can_be_read_named_and_reached(mocked: Mocked) -> None:
    tours = await asyncio.gather(_tour(mocked, enlarged=False), _tour(mocked, enlarged=True))
    assert [one for tour in tours for one in tour] == []


async def test_page_when_its_language_is_one_more_file_read_from_right_to_left_then_is_mirrored(
    mocked: Mocked,
) -> None:
    wrong: list[str] = []
    async with mocked.tab(390, 844) as screen:
        for sight in (one for one in SIGHTS if one.name in FEW):
            await mocked.show(screen, sight, remember="language:ar-XB")
            root = screen.page.locator("html")
            await expect(root).to_have_attribute("dir", "rtl")
            await expect(root).to_have_attribute("lang", "ar-XB")
            found = [*await screen.runs_out(), *await screen.page.evaluate(_SIDEWAYS)]
            wrong += [f"{sight.name}: {one}" for one in found]
        await expect(screen.page.locator("main h1")).to_have_css("direction", "rtl")
    assert wrong == []
