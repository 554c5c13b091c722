"""One Chromium for all tests of the page, and one Matinee for those that change nothing."""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from bench.clients.node import node
from playwright.async_api import Browser, Playwright, Route, async_playwright

from tests.browser import films
from tests.browser.mocked import Mocked, served
from tests.browser.parts import (
    CHROMIUM,
    FLAGS,
    SHELL,
    House,
    Offered,
    Screen,
    foreign_swarm,
    offer,
    open_house,
)
from tests.torrent.made_torrents import file_v1, folder_v1, torrent


class Wall:
    """A Matinee with two films that nobody has: one may be shared, one waits for somebody's word."""

    def __init__(self, house: House, free: str, waiting: str) -> None:
        self.house = house
        self.free = free
        self.places = {"home": "/", "free": f"/film/{free}", "waiting": f"/film/{waiting}"}
        self.places |= {
            "gone": f"/film/{'0' * 40}",
            "play": f"/film/{free}/play/0",
            "sources": "/sources",
            "glass": "/glass",
            "refused": f"/film/{waiting}/play/0",
        }


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """Drive browsers by the Node that built the page.

    Playwright's own Node wants libatomic, which a bare Debian lacks: it ends before it says a word.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", node())
        driver = await async_playwright().start()
    try:
        yield driver
    finally:
        await driver.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """Give the system's Chromium without its window."""
    browser = await playwright.chromium.launch(executable_path=SHELL, args=FLAGS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def windowed(playwright: Playwright) -> AsyncIterator[Browser]:
    """Give the system's Chromium as people have it, for the whole way and for how the page looks."""
    browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    await browser.close()


@pytest.fixture(scope="session")
def mocked(chromium: Browser, bunny: Path) -> Iterator[Mocked]:
    """Give the page on its made-up server."""
    with served(bunny) as address:
        yield Mocked(address, chromium)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _hall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(chromium, tmp_path_factory.mktemp("hall")) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def hall(_hall: House) -> AsyncIterator[House]:
    """Give a Matinee without peers that all tests share. Tabs are closed after each test, here and below."""
    await _hall.forget()
    yield _hall
    await _hall.leave()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _wall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wall]:
    async with open_house(chromium, tmp_path_factory.mktemp("wall")) as house:
        files = (file_v1(900_000, "film.mp4"), file_v1(20_000, "Subtitles", "en.srt"))
        free = await house.running.upload(torrent(folder_v1(*files, name=b"The General (1926)")), rights=True)
        waiting = await house.running.upload(
            torrent(folder_v1(*files, name=b"Sintel.2010.2160p")), rights=False
        )
        yield Wall(house, free, waiting)


@pytest_asyncio.fixture(loop_scope="session")
async def wall(_wall: Wall) -> AsyncIterator[Wall]:
    """Give two films that nobody has."""
    await _wall.house.forget()
    yield _wall
    await _wall.house.leave()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def offered(bunny: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Offered]:
    """Give Big Buck Bunny from somebody who sends it at full speed."""
    folder = tmp_path_factory.mktemp("offered")
    (folder / "seed").mkdir()
    film = Path(shutil.copy(bunny, folder / "seed" / "Big Buck Bunny (2008).mp4"))
    async with offer(film, folder) as offered:
        yield offered


@dataclass(frozen=True, slots=True)
class Cinema:
    """A Matinee to which somebody sends Big Buck Bunny at full speed."""

    house: House
    info_hash: str

    @property
    def play(self) -> str:
        """Where it is played."""
        return f"/film/{self.info_hash}/play/0"

    async def stand_in(self, screen: Screen) -> list[dict[str, Any]]:
        """Have its film stand in for every title's, whose own torrent is elsewhere; give what playbacks are asked."""
        openings: list[dict[str, Any]] = []

        async def torrent(route: Route) -> None:
            await route.fulfill(
                status=201,
                body=json.dumps({"info_hash": self.info_hash, "file_index": None, "confirmed": True}),
            )

        async def playback(route: Route) -> None:
            openings.append(json.loads(route.request.post_data or "{}"))
            there = {"info_hash": self.info_hash, "file_index": 0, "client": openings[-1]["client"]}
            await route.continue_(post_data=json.dumps(there))

        await screen.page.route("**/api/v1/titles/*/torrent", torrent)
        await screen.page.route("**/api/v1/playback", playback)
        return openings


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _cinema(
    chromium: Browser, offered: Offered, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cinema]:
    async with open_house(chromium, tmp_path_factory.mktemp("cinema")) as house:
        await house.running.add(offered.magnet)
        yield Cinema(house, offered.info_hash)


@pytest_asyncio.fixture(loop_scope="session")
async def cinema(_cinema: Cinema) -> AsyncIterator[Cinema]:
    """Give a film that plays, for tests that only watch it."""
    await _cinema.house.forget()
    yield _cinema
    await _cinema.house.leave()


@dataclass(frozen=True, slots=True)
class Festival:
    """A Matinee to which a swarm of foreign programs sends films of every kind."""

    house: House
    info_hash: str
    indexes: dict[str, int]
    """By their names."""

    def play(self, film: str) -> str:
        """Say where one is played."""
        return f"/film/{self.info_hash}/play/{self.indexes[film]}"

    async def watch(self, film: str) -> Screen:
        """Open one, in a tab of its own."""
        return await self.house.sit_down(self.play(film), reduced_motion="reduce")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _festival(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Festival]:
    folder = tmp_path_factory.mktemp("festival")
    with foreign_swarm(films.festival(folder), folder) as seeds:
        async with open_house(chromium, folder) as house:
            found = await house.running.add_file(seeds[0].metainfo)
            for seeded in seeds:
                await house.running.add(seeded.magnet)
            indexes = {file["path"].partition("/")[2]: file["index"] for file in found["files"]}
            yield Festival(house, seeds[0].info_hash, indexes)


@pytest_asyncio.fixture(loop_scope="session")
async def festival(_festival: Festival) -> AsyncIterator[Festival]:
    """Give films of every kind."""
    await _festival.house.forget()
    yield _festival
    await _festival.house.leave()
