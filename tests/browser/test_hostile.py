"""Whatever strangers write into any field of any answer stays text, and breaks nothing."""

import asyncio

import pytest

from tests.browser.mocked import Mocked, whole
from tests.browser.parts import Screen
from tests.browser.sights import SIGHTS, Sight

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SEEDS = {7: 390, 8: 1440}
"""Each with the width of its window: the answers are as bad as chance has it, and the same every time."""
NARROW = 390
"""Everything is seen in it; in a wider one, where there is room, each page once."""
OWN_TROUBLE = {"player-offline", "home-failed", "locked", "film-gone", "title-gone", "notice", "player-keys"}
"""Sights on which no stranger has written anything."""

LIMIT_S = 400
"""On a computer that does much else."""

_HARM = """() => {
  const MARKUP = 'main iframe, main script, [onerror], [onload], [onmouseover], [href^="javascript:" i]';
  const NAMES = 'h1, h2, h3, a, button, label, td, th, dt, summary, legend';
  const found = window.harmed === true ? ['a script ran'] : [];
  const say = (what, one) => found.push(`${what}: ${one.outerHTML.slice(0, 160)}`);
  for (const one of document.querySelectorAll(MARKUP)) say('markup came in', one);
  for (const one of document.querySelectorAll(NAMES)) {
    if (one.getBoundingClientRect().height > innerHeight) say('higher than the window', one);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const holder = text.parentElement;
    const turns = /[\\u202a-\\u202e\\u2066-\\u2069]/u.test(text.data);
    if (turns && holder.closest('.stranger, bdi, style, script') === null) say('turns what stands around it', holder);
  }
  return found;
}"""


async def _look(mocked: Mocked, screen: Screen, sight: Sight, seed: int) -> list[str]:
    """Go to a sight as far as what is there leads to it, and give everything that is wrong."""
    wrong: list[str] = []

    async def judge() -> None:
        # A panel that the worst has left nothing for, or one that is there: whole either way.
        await whole(screen, "main, dialog")
        wrong.extend(await screen.page.evaluate(_HARM))
        wrong.extend(f"runs out: {one}" for one in await screen.runs_out())
        wrong.extend(screen.complaints)
        screen.complaints.clear()

    await mocked.load(screen, sight, fuzz=str(seed))
    await judge()
    for deed in sight.deeds:
        if not await deed.possible(screen.page):
            break
        await deed(screen.page)
        await judge()
    return [f"{sight.name}, seed {seed}: {one}" for one in wrong]


async def _tour(mocked: Mocked, seed: int, width: int) -> list[str]:
    sights = [sight for sight in SIGHTS if sight.name not in OWN_TROUBLE]
    if width > NARROW:
        sights = list({sight.place: sight for sight in sights}.values())
    wrong: list[str] = []
    async with mocked.tab(width, 900) as screen:
        for sight in sorted(sights, key=lambda sight: str(sight.wishes)):
            wrong += await _look(mocked, screen, sight, seed)
        # The page goes on: its own words lead home.
        await mocked.load(screen, next(sight for sight in SIGHTS if sight.name == "own"), fuzz=str(seed))
        await screen.page.get_by_role("link", name="Matinee: Home").click()
        await screen.page.wait_for_url("**#/")
        await whole(screen, "main")
    return wrong


@pytest.mark.timeout(LIMIT_S)
async def test_answers_when_strangers_write_the_worst_everywhere_then_stay_text_and_break_nothing(
    mocked: Mocked,
) -> None:
    tours = await asyncio.gather(*(_tour(mocked, seed, width) for seed, width in SEEDS.items()))
    assert [one for tour in tours for one in tour] == []
