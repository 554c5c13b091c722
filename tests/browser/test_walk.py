"""A person comes in for the first time and walks the whole way, on every kind of device.

What they watch has two foreign programs: aria2 seeds a film with subtitles beside it, webtorrent a series. The shelf is
the one that comes with the program; a film of it leads to the one seed, and a series more to the other.
"""

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from bench.clients.node import node
from playwright.async_api import Browser, async_playwright, expect

from matinee.catalogue import shelf
from tests.browser import stock_firefox
from tests.browser.films import said
from tests.browser.hands import Finger, Hand, Keyboard, MouseInFirefox, Remote, TabletFinger
from tests.browser.parts import House, open_house
from tests.media.films import clip
from tests.swarm.parts import Seeded, aria2_seed, webtorrent_seed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

FILM, FILM_S = "big-buck-bunny-2008", 60
SERIES, EPISODE_S = "the-rabbit-in-two-parts-2008", 12
PARTS = ("The Butterfly", "The Revenge")
SHARED = ("year", "countries", "languages", "genres", "shelves", "children", "synopsis", "evidence")
"""What the series has of the film."""
_PLAIN = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "+faststart")
PUBLISHED = "The Meadow (2026).mp4"
_PROGRAM = """
from pathlib import Path
from matinee.catalogue import shelf
shelf.load.__defaults__ = (Path({nowhere!r}), Path({shelf!r}))
from matinee.app import main
main()
"""
"""A Matinee with a shelf of the test's own."""


def _cut(start_s: int, length_s: int) -> Path:
    """Give a part of Big Buck Bunny, which every browser plays as it is."""
    return clip("part.mp4", *_PLAIN, start_s=start_s, length_s=length_s, sized="480:-2")


def _seed_film(folder: Path) -> contextlib.AbstractContextManager[Seeded]:
    home = folder / "Big Buck Bunny (2008)"
    home.mkdir(parents=True)
    shutil.copy(_cut(60, FILM_S), home / f"{home.name}.mp4")
    for language, word in (("en", "line"), ("fr", "phrase")):
        (home / f"{home.name}.{language}.srt").write_text(said(word))
    return aria2_seed(home, folder)


def _seed_series(folder: Path) -> contextlib.AbstractContextManager[Seeded]:
    home = folder / "The Rabbit in Two Parts"
    home.mkdir(parents=True)
    for number, start_s in ((1, 150), (2, 300)):
        shutil.copy(_cut(start_s, EPISODE_S), home / f"The.Rabbit.S01E0{number}.mp4")
    return webtorrent_seed(home, folder)


def _shelf(folder: Path, film: Seeded, series: Seeded) -> Path:
    """Write the shelf that comes with the program, with two titles that are seeded here."""
    titles = json.loads(shelf.compile_shelf())
    bunny = titles[FILM]
    titles[FILM] = {**bunny, "minutes": 1, "releases": [{"magnet": film.magnet, "subtitles": ["en", "fr"]}]}
    episodes = [{"number": at + 1, "title": name} for at, name in enumerate(PARTS)]
    titles[SERIES] = {
        **{key: bunny[key] for key in SHARED},
        "kind": "series",
        "title": "The Rabbit in Two Parts",
        "seasons": [{"number": 1, "episodes": episodes}],
        "releases": [{"magnet": series.magnet}],
    }  # fmt: skip
    file = folder / "shelf.json"
    file.write_text(json.dumps(titles))
    return file


@dataclass(frozen=True, slots=True)
class Way:
    """A Matinee that has everything for the walk, and what somebody wants to publish there."""

    house: House
    film: Seeded
    series: Seeded
    own: Path

    async def anew(self) -> None:
        """Have nobody have been there."""
        client = self.house.running.client
        await self.house.leave()
        for one in (await client.get("api/v1/torrents")).json()["torrents"]:
            await client.delete(f"api/v1/torrents/{one['info_hash']}?files=delete")
        await self.house.forget()
        await client.patch("api/v1/settings", json={"welcomed": None})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def way(windowed: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Way]:
    folder = tmp_path_factory.mktemp("walk")
    own = Path(shutil.copy(_cut(400, EPISODE_S), folder / PUBLISHED))
    with _seed_film(folder / "film") as film, _seed_series(folder / "series") as series:
        program = _PROGRAM.format(nowhere=str(folder / "none"), shelf=str(_shelf(folder, film, series)))
        async with open_house(windowed, folder, program=("-c", program)) as house:
            yield Way(house, film, series, own)


Look = Callable[[str], Awaitable[None]]


async def walk(hand: Hand, way: Way, look: Look) -> None:
    """Go the whole way, from the first screen to French."""
    await _come_in(hand, look)
    await _find(hand, look)
    await _watch(hand, look)
    await _go_on(hand, look)
    await _watch_the_series(hand, look)
    await _see_through(hand, way.film.info_hash, look)
    await _publish(hand, way.own, look)
    await _turn_french(hand, look)


async def _come_in(hand: Hand, look: Look) -> None:
    page = hand.page
    start = page.get_by_role("button", name="Start watching")
    await expect(start).to_be_focused()
    await look("first")
    await hand.press(page.get_by_role("button", name="How films are shared"))
    await expect(page.get_by_text("What comes goes on to others.")).to_be_visible()
    await hand.press(page.get_by_role("button", name="Where films are kept"))
    await expect(page.get_by_text("are free there.")).to_be_visible()
    await hand.press(start)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("#spotlight")).to_be_visible()
    await look("home")


async def _find(hand: Hand, look: Look) -> None:
    page = hand.page
    await hand.press(page.get_by_role("navigation").get_by_role("link", name="Films"))
    await expect(page.locator("main li").nth(5)).to_be_visible()
    await look("browse")
    await hand.write(page.locator("[data-search]:visible"), "big buck")
    poster = page.locator(f"main [data-place$=':{FILM}']")
    await expect(poster).to_be_visible()
    await look("search")
    await hand.press(poster)
    await expect(page.locator(".synopsis")).to_contain_text("Three bullies")
    await look("title")


async def _watch(hand: Hand, look: Look) -> None:
    page = hand.page
    await hand.press(page.get_by_role("button", name="Play Big Buck Bunny"))
    await hand.plays_past(0)
    await hand.panel("Subtitles", "English")
    await expect(page.locator(".cue")).to_contain_text("line")
    await look("player")
    await hand.seek(0.5)
    await hand.plays_past(FILM_S // 2 - 5)
    await expect(page.locator(".cue")).to_contain_text(re.compile("line (2[48]|3[26])"))
    await hand.back()
    await expect(page.locator(".synopsis")).to_be_visible()


async def _go_on(hand: Hand, look: Look) -> None:
    page = hand.page
    resume = page.get_by_role("button", name=re.compile("Go on at 0:[23]"))
    await expect(resume).to_be_visible()
    await look("resume")
    await hand.press(resume)
    await hand.plays_past(FILM_S // 2 - 5)
    await expect(page.locator(".cue")).to_contain_text("line")
    await hand.back()
    await expect(page.locator(".synopsis")).to_be_visible()


async def _watch_the_series(hand: Hand, look: Look) -> None:
    page = hand.page
    await hand.press(page.get_by_role("navigation").get_by_role("link", name="Series"))
    await expect(page.locator("main li").nth(2)).to_be_visible()
    await hand.write(page.locator("[data-search]:visible"), "rabbit")
    await expect(page.locator(f"main [data-place$=':{FILM}']")).to_have_count(0)
    await hand.press(page.locator(f"main [data-place$=':{SERIES}']"))
    await hand.press(page.get_by_role("button", name="Play the first episode"))
    await hand.plays_past(0)
    await hand.seek(0.9)
    comes = page.get_by_role("heading", name=re.compile(PARTS[1]))
    await expect(comes).to_be_visible()
    await expect(page.get_by_role("timer")).to_contain_text("Begins in")
    await look("next")
    await hand.press(page.get_by_role("button", name="Play it now"))
    await expect(comes).to_have_count(0)
    await hand.plays_past(0)
    await hand.back()
    await expect(page.locator(".synopsis")).to_be_visible()


async def _see_through(hand: Hand, film: str, look: Look) -> None:
    page = hand.page
    await hand.press(page.get_by_role("navigation").get_by_role("link", name="On this computer"))
    await hand.press(page.get_by_role("link", name="Transfers").last)
    for name in ("Big Buck Bunny", "The Rabbit in Two Parts"):
        await expect(page.locator("[data-transfer]", has_text=name)).to_be_visible()
    await look("transfers")
    await hand.press(page.locator("header a.seen"))
    seen = page.locator("main li", has=page.locator(f"[data-place='glass:{film}']"))
    await expect(seen).to_contain_text(re.compile("[1-9][.0-9]* MB taken"))
    await look("glass")


async def _publish(hand: Hand, own: Path, look: Look) -> None:
    page = hand.page
    await hand.press(page.get_by_role("navigation").get_by_role("link", name="On this computer"))
    await hand.press(page.get_by_role("link", name="Publish a film of yours"))
    await hand.choose_file(
        page.locator("main button", has_text="Choose a film"), page.locator("input[type=file]"), own
    )
    await hand.choose(page.get_by_role("combobox", name="What may others do with it?"), "CC-BY-4.0")
    await look("publish")
    await hand.press(page.get_by_role("button", name="Publish", exact=True))
    await expect(page.get_by_label("Magnet link", exact=True)).to_have_value(re.compile("btih:"))
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    await look("published")


async def _turn_french(hand: Hand, look: Look) -> None:
    page = hand.page
    await hand.press(page.locator('header button[lang="fr"]'))
    await expect(page.locator("html")).to_have_attribute("lang", "fr")
    await hand.press(page.get_by_role("navigation").get_by_role("link", name="Films"))
    await expect(page.locator("main li").nth(5)).to_be_visible()
    await look("french")


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Hand], Look]:
    """Keep pictures of the way where somebody asked for them."""
    folder = request.config.getoption("--walk-pictures")

    def of(hand: Hand) -> Look:
        async def keep(name: str) -> None:
            if folder is not None:
                before = len(hand.screen.complaints)
                await hand.page.screenshot(path=Path(folder) / f"{hand.name}.{name}.png")
                # Firefox refuses the style by which Playwright holds a page still.
                del hand.screen.complaints[before:]

        return keep

    return of


@pytest_asyncio.fixture(loop_scope="session")
async def firefox(tmp_path: Path) -> AsyncIterator[Browser]:
    """Give the system's Firefox, as it is."""
    program = tmp_path / "firefox"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{stock_firefox.__file__}" "$@"\n')
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", node())
        async with async_playwright() as playwright:
            browser = await playwright.firefox.launch(
                channel="moz-firefox",
                executable_path=program,
                env={**os.environ, "HOME": str(tmp_path)},
                firefox_user_prefs={"media.autoplay.default": 0, "intl.accept_languages": "en"},
            )
            yield browser
            await browser.close()


@pytest.mark.parametrize("kind", [Finger, TabletFinger, Keyboard, Remote])
async def test_person_when_new_then_walks_the_whole_way(
    kind: type[Hand], way: Way, windowed: Browser, look: Callable[[Hand], Look]
) -> None:
    assert await _walk(kind, way, windowed, look) == []


async def test_person_in_firefox_when_new_then_walks_the_whole_way(
    way: Way, firefox: Browser, look: Callable[[Hand], Look]
) -> None:
    # Firefox 140 tells of Playwright's own ways too, which the page forbids: only refused requests are the page's.
    complaints = await _walk(MouseInFirefox, way, firefox, look)
    assert [one for one in complaints if one.startswith("http")] == []


async def _walk(kind: type[Hand], way: Way, browser: Browser, look: Callable[[Hand], Look]) -> list[str]:
    await way.anew()
    width, height = kind.size
    screen = await way.house.sit_down(
        told=False,
        browser=browser,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        **kind.context,
    )
    hand = kind(screen)
    await walk(hand, way, look(hand))
    await way.house.leave()
    client = way.house.running.client
    for seeded in (way.film, way.series):
        told = (await client.get(f"api/v1/torrents/{seeded.info_hash}/activity")).json()
        assert told["bytes_down"] > 500_000
    return screen.complaints
