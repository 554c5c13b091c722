"""A drawn poster gives way to the maker's own when it comes, without a jump; what is no picture never shows."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from matinee.catalogue.law import Law
from matinee.catalogue.store import TitleStore
from matinee.models.title import MagnetLink, Release
from matinee.storage.database import Database
from matinee.types import Country
from tests.browser.parts import open_house
from tests.catalogue.made import film
from tests.media.made_pictures import drawn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BODIES = {
    "/upright.jpg": drawn("mjpeg", "yuvj420p", 400, 600),
    "/still.png": drawn("png", "rgb24", 640, 360),
    "/evil.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.harm = 1'/>",
}
WORD = "zwielicht"
PROGRAM = """
import os
from matinee.catalogue import pictures
pictures.ARCHIVE = "http://127.0.0.1:{port}/archive/"
os.environ["MATINEE_PICTURES"] = "fetch"
from matinee.app import main
main()
"""
"""Nobody outside this computer is asked."""


class Host:
    """Has pictures, and gives them when it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.asked: list[str] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode()
        if path in BODIES:
            self.asked.append(path)
            await self.may_answer.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODIES[path])
        else:  # the archive, which has no picture of what else hangs here
            writer.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
        writer.close()


async def _hang(folder: Path, port: int) -> None:
    """Put titles into a database before the program starts."""
    database = Database.in_folder(folder)
    await database.open()
    names = {path: path.strip("/").replace(".", "-") for path in BODIES}
    titles = []
    for at, (path, name) in enumerate(names.items()):
        place = MagnetLink(f"magnet:?xt=urn:btih:{str(at) * 40}")
        poster = f"http://127.0.0.1:{port}{path}"
        one = film(f"{name}-1926", f"{WORD} {name}", 1926, poster=poster, releases=(Release(place),))
        titles.append(one)
    await TitleStore(database, Law(Country("US"), lambda: titles[0].evidence[0].checked)).put("tests", titles)
    await database.close()


async def test_drawn_poster_when_the_makers_comes_then_gives_way_without_a_jump(
    chromium: Browser, tmp_path: Path
) -> None:
    host = Host()
    server = await asyncio.start_server(host.answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        (tmp_path / "data").mkdir()
        await _hang(tmp_path / "data", port)
        program = ("-c", PROGRAM.format(port=port))
        async with open_house(chromium, tmp_path, program=program) as house:
            screen = await house.sit_down(f"/browse?query={WORD}", reduced_motion="reduce")
            posters = screen.page.locator("a[data-place^='wall:']")
            await expect(posters).to_have_count(len(BODIES))
            boxes = [await one.bounding_box() for one in await posters.all()]
            assert await screen.page.locator("image.made").count() == 0
            host.may_answer.set()
            upright = posters.filter(has_text="upright").locator("image.made")
            still = posters.filter(has_text="still").locator("image.made")
            await expect(upright).to_have_attribute("height", "360")
            await expect(still).to_have_attribute("preserveAspectRatio", "xMidYMid slice")
            assert float(await still.get_attribute("height") or 0) < 360
            assert [await one.bounding_box() for one in await posters.all()] == boxes
            await expect(posters.filter(has_text="evil").locator("image")).to_have_count(0)
            asked = sorted(host.asked)
            await screen.page.reload()
            await expect(upright).to_have_attribute("height", "360")
            assert await screen.page.evaluate("window.harm") is None
            assert screen.complaints == []
    assert asked == sorted(BODIES)
    assert sorted(host.asked) == asked
