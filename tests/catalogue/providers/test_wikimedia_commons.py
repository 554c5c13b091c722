"""Wikimedia Commons as MediaWiki documents it, on loopback: files, sizes, and licences among HTML."""

import asyncio
import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from matinee.catalogue.providers.commons_file import read_file
from matinee.catalogue.providers.wikimedia_commons import WikimediaCommons
from matinee.catalogue.rights import judge_title
from matinee.errors import BadSource
from matinee.models.provider import Query
from matinee.models.rights import Licensed, Standing
from matinee.models.title import Kind, Release, Title, WebFilm
from matinee.types import Country, TitleId
from tests.catalogue.providers.hostile import broken
from tests.catalogue.providers.services import fetcher, home, says, serving

TODAY = date(2026, 11, 26)
API = "/w/api.php"
FILES = "https://upload.wikimedia.org/wikipedia/commons"
SHA1 = "a20a2212f6f103eca8b4cb99b9a9d078fb50c622"


def said(**fields: Any) -> dict[str, Any]:
    return {key: {"value": value, "source": "commons-desc-page"} for key, value in fields.items()}


INFO: dict[str, Any] = {
    "timestamp": "2018-03-05T12:19:31Z", "user": "Uploader", "size": 253_165_444, "width": 1920, "height": 1080,
    "duration": 930.0967, "url": f"{FILES}/2/24/Caminandes_(2013).webm", "mime": "video/webm", "sha1": SHA1,
    "thumburl": f"{FILES}/thumb/2/24/Caminandes.jpg",
    "descriptionurl": "https://commons.wikimedia.org/wiki/File:Caminandes_(2013).webm",
    "extmetadata": said(
        ObjectName="Caminandes <i>Gran Dillama</i>", Artist='<a href="//x.example">Blender Foundation</a>',
        DateTimeOriginal='<time class="dtstart" datetime="2013">22 November 2013</time>',
        ImageDescription="<p>A llama.<script>alert(1)</script></p>",
        LicenseUrl="https://creativecommons.org/licenses/by/3.0", License="cc-by-3.0", LicenseShortName="CC BY 3.0",
        Categories="Animation|Videos", NonFree="",
    ),
    "derivatives": [
        {"src": f"{FILES}/2/24/Caminandes_(2013).webm", "type": "video/webm", "width": 1920, "height": 1080},
        {"src": f"{FILES}/transcoded/2/24/C.webm/C.webm.480p.vp9.webm", "transcodekey": "480p.vp9.webm", "width": 854,
         "height": 480, "bandwidth": 1_000_000, "type": 'video/webm; codecs="vp9, opus"'},
        {"src": f"{FILES}/transcoded/2/24/C.webm/C.webm.720p.mpeg4.mov", "transcodekey": "720p.mpeg4.mov",
         "type": "video/quicktime"},
        {"src": f"{FILES}/transcoded/2/24/m3u8", "transcodekey": "m3u8", "type": "application/vnd.apple.mpegurl"},
        {"src": "https://evil.example/a.webm", "transcodekey": "360p.webm", "type": "video/webm"},
    ],
}  # fmt: skip
PAGE: dict[str, Any] = {
    "pageid": 29_876, "ns": 6, "title": "File:Caminandes (2013).webm", "index": 1, "imagerepository": "local",
    "videoinfo": [INFO],
}  # fmt: skip


def commons(base: str) -> WikimediaCommons:
    return WikimediaCommons(fetcher(), home=base, today=lambda: TODAY)


def found(*pages: Any, **more: Any) -> bytes:
    return says({"batchcomplete": True, "query": {"pages": pages}, **more})


async def search(of: WikimediaCommons, query: Query) -> list[tuple[Title, ...]]:
    async with asyncio.timeout(20):
        return [page async for page in of.search(query)]


def read(info: dict[str, Any] | None = None, **fields: Any) -> Title | None:
    extmetadata = {**INFO["extmetadata"], **said(**fields)}
    return read_file({**PAGE, "videoinfo": [{**INFO, "extmetadata": extmetadata, **(info or {})}]}, TODAY)


def licence(title: Title | None) -> str | None:
    assert title is not None
    return next((one.licence for one in title.evidence if isinstance(one, Licensed)), None)


async def test_search_when_the_service_answers_then_titles_with_the_file_in_its_sizes() -> None:
    second = {**PAGE, "pageid": 7, "index": 0}
    async with serving({API: found(PAGE, second)}) as host:
        ((first, title),) = await search(commons(home(host)), Query(words='llama" OR -x'))
        (head,) = host.asked
    assert first.id == "wikimedia-commons.7"
    assert "gsrsearch=filetype%3Avideo+llama+or+x&gsrnamespace=6&gsrlimit=50&gsroffset=0" in head
    assert (
        "prop=videoinfo&viprop=timestamp%7Cuser%7Curl%7Csize%7Csha1%7Cmime%7Cextmetadata%7Cderivatives"
        in head
    )
    assert title == Title(
        id=TitleId("wikimedia-commons.29876"), kind=Kind.FILM, title="Caminandes Gran Dillama", year=2013, countries=(),
        languages=(), minutes=16, genres=("animation",), synopsis={"en": "A llama."},
        poster=f"{FILES}/thumb/2/24/Caminandes.jpg", releases=title.releases, evidence=title.evidence,
    )  # fmt: skip
    whole, middle, small = title.releases
    assert whole == Release(
        WebFilm(f"{FILES}/2/24/Caminandes_(2013).webm", SHA1), note="original", length_bytes=253_165_444,
        duration_s=930.0967, width=1920, height=1080,
    )  # fmt: skip
    assert (middle.height, middle.note) == (720, "720p.mpeg4.mov")
    assert (small.height, small.codecs, small.length_bytes) == (480, ("vp9", "opus"), 116_262_088)
    assert isinstance(small.place, WebFilm)
    assert small.place.sha1 is None
    (claim,) = title.evidence
    assert claim.by == "Whoever put it into Wikimedia Commons: Blender Foundation"
    assert claim.source == "https://commons.wikimedia.org/wiki/File:Caminandes_(2013).webm"
    assert judge_title(title, Country("FR"), TODAY).standing is Standing.ALLOWED


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, "CC-BY-3.0"),
        ({"LicenseUrl": "", "License": "cc-by-sa-4.0", "LicenseShortName": "CC BY-SA 4.0"}, "CC-BY-SA-4.0"),
        ({"LicenseUrl": "https://creativecommons.org/licenses/by-sa/3.0/de/deed.en", "License": "cc-by-sa-3.0-de",
          "LicenseShortName": "CC BY-SA 3.0 de"}, "CC-BY-SA-3.0"),
        ({"LicenseUrl": "//creativecommons.org/publicdomain/zero/1.0/", "License": "cc0", "LicenseShortName": "CC0"},
         "CC0-1.0"),
        ({"LicenseUrl": "", "License": "pd", "LicenseShortName": "Public domain"}, None),
        ({"LicenseUrl": "", "License": "gfdl", "LicenseShortName": "GFDL"}, None),
        ({"LicenseUrl": "https://creativecommons.org/licenses/by-nd/3.0"}, None),
        ({"NonFree": "true"}, None),
        ({"DateTimeOriginal": "1927"}, None),
        ({"DateTimeOriginal": "Unknown date"}, None),
        ({"Artist": "", "Attribution": ""}, "CC-BY-3.0"),
    ],
)  # fmt: skip
def test_read_file_when_a_licence_stands_on_its_page_then_that_and_nothing_else(
    fields: dict[str, Any], wanted: str | None
) -> None:
    assert licence(read(**fields)) == wanted


@pytest.mark.parametrize(
    "info",
    [
        {"mime": "image/jpeg"},
        {"url": "https://evil.example/a.webm", "derivatives": []},
        {"sha1": "no", "derivatives": None},
        {"timestamp": None, "extmetadata": []},
    ],
)
def test_read_file_when_it_is_no_film_of_commons_then_none(info: dict[str, Any]) -> None:
    assert read() is not None
    assert read(info) is None


async def test_search_when_there_are_more_then_page_by_page_and_never_round_and_round() -> None:
    def page(query: dict[str, list[str]]) -> bytes:
        offset = int(query["gsroffset"][0])
        following = {0: 50, 50: 100}.get(offset, offset)
        return found(
            {**PAGE, "pageid": offset + 1}, **{"continue": {"gsroffset": following, "continue": "x"}}
        )

    async with serving({API: page}) as host:
        pages = await search(commons(home(host)), Query(words="llama"))
    assert [one.id.partition(".")[2] for page in pages for one in page] == ["1", "51", "101"]


async def test_search_when_nothing_is_found_or_wanted_then_nothing() -> None:
    async with serving({API: says({"batchcomplete": True})}) as host:
        of = commons(home(host))
        assert await search(of, Query(words="llama")) == [()]
        assert await search(of, Query(words="?!")) == []
        assert await search(of, Query(words="llama", kind=Kind.SERIES)) == []
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    "answer", [{"query": []}, {"error": {"code": "ratelimited"}}, {"query": {"pages": {}}}]
)
async def test_search_when_the_answer_has_another_shape_then_bad_source(answer: object) -> None:
    async with serving({API: says(answer)}) as host:
        with pytest.raises(BadSource, match="no answer"):
            await search(commons(home(host)), Query(words="llama"))


def listed() -> Title:
    title = read()
    assert title is not None
    return title


async def test_details_when_the_file_is_there_then_as_it_is_today() -> None:
    async with serving({API: found(PAGE)}) as host:
        assert await commons(home(host)).details(listed()) == listed()
    assert "pageids=29876" in host.asked[0]


@pytest.mark.parametrize(
    "page", [{"pageid": 29_876, "missing": True}, {**PAGE, "pageid": 8}, {**PAGE, "videoinfo": []}]
)
async def test_details_when_it_is_gone_or_another_then_bad_source(page: Any) -> None:
    async with serving({API: found(page)}) as host:
        with pytest.raises(BadSource, match="any more"):
            await commons(home(host)).details(listed())


@given(broken(PAGE))
def test_read_file_when_anything_is_broken_then_a_title_that_keeps_its_promise_or_none(page: Any) -> None:
    whole = page if isinstance(page, dict) else {}
    before = copy.deepcopy(whole)
    title = read_file(whole, TODAY)
    assert whole == before
    if title is not None:
        assert title.title
        for one in title.releases:
            assert isinstance(one.place, WebFilm)
            assert one.place.url.startswith("https://upload.wikimedia.org/")
