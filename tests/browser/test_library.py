"""Two screens in one house: what one does the other shows at once; who sits there sees what is theirs."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Cinema
from tests.browser.parts import WAIT_MS, House, Screen, both_rooms

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

NOTHING: dict[str, list[str]] = {"dark": [], "light": []}
AT_ONCE_MS = 20_000
"""A second is meant, and less is seen; a machine that runs all tests at once may take longer."""

_HOURS_LATER = "() => { const now = Date.now; Date.now = () => now() + 4 * 3_600_000 }"
_TO_THE_END = (
    "() => { const v = document.querySelector('video'); v.currentTime = v.duration - 1; return v.play() }"
)


async def _stand_at(screen: Screen, key: str, past_s: float) -> None:
    """Jump to a tenth of the film, let it move, and pause."""
    await screen.plays_past(0.1)
    await screen.page.keyboard.press(key)
    await screen.plays_past(past_s)
    await screen.page.keyboard.press("Space")
    await screen.page.wait_for_function("() => document.querySelector('video').paused", timeout=WAIT_MS)


async def test_film_when_left_on_one_screen_then_goes_on_at_once_on_another(cinema: Cinema) -> None:
    here, there = await asyncio.gather(
        cinema.house.sit_down(cinema.play), cinema.house.sit_down(f"/film/{cinema.info_hash}")
    )
    await expect(there.page.get_by_role("link", name="Play", exact=True)).to_be_visible(timeout=WAIT_MS)
    await _stand_at(here, "2", 119.5)
    resume = there.page.get_by_role("link", name="Go on at 1:5")
    await expect(resume.or_(there.page.get_by_role("link", name="Go on at 2:0"))).to_be_visible(
        timeout=AT_ONCE_MS
    )
    await there.go("/")
    going = there.page.get_by_role("link", name="Go on with Big Buck Bunny")
    await expect(going).to_be_visible(timeout=WAIT_MS)
    await going.press("Enter")
    await there.plays_past(119.0)
    await _stand_at(there, "5", 298.5)

    # Two connections to one peer, and two trackers of one host, are both shown.
    path = f"api/v1/torrents/{cinema.info_hash}/activity"
    peer = {
        "address": "127.0.0.1:1",
        "client": "aria2",
        "kind": "peer",
        "bytes_down": 1,
        "bytes_up": 0,
        "progress": 1,
    }
    tracker = {"url": "http://127.0.0.1:2", "state": "working", "message": ""}
    told = (await cinema.house.running.client.get(path)).json()
    twice = json.dumps(told | {"peers": [peer] * 2, "trackers": [tracker] * 2})
    await here.page.route("**/activity", lambda route: route.fulfill(body=twice))
    # The first screen has stood there all the time: leaving it undoes nothing.
    await here.page.keyboard.press("Escape")
    await expect(here.page.get_by_text(tracker["url"])).to_have_count(2)
    await expect(
        here.page.get_by_role("link", name="Go on at 4:5").or_(
            here.page.get_by_role("link", name="Go on at 5:0")
        )
    ).to_be_visible(timeout=AT_ONCE_MS)
    start = here.page.get_by_role("link", name="From the start")
    await start.press("Enter")
    await here.plays_past(0.3)
    assert await here.page.evaluate("() => document.querySelector('video').currentTime") < 60

    # At its end it has been seen, and what comes next is offered, and comes unless somebody would rather stay.
    follows = {
        "key": "x", "title": cinema.info_hash, "season": 1, "number": 2, "file": None, "position_s": 0,
        "duration_s": 0, "follows": True, "name": "A serial", "changed_ms": 1, "info_hash": cinema.info_hash,
        "file_index": 0, "card": None,
    }  # fmt: skip
    answer = json.dumps({"going_on": [follows]})
    await here.page.route("**/api/v1/going-on*", lambda route: route.fulfill(body=answer))
    await here.page.keyboard.press("i")
    figures = here.page.get_by_role("complementary", name="Statistics")
    await expect(figures.get_by_text("with all of it")).to_be_visible()
    await expect(figures.get_by_text("H.264")).to_be_visible()
    await here.page.keyboard.press("Escape")
    await expect(figures).to_have_count(0)
    # Nobody has touched anything for hours: what comes next waits for a word; else it would come by itself.
    await here.page.evaluate(_HOURS_LATER)
    await here.page.evaluate(_TO_THE_END)
    await expect(here.page.get_by_role("heading", name="Still watching?")).to_be_visible()
    await here.reads("Next: S1 E2 · A serial")
    await expect(here.page.get_by_role("button", name="Go on", exact=True)).to_be_focused()
    await expect(here.page.get_by_text("Begins in")).to_have_count(0)
    await here.page.keyboard.press("Shift")
    await here.page.evaluate(_TO_THE_END)
    await here.reads("Begins in")
    await here.page.get_by_role("button", name="Stay here").click()
    await expect(here.page.get_by_text("Begins in")).to_have_count(0)
    kept = (await cinema.house.running.client.get("api/v1/progress")).json()["progress"]
    assert [(one["watched"], one["resume_s"]) for one in kept] == [(True, 0)]
    assert here.complaints + there.complaints == []


async def test_lists_when_changed_on_one_screen_then_change_on_the_other(hall: House) -> None:
    title = "/title/night-of-the-living-dead-1968"
    here, there = await asyncio.gather(
        hall.sit_down(title, reduced_motion="reduce"), hall.sit_down("/list", reduced_motion="reduce")
    )
    await there.reads("Nothing is on your list yet.")
    assert await both_rooms(there) == NOTHING
    await here.page.get_by_role("button", name="To my list").click(timeout=WAIT_MS)
    poster = there.page.get_by_role("link", name="Night of the Living Dead")
    await expect(poster).to_be_visible(timeout=AT_ONCE_MS)
    await here.page.get_by_role("button", name="I liked it").click()
    await there.reads("What you liked")
    await here.page.get_by_role("button", name="Mark as seen").click()
    await expect(poster.get_by_text("Seen").first).to_be_attached(timeout=AT_ONCE_MS)
    assert await both_rooms(here) == NOTHING
    assert await both_rooms(there) == NOTHING
    await there.page.get_by_role("button", name="Take Night of the Living Dead off the list").press("Enter")
    await expect(here.page.get_by_role("button", name="To my list")).to_have_attribute(
        "aria-pressed", "false", timeout=AT_ONCE_MS
    )
    assert here.complaints + there.complaints == []


async def test_history_when_watched_then_is_kept_by_the_evening_until_nobody_wants_it(hall: House) -> None:
    screen = await hall.sit_down("/history", reduced_motion="reduce")
    await screen.reads("Nothing has been watched yet.")
    assert await both_rooms(screen) == NOTHING
    for name in ("night-of-the-living-dead-1968", "the-general-1926"):
        body = {"position_s": 900, "duration_s": 5400}
        await hall.running.client.put(f"api/v1/progress/{name}", json=body)
    await expect(screen.page.get_by_role("listitem")).to_have_count(2, timeout=AT_ONCE_MS)
    await screen.reads("left at 15:00")
    assert await both_rooms(screen) == NOTHING
    await screen.page.get_by_role("button", name="Forget The General").click()
    await expect(screen.page.get_by_role("listitem")).to_have_count(1)
    await screen.page.get_by_role("button", name="Forget all of it").click()
    await screen.page.get_by_role("button", name="Forget it").click()
    await screen.reads("Nothing has been watched yet.")
    await screen.page.get_by_role("switch", name="Keep a history").click()
    await screen.reads("No history is kept.")
    assert await screen.runs_out() == []
    await screen.page.get_by_role("switch", name="Keep a history").click()
    await screen.reads("Nothing has been watched yet.")
    assert screen.complaints == []


async def _add(page: Page, name: str, *, child: bool) -> None:
    await page.get_by_role("button", name="Add somebody").click()
    await page.get_by_label("Name", exact=True).fill(name)
    if child:
        await page.get_by_role("switch", name="A child’s profile").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("dialog").wait_for(state="detached", timeout=WAIT_MS)


async def test_child_when_it_has_a_profile_then_sees_what_suits_it_and_asks_to_leave(hall: House) -> None:
    here = await hall.sit_down("/people", reduced_motion="reduce")
    await here.reads("Who watches here")
    assert await here.page.get_by_role("link", name="Somebody else?").count() == 0
    try:
        await _add(here.page, "Zoé", child=True)
        await here.page.get_by_role("button", name="Choose a number").click()
        assert await both_rooms(here) == NOTHING
        await here.page.get_by_label("Number, 4 to 8 digits").fill("2468")
        await here.page.get_by_role("button", name="Save", exact=True).click()
        await here.reads("Whoever leaves a child’s profile is asked for your number.")

        there = await hall.sit_down("/", reduced_motion="reduce")
        await there.reads("Who is watching?")
        assert await both_rooms(there) == NOTHING
        await there.page.get_by_role("button", name="Zoé").click()
        await expect(there.page.get_by_role("link", name="Watching: Zoé")).to_be_visible(timeout=WAIT_MS)
        assert await there.page.get_by_role("link", name="On this computer").count() == 0
        await there.go("/title/night-of-the-living-dead-1968")
        await there.reads("This one is not for a child’s profile.")
        await there.go("/people")
        await there.page.get_by_role("button", name="Everybody").click()
        await there.page.get_by_label("Number, 4 to 8 digits").fill("1111")
        await there.page.get_by_role("button", name="Open", exact=True).click()
        await there.reads("That is not the number.")
        await there.page.get_by_label("Number, 4 to 8 digits").fill("2468")
        await there.page.get_by_role("button", name="Open", exact=True).click()
        await expect(there.page.get_by_role("link", name="On this computer")).to_be_visible(timeout=WAIT_MS)
    finally:
        await hall.running.client.put("api/v1/profiles/lock", json={"number": None})
        for one in (await hall.running.client.get("api/v1/profiles")).json()["profiles"][1:]:
            await hall.running.client.delete(f"api/v1/profiles/{one['id']}")
    await here.reads("Who watches here")
    assert here.complaints == []


async def test_browser_when_it_remembered_by_itself_then_hands_it_over_once(
    cinema: Cinema, tmp_path: Path
) -> None:
    left = {"hash": cinema.info_hash, "index": 0, "position_s": 240, "duration_s": 596, "at_ms": 5}
    screen = await cinema.house.sit_down("/own", reduced_motion="reduce")
    old = {
        "matinee.positions": json.dumps([left, {"hash": "<b>"}]),
        "matinee.tastes": json.dumps([["big buck bunny", {"subtitles": "off", "audio": "fr"}]]),
        "matinee.subtitles": '{"size":1.3}',
        f"matinee.timing.{cinema.info_hash}/0": "-1.5 1",
    }
    await screen.page.evaluate(
        "(old) => { for (const [key, value] of Object.entries(old)) localStorage.setItem(key, value) }", old
    )
    await screen.page.reload()
    await screen.go(f"/film/{cinema.info_hash}")
    await expect(screen.page.get_by_role("link", name="Go on at 4:00")).to_be_visible(timeout=WAIT_MS)
    kept = (await cinema.house.running.client.get("api/v1/library")).json()
    tastes = {one["series"]: one for one in kept["taste"]}
    assert tastes["big buck bunny"]["audio"] == "fr"
    assert (tastes["*"]["look"], tastes[f"{cinema.info_hash}/0"]["delay_s"]) == ('{"size":1.3}', -1.5)
    assert (
        await screen.page.evaluate(
            "() => Object.keys(localStorage).filter((key) => key.includes('positions') || key.includes('timing'))"
        )
        == []
    )
    out = tmp_path / "library.json"
    async with screen.page.expect_download() as download:
        await screen.go("/people")
        await screen.page.get_by_role("button", name="Save as a file").click()
    await (await download.value).save_as(out)
    await cinema.house.forget()
    await screen.page.locator("input[type=file]").set_input_files(out)
    await screen.reads("4 things were new")
    out.write_text('{"format": "matinee-library", "version": 1, "profiles": [{"id": "<script>"}]}')
    await screen.page.locator("input[type=file]").set_input_files(out)
    await screen.reads("profiles[0]: id must be an id.")
    assert await both_rooms(screen) == NOTHING
