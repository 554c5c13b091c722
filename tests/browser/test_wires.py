"""The wire between the phone on the sofa and the computer in the study: cut and mended, narrow and wide again."""

import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.parts import FILM_BYTES, FILM_S, WAIT_MS, Screen
from tests.browser.rooms import evening

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="session"),
]

GOES_ON_S = 10.0
PLACES_S = 480, 300
"""Of which the browser has nothing yet."""
TWICE_KBIT = round(2 * FILM_BYTES * 8 / FILM_S / 1000)
"""A line that carries the film twice as fast as it plays; a tenth of that is a fifth of what it needs."""

_GO = """(at) => {
  const video = document.querySelector('video');
  window.stalled = new Promise((done) => video.addEventListener('stalled', done, { once: true }));
  video.currentTime = at;
}"""
_STALLED = "() => window.stalled.then(() => true)"
"""Chromium says so of an element that has had no byte for three seconds."""
_STARVES = """() => {
  const video = document.querySelector('video');
  return !video.paused && !video.seeking && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
}"""
_FAILED = "() => document.querySelector('video').error"


async def _says_why(phone: Screen) -> None:
    """See that it says why it waits, and calls nothing a failure."""
    await expect(phone.page.locator(".said .what")).not_to_be_empty()
    await _is_well(phone)


async def _is_well(phone: Screen) -> None:
    assert await phone.page.evaluate(_FAILED) is None
    await expect(phone.page.get_by_role("alert")).to_have_count(0)


async def test_phone_when_the_wire_is_cut_and_mended_then_its_picture_goes_on_by_itself(
    chromium: Browser, bunny: Path, tmp_path: Path
) -> None:
    async with evening(chromium, tmp_path, bunny) as there:
        phone, places = there.phone, there.places
        await phone.go(f"/film/{there.info_hash}/play/0")
        await phone.plays_past(0.5)
        # The computer's end, by which the phone loses the signal; then the phone's own, by which it has no network.
        for room, place_s in zip((places.study, places.sofa), PLACES_S, strict=True):
            places.pull(room, "down")
            await phone.page.evaluate(_GO, place_s)
            await phone.page.evaluate(_STALLED)
            # Its connection for events stands, as far as the browser can tell: it has asked whether anybody is there.
            await expect(phone.page.locator(".said .what")).to_have_text(
                "Matinee is not answering.", timeout=WAIT_MS
            )
            await _is_well(phone)
            places.pull(room, "up")
            mended = time.monotonic()
            await phone.plays_past(place_s + 0.3)
            assert time.monotonic() - mended < GOES_ON_S
            await expect(phone.page.locator(".said .what")).to_have_count(0)
            await _is_well(phone)


async def test_phone_when_the_line_drops_to_a_tenth_then_waits_without_an_error_and_goes_on_when_it_is_back(
    chromium: Browser, bunny: Path, tmp_path: Path
) -> None:
    async with evening(chromium, tmp_path, bunny) as there:
        phone, places = there.phone, there.places
        places.narrow("add", f"{TWICE_KBIT}kbit")
        await phone.go(f"/film/{there.info_hash}/play/0")
        await phone.plays_past(1)
        places.narrow("change", f"{TWICE_KBIT // 10}kbit")
        await phone.page.wait_for_function(_STARVES, timeout=WAIT_MS)
        await _says_why(phone)
        stands_s = await phone.page.evaluate("() => document.querySelector('video').currentTime")
        places.narrow("change", f"{TWICE_KBIT}kbit")
        back = time.monotonic()
        await phone.plays_past(stands_s + 0.3)
        assert time.monotonic() - back < GOES_ON_S
        await expect(phone.page.locator(".said .what")).to_have_count(0)
        await _is_well(phone)
