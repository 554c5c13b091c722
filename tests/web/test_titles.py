"""``/api/v1/shelves`` and ``/api/v1/titles``: every route, every wrong question."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.catalogue.service import not_allowed
from matinee.errors import MatineeError, SourceUnreachable, TitleNotFound
from matinee.events import TitleChanged
from matinee.models.catalogue import Sort, TitlePage, TitleQuery, Wanted
from matinee.models.playback import ClientSupport
from matinee.models.rights import Standing
from matinee.models.title import GENRES, SHELVES, Kind
from matinee.types import Country
from matinee.web import catalogue_schemas as schemas
from matinee.web import playback_schemas
from tests.catalogue.made import SERIES, film
from tests.fakes.titles import FILM, LAW
from tests.web.conftest import HASH, House

TITLES = "/api/v1/titles"
PLAYBACK = "/api/v1/playback"
DEADLINE_S = 20.0
CLIENT = {"containers": ["mp4"], "video": ["h264"], "audio": ["aac"]}


async def test_shelves_give_exactly_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get("/api/v1/shelves")
    found = schemas.Shelves.model_validate_json(answer.content, strict=True)
    assert answer.headers["content-type"] == "application/json"
    assert (found.country, found.shelves[0].id, found.shelves[0].count) == ("FR", "serials", 1)
    assert found.shelves[0].titles[0].title == "Les Vampires"
    house.titles.rows = replace(house.titles.rows, rows=())
    assert (await house.client.get("/api/v1/shelves")).json()["shelves"] == []


async def test_titles_give_exactly_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get(TITLES)
    found = schemas.Titles.model_validate_json(answer.content, strict=True)
    assert ([card.id for card in found.titles], found.total) == ([FILM.id, SERIES.id], 2)
    house.titles.page = TitlePage((FILM,), "MORE", close=True)
    more = schemas.Titles.model_validate_json((await house.client.get(TITLES)).content, strict=True)
    assert (more.total, more.next_cursor, more.close) == (None, "MORE", True)


async def test_a_title_is_completed_only_when_that_is_asked_for(house: House) -> None:
    plain = schemas.Title.model_validate_json(
        (await house.client.get(f"{TITLES}/{FILM.id}")).content, strict=True
    )
    assert (plain.looking, house.titles.given) == (False, [("title", FILM.id)])
    answer = await house.client.post(f"{TITLES}/{FILM.id}/complete")
    found = schemas.Title.model_validate_json(answer.content, strict=True)
    assert (answer.status_code, found.id, found.looking) == (200, FILM.id, True)
    assert ("complete", FILM.id) in house.titles.given


async def test_a_title_of_which_more_is_known_is_told(house: House) -> None:
    async with house.client.stream("GET", "/api/v1/events") as events, asyncio.timeout(DEADLINE_S):
        lines = events.aiter_lines()
        house.bus.publish(TitleChanged(FILM.id))
        async for line in lines:
            if line == "event: title":
                break
        data = (await anext(lines)).removeprefix("data: ")
    assert schemas.TitleEvent.model_validate_json(data, strict=True).title_id == FILM.id


async def test_filters_give_exactly_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get(f"{TITLES}/filters?children=true")
    found = schemas.Filters.model_validate_json(answer.content, strict=True)
    assert (found.languages, found.shortest_minutes, found.longest_minutes) == (["en", "fr"], 7, 150)
    assert found.subtitled
    await house.client.get(f"{TITLES}/filters")
    assert house.titles.given == [("filters", True), ("filters", False)]


async def test_titles_are_asked_for_as_the_query_says(house: House) -> None:
    everything = (
        "query=le%20voyage&kind=series&genre=noir&decade=1940&language=pt-BR&children=true&shelf=crime&sort=-year"
        "&limit=7&cursor=abc&year_from=1941&year_to=1949&minutes_from=60&minutes_to=90&country=FR&licence=CC-BY-3.0"
        "&standing=allowed&playable=true&subtitled=true"
    )
    await house.client.get(f"{TITLES}?{everything}")
    await house.client.get(TITLES)
    asked = TitleQuery(
        words="le voyage", kind=Kind.SERIES, genre="noir", decade=1940, language="pt-BR", children=True,
        shelf="crime", sort=Sort.NEWEST, limit=7, cursor="abc", years=(1941, 1949), minutes=(60, 90),
        country=Country("FR"), licence="CC-BY-3.0", standing=Standing.ALLOWED, playable=True, subtitled=True,
    )  # fmt: skip
    assert house.titles.given == [("find", asked), ("find", TitleQuery())]


WRONG = (
    "kind=book", "genre=porn", "genre=", "decade=1945", "decade=x", "decade=99999", "language=../x", "children=1",
    "shelf=none", "sort=views", "limit=0", "limit=201", "limit=1.5", "cursor=" + "x" * 1001, "query=" + "x" * 201,
    "year_from=19", "year_to=x", "minutes_to=-1", "minutes_from=1e3", "country=fr", "country=FRA", "licence=cc-by",
    "standing=not-allowed", "playable=1", "subtitled=yes", "unknown=1", "kind=film&kind=series", "query=a&query=b",
)  # fmt: skip


async def test_titles_with_a_wrong_query_are_refused(house: House) -> None:
    for query in WRONG:
        answer = await house.client.get(f"{TITLES}?{query}")
        assert (query, answer.status_code, answer.json()["code"]) == (query, 400, "bad-request")
    assert house.titles.given == []


async def test_titles_take_words_of_any_kind(house: House) -> None:
    answers = [
        await house.client.get(f"{TITLES}?query={text}")
        for text in ("%00", "%F0%9F%8E%A5", "%27%22%3B--", "%ff")
    ]
    assert [answer.status_code for answer in answers] == [200] * 4


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    query=st.dictionaries(
        st.sampled_from([*schemas.TitlesQuery.model_fields, "x"]),
        st.one_of(st.text(max_size=40), st.integers().map(str), st.sampled_from([*GENRES, *SHELVES, "true"])),
        max_size=5,
    )
)
async def test_titles_answer_any_query_with_titles_or_a_problem(house: House, query: dict[str, str]) -> None:
    answer = await house.client.get(
        TITLES, params={key: value.encode("utf-8", "replace") for key, value in query.items()}
    )
    assert (answer.status_code, answer.headers["content-type"]) in (
        (200, "application/json"), (400, "application/problem+json"),
    )  # fmt: skip


async def test_title_gives_exactly_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get(f"{TITLES}/{SERIES.id}")
    title = schemas.Title.model_validate_json(answer.content, strict=True)
    assert (title.rights.standing, title.rights.basis, title.rights.licence) == (
        "allowed",
        "licence",
        "CC-BY-3.0",
    )
    assert [(one.archive, one.file) for one in title.releases] == [("item", "a/b.mp4")]
    assert title.seasons[0].episodes[0].releases[0].url == "https://films.example/0.torrent"
    assert {one.claim for one in title.rights.evidence} == {"licence", "published", "author-died"}
    bare = schemas.Title.model_validate_json(
        (await house.client.get(f"{TITLES}/{FILM.id}")).content, strict=True
    )
    assert (bare.rating, bare.minutes, bare.seasons) == (None, None, [])


async def test_title_that_may_not_be_shared_says_why(house: House) -> None:
    unknown = film("unknown-1950", evidence=())
    house.titles.failure = not_allowed(unknown, LAW.verdict(unknown))
    answer = await house.client.get(f"{TITLES}/unknown-1950")
    problem = schemas.TitleProblem.model_validate_json(answer.content, strict=True)
    assert (answer.status_code, problem.status, problem.standing) == (451, 451, "not-known")
    assert problem.reasons


@pytest.mark.parametrize("name", ["-a", "a-", ".a", "a..", "a%2fb", "..", "é", "a" * 201])
async def test_address_that_names_no_title_is_not_there(house: House, name: str) -> None:
    answer = await house.client.get(f"{TITLES}/{name}")
    assert answer.status_code in (400, 404)
    assert answer.json()["code"] in ("not-found", "bad-request")
    assert house.titles.given == []


async def test_title_is_added_as_it_is_wanted(house: House) -> None:
    first = await house.client.post(f"{TITLES}/{FILM.id}/torrent", json={})
    episode = {"episode": {"season": 1, "number": 2}, "release": 3}
    await house.client.post(f"{TITLES}/{SERIES.id}/torrent", json=episode)
    assert (first.status_code, first.headers["location"]) == (201, f"/api/v1/torrents/{HASH}")
    assert schemas.TitleTorrent.model_validate_json(first.content).model_dump() == {
        "info_hash": HASH,
        "file_index": 3,
        "confirmed": True,
    }
    assert house.titles.given == [("add", FILM.id, Wanted()), ("add", SERIES.id, Wanted(1, 2, 3))]


async def test_title_is_played_as_it_is_wanted(house: House) -> None:
    asked: dict[str, Any] = {"title_id": SERIES.id, "client": CLIENT, "start_s": 2.5}
    answer = await house.client.post(PLAYBACK, json={**asked, "episode": {"season": 1, "number": 2}})
    assert answer.status_code == 201
    assert house.titles.given == [("file", SERIES.id, Wanted(1, 2))]
    assert house.playbacks.given[0][:3] == ("open", HASH, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"title_id": "../x"},
        {"title_id": FILM.id, "info_hash": HASH},
        {"title_id": FILM.id, "file_index": 0},
        {"info_hash": HASH, "episode": {"season": 1, "number": 1}},
        {"info_hash": HASH, "release": 0},
        {"title_id": FILM.id, "episode": {"season": 1}},
        {"title_id": FILM.id, "episode": {"season": "1", "number": 1}},
        {"title_id": FILM.id, "release": -1},
    ],
)
async def test_title_played_with_a_wrong_body_is_refused(house: House, fields: dict[str, object]) -> None:
    answer = await house.client.post(PLAYBACK, json={"client": CLIENT, **fields})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert house.titles.given == []


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (TitleNotFound("None.", title_id="x"), 404),
        (SourceUnreachable("Is this computer on the network?"), 502),
        (not_allowed(FILM, LAW.verdict(replace(FILM, evidence=()))), 451),
    ],
)
async def test_title_that_cannot_be_had_says_why(house: House, failure: MatineeError, status: int) -> None:
    house.titles.failure = failure
    answers = [
        await house.client.post(f"{TITLES}/x-1/torrent", json={}),
        await house.client.post(PLAYBACK, json={"title_id": "x-1", "client": CLIENT}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(status, failure.code)] * 2


async def test_a_forecast_has_the_fields_of_the_description(house: House) -> None:
    asked = {"release": 1, "client": {**CLIENT, "screen_height": 1080}}
    answer = await house.client.post(f"{TITLES}/{FILM.id}/forecast", json=asked)
    shape = playback_schemas.Forecast.model_validate_json(answer.content, strict=True)
    assert (shape.release, shape.file, shape.promise.plays) == (1, "a.mp4", "pauses")
    assert [one.why for one in shape.reasons] == ["fits-line"]
    can = ClientSupport(frozenset({"mp4"}), frozenset({"h264"}), frozenset({"aac"}), screen_height=1080)
    assert house.titles.given == [("forecast", FILM.id, Wanted(release=1), can)]
