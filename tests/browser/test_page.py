"""What the page shows without a single peer."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import Route, expect

from matinee.models.rights import Basis, Rights
from matinee.models.torrent import FileEntry, State
from matinee.types import FileIndex, InfoHash
from matinee.web.signatures import Signer
from matinee.web.wire import Wire
from tests.browser.conftest import Wall
from tests.browser.parts import House, Screen
from tests.fakes.films import make_view

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MARKUP = '<img src=x onerror="window.harm = 1"><script>window.harm = 2</script>{name} ${7*7}'
HOSTILE = [
    MARKUP,
    "A" * 10_000,
    "word " * 2_000,
    "\u202e4pm.exe gnihtyna \u2066evil\u2069",
    "فيلم جميل جدا من القاهرة 1958",
    "\u0000\u0001\u0007\u200b",
    "Z\u0351\u0302\u0334\u0327a\u0335\u032al\u0338\u0328go" * 60,
    "東京物語" * 200,
]


async def _list_of(names: list[str]) -> bytes:
    """Write the server's answer about films of these names, as if it had cleaned nothing."""
    views = []
    for number, name in enumerate(names):
        info_hash = InfoHash(f"{number:040x}")
        file = FileEntry(FileIndex(0), f"{name}/{name}.mp4", 10_000, 0, "video/mp4")
        rights = Rights(Basis.LICENCE, name[:200], "2026-11-22T20:00:00Z")
        view = make_view(info_hash, (file,), rights)
        views.append(replace(view, name=name, state=State.DOWNLOADING))
    return b"".join(await Wire(Signer(bytes(32))).torrents(views))


async def _sit_before(hall: House, names: list[str], width: int) -> Screen:
    screen = await hall.sit_down("/own", viewport={"width": width, "height": 900}, reduced_motion="reduce")

    async def answer(route: Route) -> None:
        await route.fulfill(body=await _list_of(names), content_type="application/json")

    await screen.page.route("**/api/v1/torrents", answer)
    await screen.page.reload()
    await expect(screen.page.locator("#wall")).to_be_visible()
    return screen


@pytest.mark.parametrize("width", [390, 1440])
async def test_names_when_hostile_then_are_text_and_break_no_layout(hall: House, width: int) -> None:
    screen = await _sit_before(hall, HOSTILE, width)
    assert await screen.runs_out() == []
    await expect(screen.page.get_by_text(MARKUP[:40]).first).to_be_visible()
    for number, _ in enumerate(HOSTILE):
        await screen.go(f"/film/{number:040x}")
        # The film before has a heading too, and goes as this one comes.
        await expect(screen.page.locator(f"#files ~ ul a[href*='{number:040x}']").first).to_be_visible()
        assert await screen.runs_out() == []
        heading = await screen.page.locator("h1").bounding_box()
        assert heading is not None
        assert heading["height"] < 900
    assert await screen.page.evaluate(
        "() => [window.harm, document.querySelectorAll('main img').length]"
    ) == [None, 0]


async def test_name_when_it_turns_the_text_then_reads_in_its_own_order(hall: House) -> None:
    screen = await _sit_before(hall, ["\u202e4pm.exe gnihtyna"], 1440)
    await expect(screen.page.locator("main .title")).to_have_text("4pm.exe gnihtyna")


async def test_page_when_scripts_are_off_then_says_so(hall: House) -> None:
    screen = await hall.sit_down(java_script_enabled=False, told=False)
    # Playwright's locators pass over <noscript>; what a screen reader is told does not.
    session = await screen.page.context.new_cdp_session(screen.page)
    tree = await session.send("Accessibility.getFullAXTree")
    told = " ".join(str(node.get("name", {}).get("value")) for node in tree["nodes"])
    assert "This page needs JavaScript." in told
    assert "Cette page a besoin de JavaScript." in told


async def test_page_when_the_browser_is_french_then_is_french(hall: House) -> None:
    screen = await hall.sit_down("/own", locale="fr-FR")
    await expect(screen.page.locator("h1")).to_have_text("Apportez un film, prenez place.")
    await expect(screen.page.locator("html")).to_have_attribute("lang", "fr")


async def test_field_when_it_is_no_link_then_says_what_it_takes(hall: House) -> None:
    screen = await hall.sit_down("/own")
    field = screen.page.get_by_label("Magnet link")
    await field.fill("the general")
    await field.press("Enter")
    await expect(screen.page.get_by_role("alert")).to_have_text(re.compile("not a magnet link"))
    await expect(field).to_have_attribute("aria-invalid", "true")


async def test_stranger_when_without_a_link_then_stands_before_closed_doors(hall: House) -> None:
    screen = await hall.sit_down(known=False)
    await expect(screen.page.locator("h1")).to_have_text("The doors are closed.")


async def test_player_when_nobody_sends_then_says_why_it_waits_and_what_comes_next(wall: Wall) -> None:
    screen = await wall.house.sit_down(wall.places["play"])
    await screen.reads("Nobody is sending this film right now.")
    await screen.reads("It goes on as soon as somebody turns up.")


async def test_player_when_fetching_is_paused_then_offers_to_go_on(wall: Wall) -> None:
    await wall.house.running.client.patch(f"api/v1/torrents/{wall.free}", json={"paused": True})
    screen = await wall.house.sit_down(wall.places["play"])
    await screen.reads("Fetching is paused.")
    await screen.page.get_by_role("button", name="Go on fetching").click()
    await screen.reads("Nobody is sending this film right now.")


async def test_player_when_the_rights_are_not_stated_then_leads_to_where_they_are(wall: Wall) -> None:
    screen = await wall.house.sit_down(wall.places["refused"])
    await screen.page.get_by_role("link", name="Say why it may be shared").click()
    await screen.reads("May this film be shared?")
