"""Subtitles that somebody dropped on a film: at their second, as they are wanted, and nothing but text."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Cinema
from tests.browser.parts import Screen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="session"),
]

HARM = "<img src=x onerror='window.harm = 1'><script>window.harm = 2</script>"
ENGLISH = (
    "1\n00:00:01,000 --> 00:00:04,000\nThe first line\n\n"
    "2\n00:01:40,000 --> 00:01:42,000\nA <i>later</i> &amp; <b>louder</b> one\n\n"
    f"3\n00:03:00,000 --> 00:03:02,000\n{HARM}\n"
)
FRENCH = "WEBVTT\n\n01:40.000 --> 01:42.000\nPlus tard\n"


async def _watch(cinema: Cinema) -> Screen:
    screen = await cinema.house.sit_down(cinema.play, reduced_motion="reduce")
    await screen.plays_past(0.1)
    return screen


async def test_lines_when_their_second_comes_then_are_there_and_go(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("film.srt", ENGLISH)
    await screen.reads("Subtitles: film.srt")
    await expect(screen.page.locator(".cue")).to_have_text("The first line")
    shown_at: float = await screen.page.evaluate("document.querySelector('video').currentTime")
    found = {}
    for place in (99.9, 100.1, 101.9, 102.1):
        await screen.stand_at(place)
        found[place] = await screen.lines()
    assert 1.0 <= shown_at < 4.5
    assert found == {99.9: [], 100.1: ["A later & louder one"], 101.9: ["A later & louder one"], 102.1: []}
    await screen.stand_at(101.0)
    assert await screen.page.locator(".cue .italic").all_inner_texts() == ["later"]
    assert screen.complaints == []


async def test_lines_when_they_hold_markup_then_are_only_text(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("film.srt", ENGLISH)
    await screen.reads("Subtitles: film.srt")
    await screen.stand_at(180.5)
    assert await screen.lines() == [HARM]
    assert await screen.page.evaluate("[window.harm, document.querySelectorAll('main img').length]") == [
        None,
        0,
    ]
    assert await screen.breaches() == []


async def test_lines_when_moved_by_keys_then_come_later_and_stay_so(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("film.srt", ENGLISH)
    await screen.reads("Subtitles: film.srt")
    await screen.stand_at(100.1)
    for _ in range(3):
        await screen.page.keyboard.press("h")
    await screen.reads("Subtitles +0.3 s")
    assert await screen.lines() == []
    await screen.stand_at(100.4)
    assert await screen.lines() == ["A later & louder one"]
    await screen.page.reload()
    await screen.plays_past(0.1)
    await screen.page.keyboard.press("g")
    await screen.reads("Subtitles +0.2 s")
    await screen.page.keyboard.press("Shift+H")
    await screen.reads("Subtitles’ time 100.1%")


async def test_timing_when_set_by_its_buttons_then_moves_the_lines(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("film.srt", ENGLISH)
    await screen.reads("Subtitles: film.srt")
    await screen.stand_at(99.9)
    await screen.page.get_by_role("button", name="Subtitles", exact=True).click()
    await screen.page.get_by_role("button", name="Timing").click()
    assert await screen.breaches() == []
    # What the film's timing was set to before is remembered.
    await screen.page.get_by_role("button", name="As they were").click()
    for _ in range(2):
        await screen.page.get_by_role("button", name="Earlier").click()
    await expect(screen.page.locator(".cue")).to_have_text("A later & louder one")
    await screen.page.get_by_role("button", name="As they were").click()
    await expect(screen.page.locator(".cue")).to_have_count(0)


async def test_key_c_when_pressed_then_puts_lines_out_and_back(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("film.srt", ENGLISH)
    await screen.reads("Subtitles: film.srt")
    await screen.stand_at(100.1)
    await screen.page.keyboard.press("c")
    await screen.reads("Subtitles: Off")
    assert await screen.lines() == []
    await screen.page.keyboard.press("c")
    await expect(screen.page.locator(".cue")).to_have_text("A later & louder one")


async def test_second_language_when_chosen_by_keyboard_then_both_are_read(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("english.srt", ENGLISH)
    await screen.drop("french.vtt", FRENCH)
    await screen.reads("Subtitles: french.vtt")
    await screen.stand_at(100.1)
    await screen.page.keyboard.press("Enter")
    await screen.tab_to("Subtitles")
    await screen.page.keyboard.press("Enter")
    focused = screen.page.locator(":focus")
    await expect(focused).to_have_accessible_name("french.vtt from your file")
    await screen.page.keyboard.press("ArrowDown")
    await expect(focused).to_have_accessible_name("Second language Off")
    await screen.page.keyboard.press("Enter")
    await screen.page.keyboard.press("ArrowDown")
    await expect(focused).to_have_accessible_name("english.srt from your file")
    await screen.page.keyboard.press("Enter")
    await expect(screen.page.locator(".cue")).to_have_text(["Plus tard", "A later & louder one"])
    assert await screen.breaches() == []
    await screen.page.keyboard.press("Escape")
    await expect(focused).to_have_accessible_name("Second language english.srt")
    await screen.page.keyboard.press("Escape")
    await expect(focused).to_have_accessible_name("Subtitles")
    assert screen.complaints == []


async def test_file_when_there_is_no_line_in_it_then_says_so(cinema: Cinema) -> None:
    screen = await _watch(cinema)
    await screen.drop("notes.srt", "<!doctype html><script>alert(1)</script>")
    await screen.reads("No subtitles could be read in “notes.srt”.")
