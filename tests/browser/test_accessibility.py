"""axe finds nothing, on every page and in both rooms."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Wall
from tests.browser.parts import House, both_rooms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Act = Callable[[Page], Awaitable[None]]


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


async def ask_for_more(page: Page) -> None:
    """Open what else the player can do."""
    await page.get_by_role("button", name="More", exact=True).click()


async def ask_for_subtitles(page: Page) -> None:
    """Open the subtitles' menu."""
    await page.get_by_role("button", name="Subtitles", exact=True).click()


async def ask_for_look(page: Page) -> None:
    """Open the page where subtitles get another look."""
    await ask_for_subtitles(page)
    await page.get_by_role("button", name="Look").click()


async def ask_for_keys(page: Page) -> None:
    """Open the list of keys."""
    await ask_for_more(page)
    await page.get_by_role("button", name="Keys").click()


async def ask_for_players(page: Page) -> None:
    """Open the other players."""
    await ask_for_more(page)
    await page.get_by_role("button", name="Other players").click()


async def ask_nobody_and_add_a_feed(page: Page) -> None:
    """Switch a provider off, which holds, and add what is no feed, which is said."""
    peertube = page.get_by_role("checkbox", name="PeerTube")
    await peertube.uncheck()
    await page.reload()
    await expect(peertube).not_to_be_checked()
    await peertube.check()
    await page.get_by_role("textbox", name="Address of a feed").fill("file:///etc/passwd")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text("There is no feed at this address")).to_be_visible()


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
        ("play", "The General", ask_for_more),
        ("play", "The General", ask_for_subtitles),
        ("play", "The General", ask_for_look),
        ("play", "The General", ask_for_keys),
        ("play", "The General", ask_for_players),
        ("refused", "Not yet", nothing),
        ("glass", "Film by film", nothing),
        ("sources", "Where films come from", ask_nobody_and_add_a_feed),
    ],
)
async def test_page_when_looked_at_by_axe_then_has_no_breach(
    wall: Wall, place: str, heading: str, act: Act
) -> None:
    screen = await wall.house.sit_down(wall.places[place], reduced_motion="reduce")
    await expect(screen.page.get_by_text(heading).first).to_be_visible()
    await act(screen.page)
    assert await both_rooms(screen) == {"dark": [], "light": []}


async def test_notice_when_looked_at_by_axe_then_has_no_breach(wall: Wall) -> None:
    screen = await wall.house.sit_down(wall.places["play"], told=False, reduced_motion="reduce")
    await expect(screen.page.get_by_role("dialog")).to_be_visible()
    assert await both_rooms(screen) == {"dark": [], "light": []}


@pytest.mark.parametrize("known", [True, False])
async def test_empty_house_when_looked_at_by_axe_then_has_no_breach(hall: House, known: bool) -> None:
    screen = await hall.sit_down("/own", known=known, reduced_motion="reduce")
    await expect(screen.page.locator("h1")).to_be_visible()
    assert await both_rooms(screen) == {"dark": [], "light": []}
