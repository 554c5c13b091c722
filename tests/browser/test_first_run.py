"""A first start: three screens that nobody has to look at, once in a house; then a picture."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Cinema
from tests.browser.parts import both_rooms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

NOTHING: dict[str, list[str]] = {"dark": [], "light": []}
SETTINGS = "api/v1/settings"
MOST_CLICKS = 3
_COUNT_CLICKS = """() => {
  window.clicks = 0;
  addEventListener('click', () => { window.clicks += 1; }, { capture: true });
}"""


async def test_first_start_when_its_screens_are_left_then_one_press_plays_and_no_other_device_sees_them(
    cinema: Cinema,
) -> None:
    server = cinema.house.running.client
    first = await cinema.house.sit_down(told=False, reduced_motion="reduce")
    await cinema.stand_in(first)
    try:
        start = first.page.get_by_role("button", name="Start watching")
        await expect(start).to_be_focused()
        await expect(first.page.get_by_role("combobox", name="Country")).to_be_visible()
        assert await both_rooms(first) == NOTHING
        # A remote passes by a list without choosing from it.
        country = first.page.get_by_role("combobox", name="Country")
        chosen = await country.input_value()
        await country.focus()
        await first.page.keyboard.press("ArrowUp")
        await expect(first.page.locator("[data-setting=language] :focus")).to_have_count(1)
        await expect(country).to_have_value(chosen)
        await first.page.get_by_role("button", name="How films are shared").click()
        await expect(first.page.get_by_text("all of them see this computer’s address")).to_be_visible()
        await expect(first.page.get_by_role("radio", name="While it is being watched")).to_be_checked()
        await first.page.get_by_role("button", name="Where films are kept").click()
        await expect(first.page.get_by_label("Where films are kept")).to_be_visible()
        await expect(first.page.get_by_text("are free there.")).to_be_visible()
        await expect(start).to_be_focused()
        assert await first.runs_out() == []

        # From any of them one key leads on, and the next one plays what is on tonight.
        await first.page.keyboard.press("Escape")
        await expect(first.page.locator("#content .button.main").first).to_be_focused()
        await first.page.keyboard.press("Enter")
        await first.plays_past(0.3)
        await expect(first.page.get_by_role("dialog")).to_have_count(0)

        other = await cinema.house.sit_down(told=False, reduced_motion="reduce")
        await cinema.stand_in(other)
        await other.page.get_by_role("button", name="Play").first.click()
        await other.plays_past(0.3)
        kept = (await server.get(SETTINGS)).json()["settings"]
        assert next(one["value"] for one in kept if one["key"] == "welcomed") is True
        assert other.complaints == []

        # A stranger with a finger or a mouse gets there as soon.
        await server.patch(SETTINGS, json={"welcomed": None})
        stranger = await cinema.house.sit_down(told=False, reduced_motion="reduce")
        await cinema.stand_in(stranger)
        await stranger.page.evaluate(_COUNT_CLICKS)
        await stranger.page.get_by_role("button", name="Start watching").click()
        await stranger.page.locator("#content .button.main").first.click()
        await stranger.plays_past(0.3)
        assert 0 < await stranger.page.evaluate("() => window.clicks") <= MOST_CLICKS
    finally:
        await server.patch(SETTINGS, json={"welcomed": None})
