"""A person before Chromium: goes to a film's page, presses Play, and sees the first picture.

The page keeps the time: from the press, as the browser stamped it, to the moment at which a frame was shown.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Error, Page, sync_playwright

from bench.clients.node import node
from bench.metainfo import TITLE
from bench.player import SEEKS, Story

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--mute-audio"]
TITLE_S, REST_S = 20.0, 3.0

_WATCH = """() => {
  addEventListener('click', (event) => { window.pressed_ms ??= event.timeStamp; }, { capture: true });
  const look = () => {
    const video = document.querySelector('video');
    if (video === null) requestAnimationFrame(look);
    else video.requestVideoFrameCallback(() => { window.seen_ms = performance.now(); });
  };
  look();
}"""


class ClickingPlayer:
    """Opens a film from its own page, in a browser, and tells when it was seen."""

    def __init__(self, server: str, headers: Mapping[str, str], *, patience_s: float) -> None:
        self._server = server
        self._headers = headers
        self._patience_s = patience_s

    def play(self, play_s: float, seeks: Sequence[float] = SEEKS) -> Story:
        """Go to the film's page, press, and wait for the first frame; it goes no farther."""
        del play_s, seeks
        story = Story(opened_s=time.monotonic())
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node()
        try:
            title = self._title()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                try:
                    self._press(
                        browser.new_page(extra_http_headers=dict(self._headers), locale="en"), title, story
                    )
                finally:
                    browser.close()
        except (Error, OSError, LookupError) as error:
            story.trouble = str(error)
        return story

    def _press(self, page: Page, title: str, story: Story) -> None:
        page.add_init_script("localStorage.setItem('matinee.notice', 'read')")
        page.goto(f"{self._server}#/title/{title}")
        play = page.locator("#content .button.main").first
        play.wait_for()
        # Who presses has read what stands there: by then the page has come to rest.
        time.sleep(REST_S)
        page.evaluate(_WATCH)
        story.clicked_s = time.monotonic()
        play.click()
        page.wait_for_function("() => window.seen_ms !== undefined", timeout=1000 * self._patience_s)
        lasted_ms: float = page.evaluate("window.seen_ms - window.pressed_ms")
        story.first_frame_s = story.clicked_s + lasted_ms / 1000

    def _title(self) -> str:
        """Give the id of the only film that the user's folder holds, once it is in the programme."""
        where = urlsplit(self._server)
        until_s = time.monotonic() + TITLE_S
        while time.monotonic() < until_s:
            connection = HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=TITLE_S)
            connection.request("GET", f"/api/v1/titles?query={quote(TITLE)}", headers=dict(self._headers))
            told: dict[str, Any] = json.loads(connection.getresponse().read())
            connection.close()
            found = [one["id"] for one in told["titles"] if one["title"] == TITLE]
            if found:
                return str(found[0])
            time.sleep(0.1)
        raise LookupError("the film of the folder did not come into the programme")
