"""``/api/v1/playback``: every route, every wrong body."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from matinee.errors import BadFilm, BadSubtitles, RightsUnconfirmed
from matinee.models.playback import ClientSupport, Decoding, Way
from matinee.types import SessionId
from matinee.web import playback_schemas as schemas
from matinee.web.playback_wire import playback_json
from tests.fakes.playbacks import make_playback
from tests.web.conftest import DEADLINE_S, FILM, HASH, TOKEN, House

PLAYBACK = "/api/v1/playback"
CLIENT = {"containers": ["mp4"], "video": ["h264"], "audio": ["aac"]}
ANSWERED = {
    "codec": "vp9",
    "width": 1920,
    "height": 1080,
    "frame_rate": 24,
    "supported": True,
    "smooth": True,
}
NOBODY = "x" * 22


def _asked(**fields: object) -> dict[str, object]:
    return {"info_hash": HASH, "client": CLIENT, **fields}


async def test_open_gives_exactly_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.post(PLAYBACK, json=_asked(file_index=2))
    playback = schemas.Playback.model_validate_json(answer.content, strict=True)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{PLAYBACK}/{playback.session}"
    assert (playback.kind, playback.way, playback.file_index) == ("hls", "remux", 2)
    assert playback.url == f"/hls/{playback.session}/master.m3u8"
    assert [subtitles.url for subtitles in playback.subtitles] == [
        f"/subtitles/{playback.session}/s2.vtt",
        None,
        f"/subtitles/{playback.session}/f7.vtt",
    ]
    assert [subtitles.styled_url for subtitles in playback.subtitles] == [
        None,
        None,
        f"/subtitles/{playback.session}/f7.ass",
    ]
    assert playback.fonts[0].url == f"/fonts/{playback.session}/4"
    assert playback.thumbnails_url == f"/thumbnails/{playback.session}.vtt"
    assert playback.offers_url is None
    assert playback.video is not None
    assert playback.video.hdr == "hlg"


async def test_open_passes_on_what_the_player_can(house: House) -> None:
    told = {
        "codec": "vp9",
        "width": 3840,
        "height": 2160,
        "frame_rate": 59.94,
        "supported": True,
        "smooth": False,
    }
    client = {**CLIENT, "hdr": True, "max_height": 720, "decoding": [told]}
    await house.client.post(PLAYBACK, json={"info_hash": HASH.upper(), "client": client, "start_s": 61.5})
    decoding = (Decoding("vp9", 3840, 2160, 59.94, supported=True, smooth=False),)
    codecs = frozenset({"mp4"}), frozenset({"h264"}), frozenset({"aac"})
    can = ClientSupport(*codecs, hdr=True, max_height=720, decoding=decoding)
    assert house.playbacks.given == [("open", HASH, None, can, 61.5)]


async def test_direct_playback_has_the_address_of_the_file_itself(house: House) -> None:
    house.playbacks.way = Way.DIRECT
    playback = (await house.client.post(PLAYBACK, json=_asked())).json()
    assert (playback["kind"], playback["url"]) == ("direct", playback["external_url"])
    del house.client.headers["Authorization"]
    assert (await house.client.get(playback["url"])).content == FILM


async def test_playback_without_picture_says_so(house: House) -> None:
    view = make_playback(SessionId(NOBODY), house.films.torrents_here.popitem()[0], 0, Way.DIRECT)  # type: ignore[arg-type] # an index
    bare = replace(view, info=replace(view.info, video=()), thumbnails=False, duration_s=None, offers=True)
    playback = schemas.Playback.model_validate_json(playback_json(bare, house.gate.signer), strict=True)
    assert (playback.video, playback.thumbnails_url, playback.duration_s) == (None, None, None)
    assert playback.offers_url == f"/api/v1/playback/{NOBODY}/offers"


async def test_playback_is_shown_until_it_is_closed(house: House) -> None:
    opened = (await house.client.post(PLAYBACK, json=_asked())).json()
    address = f"{PLAYBACK}/{opened['session']}"
    assert (await house.client.get(address)).json() == opened
    assert (await house.client.head(address)).status_code == 200
    closed = await house.client.delete(address)
    assert (closed.status_code, closed.content) == (204, b"")
    answers = [await house.client.get(address), await house.client.delete(address)]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "playback-not-found")] * 2


@pytest.mark.parametrize(
    ("failure", "status"),
    [(RightsUnconfirmed("State the basis.", info_hash=HASH), 409), (BadFilm("Look for another."), 422)],
)
async def test_open_says_what_is_in_the_way(house: House, failure: Any, status: int) -> None:
    house.playbacks.failure = failure
    answer = await house.client.post(PLAYBACK, json=_asked())
    assert (answer.status_code, answer.json()["code"]) == (status, failure.code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"info_hash": HASH},
        {"client": CLIENT},
        _asked(info_hash="a" * 39),
        _asked(file_index=-1),
        _asked(file_index="0"),
        _asked(title="x"),
        _asked(start_s=-1),
        _asked(start_s="0"),
        _asked(start_s=1e9),
        _asked(client={**CLIENT, "hdr": "yes"}),
        _asked(client={**CLIENT, "max_height": -1}),
        _asked(client={**CLIENT, "video": "h264"}),
        _asked(client={**CLIENT, "video": ["h" * 33]}),
        _asked(client={**CLIENT, "audio": ["x"] * 65}),
        _asked(client={**CLIENT, "codecs": []}),
        _asked(client={**CLIENT, "decoding": {}}),
        _asked(client={**CLIENT, "decoding": [ANSWERED] * 129}),
        *(
            _asked(client={**CLIENT, "decoding": [{**ANSWERED, **wrong}]})
            for wrong in (
                {"codec": "h" * 33},
                {"codec": None},
                {"width": 0},
                {"height": 100_001},
                {"height": 720.5},
                {"frame_rate": -1},
                {"frame_rate": 1e300},
                {"frame_rate": "24"},
                {"supported": 1},
                {"smooth": None},
                {"power_efficient": True},
            )
        ),
        *(
            _asked(
                client={**CLIENT, "decoding": [{name: ANSWERED[name] for name in ANSWERED if name != left}]}
            )
            for left in ("codec", "width", "smooth")
        ),
    ],
)
async def test_open_with_a_wrong_body_is_refused(house: House, body: dict[str, object]) -> None:
    answer = await house.client.post(PLAYBACK, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert house.playbacks.given == []


@pytest.mark.parametrize("session", ["x", "x" * 21, "x" * 23, "x" * 21 + "%2F", "x" * 21 + "."])
async def test_address_that_names_no_session_is_not_there(house: House, session: str) -> None:
    answer = await house.client.get(f"{PLAYBACK}/{session}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_open_whose_client_leaves_is_given_up(house: House) -> None:
    await house.client.get("/api/openapi.json")
    house.playbacks.here.clear()
    body = json.dumps(_asked()).encode()
    reader, writer = await house.connect()
    head = (
        f"POST {PLAYBACK} HTTP/1.1\r\nHost: {house.authority}\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    async with asyncio.timeout(DEADLINE_S):
        writer.write(head.encode() + body)
        await house.playbacks.waiting.wait()
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(DEADLINE_S):
        await house.playbacks.let_go.wait()
    assert await reader.read() == b""


async def test_offers_are_asked_for_by_languages(house: House) -> None:
    opened = await house.client.post(PLAYBACK, json=_asked())
    session = opened.json()["session"]
    answer = await house.client.get(f"{PLAYBACK}/{session}/offers?language=pt-br&language=xx&language=EN")
    found = schemas.Offers.model_validate_json(answer.content, strict=True)
    assert found.offers[0].url == f"/subtitles/{session}/offers/5274788.vtt?language=pt-BR"
    assert (await house.client.get(found.offers[0].url)).text == "WEBVTT\n"
    assert house.playbacks.given[-2:] == [("offers", "pt-BR", "en"), ("offered", 5274788, "pt-BR")]


@pytest.mark.parametrize("query", ["&".join(["language=en"] * 17), "language=" + "x" * 36])
async def test_offers_of_too_many_languages_are_refused(house: House, query: str) -> None:
    opened = await house.client.post(PLAYBACK, json=_asked())
    answer = await house.client.get(f"{PLAYBACK}/{opened.json()['session']}/offers?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


async def test_own_subtitles_are_read_for_the_page(house: House) -> None:
    answer = await house.client.post(
        "/api/v1/subtitles?name=Film.fr.srt&language=pt-br",
        content=b"any bytes \xff",
        headers={"Content-Type": "application/octet-stream"},
    )
    assert (answer.status_code, answer.text) == (200, "WEBVTT\n")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert house.playbacks.given == [("read_subtitles", b"any bytes \xff", "Film.fr.srt", "pt-BR")]


async def test_own_subtitles_that_are_none_are_a_problem(house: House) -> None:
    house.playbacks.failure = BadSubtitles("No subtitles were found in this file.")
    octets = {"Content-Type": "application/octet-stream"}
    answer = await house.client.post("/api/v1/subtitles", content=b"x", headers=octets)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-subtitles")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"x", "text/plain", 400),
        (b"x", "application/json", 400),
        (bytes(8 * 1024 * 1024 + 1), "application/octet-stream", 413),
    ],
)
async def test_own_subtitles_of_other_form_or_size_are_refused(
    house: House, content: bytes, media_type: str, status: int
) -> None:
    answer = await house.client.post(
        "/api/v1/subtitles", content=content, headers={"Content-Type": media_type}
    )
    assert answer.status_code == status
    assert house.playbacks.given == []
