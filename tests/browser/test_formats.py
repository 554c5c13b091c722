"""A film that Chromium cannot play as it is: the picture moves, the sound is there, the words are the right ones."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Request, expect

from tests.browser import films
from tests.browser.conftest import Cinema, Festival
from tests.browser.parts import FILM_S, WAIT_MS, Decoded, both_rooms
from tests.swarm.test_players import output_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

FRAMES = 24
PLAYBACK = "/api/v1/playback"

_COUNT = """(wanted) => new Promise((done) => {
  const video = document.querySelector('video');
  let count = 0;
  const step = () => (count += 1) >= wanted ? done(count) : video.requestVideoFrameCallback(step);
  video.requestVideoFrameCallback(step);
})"""
_GO = "(at) => { document.querySelector('video').currentTime = at }"

_SLOW = """
const ask = MediaCapabilities.prototype.decodingInfo;
MediaCapabilities.prototype.decodingInfo = async function (about) {
  const { height, framerate } = about.video;
  const slow = height === 720 && framerate === 24;
  return { ...(await ask.call(this, about)), supported: true, smooth: !slow };
};"""
"""A browser that stutters with just this film."""

_FORGET = """async () => {
  const of = (entry) => /\\/hls\\/([\\w-]+)\\//.exec(entry.name)?.[1];
  const fetched = performance.getEntriesByType('resource').map(of);
  const session = fetched.findLast((name) => name !== undefined);
  const answer = await fetch(`/api/v1/playback/${session}`, { method: 'DELETE', headers: { 'X-Matinee': '1' } });
  if (answer.status !== 204) throw new Error(answer.status);
}"""
"""End the page's playback behind its back."""
_NEAR_THE_END = """() => new Promise((done) => {
  const video = document.querySelector('video');
  const end = video.buffered.end(video.buffered.length - 1);
  window.stops = [];
  video.addEventListener('emptied', () => window.stops.push('emptied'));
  video.addEventListener('seeked', () => done(end), { once: true });
  video.currentTime = Math.max(video.currentTime, end - 4);
})"""
"""Go where what has come ends soon; gives that place, and notes from then on whether the film is begun anew. A slow
computer may wait for the next segment: that is no new beginning."""


async def test_matroska_when_played_then_moves_sounds_seeks_and_says_its_lines_at_their_second(
    festival: Festival,
) -> None:
    screen = await festival.watch(films.BILINGUAL)
    await screen.plays_past(1.0)
    early = await screen.decoded()
    far = await screen.moves_at(0.8, FILM_S, FRAMES)
    between = await screen.decoded(early)
    back = await screen.moves_at(0.1, FILM_S, FRAMES)
    await screen.decoded(between)
    assert (far, back) == (FRAMES, FRAMES)
    await screen.page.keyboard.press("c")
    await screen.reads("Subtitles: English")
    line = screen.page.locator(".cue")
    for place, said in ((60.5, "line 60"), (62.9, "line 60"), (400.2, "line 400"), (8.5, "line 8")):
        await screen.stand_at(place)
        await expect(line).to_have_text(said)
    for place in (63.2, 403.5):
        await screen.stand_at(place)
        await expect(line).to_have_count(0)
    await screen.stand_at(60.5)
    for language, said in (("French", "phrase 60"), ("German", "Schild 60")):
        await screen.page.keyboard.press("Shift+C")
        await screen.reads(f"Subtitles: {language}")
        await expect(line).to_have_text(said)
    await expect(screen.page.locator(".above .cue .italic")).to_have_text("Schild")
    async with screen.page.expect_request(
        lambda request: request.method == "DELETE" and "/api/v1/playback/" in request.url
    ) as ended:
        await screen.go("/")
    answer = await (await ended.value).response()
    assert answer is not None
    assert answer.status == 204
    assert screen.complaints == []


async def test_picture_when_in_the_small_window_then_moves_there_with_its_lines_and_obeys_its_keys_and_comes_back(
    festival: Festival,
) -> None:
    screen = await festival.watch(films.BILINGUAL)
    await screen.plays_past(0.5)
    await screen.page.keyboard.press("c")
    await screen.reads("Subtitles: English")
    async with screen.page.context.expect_page() as opened:
        await screen.open_panel("Small picture over other windows")
    small = await opened.value
    await screen.reads("The picture is in its small window.")
    assert await screen.page.locator("video").count() == 0
    assert await small.evaluate(_COUNT, FRAMES) == FRAMES
    await small.keyboard.press("k")
    await small.wait_for_function("() => document.querySelector('video').paused")
    await small.evaluate(_GO, 60.5)
    line = small.locator(".cue")
    await expect(line).to_have_text("line 60")
    ground = "([line]) => [getComputedStyle(line).color, line.getBoundingClientRect().top > innerHeight / 2]"
    assert await line.evaluate_all(ground) == ["rgb(255, 255, 255)", True]
    await small.keyboard.press("Shift+C")
    await expect(line).to_have_text("phrase 60")
    await screen.page.get_by_role("button", name="Bring it back").click()
    await expect(screen.page.locator("main video + .screen .cue")).to_have_text("phrase 60")
    await screen.page.keyboard.press("k")
    assert await screen.frames(60.5, FILM_S, FRAMES) == FRAMES
    assert screen.complaints == []


async def test_sound_when_another_is_chosen_then_it_is_heard_and_the_picture_goes_on(
    festival: Festival,
) -> None:
    screen = await festival.watch(films.BILINGUAL)
    await screen.plays_past(0.5)
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    await screen.open_panel("Sound")
    await screen.page.get_by_role("radio", name="French").click()
    await screen.reads("Sound: French")
    before = await screen.decoded()
    at: float = await screen.page.evaluate("document.querySelector('video').currentTime")
    await screen.plays_past(at + 3)
    await screen.decoded(Decoded(before.pictures + FRAMES, before.sound_bytes))
    assert [url for url in asked if re.search(r"/a2/\d+\.m4s$", url)] != []
    assert await screen.breaches() == []
    await screen.page.reload()
    await screen.plays_past(0.1)
    await screen.open_panel("Sound")
    await expect(screen.page.get_by_role("radio", name="French")).to_be_checked()
    assert screen.complaints == []


async def test_pages_of_more_when_visited_then_have_no_breach_and_a_playlist_that_mpv_plays_can_be_saved(
    festival: Festival, tmp_path: Path
) -> None:
    screen = await festival.watch(films.BILINGUAL)
    await screen.plays_past(0.1)
    await screen.page.keyboard.press("k")
    await screen.open_panel("More")
    pages = {
        "Speed 1×": "0.75×",
        "Size of the picture the film’s own": "A smaller picture is easier",
        "How it plays sound converted": "The sound (AC-3) is converted to AAC, which every browser plays.",
        "Chapters": "Revenge",
    }
    for name, words in pages.items():
        await screen.page.get_by_role("button", name=name).click()
        await screen.reads(words)
        assert await both_rooms(screen) == {"dark": [], "light": []}
        await screen.page.keyboard.press("Escape")
        await expect(screen.page.locator(":focus")).to_have_accessible_name(name)
    await screen.page.keyboard.press("Enter")
    await screen.page.get_by_role("radio", name="Revenge").click()
    await screen.page.wait_for_function(
        "() => Math.abs(document.querySelector('video').currentTime - 120) < 0.1"
    )
    await screen.page.keyboard.press("Escape")
    await screen.page.get_by_role("button", name="Other players").click()
    async with screen.page.expect_download() as saving:
        await screen.page.get_by_role("button", name="Open in another player").click()
    download = await saving.value
    assert download.suggested_filename.endswith(".m3u")
    await download.save_as(tmp_path / "film.m3u")
    # It has neither cookie nor token: the address is signed.
    mute = ("--no-config", "--vo=null", "--ao=null", "--frames=24", "--msg-level=all=error")
    assert await output_of("mpv", *mute, str(tmp_path / "film.m3u")) == b""
    assert screen.complaints == []


async def test_film_when_the_browser_says_that_it_stutters_with_it_then_is_made_smaller_at_once_and_says_why(
    cinema: Cinema,
) -> None:
    screen = await cinema.house.sit_down()
    await screen.page.context.add_init_script(_SLOW)
    asked: list[dict[str, Any]] = []

    def note(sent: Request) -> None:
        if sent.url.endswith(PLAYBACK):
            asked.append(sent.post_data_json or {})

    screen.page.on("request", note)
    await screen.page.goto(f"{cinema.house.running.address}#{cinema.play}")
    await screen.page.reload()
    shown = "() => document.querySelector('video')?.videoHeight === 480"
    await screen.page.wait_for_function(shown, timeout=WAIT_MS)
    await screen.plays_past(1.0)
    assert await screen.frames(0, FILM_S, FRAMES) == FRAMES
    first, second = (one["client"]["decoding"] for one in asked)
    usual = {(one["codec"], one["height"], one["frame_rate"]) for one in second}
    own = {
        "codec": "h264",
        "width": 1280,
        "height": 720,
        "frame_rate": 24,
        "supported": True,
        "smooth": False,
    }
    assert {("h264", 1080, 30), ("vp9", 2160, 60)} <= usual
    assert own not in first
    assert own in second
    await screen.open_panel("More")
    await screen.page.get_by_role("button", name="How it plays").click()
    await screen.reads("The picture (H.264) is converted, because this device stutters with it at 720 lines.")
    await screen.reads("It is made smaller, to 480 lines, which this device shows without stuttering.")
    assert screen.complaints == []


async def test_film_when_the_server_has_forgotten_it_then_goes_on_under_another_playback(
    festival: Festival,
) -> None:
    screen = await festival.watch(films.BILINGUAL)
    await screen.plays_past(0.5)
    await screen.page.keyboard.press("c")
    await screen.reads("Subtitles: English")
    opened: list[str] = []
    screen.page.on("request", lambda asked: opened.append(asked.url) if asked.method == "POST" else None)
    await screen.page.evaluate(_FORGET)
    joint_s: float = await screen.page.evaluate(_NEAR_THE_END)
    await screen.plays_past(joint_s + 2)
    step = int((joint_s + 2) // films.STEP_S * films.STEP_S)
    await screen.stand_at(step + 0.5)
    await expect(screen.page.locator(".cue")).to_have_text(f"line {step}")
    assert await screen.page.evaluate("window.stops") == []
    assert [url.rpartition("/")[2] for url in opened] == ["playback"]
