"""Settings: found by what they do, changed on one screen and seen on another at once, and kept over a restart."""

import asyncio
import stat
import tomllib
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.parts import WAIT_MS, both_rooms, open_house

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

NOTHING: dict[str, list[str]] = {"dark": [], "light": []}
PROGRAM = """
import os
del os.environ["MATINEE_COUNTRY"]
os.environ.update(LC_ALL="en_US.UTF-8", MATINEE_LOG_LEVEL="error")
from matinee.app import main
main()
"""
"""A Matinee that knows where it is from its locale alone, and whose log somebody has fixed."""
FREE_IN_THE_US_ALONE = "/title/nosferatu-1922"


async def test_settings_when_changed_then_hold_at_once_everywhere_and_after_a_restart(
    chromium: Browser, tmp_path: Path
) -> None:
    async with open_house(chromium, tmp_path, program=("-c", PROGRAM)) as house:
        here, there = await asyncio.gather(
            house.sit_down("/settings", reduced_motion="reduce"), house.sit_down(FREE_IN_THE_US_ALONE)
        )
        await expect(there.page.get_by_role("heading", name="Nosferatu", exact=True)).to_be_visible()
        await here.page.get_by_role("heading", name="For those who know").wait_for(timeout=WAIT_MS)
        await here.page.locator("summary").click()
        port = here.page.locator("[data-setting=listen_port]")
        await expect(port.get_by_text("Fixed by whoever runs Matinee")).to_be_visible()
        await expect(here.page.get_by_label("Port for people", exact=True)).to_be_disabled()
        assert await both_rooms(here) == NOTHING

        # By what it does, not by its name.
        find = here.page.get_by_role("textbox", name="Find a setting")
        await find.fill("law")
        country = here.page.get_by_role("combobox", name="Country")
        await expect(country).to_be_visible()
        await expect(here.page.get_by_text("Where films are kept")).to_have_count(0)
        await expect(country.locator("option:checked")).to_have_text("As this computer says: United States")
        await country.select_option("FR")
        await expect(
            there.page.get_by_role("heading", name="This title may not be shared here.")
        ).to_be_visible()
        await there.go("/settings")
        await expect(there.page.get_by_role("combobox", name="Country")).to_have_value("FR")

        # What cannot be is said beside it; what can be is kept, and the other screen shows it.
        await find.fill("calls or games stutter")
        most = here.page.get_by_label("Giving, at most", exact=True)
        await most.fill("-3")
        await most.press("Enter")
        await expect(here.page.get_by_role("alert").filter(has_text="must lie between 0 and")).to_be_visible()
        await most.fill("0.5")
        await here.page.get_by_role("button", name="Keep: Giving, at most").click()
        await expect(there.page.get_by_label("Giving, at most", exact=True)).to_have_value("0.5")
        await find.fill("opensubtitles")
        await here.page.get_by_label("New: Your key for OpenSubtitles").fill("a key of mine")
        await here.page.keyboard.press("Enter")
        await expect(here.page.get_by_text("One is kept; it is never shown again.")).to_be_visible()
        assert "a key of mine" not in await there.page.content()

        await find.fill("")
        await here.page.get_by_role("radio", name="Français").click()
        await expect(here.page.get_by_role("heading", name="Réglages", exact=True)).to_be_visible()
        await here.page.set_viewport_size({"width": 390, "height": 844})
        assert await here.runs_out() == []
        kept = tmp_path / "data" / "config.toml"
        assert tomllib.loads(kept.read_text()) == {
            "country": "FR", "up_limit_bytes_per_s": 500_000, "opensubtitles_key": "a key of mine",
        }  # fmt: skip
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        # The title that may not be shared here, and what cannot be, were answered with no.
        complaints = [one for one in here.complaints if "/settings" not in one and "400" not in one]
        assert (
            complaints + [one for one in there.complaints if "451" not in one and "/titles/" not in one] == []
        )

    async with open_house(chromium, tmp_path, program=("-c", PROGRAM)) as house:
        again = await house.sit_down("/settings", reduced_motion="reduce")
        await expect(again.page.get_by_role("combobox", name="Country")).to_have_value("FR")
        shelves = (await house.running.client.get("api/v1/shelves")).json()
        assert shelves["country"] == "FR"
        await again.go("/receipt")
        await again.reads("Nothing has been taken or given yet.")
        assert await both_rooms(again) == NOTHING
