"""A search that goes further: nothing goes out by typing, results grow where they stand, and a fault is a sentence."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.parts import House, both_rooms, open_house
from tests.catalogue.providers.services import FAULTS, home
from tests.catalogue.providers.test_archive_completion import doc, item
from tests.catalogue.providers.test_internet_archive import DOC, found
from tests.cli.processes import run
from tests.outside.hosts import Host, hosting
from tests.swarm.parts import TOKEN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="session"),
]

_PROGRAM = """
from datetime import timedelta
from matinee.catalogue.providers import asking, installed
from matinee.catalogue.providers.internet_archive import InternetArchive
from matinee.catalogue.providers.peertube import PeerTube
asking.FRESH = timedelta(0)
installed.OURS = (
    lambda fetcher: InternetArchive(fetcher, home={base!r}),
    lambda fetcher: PeerTube(fetcher, home={base!r}),
)
from matinee.app import main
main()
"""
"""A Matinee that knows of two services, both on loopback, and believes no answer for longer than a moment."""

MAKING = {
    **DOC,
    "identifier": "making",
    "title": "Making Big Buck Bunny",
    "year": "2009",
    "external-identifier": [],
}
SAME = {
    **DOC,
    "identifier": "same",
    "title": "Big Buck Bunny HD",
    "external-identifier": ["urn:imdb:tt1254207"],
}
SILENT = {
    **DOC,
    "identifier": "silent",
    "title": "Bunny of nobody",
    "licenseurl": "",
    "external-identifier": [],
}
TORTURE = "Flash Gordon Conquers the Universe - Chapter 2: Freezing Torture"
_STANDS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  return [at.dataset.place, Math.round(box.left), Math.round(box.top)];
}"""
_HUNG = """() => [...document.querySelectorAll('main li[data-at]')].every(
  (one) => one.getBoundingClientRect().right <= innerWidth)"""
_PRESS = "() => [...document.querySelectorAll('main button')].find((one) => one.innerText === 'Search further').click()"


@dataclass
class Services:
    """The Internet Archive, and a PeerTube that is away."""

    host: Host
    data: Path
    house: House
    away: list[bool] = field(default_factory=list)
    """Of the Archive, once anything is in it."""

    @property
    def searched(self) -> list[str]:
        """What the Archive was asked for."""
        queries = (
            parse_qs(urlsplit(head.split()[1]).query) for head in self.host.asked if "advancedsearch" in head
        )
        return [query["q"][0].partition(")")[0] for query in queries]


@pytest_asyncio.fixture(loop_scope="session")
async def services(chromium: Browser, tmp_path: Path) -> AsyncIterator[Services]:
    away: list[bool] = []

    def answer(head: str) -> bytes:
        if head.startswith("GET /metadata/torture "):
            return item("torture", TORTURE, "fg2", reviews=[{"stars": "4"}, {"stars": "5"}])
        if away or not head.startswith("GET /advancedsearch.php"):
            return FAULTS["gone" if head.startswith("GET /metadata/") else "away"][0]
        if "flash" in head:
            return found(doc("torture", TORTURE), doc("trip", "Flash Gordon's Trip to Mars, chapter 2"))
        return found(SAME, MAKING, SILENT) if "buck" in head else found()

    async with contextlib.AsyncExitStack() as stack:
        host = await stack.enter_async_context(hosting(answer))
        program = ("-c", _PROGRAM.format(base=home(host)))
        house = await stack.enter_async_context(open_house(chromium, tmp_path, program=program))
        yield Services(host, tmp_path / "data", house, away)


async def _names(page: Page) -> list[str]:
    return [name.strip() for name in await page.locator("main li[data-at] .name").all_inner_texts()]


async def test_search_when_it_goes_further_then_says_so_grows_in_place_and_bears_a_fault(
    services: Services,
) -> None:
    screen = await services.house.sit_down("/browse", reduced_motion="reduce")
    page, status = screen.page, screen.page.locator(".count")
    await page.locator("[data-search]:visible").press_sequentially("buck bunny", delay=20)
    await expect(status).to_have_text("1 title")
    await expect(
        page.get_by_text("Searching further sends “buck bunny” to Internet Archive and PeerTube. They see")
    ).to_be_visible()
    assert await both_rooms(screen) == {"dark": [], "light": []}
    assert services.host.asked == []

    await page.locator("main li[data-at] a").first.focus()
    stood = await page.evaluate(_STANDS)
    await page.evaluate(_PRESS)
    await expect(page.get_by_text("Internet Archive: 1 more")).to_be_visible()
    await expect(page.get_by_text("PeerTube does not answer")).to_be_visible()
    await expect(status).to_have_text("2 titles")
    await expect(page.get_by_role("status").filter(has_text="1 more was found")).to_be_attached()
    assert await page.evaluate(_STANDS) == stood
    assert await _names(page) == ["Big Buck Bunny", "Making Big Buck Bunny"]
    assert services.searched == ["(buck AND bunny"]
    assert await both_rooms(screen) == {"dark": [], "light": []}
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.wait_for_function(_HUNG)
    assert await screen.runs_out() == []

    services.away.append(True)
    again = await services.house.sit_down("/browse?query=buck%20bunny", reduced_motion="reduce")
    await expect(again.page.locator(".count")).to_have_text("2 titles")
    await again.page.get_by_role("button", name="Search further").click()
    known = again.page.get_by_text("Internet Archive does not answer; showing what was known on")
    await expect(known).to_contain_text(f"{datetime.now(UTC):%b} {datetime.now(UTC).day}")
    assert await _names(again.page) == ["Big Buck Bunny", "Making Big Buck Bunny"]

    told = await asyncio.to_thread(
        run,
        "search",
        "buck",
        "bunny",
        "--further",
        "--json",
        "--data-dir",
        services.data,
        MATINEE_TOKEN=TOKEN,
    )
    assert "They see these words and this computer's address." in told.stderr
    assert "These are what was known on" in told.stderr
    assert [one["title"] for one in json.loads(told.stdout)] == ["Big Buck Bunny", "Making Big Buck Bunny"]
    assert screen.complaints == again.complaints == []


async def test_search_when_it_goes_by_itself_then_only_after_a_pause_and_is_remembered(
    services: Services,
) -> None:
    screen = await services.house.sit_down("/browse?query=buck%20bunny", reduced_motion="reduce")
    page = screen.page
    await page.get_by_label("By itself, when I pause").check()
    await expect(page.get_by_text("Internet Archive: 1 more")).to_be_visible()
    await page.reload()
    field_ = page.locator("[data-search]:visible")
    await field_.fill("")
    await field_.press_sequentially("zyxwvut", delay=30)
    await expect(page.get_by_role("heading", name="Nothing by that name hangs here.")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="more were found")).to_be_attached()
    assert services.searched[-1] == "(zyxwvut"
    assert "(zyxwvu" not in services.searched

    # A serial that is opened: the Archive is asked for the chapters of which no copy is known.
    await page.goto(page.url.partition("#")[0] + "#/title/flash-gordon-conquers-the-universe-1940")
    await expect(page.get_by_role("button", name="Play Freezing Torture")).to_be_visible()
    await expect(page.get_by_text("Matinee knows no lawful copy of this chapter yet.")).to_have_count(10)
    await expect(page.get_by_text("4.5 of 5, 2 reviews at the Internet Archive")).to_be_visible()
    assert services.searched[-1].startswith("title:(flash AND gordon AND conquers")
