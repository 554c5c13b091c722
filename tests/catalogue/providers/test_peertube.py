"""PeerTube as it is documented, on loopback: an index that finds, and the hosts that have the videos."""

import asyncio
import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.providers.peertube import PAGE, PeerTube
from matinee.catalogue.providers.peertube_video import place_of, read_video, releases
from matinee.catalogue.rights import judge_title
from matinee.errors import BadSource
from matinee.models.provider import Query
from matinee.models.rights import Licensed, Standing, Why
from matinee.models.title import Kind, MagnetLink, Release, Title, WebAddress
from matinee.types import Country, TitleId
from tests.catalogue.providers.hostile import broken
from tests.catalogue.providers.services import Route, fetcher, home, says, serving
from tests.outside.hosts import TORRENT, ok

TODAY = date(2026, 11, 26)
UUID = "3a1b2c4d-0000-4000-8000-123456789abc"
HOST = "video.example.org"
SEARCH = "/api/v1/search/videos"
ASKED = Query(words="  Le voyage &licenceOneOf[]=9 ")

VIDEO: dict[str, Any] = {
    "id": 12, "uuid": UUID, "shortUUID": "8KJhs", "url": f"https://{HOST}/videos/watch/{UUID}",
    "name": "Charge &amp; <b>repair</b>", "isLive": False, "nsfw": False, "nsfwFlags": 0,
    "publishedAt": "2022-12-15T10:00:00.000Z", "originallyPublishedAt": None, "duration": 263,
    "category": {"id": 2, "label": "Films"}, "licence": {"id": 1, "label": "Attribution"},
    "language": {"id": "en", "label": "English"}, "privacy": {"id": 1, "label": "Public"}, "tags": ["animation", "x"],
    "description": "In an energy-scarce **dystopia**<script>alert(1)</script>",
    "thumbnailPath": "/static/thumbnails/t.jpg", "previewPath": "/lazy-static/previews/p.jpg",
    "account": {"name": "blender", "displayName": "Blender Studio", "host": HOST},
    "channel": {"name": "open", "displayName": "Open Films", "host": HOST},
}  # fmt: skip


def file(size: int, **more: Any) -> dict[str, Any]:
    torrent = f"https://{HOST}/download/torrents/{UUID}-{size}.torrent"
    return {
        "id": size, "resolution": {"id": size, "label": f"{size}p"}, "size": size * 1000, "fps": 24,
        "torrentUrl": torrent.replace("/download", "/lazy-static"), "torrentDownloadUrl": torrent,
        "fileUrl": f"https://{HOST}/static/web-videos/{size}.mp4",
        "magnetUri": None, "hasAudio": True, "hasVideo": True, **more,
    }  # fmt: skip


WHOLE: dict[str, Any] = {
    **VIDEO, "state": {"id": 1, "label": "Published"}, "downloadEnabled": True, "trackerUrls": [],
    "files": [file(480), file(1080, width=1920, height=1080), file(0)], "streamingPlaylists": [{"files": [file(720)]}],
}  # fmt: skip


def peertube(base: str, **options: Any) -> PeerTube:
    return PeerTube(fetcher(), home=base, where=lambda _: base, today=lambda: TODAY, **options)


def found(*videos: Any, total: object = None) -> bytes:
    return says({"total": len(videos) if total is None else total, "data": videos})


async def search(of: PeerTube, query: Query = ASKED) -> list[tuple[Title, ...]]:
    async with asyncio.timeout(20):
        return [page async for page in of.search(query)]


def read(**changes: Any) -> Title | None:
    return read_video({**VIDEO, **changes}, TODAY)


def licence_of(**said: Any) -> str | None:
    title = read(licence=said)
    assert title is not None
    return next((one.licence for one in title.evidence if isinstance(one, Licensed)), None)


async def test_search_when_the_index_answers_then_titles_as_far_as_they_are_known() -> None:
    async with serving({SEARCH: found(VIDEO)}) as host:
        ((title,),) = await search(peertube(home(host)))
        (head,) = host.asked
    picture = f"https://{HOST}/lazy-static/previews/p.jpg"
    assert title == Title(
        id=TitleId(f"peertube.{HOST}_{UUID}"), kind=Kind.FILM, title="Charge & repair", year=2022, countries=(),
        languages=("en",), minutes=4, genres=("animation",), poster=picture, backdrop=picture,
        synopsis={"en": "In an energy-scarce **dystopia**"}, evidence=title.evidence,
    )  # fmt: skip
    (claim,) = title.evidence
    assert claim.source == f"https://{HOST}/videos/watch/{UUID}"
    assert claim.by == f"Whoever put it into {HOST}: Blender Studio"
    assert "search=Le+voyage+%26licenceOneOf%5B%5D%3D9&start=0&count=50&sort=-match&isLive=false" in head
    assert "nsfw=false" in head
    assert head.count("licenceOneOf%5B%5D=") == 8


@pytest.mark.parametrize(
    ("number", "label", "licence"),
    [
        (1, "Attribution", "CC-BY-4.0"),
        (2, "Attribution - Share Alike", "CC-BY-SA-4.0"),
        (3, "Attribution - No Derivatives", "CC-BY-ND-4.0"),
        (4, "Attribution - Non Commercial", "CC-BY-NC-4.0"),
        (5, "Attribution - Non Commercial - Share Alike", "CC-BY-NC-SA-4.0"),
        (6, "Attribution - Non Commercial - No Derivatives", "CC-BY-NC-ND-4.0"),
        (7, "Public Domain Dedication", "CC0-1.0"),
        (8, "Public domain mark", "CC-PDM-1.0"),
        (8, "Free of known copyright restrictions", "CC-PDM-1.0"),
        ("2", "CC BY-SA 3.0", "CC-BY-SA-3.0"),
        (1, None, "CC-BY-4.0"),
        (7, "CC0 1.0", "CC0-1.0"),
        # An instance's own words, which contradict the number, or say nothing of it.
        (1, "Attribution - Non Commercial", None),
        (2, "European Union Public Licence", None),
        (1, "All rights reserved", None),
        (9, "All rights reserved", None),
        (9, "Attribution", None),
        (42, "CC BY 4.0", None),
        (None, "Unknown", None),
        (True, "Attribution", None),
    ],
)
def test_read_video_when_a_licence_is_chosen_then_that_and_nothing_else(
    number: Any, label: Any, licence: str | None
) -> None:
    assert licence_of(id=number, label=label) == licence


@pytest.mark.parametrize(("number", "why"), [(6, Why.UNCHANGED), (4, Why.WITHOUT_MONEY), (7, Why.LICENCE)])
def test_read_video_when_licensed_then_the_rules_say_what_it_allows(number: int, why: Why) -> None:
    title = read(licence={"id": number, "label": ""})
    assert title is not None
    verdict = judge_title(title, Country("FR"), TODAY)
    assert verdict.standing is Standing.ALLOWED
    assert why in [reason.why for reason in verdict.reasons]


@pytest.mark.parametrize(
    "change",
    [
        {"privacy": {"id": 2, "label": "Unlisted"}},
        {"privacy": {"id": 3}},
        {"privacy": {"id": 5, "label": "Password protected"}},
        {"isLive": True},
        {"isLive": "true"},
        {"state": {"id": 4, "label": "Waiting for livestream"}},
        {"blacklisted": True},
        {"nsfw": True},
        {"nsfw": "yes"},
        {"uuid": "../../etc"},
        {"uuid": None},
        {"url": "javascript:alert(1)"},
        {"url": f"https://user@{HOST}/w/1"},
        {"url": f"https://{HOST}:8443/w/1"},
        {"url": "http://video.example.org/w/1"},
        {"name": " "},
        {"publishedAt": "soon"},
    ],
)
def test_read_video_when_it_is_not_for_everybody_or_no_film_then_none(change: dict[str, Any]) -> None:
    assert read() is not None
    assert read(**change) is None


def test_read_video_when_a_licence_stands_on_an_old_film_then_only_a_mark_counts() -> None:
    old = read(originallyPublishedAt="1926-01-01T00:00:00.000Z")
    marked = read(originallyPublishedAt="1926-01-01T00:00:00.000Z", licence={"id": 8, "label": ""})
    assert old is not None
    assert marked is not None
    assert (old.year, old.evidence, len(marked.evidence)) == (1926, (), 1)


def test_read_video_when_wanted_then_what_is_flagged_too() -> None:
    assert read_video({**VIDEO, "nsfw": True}, TODAY, nsfw=True) is not None


async def test_search_when_there_are_more_then_page_by_page_as_far_as_there_is_anything() -> None:
    def page(query: dict[str, list[str]]) -> bytes:
        start = int(query["start"][0])
        many = [
            {**VIDEO, "uuid": f"{n:08}-0000-4000-8000-000000000000"}
            for n in range(start, min(start + PAGE, 120))
        ]
        return found(*many, total="120")

    async with serving({SEARCH: page}) as host:
        pages = await search(peertube(home(host)))
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({one.id for page in pages for one in page}) == 120


async def test_search_when_only_series_are_wanted_or_nothing_then_nobody_is_asked() -> None:
    async with serving({SEARCH: found(VIDEO)}) as host:
        assert await search(peertube(home(host)), Query(words="a", kind=Kind.SERIES)) == []
        assert await search(peertube(home(host)), Query(words="  ")) == []
    assert host.asked == []


@pytest.mark.parametrize("answer", [{"data": {}}, {"error": "no"}, {"total": 3}])
async def test_search_when_the_answer_has_another_shape_then_bad_source(answer: object) -> None:
    async with serving({SEARCH: says(answer)}) as host:
        with pytest.raises(BadSource, match="no answer"):
            await search(peertube(home(host)))


def listed() -> Title:
    title = read()
    assert title is not None
    return title


def routes(video: Any) -> dict[str, bytes | Route]:
    return {f"/api/v1/videos/{UUID}": says(video)}


async def test_details_when_the_host_answers_then_a_torrent_for_each_picture() -> None:
    async with serving(routes(WHOLE)) as host:
        whole = await peertube(home(host)).details(listed())
    large, small = whole.releases
    assert large == Release(
        WebAddress(f"https://{HOST}/download/torrents/{UUID}-1080.torrent"), note="1080p", length_bytes=1_080_000,
        duration_s=263, width=1920, height=1080,
    )  # fmt: skip
    assert (small.height, whole.id, whole.evidence) == (480, listed().id, listed().evidence)


def test_releases_when_only_parts_are_kept_then_those_with_picture_and_sound() -> None:
    parts = [
        file(1080, hasAudio=False),
        file(720, torrentDownloadUrl=None, torrentUrl=None, magnetUri="magnet:?xt=urn:btih:a"),
        file(240, torrentDownloadUrl="file:///etc/passwd", torrentUrl=7, magnetUri="javascript:alert(1)"),
    ]
    video = {**WHOLE, "files": [], "streamingPlaylists": [{"id": 1, "files": parts}]}
    (only,) = releases(video)
    assert (only.place, only.height) == (MagnetLink("magnet:?xt=urn:btih:a"), 720)
    assert releases({**video, "downloadEnabled": False}) == ()


@pytest.mark.parametrize(
    "video",
    [
        {**WHOLE, "privacy": {"id": 3}},
        {**WHOLE, "state": {"id": 2}},
        {**WHOLE, "isLive": True},
        {**WHOLE, "nsfw": True},
        {**WHOLE, "uuid": UUID.replace("3", "4")},
        {**WHOLE, "url": "https://other.example.org/w/1"},
        {**WHOLE, "downloadEnabled": False},
        {**WHOLE, "files": None, "streamingPlaylists": "none"},
        [],
        {},
    ],
)
async def test_details_when_it_is_gone_or_another_or_without_torrents_then_bad_source(video: Any) -> None:
    async with serving(routes(video)) as host:
        with pytest.raises(BadSource):
            await peertube(home(host)).details(listed())


@pytest.mark.parametrize("own", ["internet-archive.Moon", f"peertube.{HOST}_1", f"peertube.a/b_{UUID}"])
async def test_details_when_the_title_is_not_of_here_then_nobody_is_asked(own: str) -> None:
    title = Title(id=TitleId(own), kind=Kind.FILM, title="t", year=2000, countries=(), languages=())
    async with serving({}) as host:
        with pytest.raises(BadSource, match="does not have"):
            await peertube(home(host)).details(title)
    assert host.asked == []


async def test_torrent_when_the_host_has_it_then_its_bytes() -> None:
    async with serving({"/t.torrent": ok(TORRENT)}) as host:
        of = peertube(home(host))
        assert await of.torrent(Release(WebAddress(f"{home(host)}/t.torrent"))) == TORRENT
        with pytest.raises(BadSource, match="magnet"):
            await of.torrent(Release(MagnetLink("magnet:?xt=urn:btih:a")))


def test_place_of_when_the_title_is_of_here_then_its_host_and_name() -> None:
    assert place_of(listed().id) == (HOST, UUID)


@given(broken(WHOLE), st.booleans())
def test_read_video_when_anything_is_broken_then_a_title_that_keeps_its_promise_or_none(
    video: Any, nsfw: bool
) -> None:
    said = video if isinstance(video, dict) else {}
    before = copy.deepcopy(said)
    title = read_video(said, TODAY, nsfw=nsfw)
    for one in releases(said):
        assert one.height is not None
        assert isinstance(one.place, MagnetLink) or one.place == WebAddress(getattr(one.place, "url", ""))
    assert said == before
    if title is not None:
        assert place_of(title.id) is not None
        assert "<" not in title.title or "script" not in title.title
        assert all(
            address is None or address.startswith("https://") for address in (title.poster, title.backdrop)
        )
