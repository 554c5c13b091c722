"""What players fetch of a playback."""

import asyncio
from urllib.parse import urljoin

import pytest

from matinee.errors import BadFilm, PieceTimeout, TorrentRemoved
from matinee.web.routes.hls import signed
from tests.fakes.playbacks import MASTER, PLAYLIST
from tests.web.conftest import DEADLINE_S, HASH, House
from tests.web.test_playback import CLIENT, NOBODY

M3U8 = "application/vnd.apple.mpegurl"
VTT = "text/vtt; charset=utf-8"


@pytest.fixture
async def session(house: House) -> str:
    opened = await house.client.post("/api/v1/playback", json={"info_hash": HASH, "client": CLIENT})
    found: str = opened.json()["session"]
    house.playbacks.given.clear()
    house.playbacks.waiting.clear()
    return found


FETCHED = [
    ("/hls/{}/master.m3u8", M3U8, MASTER.encode(), None),
    ("/hls/{}/v/index.m3u8", M3U8, PLAYLIST.encode(), ("playlist", "v")),
    ("/hls/{}/a12/index.m3u8", M3U8, PLAYLIST.encode(), ("playlist", "a12")),
    ("/hls/{}/v/init.mp4", "video/mp4", b"init", ("init", "v")),
    ("/hls/{}/v/1.m4s", "video/mp4", b"segment 1", ("segment", "v", 1)),
    ("/hls/{}/s2/0.vtt", VTT, b"segment 0", ("segment", "s2", 0)),
    ("/subtitles/{}/f7.vtt?from=1.5&to=9", VTT, b"WEBVTT\n", ("subtitles", "f7", 1.5, 9.0, 0.0)),
    ("/subtitles/{}/s2.vtt", VTT, b"WEBVTT\n", ("subtitles", "s2", 0.0, 60.0, 0.0)),
    ("/subtitles/{}/s2.vtt?from=30", VTT, b"WEBVTT\n", ("subtitles", "s2", 30.0, 90.0, 0.0)),
    (
        "/subtitles/{}/f7.ass?from=2&to=9&held=7.5",
        "text/x-ssa; charset=utf-8",
        b"[Script Info]\n",
        ("styled", "f7", 2.0, 9.0, 7.5),
    ),
    ("/subtitles/{}/s3/30500.png", "image/png", b"\x89PNG", ("picture", "s3", 30500)),
    ("/subtitles/{}/offers/77.vtt?language=pt-br", VTT, b"WEBVTT\n", ("offered", 77, "pt-BR")),
    ("/thumbnails/{}.vtt", VTT, b"WEBVTT\n", None),
    ("/thumbnails/{}/3.webp", "image/webp", b"RIFF", ("sprite", 3)),
    (
        "/fonts/{}",
        "application/json",
        b'{"fonts": [{"name": "a font.ttf", "url": "/fonts/0000000000000000000000/4"}]}',
        None,
    ),
    ("/covers/{}/5.webp", "image/webp", b"RIFF", ("cover", 5)),
    ("/fonts/{}/4", "application/octet-stream", b"\0\1\0\0", ("font", 4)),
]


@pytest.mark.parametrize(("path", "media_type", "body", "asked"), FETCHED)
async def test_player_gets_what_it_fetches(
    house: House, session: str, path: str, media_type: str, body: bytes, asked: tuple[object, ...] | None
) -> None:
    answer = await house.client.get(path.format(session))
    assert (answer.status_code, answer.content) == (200, body)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-store"
    assert house.playbacks.given == ([asked] if asked else [])
    head = await house.client.head(path.format(session))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(body))


@pytest.mark.parametrize("path", [row[0] for row in FETCHED])
async def test_fetching_of_no_playback_is_a_problem(house: House, path: str) -> None:
    answer = await house.client.get(path.format(NOBODY))
    assert (answer.status_code, answer.json()["code"]) == (404, "playback-not-found")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (BadFilm("Broken there."), 422),
        (PieceTimeout("Nobody sent it."), 504),
        (TorrentRemoved("It was removed."), 410),
    ],
)
async def test_fetching_what_cannot_be_had_says_why(
    house: House, session: str, failure: BadFilm, status: int
) -> None:
    house.playbacks.failure = failure
    answer = await house.client.get(f"/hls/{session}/v/0.m4s")
    assert (answer.status_code, answer.json()["code"]) == (status, failure.code)


@pytest.mark.parametrize(
    "path", ["/hls/{}/v/2.m4s", "/hls/{}/w/0.m4s", "/hls/{}/a/0.m4s", "/hls/{}/v/00.m4s"]
)
async def test_segment_that_is_none_is_not_there(house: House, session: str, path: str) -> None:
    answer = await house.client.get(path.format(session))
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "query",
    ["from=x", "held=nan", "from=-1", "to=0", "from=9&to=9", "from=nan", "to=inf", "&".join(["a=1"] * 20)],
)
async def test_window_of_subtitles_that_is_none_is_refused(house: House, session: str, query: str) -> None:
    answer = await house.client.get(f"/subtitles/{session}/s2.vtt?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


@pytest.mark.parametrize("path", ["/hls/{}/v/0.m4s", "/hls/{}/v/index.m3u8", "/subtitles/{}/s2.vtt"])
async def test_fetching_whose_client_leaves_is_given_up(house: House, session: str, path: str) -> None:
    house.playbacks.here.clear()
    _, writer = await house.connect()
    async with asyncio.timeout(DEADLINE_S):
        writer.write(house.request(path.format(session)))
        await house.playbacks.waiting.wait()
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(DEADLINE_S):
        await house.playbacks.let_go.wait()


async def test_signed_address_plays_without_token_to_the_last_segment(house: House) -> None:
    opened = await house.client.post("/api/v1/playback", json={"info_hash": HASH, "client": CLIENT})
    address = opened.json()["external_url"]
    del house.client.headers["Authorization"]
    master = await house.client.get(address)
    rendition = urljoin(address, master.text.splitlines()[-1])
    playlist = await house.client.get(rendition)
    segment = await house.client.get(urljoin(rendition, playlist.text.splitlines()[-2]))
    assert (segment.status_code, segment.content) == (200, b"segment 1")


async def test_signature_opens_no_other_playback_and_no_file(house: House, session: str) -> None:
    other = (await house.client.post("/api/v1/playback", json={"info_hash": HASH, "client": CLIENT})).json()
    signature = other["external_url"].partition("?")[2]
    del house.client.headers["Authorization"]
    paths = [f"/hls/{session}/master.m3u8", f"/stream/{HASH}/0", f"/thumbnails/{session}.vtt"]
    answers = [await house.client.get(f"{path}?{signature}") for path in paths]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert (await house.client.get(f"/api/v1/playback/{other['session']}?{signature}")).status_code == 401


async def test_signature_that_has_ended_opens_nothing(house: House, session: str) -> None:
    opened = await house.client.post("/api/v1/playback", json={"info_hash": HASH, "client": CLIENT})
    del house.client.headers["Authorization"]
    house.clock.now += 13 * 3600
    assert (await house.client.get(opened.json()["external_url"])).status_code == 403


SIGNATURE = f"exp=1800000000&sig={'ab' * 16}"


def test_signature_is_carried_on_to_every_address_in_a_playlist() -> None:
    found = signed(MASTER, f"x=1&{SIGNATURE}")
    assert f'URI="a1/index.m3u8?{SIGNATURE}"' in found
    assert found.endswith(f"\nv/index.m3u8?{SIGNATURE}\n")
    assert found.count(SIGNATURE) == 2


@pytest.mark.parametrize("query", ["", "exp=1&sig=", 'exp=1&sig=ab"\n', "sig=x"])
def test_playlist_fetched_without_signature_stays_as_it_is(query: str) -> None:
    assert signed(PLAYLIST, query) == PLAYLIST
