"""axe finds nothing on what only a running server shows; `test_sights` looks at everything else."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Wall
from tests.browser.parts import House, both_rooms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_sources_when_one_is_switched_off_and_no_feed_is_added_then_it_holds_and_is_said(
    wall: Wall,
) -> None:
    screen = await wall.house.sit_down(wall.places["sources"], reduced_motion="reduce")
    peertube = screen.page.get_by_role("checkbox", name="PeerTube")
    # The page that is left takes with it what it has not sent yet.
    async with screen.page.expect_response(
        lambda answer: answer.request.method not in ("GET", "HEAD")
    ) as told:
        await peertube.uncheck()
    assert (await told.value).ok
    await screen.page.reload()
    await expect(peertube).not_to_be_checked()
    await peertube.check()
    await screen.page.get_by_role("textbox", name="Address of a feed").fill("file:///etc/passwd")
    await screen.page.get_by_role("button", name="Add", exact=True).click()
    await expect(screen.page.get_by_text("There is no feed at this address")).to_be_visible()
    assert await both_rooms(screen) == {"dark": [], "light": []}


async def test_stranger_when_looked_at_by_axe_then_has_no_breach(hall: House) -> None:
    screen = await hall.sit_down("/own", known=False, reduced_motion="reduce")
    await expect(screen.page.locator("h1")).to_be_visible()
    assert await both_rooms(screen) == {"dark": [], "light": []}
