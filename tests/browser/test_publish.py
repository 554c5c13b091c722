"""A person publishes a film of their own, and somebody with another program takes it."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.parts import House, both_rooms
from tests.media.films import made
from tests.swarm.parts import aria2_taking

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

FILM = ("-f", "lavfi", "-i", "mandelbrot=size=640x360:rate=25", "-t", "4", "-c:v", "mjpeg", "-q:v", "2")
"""Some megabytes: more than one part of what is sent, and more than one piece."""
_PARTS = re.compile(r"/api/v1/uploads/.*start=")


async def test_film_when_published_then_somebody_else_takes_it_and_the_glass_shows_them(
    hall: House, tmp_path: Path
) -> None:
    film = made("published.mkv", *FILM)
    assert film.stat().st_size > 5_000_000
    client = hall.running.client
    screen = await hall.sit_down("/own", told=True, reduced_motion="reduce")
    page = screen.page
    await page.get_by_role("link", name="Publish a film of yours").click()
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_text("Choose a film first.")
    assert await both_rooms(screen) == {"dark": [], "light": []}

    # What is no film is said to be none, and leaves nothing.
    text = tmp_path / "notes.mp4"
    text.write_text("no film at all\n" * 200)
    await page.locator("input[type=file]").set_input_files(text)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("This is not a film that Matinee can open")
    await page.get_by_role("button", name="Try again").press("Enter")
    publish = page.get_by_role("button", name="Publish", exact=True)
    await expect(publish).to_be_focused()

    await page.locator("input[type=file]").set_input_files(film)
    await page.get_by_role("textbox", name="Title").fill("Mein <b>Film</b>")
    await page.get_by_role("textbox", name="Year", exact=True).fill("2026")
    await page.get_by_role("combobox", name="What may others do with it?").select_option("CC-BY-4.0")
    # Whoever gives up while it is sent is back where it began, with what was typed; nothing stays of it.
    await page.route(_PARTS, lambda _: None)
    await publish.press("Enter")
    await page.get_by_role("button", name="Give up").press("Enter")
    await expect(publish).to_be_focused()
    await page.unroute(_PARTS)
    await publish.press("Enter")
    magnet = page.get_by_label("Magnet link", exact=True)
    link = await magnet.input_value()
    info_hash = link.partition("btih:")[2][:40]
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert await both_rooms(screen) == {"dark": [], "light": []}
    file = (await client.get(f"api/v1/torrents/{info_hash}/film.torrent")).content
    assert b"CC-BY-4.0" in file

    with aria2_taking(file, tmp_path) as port:
        await hall.running.add(f"magnet:?xt=urn:btih:{info_hash}&x.pe=127.0.0.1:{port}")
    (taken,) = tmp_path.rglob("*published.mkv")
    assert await asyncio.to_thread(taken.read_bytes) == await asyncio.to_thread(film.read_bytes)

    # It stands in the programme like any other, with what speaks for it.
    await page.get_by_role("link", name="Its page in the programme").click()
    await expect(page.get_by_role("heading", name="Mein <b>Film</b>")).to_be_visible()
    await expect(page.get_by_text("Whoever published it on this computer").first).to_be_visible()
    await page.locator("header a.seen").click()
    row = page.locator("li", has=page.get_by_role("link", name="Mein <b>Film</b>"))
    given = (await client.get("api/v1/activity")).json()["films"][0]
    assert (given["info_hash"], given["sharing"]) == (info_hash, "keep")
    await row.get_by_role("radio", name="Archives only").click()
    await expect(row.get_by_text("Only web archives are asked")).to_be_visible()
    assert await screen.runs_out() == []

    answer = await client.delete(f"api/v1/torrents/{info_hash}?files=delete")
    assert answer.status_code == 204
    title = await client.get(f"api/v1/titles/own.{info_hash}")
    assert (title.status_code, json.loads(title.content)["code"]) == (404, "title-not-found")
