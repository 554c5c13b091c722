"""A person opens the link that Matinee gave and watches Big Buck Bunny while it comes from a foreign client."""

import random
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bench.clients.node import node
from playwright.async_api import Page, async_playwright

from tests.swarm.parts import Matinee, Seeded, matinee, transmission_seed, webtorrent_seed

pytestmark = [pytest.mark.browser, pytest.mark.swarm, pytest.mark.timeout(240)]

Seed = Callable[[Path, Path, int], AbstractContextManager[Seeded]]

FILM_BYTES, FILM_S = 50_195_281, 596
TWICE_THE_BITRATE = 2 * FILM_BYTES // FILM_S
WAIT_MS = 60_000
FRAMES = "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
]  # fmt: skip


@pytest.fixture
def film(bunny: Path, tmp_path: Path) -> Path:
    """A copy of the film in a folder of the seed's own."""
    folder = tmp_path / "seed"
    folder.mkdir()
    shutil.copy(bunny, folder / "bbb.mp4")
    return folder / "bbb.mp4"


@pytest.fixture(autouse=True)
def own_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drive the browser with the Node that built the page: Playwright's wants libatomic, which a bare Debian lacks."""
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", node())


@pytest.fixture
def link_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the 'browser' that Matinee opens writes the address it is given."""
    opened = tmp_path / "opened"
    opener = tmp_path / "browser.sh"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.new && mv {opened}.new {opened}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{opener} %s")
    return opened


@pytest.mark.parametrize("seed", [transmission_seed, webtorrent_seed])
async def test_page_when_the_film_is_arriving_then_plays_and_seeks(
    seed: Seed, film: Path, link_file: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    complaints: list[str] = []
    with seed(film, tmp_path, TWICE_THE_BITRATE) as seeded:
        async with matinee(tmp_path / "data", "--open") as running, async_playwright() as playwright:
            await running.add(seeded.magnet)
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = await browser.new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("response", lambda got: complaints.append(got.url) if got.status >= 400 else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await _open_film(page, link_file, seeded)
            await _plays_past(page, 2.0)
            await page.evaluate(
                "() => { const v = document.querySelector('video'); v.currentTime = v.duration * 0.7 }"
            )
            await _plays_past(page, 0.7 * FILM_S + 2)
            frames = await page.evaluate(
                "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
            )
            await browser.close()
            found = await _ranges(running, seeded)
    assert frames > 48
    assert complaints == []
    assert all(data == expected[place : place + len(data)] for place, data in found)


async def _open_film(page: Page, link_file: Path, seeded: Seeded) -> None:
    """Go in by the one-time link, then to the film's player, and say yes to the sentence before the first play."""
    await page.goto(link_file.read_text())
    await page.get_by_role("main").wait_for(timeout=WAIT_MS)
    await page.evaluate(f"() => {{ location.hash = '#/film/{seeded.info_hash}/play/0' }}")
    await page.locator("dialog[open] button.main").click(timeout=WAIT_MS)
    await page.wait_for_selector("video", timeout=WAIT_MS, state="attached")
    await page.evaluate("() => document.querySelector('video').play().catch(() => undefined)")


async def _plays_past(page: Page, position_s: float) -> None:
    await page.wait_for_function(
        "(s) => { const v = document.querySelector('video'); return v.currentTime > s && !v.paused }",
        arg=position_s,
        timeout=WAIT_MS,
    )


async def _ranges(running: Matinee, seeded: Seeded) -> list[tuple[int, bytes]]:
    """Read three ranges at random, from what the slow seed has sent and has not."""
    places = [random.Random(11).randrange(FILM_BYTES - 50_000) for _ in range(3)]
    return [(place, await running.bytes_of(seeded.info_hash, place, place + 50_000)) for place in places]
