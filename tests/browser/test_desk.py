"""What lies outside the page: headset and lock screen, the lamp that must not go out, the small picture, the volume."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Cinema
from tests.browser.parts import FILM_S, WAIT_MS, Screen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="session"),
]

_LISTEN = """
window.acts = {};
window.lamps = [];
const session = navigator.mediaSession;
const [setHandler, setPosition] = [session.setActionHandler.bind(session), session.setPositionState.bind(session)];
session.setActionHandler = (name, act) => (setHandler(name, act), (window.acts[name] = act));
session.setPositionState = (state) => (setPosition(state), (window.told = state));
const request = navigator.wakeLock.request.bind(navigator.wakeLock);
Object.defineProperty(window, 'documentPictureInPicture', { value: undefined });
navigator.wakeLock.request = (kind) => request(kind).then((lamp) => (window.lamps.push(lamp), lamp));
"""
_KEPT = """([volume, muted]) =>
  localStorage.getItem('matinee.volume') === volume && localStorage.getItem('matinee.muted') === muted"""
_ABOUT = """async () => {
  const { title, artist, artwork } = navigator.mediaSession.metadata;
  const poster = new Image();
  poster.src = artwork[0].src;
  await poster.decode();
  return [title, artist, poster.naturalWidth, poster.naturalHeight];
}"""


async def _is_small_and_back(screen: Screen) -> None:
    """Have the film in the small window that every browser has, where no page draws."""
    page = screen.page
    for there in ("document.querySelector('video')", "null"):
        await page.mouse.move(200, 200)  # a film that plays hides its controls
        await page.mouse.move(210, 200)
        await page.get_by_role("button", name="Small picture over other windows").click()
        await page.wait_for_function(f"() => document.pictureInPictureElement === {there}")


async def test_player_when_seen_from_outside_then_tells_of_the_film_and_obeys(
    cinema: Cinema, windowed: Browser
) -> None:
    # One without a window keeps no screen lit, and has no small window.
    screen = await cinema.house.sit_down("/", browser=windowed, reduced_motion="reduce")
    page = screen.page
    await page.add_init_script(_LISTEN)
    await page.goto(f"{cinema.house.running.address}?again#{cinema.play}")
    await screen.plays_past(0.5)
    await page.wait_for_function("() => navigator.mediaSession.metadata.artwork.length === 1")
    assert await page.evaluate(_ABOUT) == ["Big Buck Bunny", "2008", 512, 512]
    await page.wait_for_function("() => window.lamps.length === 1 && !window.lamps[0].released")
    await page.evaluate("window.acts.seekto({ seekTime: 100 })")
    await screen.plays_past(100.2)
    await page.evaluate("window.acts.pause()")
    await page.wait_for_function("() => document.querySelector('video').paused && window.lamps[0].released")
    at: float = await page.evaluate("document.querySelector('video').currentTime")
    await page.evaluate("window.acts.seekforward({})")
    await page.evaluate("window.acts.seekbackward({ seekOffset: 4 })")
    await page.wait_for_function(
        f"() => Math.abs(document.querySelector('video').currentTime - {at + 6}) < 0.1"
    )
    told: dict[str, float] = await page.evaluate("window.told")
    assert told["duration"] == pytest.approx(FILM_S, abs=1)
    assert told["position"] == pytest.approx(at + 6, abs=0.5)
    await page.evaluate("window.acts.play()")
    await page.wait_for_function("() => !document.querySelector('video').paused && window.lamps.length === 2")
    await _is_small_and_back(screen)
    assert screen.complaints == []


async def test_volume_when_set_then_is_remembered(cinema: Cinema) -> None:
    screen = await cinema.house.sit_down(cinema.play, reduced_motion="reduce")
    await screen.plays_past(0.1)
    for key in ("ArrowDown", "ArrowDown", "m"):
        await screen.page.keyboard.press(key)
    # A browser tells of its volume a moment after it has it.
    await screen.page.wait_for_function(_KEPT, arg=["0.9", "yes"], timeout=WAIT_MS)
    await screen.page.reload()
    await screen.plays_past(0.1)
    volume = "(({ volume, muted }) => [volume, muted])(document.querySelector('video'))"
    assert await screen.page.evaluate(volume) == [0.9, True]
    await screen.page.keyboard.press("m")
    await screen.reads("Volume 90%")
    await expect(screen.page.get_by_role("slider", name="Volume")).to_have_value("0.9")
