"""Films that Chromium cannot play as they are: the picture moves, the sound is there, the words are the right ones."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser import films
from tests.browser.conftest import Cinema
from tests.browser.parts import FILM_S, offer, open_house

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

FRAMES = 24


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bilingual(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cinema]:
    """Give a Matroska film with AC-3, a second voice and two kinds of subtitles, from a foreign seed."""
    folder = tmp_path_factory.mktemp("bilingual")
    async with (
        offer(films.placed(films.bilingual(), folder), folder) as offered,
        open_house(chromium, folder) as house,
    ):
        await house.running.add(offered.magnet)
        yield Cinema(house, offered.info_hash)


async def test_matroska_with_ac3_when_played_then_moves_sounds_and_seeks(bilingual: Cinema) -> None:
    screen = await bilingual.house.sit_down(bilingual.play, reduced_motion="reduce")
    await screen.plays_past(2.0)
    early = await screen.decoded()
    await screen.seek(0.8)
    shown = await screen.frames(0.8 * FILM_S - 2, FRAMES)
    await screen.plays_past(0.8 * FILM_S + 1)
    far = await screen.decoded()
    await screen.page.keyboard.press("1")
    await screen.frames(0.1 * FILM_S - 2, FRAMES)
    await screen.plays_past(0.1 * FILM_S + 1)
    back = await screen.decoded()
    assert shown == FRAMES
    assert 0 < early.pictures < far.pictures < back.pictures
    assert 0 < early.sound_bytes < far.sound_bytes < back.sound_bytes
    assert screen.complaints == []


async def test_sound_when_another_is_chosen_then_it_is_heard_and_the_picture_goes_on(
    bilingual: Cinema,
) -> None:
    screen = await bilingual.house.sit_down(bilingual.play, reduced_motion="reduce")
    await screen.plays_past(2.0)
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    await screen.page.mouse.move(200, 200)
    await screen.page.get_by_role("button", name="Sound", exact=True).click()
    await screen.page.get_by_role("radio", name="French").click()
    await screen.reads("Sound: French")
    before = await screen.decoded()
    at: float = await screen.page.evaluate("document.querySelector('video').currentTime")
    await screen.plays_past(at + 3)
    after = await screen.decoded()
    assert [url for url in asked if re.search(r"/a2/\d+\.m4s$", url)] != []
    assert after.pictures - before.pictures > FRAMES
    assert after.sound_bytes > before.sound_bytes
    assert await screen.breaches() == []
    await screen.page.reload()
    await screen.plays_past(0.1)
    await screen.page.get_by_role("button", name="Sound", exact=True).click()
    await expect(screen.page.get_by_role("radio", name="French")).to_be_checked()
    assert screen.complaints == []


async def test_lines_inside_the_film_when_on_then_are_at_their_second(bilingual: Cinema) -> None:
    screen = await bilingual.house.sit_down(bilingual.play, reduced_motion="reduce")
    await screen.plays_past(0.5)
    await screen.page.keyboard.press("c")
    await screen.reads("Subtitles: English")
    for place, line in ((60.5, "line 60"), (62.9, "line 60"), (400.2, "line 400"), (8.5, "line 8")):
        await screen.stand_at(place)
        await expect(screen.page.locator(".cue")).to_have_text(line)
    for place in (63.2, 403.5):
        await screen.stand_at(place)
        await expect(screen.page.locator(".cue")).to_have_count(0)
    await screen.page.keyboard.press("Shift+C")
    await screen.reads("Subtitles: French")
    await screen.stand_at(60.5)
    await expect(screen.page.locator(".cue")).to_have_text("phrase 60")
    assert screen.complaints == []


async def test_chapters_and_reason_when_asked_for_then_are_there(bilingual: Cinema) -> None:
    screen = await bilingual.house.sit_down(bilingual.play, reduced_motion="reduce")
    await screen.plays_past(0.5)
    await screen.page.keyboard.press("k")
    await screen.page.get_by_role("button", name="More", exact=True).click()
    await screen.page.get_by_role("button", name="How it plays sound converted").click()
    await screen.reads("The sound (AC-3) is converted to AAC, which every browser plays.")
    await screen.page.keyboard.press("Escape")
    await screen.page.get_by_role("button", name="Chapters").click()
    await screen.page.get_by_role("radio", name="Revenge").click()
    await screen.page.wait_for_function("Math.abs(document.querySelector('video').currentTime - 120) < 0.1")
    assert screen.complaints == []


async def test_session_when_the_player_is_left_then_is_ended(bilingual: Cinema) -> None:
    screen = await bilingual.house.sit_down(bilingual.play, reduced_motion="reduce")
    await screen.plays_past(0.5)
    async with screen.page.expect_request(
        lambda request: request.method == "DELETE" and "/api/v1/playback/" in request.url
    ) as ended:
        await screen.go("/")
    answer = await (await ended.value).response()
    assert answer is not None
    assert answer.status == 204


async def test_matroska_with_one_voice_when_played_then_moves_and_sounds(
    chromium: Browser, tmp_path: Path
) -> None:
    film = films.placed(films.one_voice(), tmp_path)
    async with offer(film, tmp_path) as offered, open_house(chromium, tmp_path) as house:
        await house.running.add(offered.magnet)
        screen = await house.sit_down(f"/film/{offered.info_hash}/play/0")
        await screen.plays_past(1.0)
        await screen.seek(0.8)
        shown = await screen.frames(0.8 * FILM_S - 2, FRAMES)
        await screen.plays_past(0.8 * FILM_S + 1)
        decoded = await screen.decoded()
    assert shown == FRAMES
    assert decoded.sound_bytes > 0
    assert screen.complaints == []
