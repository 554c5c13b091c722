"""OpenSubtitles, played by a server of ours that keeps to its description."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from matinee.errors import BadSetting, BadSource, MatineeError, SourceUnreachable, TooLarge
from matinee.models.subtitles import Offer, Sought
from matinee.providers.opensubtitles import ANSWER_MAX_BYTES, FILE_MAX_BYTES, OpenSubtitles

KEY = "the user's own key"
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n"
LINK = "https://www.opensubtitles.com/download/ABC/subfile/film.srt"
ROW: dict[str, Any] = {
    "id": "5164746",
    "type": "subtitle",
    "attributes": {
        "subtitle_id": "5164746",
        "language": "pt-br",
        "download_count": 12,
        "hearing_impaired": True,
        "foreign_parts_only": False,
        "fps": 24.0,
        "ai_translated": False,
        "machine_translated": None,
        "moviehash_match": True,
        "release": "Film.2008.1080p\u202e",
        "feature_details": {"title": "Film", "year": 2008},
        "files": [{"file_id": 5274788, "cd_number": 1, "file_name": "Film.2008"}],
    },
}


def row(number: int, **said: object) -> dict[str, Any]:
    """Make a row of an answer."""
    return {"attributes": {"language": "en", "files": [{"file_id": number}], **said}}


class Service:
    """Answers as the description says; what is asked is recorded."""

    def __init__(self, *rows: object) -> None:
        self.rows: list[object] = list(rows)
        self.asked: list[httpx.Request] = []
        self.instead: dict[str, Callable[[], httpx.Response]] = {}
        self.provider = OpenSubtitles(KEY, httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if (instead := self.instead.get(request.url.path)) is not None:
            return instead()
        match request.method, request.url.path:
            case "GET", "/api/v1/subtitles":
                return httpx.Response(
                    200, json={"total_pages": 1, "total_count": len(self.rows), "page": 1, "data": self.rows}
                )
            case "POST", "/api/v1/download":
                return httpx.Response(
                    200, json={"link": LINK, "file_name": "film.srt", "requests": 3, "remaining": 97}
                )
        return httpx.Response(200, content=SRT)


async def test_search_when_it_answers_then_offers_with_what_it_says() -> None:
    service = Service(ROW)
    assert await service.provider.search(
        Sought("8e245d9679d31e12", "Film (2008)", ("en", "pt-BR", "zh-Hans"))
    ) == (Offer(5274788, "pt-BR", "Film.2008.1080p", True, False, True, False, 12),)
    (request,) = service.asked
    assert str(request.url) == (
        "https://api.opensubtitles.com/api/v1/subtitles"
        "?languages=en%2Cpt-br%2Czh-cn&moviehash=8e245d9679d31e12&query=film+%282008%29"
    )
    assert request.headers["api-key"] == KEY
    assert request.headers["user-agent"].startswith("Matinee v")


async def test_search_when_there_is_no_hash_then_by_name_in_all_languages() -> None:
    service = Service()
    assert await service.provider.search(Sought(None, "Film", ())) == ()
    assert service.asked[0].url.query == b"query=film"


async def test_search_when_there_are_many_then_the_likeliest_first() -> None:
    service = Service(
        row(1, download_count=5),
        row(2, download_count=50, ai_translated=True),
        row(3, moviehash_match=True),
        row(4, download_count=9),
    )
    assert [one.id for one in await service.provider.search(Sought(None, "x", ()))] == [3, 4, 1, 2]


@pytest.mark.parametrize(
    "rows",
    [None, 1, "x", {}, [None], [{}], [{"attributes": 1}], [{"attributes": {"language": "en", "files": []}}],
     [{"attributes": {"language": 1, "files": [{"file_id": 1}]}}],
     [{"attributes": {"language": "en", "files": [{"file_id": "1"}]}}]],
)  # fmt: skip
async def test_search_when_rows_make_no_sense_then_they_are_left_out(rows: object) -> None:
    service = Service()
    service.instead["/api/v1/subtitles"] = lambda: httpx.Response(200, json={"data": rows})
    assert await service.provider.search(Sought(None, "x", ())) == ()


async def test_fetch_when_it_gives_an_address_then_the_file_and_the_key_stays_with_the_interface() -> None:
    service = Service()
    assert await service.provider.fetch(5274788) == ("film.srt", SRT)
    ask, get = service.asked
    assert json.loads(ask.content) == {"file_id": 5274788}
    assert str(get.url) == LINK
    assert "api-key" not in get.headers


async def test_fetch_when_passed_on_within_the_service_then_followed() -> None:
    service = Service()
    elsewhere = "https://dl.opensubtitles.org/x.srt"
    service.instead["/download/ABC/subfile/film.srt"] = lambda: httpx.Response(
        302, headers={"Location": elsewhere}
    )
    assert (await service.provider.fetch(1))[1] == SRT
    assert str(service.asked[-1].url) == elsewhere


@pytest.mark.parametrize(
    "link",
    [
        "http://www.opensubtitles.com/x",
        "https://127.0.0.1/x",
        "https://evil.example/x",
        "https://opensubtitles.com.evil.example/x",
        "https://evilopensubtitles.com/x",
        "https://www.opensubtitles.com:22/x",
        "https://www.opensubtitles.com@127.0.0.1/x",
        "https://a:b@www.opensubtitles.com/x",
        "file:///etc/passwd",
        "",
    ],
)
@pytest.mark.parametrize("way", ["link", "redirect"])
async def test_fetch_when_led_elsewhere_then_nobody_is_contacted(link: str, way: str) -> None:
    service = Service()
    if way == "link":
        service.instead["/api/v1/download"] = lambda: httpx.Response(200, json={"link": link})
    else:
        service.instead["/download/ABC/subfile/film.srt"] = lambda: httpx.Response(
            302, headers={"Location": link or "ftp:x"}
        )
    with pytest.raises((BadSource, SourceUnreachable)):
        await service.provider.fetch(1)
    assert all((request.url.host or "").endswith("opensubtitles.com") for request in service.asked)


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (401, {"message": "invalid token"}, BadSetting, "key"),
        (403, {"message": "You cannot consume this service"}, BadSetting, "key"),
        (
            406,
            {"remaining": 0, "reset_time": "09 hours and 57 minutes"},
            SourceUnreachable,
            "in 09 hours and 57 minutes",
        ),
        (406, {"remaining": 0}, SourceUnreachable, "tomorrow"),
        (429, {"message": "Throttle limit reached"}, SourceUnreachable, "moment"),
        (500, {}, SourceUnreachable, "later"),
        (503, None, SourceUnreachable, "later"),
        (200, [], SourceUnreachable, "later"),
    ],
)
async def test_fetch_when_it_refuses_then_a_sentence_that_says_what_to_do(
    status: int, body: object, error: type[MatineeError], said: str
) -> None:
    service = Service()
    service.instead["/api/v1/download"] = lambda: httpx.Response(status, json=body)
    with pytest.raises(error) as caught:
        await service.provider.fetch(1)
    assert said in caught.value.message


async def test_fetch_when_nothing_answers_then_a_clear_error() -> None:
    service = Service()

    def fail() -> httpx.Response:
        raise httpx.ConnectError("refused")

    service.instead["/api/v1/download"] = fail
    with pytest.raises(SourceUnreachable):
        await service.provider.fetch(1)


async def test_fetch_when_there_is_no_link_then_a_clear_error() -> None:
    service = Service()
    service.instead["/api/v1/download"] = lambda: httpx.Response(200, json={"link": None})
    with pytest.raises(BadSource):
        await service.provider.fetch(1)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/api/v1/download", ANSWER_MAX_BYTES), ("/download/ABC/subfile/film.srt", FILE_MAX_BYTES)],
)
async def test_fetch_when_it_sends_a_bomb_then_no_more_than_the_limit_is_read(path: str, most: int) -> None:
    service = Service()
    packed = gzip.compress(bytes(most + 1))
    service.instead[path] = lambda: httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(TooLarge):
        await service.provider.fetch(1)


async def test_fetch_when_passed_on_for_ever_then_it_ends() -> None:
    service = Service()
    service.instead["/download/ABC/subfile/film.srt"] = lambda: httpx.Response(
        302, headers={"Location": LINK}
    )
    with pytest.raises(BadSource):
        await service.provider.fetch(1)
    assert len(service.asked) == 5
