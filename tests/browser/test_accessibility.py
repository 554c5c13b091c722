"""axe finds nothing, on every page and in both rooms."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.parts import House, Screen, open_house
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Act = Callable[[Page], Awaitable[None]]


class Wall:
    """A Matinee with two films that nobody has: one may be shared, one waits for somebody's word."""

    def __init__(self, house: House, free: str, waiting: str) -> None:
        self.house = house
        self.places = {"home": "/", "free": f"/film/{free}", "waiting": f"/film/{waiting}"}
        self.places |= {
            "gone": f"/film/{'0' * 40}",
            "play": f"/film/{free}/play/0",
            "refused": f"/film/{waiting}/play/0",
        }


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wall]:
    async with open_house(chromium, tmp_path_factory.mktemp("wall")) as house:
        files = (file_v1(900_000, "film.mp4"), file_v1(20_000, "Subtitles", "en.srt"))
        free = await house.running.upload(torrent(folder_v1(*files, name=b"The General (1926)")), rights=True)
        waiting = await house.running.upload(
            torrent(folder_v1(*files, name=b"Sintel.2010.2160p")), rights=False
        )
        yield Wall(house, free, waiting)


async def nothing(page: Page) -> None:
    """Only look."""


async def choose_a_licence(page: Page) -> None:
    """Open the list of licences."""
    await page.get_by_role("radio", name="Its licence says so").check()


async def state_nothing(page: Page) -> None:
    """Provoke the form's complaint."""
    await page.get_by_role("button", name="It may be shared").click()


async def change_the_rights(page: Page) -> None:
    """Open the form again."""
    await page.get_by_role("button", name="Change").click()


async def remove(page: Page) -> None:
    """Ask to remove the film."""
    await page.get_by_role("button", name="Remove").click()


async def ask_for_keys(page: Page) -> None:
    """Open the list of keys."""
    await page.get_by_role("button", name="Keys").click()


async def ask_for_players(page: Page) -> None:
    """Open the other players."""
    await page.get_by_role("button", name="Other players").click()


@pytest.mark.parametrize(
    ("place", "heading", "act"),
    [
        ("home", "Sintel", nothing),
        ("free", "The General", nothing),
        ("free", "The General", change_the_rights),
        ("free", "The General", remove),
        ("waiting", "Sintel", nothing),
        ("waiting", "Sintel", choose_a_licence),
        ("waiting", "Sintel", state_nothing),
        ("gone", "This film is not here.", nothing),
        ("play", "The General", nothing),
        ("play", "The General", ask_for_keys),
        ("play", "The General", ask_for_players),
        ("refused", "Not yet", nothing),
    ],
)
async def test_page_when_looked_at_by_axe_then_has_no_breach(
    wall: Wall, place: str, heading: str, act: Act
) -> None:
    screen = await wall.house.sit_down(wall.places[place], reduced_motion="reduce")
    await expect(screen.page.get_by_text(heading).first).to_be_visible()
    await act(screen.page)
    assert await _breaches(screen) == {"dark": [], "light": []}


async def test_notice_when_looked_at_by_axe_then_has_no_breach(wall: Wall) -> None:
    screen = await wall.house.sit_down(wall.places["play"], told=False, reduced_motion="reduce")
    await expect(screen.page.get_by_role("dialog")).to_be_visible()
    assert await _breaches(screen) == {"dark": [], "light": []}


@pytest.mark.parametrize("known", [True, False])
async def test_empty_house_when_looked_at_by_axe_then_has_no_breach(hall: House, known: bool) -> None:
    screen = await hall.sit_down(known=known, reduced_motion="reduce")
    await expect(screen.page.locator("h1")).to_be_visible()
    assert await _breaches(screen) == {"dark": [], "light": []}


async def _breaches(screen: Screen) -> dict[str, list[str]]:
    """Look in both rooms; they differ in nothing but their colours."""
    await screen.page.emulate_media(color_scheme="dark")
    dark = await screen.breaches()
    await screen.page.emulate_media(color_scheme="light")
    return {"dark": dark, "light": await screen.breaches("color-contrast", "link-in-text-block")}
