"""What OpenSubtitles has for a film: offered to whoever has a key, taken by one press, and its troubles in words.

The provider itself is held to its word under ``tests/providers``; here its answers are given by the test.
"""

import json

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import Cinema

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(120),
    pytest.mark.asyncio(loop_scope="session"),
]

LINES = "WEBVTT\n\n01:40.000 --> 01:42.000\nTaken <i>over</i>\n"
SPENT = "OpenSubtitles gives no more subtitles today. Try again in 5 hours."


def _offer(number: int, **more: object) -> dict[str, object]:
    plain = {"language": "en", "release": "", "matches": False, "forced": False, "hearing_impaired": False}
    return {
        "id": number,
        **plain,
        "machine": False,
        "downloads": 0,
        "url": f"/subtitles/x/offers/{number}.vtt",
        **more,
    }


OFFERS = [
    _offer(1, release="Bunny <b>2008</b>", matches=True, downloads=1240),
    _offer(2, language="fr", machine=True, downloads=1),
]


async def _provide(page: Page) -> list[str]:
    """Have a provider that gives two offers and the first one's lines, and no more; gives what it was asked."""
    asked: list[str] = []

    async def named(route: Route) -> None:
        answer = await route.fetch()
        view = await answer.json()
        view["offers_url"] = f"/api/v1/playback/{view['session']}/offers"
        await route.fulfill(response=answer, json=view)

    async def offers(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        await route.fulfill(json={"offers": OFFERS})

    async def spent(route: Route) -> None:
        problem = {"code": "source-unreachable", "detail": SPENT, "status": 503}
        await route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    await page.route("**/api/v1/playback", named)
    await page.route("**/api/v1/playback/*/offers?*", offers)
    await page.route("**/offers/1.vtt", lambda route: route.fulfill(body=LINES, content_type="text/vtt"))
    await page.route("**/offers/2.vtt", spent)
    return asked


async def test_offers_when_nobody_named_a_key_then_are_not_spoken_of(cinema: Cinema) -> None:
    screen = await cinema.house.sit_down(cinema.play, reduced_motion="reduce")
    await screen.plays_past(0.1)
    await screen.open_panel("Subtitles")
    await expect(screen.page.get_by_role("button", name="From a file")).to_be_visible()
    await expect(screen.page.get_by_text("OpenSubtitles")).to_have_count(0)


async def test_offers_when_asked_for_then_one_press_takes_one_and_troubles_are_in_words(
    cinema: Cinema,
) -> None:
    screen = await cinema.house.sit_down("/", reduced_motion="reduce")
    asked = await _provide(screen.page)
    await screen.go(cinema.play)
    await screen.plays_past(0.1)
    await screen.page.keyboard.press("k")
    await screen.open_panel("Subtitles")
    assert asked == []
    await screen.page.get_by_role("button", name="From OpenSubtitles").click()
    await screen.reads("It has 2, the likeliest first; a press takes them.")
    assert asked == ["language=en"]
    assert await screen.breaches() == []
    machine = screen.page.get_by_role("radio", name="French translated by a machine · taken once")
    await machine.click()
    await screen.reads(SPENT)
    await screen.page.get_by_role(
        "radio", name="English Bunny <b>2008</b> · made for this very file · taken 1,240 times"
    ).click()
    await screen.reads("Subtitles: English · Bunny <b>2008</b> · from OpenSubtitles")
    await expect(screen.page.locator(":focus")).to_have_accessible_name("From OpenSubtitles …")
    await expect(screen.page.get_by_role("radio", name="English")).to_be_checked()
    await screen.stand_at(101)
    assert await screen.lines() == ["Taken over"]
