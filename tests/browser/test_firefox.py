"""The way of a person in Debian's Firefox: look, search, play, seek, leave, and read it all in French."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from bench.clients.node import node
from playwright.async_api import Page, async_playwright, expect

from tests.browser import stock_firefox
from tests.browser.mocked import served
from tests.browser.parts import WAIT_MS
from tests.browser.sights import PLAY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIMIT_S = 300
_PLAYS_PAST = """(s) => {
  const video = document.querySelector('video');
  return video !== null && video.currentTime > s && !video.paused;
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def firefox(bunny: Path, tmp_path: Path) -> AsyncIterator[Page]:
    program = tmp_path / "firefox"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{stock_firefox.__file__}" "$@"\n')
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch, served(bunny) as address:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", node())
        async with async_playwright() as playwright:
            browser = await playwright.firefox.launch(
                channel="moz-firefox",
                executable_path=program,
                env={**os.environ, "HOME": str(tmp_path)},
                firefox_user_prefs={"media.autoplay.default": 0, "intl.accept_languages": "en"},
            )
            page = await browser.new_page()
            await page.goto(f"{address}?remember=notice:read#/")
            yield page
            await browser.close()


@pytest.mark.timeout(LIMIT_S)
async def test_firefox_when_a_person_goes_the_usual_way_then_all_of_it_works(firefox: Page) -> None:
    await expect(firefox.locator("#spotlight")).to_be_visible()
    await firefox.locator("#search").fill("the general")
    await expect(firefox.locator("h1")).to_contain_text("the general")
    await firefox.locator('[data-place$=":the-general-1926"]').first.click()
    await expect(firefox.locator(".synopsis")).to_be_visible()
    await firefox.evaluate("(to) => { location.hash = to }", PLAY)
    await firefox.wait_for_function(_PLAYS_PAST, arg=1, timeout=WAIT_MS)
    await firefox.keyboard.press("5")
    await firefox.wait_for_function(_PLAYS_PAST, arg=290, timeout=WAIT_MS)
    await firefox.go_back()
    await expect(firefox.locator(".synopsis")).to_be_visible()
    await firefox.evaluate("() => { location.hash = '/transfers' }")
    await expect(firefox.locator("main h1")).to_be_visible()
    await firefox.locator('button[lang="fr"]').click()
    await expect(firefox.locator("html")).to_have_attribute("lang", "fr")
