"""Every usual kind of film plays in Chromium, from a swarm of three foreign programs: it moves, sounds and seeks."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser import films
from tests.browser.conftest import Festival
from tests.media.drawn import LEFT, rows_of
from tests.media.subtitled import time_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

FRAMES = 20
CONNECTED_S = 30


async def test_swarm_when_films_come_from_it_then_is_three_foreign_programs(festival: Festival) -> None:
    # First of all: who is not needed may leave later.
    running = festival.house.running
    await running.bytes_of(festival.info_hash, 0, 100_000)
    peers: list[dict[str, Any]] = []
    async with asyncio.timeout(CONNECTED_S):
        while not {"aria2", "transmission", "webtorrent"} <= {_program(peer) for peer in peers}:
            answer = await running.client.get(f"api/v1/torrents/{festival.info_hash}/activity")
            peers = answer.json()["peers"]
    assert sum(peer["bytes_down"] for peer in peers) > 0


@pytest.mark.parametrize(
    ("film", "length_s"), [*((kind, films.CLIP_S) for kind in films.KINDS), (films.SINTEL, films.SINTEL_S)]
)
async def test_film_when_of_any_usual_kind_then_moves_sounds_and_seeks(
    film: str, length_s: float, festival: Festival
) -> None:
    screen = await festival.watch(film)
    await screen.plays_past(0.5)
    early = await screen.decoded()
    far = await screen.moves_at(0.8, length_s, FRAMES)
    back = await screen.moves_at(0.1, length_s, FRAMES)
    assert (far, back) == (FRAMES, FRAMES)
    await screen.decoded(early)
    assert screen.complaints == []


async def test_film_when_its_picture_carries_captions_then_they_are_shown_at_their_second(
    festival: Festival,
) -> None:
    screen = await festival.watch(films.SINTEL)
    await screen.plays_past(0.1)
    await screen.page.keyboard.press("c")
    await screen.page.keyboard.press("k")
    await screen.stand_at(2.0)
    await expect(screen.page.locator(".cue").first).to_contain_text("ASUKA")
    await screen.stand_at(4.6)
    await expect(screen.page.locator(".cue")).to_have_count(0)
    assert screen.complaints == []


async def test_film_when_as_on_a_disc_then_plays_and_its_subtitles_are_drawn_at_their_second_and_place(
    festival: Festival,
) -> None:
    start_s, stop_s = time_of(2)
    screen = await festival.watch(films.DISC)
    await screen.plays_past(0.5)
    far = await screen.moves_at(0.8, films.CLIP_S, FRAMES)
    back = await screen.moves_at(0.1, films.CLIP_S, FRAMES)
    await screen.decoded()
    await screen.page.keyboard.press("c")
    drawn = screen.page.locator(".picture > img")
    await screen.stand_at((start_s + stop_s) / 2)
    await expect(drawn).to_have_js_property("complete", True)
    width, left, whole = await drawn.evaluate(
        "(it) => [it.naturalWidth, it.getBoundingClientRect().left, it.parentElement.clientWidth]"
    )
    await screen.stand_at(stop_s + 0.2)
    await expect(drawn).to_have_count(0)
    assert (far, back) == (FRAMES, FRAMES)
    assert width == len(rows_of(2)[0])
    assert left / whole == pytest.approx((LEFT + 2) / 1280, abs=0.02)
    assert screen.complaints == []


async def test_films_of_the_codec_matrix_when_opened_then_show_their_one_picture(festival: Festival) -> None:
    shown = {}
    for film in films.MATRIX:
        screen = await festival.watch(film)
        await screen.page.wait_for_function(
            "() => { const v = document.querySelector('video'); return v?.readyState >= 2 && v.videoWidth > 0 }"
        )
        shown[film] = await screen.page.evaluate(
            "() => { const v = document.querySelector('video'); return [v.videoWidth, v.videoHeight] }"
        )
        assert screen.complaints == []
        await festival.house.leave()
    assert shown == {film: [416, 240] for film in films.MATRIX}


async def test_bar_when_pointed_at_then_shows_the_picture_of_that_moment(festival: Festival) -> None:
    await festival.house.running.whole(festival.info_hash, festival.indexes[films.BAR])
    screen = await festival.watch(films.BAR)
    await screen.plays_past(0.5)
    await screen.page.keyboard.press("k")
    bar = await screen.page.get_by_role("slider", name="Place in the film").bounding_box()
    assert bar is not None
    tile = screen.page.locator(".hint .tile")
    async with screen.page.expect_response(lambda got: got.url.endswith(".webp")) as sprite:
        await screen.page.mouse.move(bar["x"] + bar["width"] * 0.5, bar["y"] + bar["height"] / 2)
        await expect(tile).to_be_visible()
    answer = await sprite.value
    await expect(screen.page.locator(".hint")).to_contain_text(re.compile("0:(19|20).*ready"))
    assert answer.status == 200
    assert screen.complaints == []


def _program(peer: dict[str, Any]) -> str:
    return str(peer["client"]).replace("/", " ").split(" ")[0].lower()
