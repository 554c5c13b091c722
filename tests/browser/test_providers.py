"""Films that only others have: found by a search that goes further, clicked, and played in Chromium.

Sepia Search, a PeerTube host, Wikimedia Commons and its files are one web server on loopback, under their real names
and a certificate of the test's own. PeerTube's film comes from webtorrent by its
torrent, that of Commons from its file.
"""

import contextlib
import copy
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.parts import FILM_S, House, Offered, Screen, open_house
from tests.catalogue.providers import test_peertube as tube
from tests.catalogue.providers import test_wikimedia_commons as commons
from tests.catalogue.providers.services import FAULTS, says
from tests.outside.authority import make_authority, server_trust
from tests.outside.hosts import ok
from tests.playback.film_host import FilmHost, serving_film

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

SEPIA, PAGES, FILES = "sepiasearch.org", "commons.wikimedia.org", "upload.wikimedia.org"
HELD = 4 * 1024 * 1024
"""Bytes of each connection, as long as the film is held back: less than a minute of it."""
LINE = "WEBVTT\n\n00:00.000 --> 09:00.000\nA line of {}.\n"
NAME = "Caminandes_(2013).mp4"
_PROGRAM = """
from matinee.outside import fetch
async def nearby(host, port): return ["127.0.0.1"]
fetch.Fetcher.__init__.__kwdefaults__["resolve"] = nearby
fetch.PORTS["https"] = {port}
from matinee.app import main
main()
"""
"""A Matinee for which every host is on loopback. All else of the way is as it is: names, certificates, rules."""


class Web(FilmHost):
    """All hosts at once."""

    def __init__(self, film: bytes, torrent: bytes) -> None:
        super().__init__(film)
        self._torrent = torrent
        self.paths: list[tuple[str, str]] = []

    def also(self, head: str) -> bytes | None:
        lines = head.split("\r\n")
        host = next(line.partition(": ")[2] for line in lines if line.lower().startswith("host:"))
        parts = urlsplit(lines[0].split()[1])
        self.paths.append((host, parts.path))
        if host == FILES and parts.path.endswith(NAME):
            return None
        query = parse_qs(parts.query)
        match host, parts.path:
            case "sepiasearch.org", tube.SEARCH:
                return tube.found({**tube.VIDEO, "duration": FILM_S})
            case tube.HOST, path if path.endswith(".torrent"):
                return ok(self._torrent)
            case tube.HOST, path if path.endswith("/captions"):
                return says({"total": 1, "data": [
                    {"language": {"id": "en", "label": "English"}, "captionPath": "/lazy-static/en.vtt"}
                ]})  # fmt: skip
            case tube.HOST, "/lazy-static/en.vtt":
                return ok(LINE.format("PeerTube").encode())
            case tube.HOST, path if path.endswith(tube.UUID):
                return says({**tube.WHOLE, "duration": FILM_S, "files": [tube.file(720)]})
            case "commons.wikimedia.org", commons.API if "timedtext" in query.get("action", []):
                return ok(LINE.format("Commons").encode())
            case "commons.wikimedia.org", commons.API:
                return commons.found(self._page())
        return FAULTS["gone"][0]

    def _page(self) -> dict[str, Any]:
        page = copy.deepcopy(commons.PAGE)
        (info,) = page["videoinfo"]
        info |= {
            "url": f"https://{FILES}/a/{NAME}",
            "mime": "video/mp4",
            "size": len(self.film),
            "duration": FILM_S,
        }
        info |= {"sha1": hashlib.sha1(self.film).hexdigest(), "derivatives": []}
        src = f"https://{PAGES}/w/api.php?action=timedtext&title=File%3AX&lang=en&trackformat=vtt"
        info["timedtext"] = [{"src": src, "kind": "subtitles", "type": "text/vtt", "srclang": "en"}]
        return page


@dataclass(frozen=True, slots=True)
class Abroad:
    house: House
    web: Web

    async def find(self, name: str) -> Screen:
        """Search further, and open what was found."""
        screen = await self.house.sit_down("/browse?query=dillama%20charge", reduced_motion="reduce")
        await screen.page.get_by_role("button", name="Search further").click()
        await screen.page.locator("main li[data-at] a", has_text=name).first.click()
        await screen.page.get_by_role("button", name="Play").first.click()
        return screen

    async def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.house.running.client.get("api/v1/torrents")).json()[
            "torrents"
        ]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def abroad(
    chromium: Browser, bunny: Path, offered: Offered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Abroad]:
    folder = tmp_path / "authority"
    folder.mkdir()
    make_authority(folder, SEPIA, tube.HOST, PAGES, FILES)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
    async with contextlib.AsyncExitStack() as stack:
        web = Web(bunny.read_bytes(), offered.metainfo.read_bytes())
        await stack.enter_async_context(serving_film(web, server_trust(folder)))
        program = ("-c", _PROGRAM.format(port=web.port))
        house = await stack.enter_async_context(open_house(chromium, tmp_path, program=program))
        yield Abroad(house, web)


async def test_film_when_peertube_has_it_then_its_torrent_plays_with_the_captions_of_its_host(
    abroad: Abroad,
) -> None:
    screen = await abroad.find("Charge & repair")
    await screen.plays_past(2.0)
    assert await screen.moves_at(0.6, FILM_S, 10) == 10
    (film,) = await abroad.listed()
    assert (film["comes_from"], film["peers"]["connected"] > 0) == (None, True)
    await screen.open_panel("Subtitles")
    await screen.page.get_by_role("radio", name="English").click()
    await expect(screen.page.get_by_text(f"from {tube.HOST}")).to_be_visible()
    await expect(screen.page.locator(".cue").first).to_have_text("A line of PeerTube.")


async def test_film_when_commons_has_it_then_plays_while_its_file_comes_and_is_a_torrent_when_whole(
    abroad: Abroad,
) -> None:
    abroad.web.most = HELD
    screen = await abroad.find("Caminandes Gran Dillama")
    await screen.plays_past(2.0)
    await expect(screen.page.get_by_text(f"from {FILES}, not verified yet").first).to_be_attached()
    (film,) = await abroad.listed()
    assert (film["comes_from"], film["progress"]["fraction"] < 0.5) == (FILES, True)
    assert await screen.moves_at(0.6, FILM_S, 10) == 10
    abroad.web.free.set()
    whole = await abroad.house.running.until(film["info_hash"], lambda one: one["became"] is not None, 60)
    assert await screen.moves_at(0.3, FILM_S, 10) == 10
    await screen.open_panel("Subtitles")
    await screen.page.get_by_role("radio", name="English").click()
    await expect(screen.page.get_by_text(f"from {PAGES}")).to_be_visible()
    await expect(screen.page.locator(".cue").first).to_have_text("A line of Commons.")
    assert {one["info_hash"] for one in await abroad.listed()} == {film["info_hash"], whole["became"]}
    assert screen.complaints == []
