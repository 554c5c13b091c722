"""From the link to the picture, and back to where one was, without a mouse."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Cinema, Wall
from tests.browser.parts import FILM_S, WAIT_MS, Offered, Screen, open_house

pytestmark = [pytest.mark.browser, pytest.mark.swarm, pytest.mark.asyncio(loop_scope="session")]


async def test_keyboard_when_it_is_all_there_is_then_leads_from_the_link_to_the_picture(
    offered: Offered, tmp_path: Path, chromium: Browser
) -> None:
    async with open_house(chromium, tmp_path) as house:
        screen = await house.sit_down("/own", told=False, reduced_motion="reduce")
        await expect(screen.page.locator("h1")).to_be_visible()
        keyboard = screen.page.keyboard
        await screen.tab_to("Magnet link or address of a .torrent")
        await keyboard.insert_text(offered.magnet)
        await keyboard.press("Enter")
        await screen.reads("May this film be shared?")
        await screen.tab_to("Its licence says so")
        await keyboard.press("Space")
        await screen.tab_to("Which licence?")
        await keyboard.type("CC BY 3.0")
        await screen.tab_to("It may be shared")
        await keyboard.press("Enter")
        await screen.reads("free to share: CC BY 3.0")
        await screen.tab_to("Play")
        await keyboard.press("Enter")
        await expect(screen.page.get_by_role("dialog")).to_contain_text("Before the first film")
        await keyboard.press("Enter")
        await screen.plays_past(0.5)
        breaches = await screen.breaches()
        await keyboard.press("Space")
        await expect(screen.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        await keyboard.press("Enter")
        await expect(screen.page.locator(":focus")).to_have_accessible_name("Play")
        await keyboard.press("Enter")
        await _moves(screen)
    assert breaches == []
    assert screen.complaints == []


async def test_film_when_left_in_the_middle_then_goes_on_there(
    offered: Offered, tmp_path: Path, chromium: Browser
) -> None:
    async with open_house(chromium, tmp_path) as house:
        screen = await house.sit_down("/own")
        await screen.page.locator("input[type=file]").set_input_files(offered.metainfo)
        await screen.page.get_by_role("radio", name="It is in the public domain").check()
        await screen.page.get_by_role("button", name="It may be shared").click()
        await screen.page.get_by_role("link", name="Play", exact=True).click()
        await screen.plays_past(0.1)
        await screen.page.keyboard.press("2")
        await screen.plays_past(119.5)
        await screen.page.keyboard.press("Escape")
        resume = screen.page.get_by_role("link", name="Go on at 1:5")
        await resume.wait_for(timeout=WAIT_MS)
        await screen.page.reload()
        await resume.press("Enter")
        await screen.reads("Going on at 1:5")
        await screen.plays_past(119.3)
        # On a busy computer its bar may sleep again by now.
        await screen.page.get_by_role("button", name="From the start").dispatch_event("click")
        await screen.page.wait_for_function("() => document.querySelector('video').currentTime < 60")
        await _moves(screen)
    assert screen.complaints == []


async def test_arrows_when_there_is_no_tab_key_then_lead_out_of_every_control(wall: Wall) -> None:
    screen = await wall.house.sit_down(wall.places["waiting"], reduced_motion="reduce")
    focused = screen.page.locator(":focus")
    await screen.tab_to("Its licence says so")
    for _ in range(3):
        await screen.page.keyboard.press("ArrowDown")
    await expect(focused).to_have_value("permission")
    await screen.page.keyboard.press("ArrowDown")
    await expect(focused).to_have_text("It may be shared")
    await screen.page.keyboard.press("ArrowUp")
    await expect(focused).to_have_attribute("type", "radio")


async def test_player_when_there_is_no_tab_key_then_enter_and_arrows_reach_its_buttons(wall: Wall) -> None:
    screen = await wall.house.sit_down(wall.places["play"], reduced_motion="reduce")
    focused = screen.page.locator(":focus")
    await screen.reads("Nobody is sending this film right now.")
    await screen.page.keyboard.press("Enter")
    await expect(focused).to_have_attribute("data-first-control", "")
    await screen.page.keyboard.press("ArrowRight")
    await expect(focused).to_have_accessible_name("Sound off")
    await screen.page.keyboard.press("ArrowUp")
    await expect(focused).to_have_accessible_name("Place in the film")
    await screen.page.keyboard.press("ArrowDown")
    await expect(focused).to_have_role("button")


async def _moves(screen: Screen) -> None:
    """Wait until the picture moves from where it is."""
    at: float = await screen.page.evaluate("document.querySelector('video').currentTime")
    await screen.plays_past(at + 0.2)


_PLACE = "() => document.querySelector('video').currentTime"
_STANDS = """(at) => {
  const video = document.querySelector('video');
  return video.paused && !video.seeking && Math.abs(video.currentTime - at) < 0.02;
}"""


async def test_player_when_a_key_is_pressed_then_it_does_what_the_list_of_keys_says(cinema: Cinema) -> None:
    screen = await cinema.house.sit_down(cinema.play, reduced_motion="reduce")
    await screen.plays_past(0.1)
    await screen.page.keyboard.press("k")
    await screen.page.wait_for_function("() => document.querySelector('video').paused", timeout=WAIT_MS)
    await screen.page.keyboard.press("2")
    await screen.page.wait_for_function(
        "() => { const v = document.querySelector('video'); return !v.seeking && v.currentTime > 100 }",
        timeout=WAIT_MS,
    )
    at: float = await screen.page.evaluate(_PLACE)
    for key, by_s in (("l", 10), ("ArrowRight", 5), ("j", -10), ("ArrowLeft", -5)):
        at += by_s
        await screen.page.keyboard.press(key)
        await screen.page.wait_for_function(_STANDS, arg=at, timeout=WAIT_MS)
    for key in (".", ","):
        before: float = await screen.page.evaluate(_PLACE)
        await screen.page.keyboard.press(key)
        sign = 1 if key == "." else -1
        await screen.page.wait_for_function(
            "([before, sign]) => { const by = (document.querySelector('video').currentTime - before) * sign;"
            " return by > 0.01 && by < 0.1 }",
            arg=[before, sign],
            timeout=WAIT_MS,
        )
    await screen.page.keyboard.press("ArrowDown")
    await screen.page.wait_for_function("() => document.querySelector('video').volume < 1", timeout=WAIT_MS)
    await screen.page.keyboard.press("?")
    await expect(screen.page.get_by_role("dialog")).to_contain_text("To a tenth of the film")
    await screen.page.keyboard.press("Escape")
    await expect(screen.page.get_by_role("dialog")).to_have_count(0)
    for key, at in (("8", 0.8 * FILM_S), ("0", 0.0)):
        await screen.page.keyboard.press(key)
        await screen.page.wait_for_function(
            "(at) => Math.abs(document.querySelector('video').currentTime - at) < 1", arg=at, timeout=WAIT_MS
        )
    await screen.page.keyboard.press("Space")
    await screen.plays_past(0.1)
    assert screen.complaints == []
