"""The page of transfers: what is done there reaches the program, and what the program does is said there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Route, expect

from tests.browser.parts import House, both_rooms
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

_PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  document.querySelector('main').dispatchEvent(paste);
}"""
SETTINGS = ("downloads_at_once", "quiet_from", "quiet_until", "quiet_up_limit_bytes_per_s")


@pytest_asyncio.fixture(loop_scope="session")
async def two_films(hall: House) -> AsyncIterator[tuple[str, str]]:
    """Give two films that nobody has; nothing of the test stays."""
    yield await film(hall, b"The General (1926)"), await film(hall, b"Sherlock Jr. (1924)")
    client = hall.running.client
    for one in (await client.get("api/v1/torrents")).json()["torrents"]:
        await client.delete(f"api/v1/torrents/{one['info_hash']}?files=delete")
    await client.patch("api/v1/settings", json=dict.fromkeys(SETTINGS))


async def film(house: House, name: bytes) -> str:
    """Add a film that nobody has, of two files."""
    files = (file_v1(900_000, "film.mp4"), file_v1(800_000, "more.mp4"))
    return await house.running.upload(torrent(folder_v1(*files, name=name)), rights=True)


async def write(field: Locator, text: str) -> None:
    """Write into a field and leave it."""
    await field.fill(text)
    await field.press("Tab")


async def test_transfers_when_films_are_taken_moved_limited_and_paused_then_the_program_does_so(
    hall: House, two_films: tuple[str, str]
) -> None:
    first, second = two_films
    screen = await hall.sit_down("/transfers", reduced_motion="reduce")
    page = screen.page
    general, sherlock = (page.locator(f"[data-transfer='{one}']") for one in (first, second))
    await expect(general).to_contain_text("comes as far as it is watched")

    # One at a time, in the order that is wanted.
    limits = page.get_by_role("region", name="Limits")
    await write(limits.get_by_label("Films fetched at once"), "1")
    await general.get_by_role("button", name="Fetch all of it: The General").click()
    await expect(general).to_contain_text("0% · coming")
    await sherlock.get_by_role("button", name="Fetch all of it: Sherlock Jr.").click()
    await expect(sherlock).to_contain_text("waits its turn, 1 film before it")
    await sherlock.get_by_role("button", name="Sherlock Jr.: earlier").click()
    await expect(sherlock).to_contain_text("0% · coming")
    await expect(general).to_contain_text("waits its turn, 1 film before it")

    # Its files and its own limits.
    await general.get_by_role("button", name="Details of The General").click()
    more = general.get_by_role("switch", name="Fetch more.mp4")
    await expect(more).to_be_checked()
    await more.click()
    await expect(more).not_to_be_checked()
    await general.get_by_role("radio", name="First").click()
    await expect(general.get_by_role("radio", name="First")).to_be_checked()
    own = general.get_by_role("region", name="Its own limits")
    await write(own.get_by_label("Taking, at most"), "0.5")
    await write(own.get_by_label("Give it so many times over"), "1.5")
    told = await hall.running.until(first, lambda film: film["giving"]["ratio_limit"] == 1.5)
    assert told["takes"] == {"rest": "normal", "files": {"0": "high", "1": "not"}}
    assert told["limits"]["down_bytes_per_s"] == 500_000
    assert await both_rooms(screen) == {"dark": [], "light": []}
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await screen.runs_out() == []
    await page.set_viewport_size({"width": 1280, "height": 800})

    # Hours of the day: all of it, so that it does not matter when this is run.
    for when in ("From", "Until"):
        await limits.get_by_label(when).fill("00:00")
    quiet = limits.get_by_role("group", name="At quiet hours")
    await write(quiet.get_by_label("Giving, at most"), "0.1")
    await expect(limits.get_by_role("status")).to_contain_text("At most 100 kB/s go out.")

    await page.get_by_role("button", name="Pause all").click()
    await expect(general).to_contain_text("paused")
    await page.get_by_role("button", name="Go on with all").click()
    await expect(sherlock).to_contain_text("coming")

    # A link that is pasted anywhere is opened.
    await page.evaluate(_PASTE, f"magnet:?xt=urn:btih:{'5' * 40}")
    await expect(page).to_have_url(f"{hall.running.address}#/film/{'5' * 40}")
    await page.go_back()
    for one in (sherlock, general):
        await one.get_by_role("button", name="Remove").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take it off").click()
        await expect(one).to_have_count(0)
    assert screen.complaints == []


def lying(info_hash: str, name: str, standing: str) -> dict[str, object]:
    """A film of a gigabyte, as the disk has it."""
    return {
        "info_hash": info_hash, "name": name, "taken_bytes": 1_000_000_000, "standing": standing,
        "used_at": "2026-11-20T20:00:00Z", "kept": standing == "kept", "title_id": None,
    }  # fmt: skip


async def test_disk_when_films_take_most_of_it_then_says_what_goes_first_and_a_film_can_be_kept(
    hall: House, two_films: tuple[str, str]
) -> None:
    first, second = two_films
    screen = await hall.sit_down("/own", reduced_motion="reduce", service_workers="block")
    page = screen.page

    async def told(route: Route) -> None:
        kept = (await hall.running.view(first))["kept"]
        films = [
            lying(first, "The General (1926)", "kept" if kept else "watched"),
            lying(second, "<b>x</b>", "given"),
        ]
        gone = {
            "info_hash": "f" * 40, "name": "The.Kid.1921.1080p", "title_id": "the-kid-1921", "freed_bytes": 7 * 10**8,
            "standing": "watched", "magnet": "", "freed_at": "2026-11-25T21:30:00Z",
        }  # fmt: skip
        disk = {
            "cap_bytes": 4 * 10**9, "used_bytes": 2 * 10**9, "other_bytes": 0, "free_bytes": 9 * 10**9,
            "floor_bytes": 2 * 10**8, "held": "cap-reached", "films": films, "freed": [gone],
        }  # fmt: skip
        await route.fulfill(json=disk)

    await page.route("**/api/v1/storage", told)
    await page.goto(f"{hall.running.address}#/transfers")
    disk = page.get_by_role("region", name="Disk")
    await expect(disk).to_contain_text(
        "Films take 2 GB of the 4 GB that you gave them. On the disk 9 GB are free."
    )
    await expect(disk.get_by_role("status")).to_contain_text("none of them may go")
    going = disk.locator("ol > li")
    await expect(going).to_have_count(1)
    await expect(going).to_contain_text("Watched, ")
    await disk.get_by_text("What stays").click()
    await expect(disk).to_contain_text("Shared until you say otherwise")
    await disk.get_by_text("What went to make room").click()
    await expect(disk.get_by_role("link", name="The Kid")).to_have_attribute("href", "#/title/the-kid-1921")
    assert await both_rooms(screen) == {"dark": [], "light": []}
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await screen.runs_out() == []

    await disk.get_by_role("button", name="Keep for offline: The General").click()
    await expect(going).to_have_count(0)
    assert (await hall.running.view(first))["kept"]
    await disk.get_by_role("link", name="The General").click()
    switch = page.get_by_role("switch", name="Keep for offline")
    await expect(switch).to_be_checked()
    await switch.click()
    await expect(switch).not_to_be_checked()
    assert not (await hall.running.view(first))["kept"]
    assert screen.complaints == []
