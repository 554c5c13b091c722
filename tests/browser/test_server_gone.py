"""The program ends under the page, and comes back."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.parts import FILM_S, WAIT_MS, Offered, open_house
from tests.swarm.parts import free_port, matinee

pytestmark = [pytest.mark.browser, pytest.mark.swarm, pytest.mark.asyncio(loop_scope="session")]

LOST = "Matinee is not answering."


async def test_page_when_the_server_dies_then_says_so_and_comes_back_by_itself(
    offered: Offered, tmp_path: Path, chromium: Browser
) -> None:
    port = str(free_port())
    async with open_house(chromium, tmp_path, "--port", port) as house:
        await house.running.upload(offered.metainfo.read_bytes(), rights=True)
        home = await house.sit_down()
        player = await house.sit_down(f"/film/{offered.info_hash}/play/0")
        await player.plays_past(0.5)
        house.running.process.kill()
        await house.running.process.wait()
        await home.reads(LOST)
        await player.seek(0.6)
        await player.reads(LOST)
        async with matinee(tmp_path / "data", "--no-open", "--port", port):
            await home.reads("Matinee is back.")
            await expect(home.page.get_by_role("link", name="Big Buck Bunny").first).to_be_visible()
            await player.plays_past(0.6 * FILM_S + 0.5)
            await expect(player.page.get_by_text(LOST)).to_have_count(0, timeout=WAIT_MS)
