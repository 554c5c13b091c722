"""By whatever way somebody comes to a page: by its address, by back and forward, over a slow line, in a second tab."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Cinema
from tests.browser.mocked import Mocked, whole
from tests.browser.parts import House, Screen
from tests.browser.sights import FILM, Press, Sight

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SERIES = "/title/flash-gordon-conquers-the-universe-1940"
DEEP = {
    "/title/the-general-1926": "The General",
    f"{SERIES}/1/7": "Flash Gordon Conquers the Universe",
    "/title/nothing": "This title is not in the programme.",
    FILM: "Big Buck Bunny",
    f"/film/{0:040x}": "This film is not here.",
    f"/film/{0:040x}/play/0": "This film is not here.",
    f"{FILM}/play/999": "Not yet",
    "/settings/subtitles": "Settings",
    "/settings/nothing": "Settings",
    "/browse?query=nosferatu": "nosferatu",
    "/nothing/at/all": "There is nothing at this address.",
}
"""Addresses, and what is read there first."""
GONE = ["/title/nothing", f"/film/{0:040x}", f"/film/{0:040x}/play/0", f"{FILM}/play/999", "/nothing/at/all"]
MOST_SHIFT = 0.02

_SHIFTS = """() => {
  [window.shifted, window.moved] = [0, []];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      window.shifted += one.value;
      const moved = one.sources.map(({ node, previousRect: was, currentRect: is }) =>
        `${node?.nodeName}.${node?.className} ${was.y} -> ${is.y}`);
      window.moved.push(`${one.value.toFixed(3)}: ${moved.join('; ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}"""


class Line:
    """A line over which no answer comes until it is let through; it notes what is asked while the same waits."""

    def __init__(self) -> None:
        self.twice: list[str] = []
        self._waits: list[str] = []
        self._open = asyncio.Event()

    async def take(self, route: Route) -> None:
        """Hold one question."""
        asked = f"{route.request.method} {route.request.url}"
        self.twice += [asked] if asked in self._waits else []
        self._waits.append(asked)
        await self._open.wait()
        await route.continue_()
        self._waits.remove(asked)

    def hold(self) -> None:
        """Let nothing through from now on."""
        self._open.clear()

    def go(self) -> None:
        """Let everything through."""
        self._open.set()


async def _stands_still(screen: Screen) -> None:
    shifted, moved = await screen.page.evaluate("[shifted, moved]")
    assert shifted <= MOST_SHIFT, moved


async def test_page_when_the_line_is_slow_then_keeps_its_places_says_so_and_asks_for_nothing_twice(
    hall: House,
) -> None:
    screen = await hall.sit_down("/own", reduced_motion="reduce")
    await expect(screen.page.locator("#wall, .empty").first).to_be_visible()
    late = screen.page.get_by_text("The answer takes long. It is still waited for.")
    line = Line()
    await screen.page.clock.install()
    await screen.page.add_init_script(f"({_SHIFTS})()")
    await screen.page.route("**/api/v1/**", line.take)
    await screen.page.goto(f"{hall.running.address}?slow#/")
    await screen.reads("Switching on the lamp")
    await screen.page.clock.fast_forward(6_000)
    await expect(late).to_be_visible()
    line.go()
    await expect(screen.page.locator("[data-place]").nth(3)).to_be_visible()
    await expect(late).to_have_count(0)
    await _stands_still(screen)

    line.hold()
    await screen.go("/title/the-general-1926")
    await expect(screen.page.locator(".synopsis")).to_be_attached()
    await screen.page.clock.fast_forward(6_000)
    await expect(late).to_be_visible()
    line.go()
    await screen.reads("Why it may be shared")
    await expect(late).to_have_count(0)
    await _stands_still(screen)
    assert line.twice == []


async def _stands_at(page: Page, address: str) -> None:
    await expect(page.locator("main h1, main h2, .player h2").first).to_contain_text(DEEP[address])


async def test_address_when_opened_then_shows_what_it_names_or_says_what_is_not_there(mocked: Mocked) -> None:
    async with mocked.tab() as screen:
        for address in DEEP:
            await screen.page.goto("about:blank")
            await mocked.load(screen, Sight("deep", address, "main"))
            await _stands_at(screen.page, address)
            if address in GONE:
                await expect(screen.page.locator("main a.button").first).to_be_visible()
            if address == f"{SERIES}/1/7":
                await expect(screen.page.locator("li[aria-current]")).to_be_in_viewport()
                await expect(screen.page.locator("li[aria-current] .nth")).to_have_text("7")
            if address == "/settings/subtitles":
                await expect(screen.page.locator("#group-subtitles")).to_be_focused()
        await expect(screen.page.locator("main h1")).to_be_visible()
        await screen.page.locator("main a.button.main").click()
        await whole(screen, "[data-place]")


async def test_back_and_forward_when_pressed_then_lead_through_dialogs_search_titles_and_the_player(
    mocked: Mocked,
) -> None:
    async with mocked.tab() as screen:
        page = screen.page
        await mocked.show(screen, Sight("own", "/own", "#wall"))
        await screen.go(FILM)
        await whole(screen, "#files")
        await Press("Remove")(page)
        await expect(page.locator("dialog[open]")).to_be_visible()
        await page.go_back()
        await whole(screen, "#wall")
        await expect(page.locator("dialog[open]")).to_have_count(0)
        await page.go_forward()
        await whole(screen, "#files")
        await expect(page.locator("dialog[open]")).to_have_count(0)

        await screen.go("/browse?query=general")
        poster = page.get_by_role("link", name="The General").first
        await poster.click()
        await whole(screen, ".synopsis")
        await page.get_by_role("button", name="Play The General").click()
        await page.locator(".controls").wait_for()
        await screen.open_panel("Subtitles")
        await expect(page.locator("dialog.panel[open]")).to_be_visible()
        await page.go_back()
        await whole(screen, ".synopsis")
        await expect(page.locator("video, dialog[open]")).to_have_count(0)
        await page.go_back()
        await expect(poster).to_be_visible()
        await expect(page.locator("#search-here")).to_have_value("general")
        await page.go_forward()
        await whole(screen, ".synopsis")
        await page.go_forward()
        await page.locator(".controls").wait_for()
        assert screen.complaints == []


async def test_tabs_when_there_are_two_then_both_play_and_each_shows_at_once_what_the_other_changes(
    cinema: Cinema,
) -> None:
    here = await cinema.house.sit_down(cinema.play, reduced_motion="reduce")
    there = Screen(await here.page.context.new_page())
    await there.page.goto(f"{cinema.house.running.address}#{cinema.play}")
    await asyncio.gather(here.plays_past(0.5), there.plays_past(0.5))
    await there.go("/settings")
    await here.go(f"/film/{cinema.info_hash}")
    await there.page.get_by_role("radio", name="Light room").click()
    await expect(here.page.locator("html")).to_have_attribute("data-theme", "foyer")
    await there.page.get_by_role("radio", name="Français").click()
    await expect(here.page.locator("html")).to_have_attribute("lang", "fr")
    assert here.complaints + there.complaints == []


async def test_page_when_it_comes_late_then_does_not_take_the_place_of_the_one_gone_to_since(
    mocked: Mocked,
) -> None:
    late, asked = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await late.wait()
        await route.continue_()

    async with mocked.tab(reduced_motion="no-preference") as screen:
        await screen.page.route("**/TransfersPage*.js", hold)
        await mocked.load(screen, Sight("home", "/", "main"))
        await whole(screen, "main")
        await screen.go("/transfers")
        await asked.wait()
        await screen.go("/list")
        heading = screen.page.locator("main h1")
        await expect(heading).to_have_text("My list")
        async with screen.page.expect_response("**/TransfersPage*.js"):
            late.set()
        await whole(screen, "main")
        await expect(heading).to_have_text("My list")
        # It can still be gone to.
        await screen.go("/transfers")
        await expect(heading).not_to_have_text("My list")
        assert screen.complaints == []
