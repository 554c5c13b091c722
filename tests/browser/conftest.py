"""One Chromium for all tests of the page, and one Matinee for those that change nothing."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.parts import CHROMIUM, FLAGS, House, open_house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Give the system's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Give a Matinee without peers that all tests share."""
    async with open_house(chromium, tmp_path_factory.mktemp("hall")) as house:
        yield house


@pytest.fixture
def film(bunny: Path, tmp_path: Path) -> Path:
    """A copy of the film in a folder of the seed's own."""
    folder = tmp_path / "seed"
    folder.mkdir()
    shutil.copy(bunny, folder / "bbb.mp4")
    return folder / "bbb.mp4"
