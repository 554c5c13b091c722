"""The catalogue's face: from the posters to a title and the evidence for it, and back to where one was."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import Cinema
from tests.browser.parts import House, Screen, both_rooms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOTHING: dict[str, list[str]] = {"dark": [], "light": []}
MANY, A_PAGE = 10_000, 120
FEW_DRAWN = 150
MARKUP = '<img src=x onerror="window.harm = 1"><script>window.harm = 2</script>'
HOSTILE = [
    MARKUP,
    "A" * 10_000,
    "word " * 400,
    "\u202e4pm.exe gnihtyna",
    "東京物語" * 60,
    "\u0000\u200b",
    "{n} ${7*7}",
]

_WATCH_PICTURES = """() => {
  window.turned = [];
  const turn = Document.prototype.startViewTransition;
  Document.prototype.startViewTransition = function (change) {
    const turning = turn.call(this, change);
    const kinds = () => document.documentElement.getAnimations({ subtree: true })
      .map(({ effect }) => /-(new|old)[(]picture[)]$/.exec(effect.pseudoElement ?? '')?.[1])
      .filter((kind) => kind !== undefined);
    turning.ready.then(() => window.turned.push([...new Set(kinds())].sort()));
    return turning;
  };
}"""
"""Notes of each change of pages which pictures take part: the one that was there, and the one that comes."""


def _card(number: int, title: str) -> dict[str, Any]:
    return {
        "id": f"title-{number}-1926", "kind": "film", "title": title, "titles": {}, "year": 1926, "minutes": 60,
        "genres": ["comedy"], "directors": [title[:300]], "countries": ["US"], "children": False, "poster": None,
        "pictures": {"poster": None, "backdrop": None}, "homes": 1,
    }  # fmt: skip


async def _hang(screen: Screen, cards: list[dict[str, Any]]) -> None:
    """Have the server tell of these titles."""

    async def answer(route: Route) -> None:
        start = int(
            dict(pair.split("=") for pair in urlsplit(route.request.url).query.split("&")).get("cursor", 0)
        )
        stop = min(start + A_PAGE, len(cards))
        cursor = str(stop) if stop < len(cards) else None
        page = {"titles": cards[start:stop], "total": None, "next_cursor": cursor, "close": False}
        await route.fulfill(body=json.dumps(page), content_type="application/json")

    await screen.page.route("**/api/v1/titles?*", answer)


async def _go_down_to(link: Locator) -> None:
    """Press the arrow down, over the filters, until a link is focused."""
    for _ in range(6):
        if await link.evaluate("(link) => link === document.activeElement"):
            return
        await link.page.keyboard.press("ArrowDown")
    await expect(link).to_be_focused()


async def test_programme_when_there_is_only_a_keyboard_then_leads_to_the_evidence_and_back(
    hall: House,
) -> None:
    screen = await hall.sit_down(reduced_motion="reduce")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    keyboard, focused = screen.page.keyboard, screen.page.locator(":focus")
    await expect(screen.page.locator("main [data-place]").nth(8)).to_be_visible()
    assert await both_rooms(screen) == NOTHING

    await screen.tab_to("About the film")
    await keyboard.press("ArrowDown")
    first = await focused.get_attribute("data-place")
    await keyboard.press("ArrowRight")
    second = await focused.get_attribute("data-place")
    await keyboard.press("ArrowDown")
    third = await focused.get_attribute("data-place")
    assert first is not None
    assert second is not None
    assert third is not None
    rows = [place.partition(":")[0] for place in (first, second, third)]
    assert (first != second, rows[0] == rows[1], rows[2] != rows[1]) == (True, True, True)
    await keyboard.press("ArrowUp")
    await expect(focused).to_have_attribute("data-place", second)
    await keyboard.press("ArrowLeft")
    await expect(focused).to_have_attribute("data-place", first)

    await keyboard.press("/")
    await keyboard.type("grandmas reading")
    poster = screen.page.get_by_role("link", name="Grandma's Reading Glass")
    await expect(poster).to_be_visible()
    await expect(focused).to_have_value("grandmas reading")
    await _go_down_to(poster)
    assert await both_rooms(screen) == NOTHING
    await keyboard.press("Enter")
    await expect(screen.page.get_by_role("heading", name="Why it may be shared")).to_be_visible()
    await screen.reads("looked at on")
    await expect(screen.page.locator("h1")).to_have_text("Grandma's Reading Glass")
    assert await both_rooms(screen) == NOTHING
    assert await screen.runs_out() == []
    await screen.page.get_by_role("button", name="Pass it on").click()
    await expect(screen.page.get_by_role("textbox", name="Where it lies for everybody")).to_have_value(
        re.compile("^https://archive.org/details/")
    )
    assert await both_rooms(screen) == NOTHING
    await keyboard.press("Escape")

    await screen.page.go_back()
    await expect(poster).to_be_focused()
    await screen.page.go_back()
    await expect(screen.page.get_by_role("link", name="About the film")).to_be_visible()
    featured = await screen.page.locator("#spotlight").inner_text()
    await screen.page.get_by_role("button", name="Surprise me").click()
    await expect(screen.page.locator("#spotlight")).not_to_have_text(featured)
    for row in ("Keep them alive", "The 1920s"):
        await expect(screen.page.get_by_role("heading", name=row, exact=True)).to_have_count(1)
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(screen.page.url).netloc}
    assert screen.complaints == []


async def test_wall_when_it_has_ten_thousand_posters_then_draws_few_and_loses_no_focus(hall: House) -> None:
    screen = await hall.sit_down(reduced_motion="reduce")
    await _hang(screen, [_card(number, f"Film {number}") for number in range(MANY)])
    await screen.go("/browse")
    await screen.page.get_by_role("link", name="Film 0 1926").focus()
    focused = screen.page.locator(":focus")
    for _ in range(30):
        await screen.page.keyboard.press("ArrowDown")
    name = await focused.get_attribute("data-place")
    assert name is not None
    assert int(name.split("-")[1]) >= 30 * 3
    assert await screen.page.locator("main li").count() < FEW_DRAWN
    await screen.page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    await expect(focused).not_to_be_in_viewport()
    await screen.page.keyboard.press("ArrowUp")
    await expect(focused).to_be_in_viewport()
    assert await screen.page.locator("main li").count() < FEW_DRAWN


@pytest.mark.parametrize("width", [390, 1440])
async def test_titles_when_hostile_then_are_text_and_break_no_layout(hall: House, width: int) -> None:
    screen = await hall.sit_down(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    await _hang(screen, [_card(number, title) for number, title in enumerate(HOSTILE)])
    await screen.go("/browse?query=" + "x" * 190)
    await expect(screen.page.get_by_text(MARKUP[:30]).first).to_be_visible()
    assert await screen.runs_out() == []
    assert await screen.page.evaluate(
        "() => [window.harm, document.querySelectorAll('main img').length]"
    ) == [None, 0]


async def test_title_when_the_browser_is_french_then_is_told_in_french(hall: House) -> None:
    screen = await hall.sit_down("/title/night-of-the-living-dead-1968", locale="fr-FR")
    await expect(screen.page.locator("h1")).to_have_text("La Nuit des morts-vivants")
    await screen.reads("Titre original")
    await expect(screen.page.locator(".synopsis")).to_contain_text("Pennsylvanie")
    await screen.page.get_by_text("Pourquoi cette version").click()
    await screen.reads("C’est la seule.")


async def test_title_when_play_is_pressed_then_its_one_playback_is_the_picture(cinema: Cinema) -> None:
    screen = await cinema.house.sit_down("/title/big-buck-bunny-2008")
    openings = await cinema.stand_in(screen)
    await screen.page.evaluate(_WATCH_PICTURES)
    await screen.reads("Starts in about")
    await screen.page.get_by_text("Why this version").click()
    await screen.reads("What must be done to it shows once it opens.")
    await screen.page.get_by_role("button", name="Play Big Buck Bunny").click()
    await screen.plays_past(0.3)
    assert screen.page.url.endswith(cinema.play)
    assert [opening["title_id"] for opening in openings] == ["big-buck-bunny-2008"]
    # The page's picture has become the player's.
    await screen.page.wait_for_function("() => window.turned.length > 0")
    assert await screen.page.evaluate("() => window.turned[0]") == ["new", "old"]
    # It leads back to where it was opened, not to the torrent's own page.
    await screen.page.keyboard.press("Escape")
    await expect(screen.page).to_have_url(re.compile("#/title/big-buck-bunny-2008$"))
    await screen.page.get_by_role("link", name="On this computer").click()
    await screen.reads("started when promised")
    assert screen.complaints == []


async def test_title_when_it_does_not_exist_then_says_so(hall: House) -> None:
    screen = await hall.sit_down("/title/no-such-film-1999")
    await screen.reads("This title is not in the programme.")
