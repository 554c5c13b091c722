"""What is remembered, over the wire: every route, every wrong question."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.events import LibraryChanged
from matinee.models.library import FIRST, Kind, Rating, Thumb
from matinee.types import ProfileId
from matinee.web import library_schemas as schemas
from tests.catalogue.made import SERIES
from tests.fakes.titles import FILM
from tests.web.conftest import DEADLINE_S, HASH, House

PROGRESS = f"/api/v1/progress/{FILM.id}"
HALF = {"position_s": 300.0, "duration_s": 600.0}
EPISODE = {"season": 1, "number": 0}


async def test_profiles_are_made_changed_and_removed(house: House) -> None:
    client = house.client
    answer = await client.post("/api/v1/profiles", json={"name": "Zoé", "colour": "leaf", "child": True})
    zoe = schemas.Profile.model_validate_json(answer.content, strict=True)
    assert (answer.status_code, zoe.name, zoe.child) == (201, "Zoé", True)
    changed = await client.patch(f"/api/v1/profiles/{zoe.id}", json={"keeps_history": False})
    assert (changed.json()["keeps_history"], changed.json()["name"]) == (False, "Zoé")
    listed = schemas.Profiles.model_validate_json((await client.get("/api/v1/profiles")).content, strict=True)
    assert ([one.id for one in listed.profiles], listed.locked) == ([FIRST, zoe.id], False)
    assert (await client.delete(f"/api/v1/profiles/{zoe.id}")).status_code == 204
    gone = await client.get(f"/api/v1/library?profile={zoe.id}")
    assert (gone.status_code, gone.json()["code"]) == (404, "profile-not-found")
    assert (await client.delete(f"/api/v1/profiles/{FIRST}")).status_code == 409


async def test_lock_is_set_and_lets_out_who_knows_it(house: House) -> None:
    lock = "/api/v1/profiles/lock"
    assert (await house.client.put(lock, json={"number": "1234"})).json()["locked"] is True
    wrong = await house.client.post(lock, json={"number": "4321"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "refused")
    assert (await house.client.post(lock, json={"number": "1234"})).status_code == 204
    # The owner's token is as good as the number; a page, which has a cookie, must know it.
    assert (await house.client.put(lock, json={"number": None})).json()["locked"] is False


async def test_where_one_is_is_kept_and_given_with_where_one_goes_on(house: House) -> None:
    answer = await house.client.put(PROGRESS, json=HALF)
    one = schemas.WorkProgress.model_validate_json(answer.content, strict=True)
    assert (one.key, one.resume_s, one.watched, one.name) == (FILM.id, 300.0, False, "A film")
    house.watching.films.add(HASH)
    over = await house.client.put(
        f"/api/v1/progress/{HASH.upper()}", json={**HALF, "position_s": 599, "file_index": 1}
    )
    assert (over.json()["key"], over.json()["watched"], over.json()["resume_s"]) == (FILM.id, True, 0)
    assert (over.json()["info_hash"], over.json()["file_index"]) == (HASH, 1)
    listed = await house.client.get("/api/v1/progress")
    found = schemas.ProgressList.model_validate_json(listed.content, strict=True)
    assert [one.key for one in found.progress] == [FILM.id]


async def test_series_goes_on_with_its_next_episode_and_is_forgotten_whole(house: House) -> None:
    address = f"/api/v1/progress/{SERIES.id}"
    await house.client.put(address, json={"watched": True, "episode": EPISODE})
    answer = await house.client.get("/api/v1/going-on")
    (one,) = schemas.GoingOn.model_validate_json(answer.content, strict=True).going_on
    assert (one.season, one.number, one.follows, one.card and one.card.title) == (1, 1, True, "Les Vampires")
    await house.client.put(address, json={**HALF, "episode": {"season": 1, "number": 1}})
    assert (await house.client.delete(address)).status_code == 204
    assert (await house.client.get("/api/v1/going-on")).json() == {"going_on": []}


async def test_lists_are_kept_with_what_a_wall_shows(house: House) -> None:
    client = house.client
    for name in (FILM.id, "unknown-1900"):
        await client.put(f"/api/v1/watchlist/{name}")
    await client.put(f"/api/v1/ratings/{FILM.id}", json={"thumb": "up"})
    wishes = schemas.Watchlist.model_validate_json(
        (await client.get("/api/v1/watchlist")).content, strict=True
    )
    assert [(one.title, one.card is None) for one in wishes.watchlist] == [
        ("unknown-1900", True),
        (FILM.id, False),
    ]
    ratings = schemas.Ratings.model_validate_json((await client.get("/api/v1/ratings")).content, strict=True)
    assert [(one.title, one.thumb) for one in ratings.ratings] == [(FILM.id, "up")]
    for address in (
        f"/api/v1/watchlist/{FILM.id}",
        f"/api/v1/ratings/{FILM.id}",
        "/api/v1/ratings/never-1900",
    ):
        assert (await client.delete(address)).status_code == 204
    assert len((await client.get("/api/v1/watchlist")).json()["watchlist"]) == 1
    assert (await client.get("/api/v1/ratings")).json() == {"ratings": []}


async def test_tastes_change_by_what_is_said_alone(house: House) -> None:
    await house.client.put(
        "/api/v1/tastes", json={"series": "the lone ranger", "subtitles": "fr", "delay_s": -1}
    )
    await house.client.put(
        "/api/v1/tastes", json={"series": "the lone ranger", "audio": "en", "delay_s": None}
    )
    library = schemas.Library.model_validate_json(
        (await house.client.get("/api/v1/library")).content, strict=True
    )
    (taste,) = library.taste
    assert (taste.subtitles, taste.audio, taste.delay_s) == ("fr", "en", None)
    assert (library.profile, library.progress, library.watchlist, library.rating) == (FIRST, [], [], [])


async def test_history_is_given_in_pages_and_forgotten_by_one_or_all(house: House) -> None:
    for name in (FILM.id, SERIES.id, "x-1900"):
        await house.client.put(f"/api/v1/progress/{name}", json=HALF)
    first = await house.client.get("/api/v1/history?limit=2")
    page = schemas.History.model_validate_json(first.content, strict=True)
    assert [one.title for one in page.history] == ["x-1900", SERIES.id]
    rest = (await house.client.get(f"/api/v1/history?before={page.before}")).json()
    assert ([one["title"] for one in rest["history"]], rest["before"]) == ([FILM.id], None)
    assert (await house.client.delete(f"/api/v1/history/{page.history[0].key}")).status_code == 204
    assert len((await house.client.get("/api/v1/history")).json()["history"]) == 2
    assert (await house.client.delete("/api/v1/history")).status_code == 204
    assert (await house.client.get("/api/v1/history")).json() == {"history": [], "before": None}


async def test_library_goes_out_and_comes_in_as_one_file(house: House) -> None:
    await house.client.put(PROGRESS, json=HALF)
    out = await house.client.get("/api/v1/library/export")
    assert out.headers["content-disposition"] == 'attachment; filename="matinee-library.json"'
    assert (await house.client.delete("/api/v1/library")).status_code == 204
    assert (await house.client.get("/api/v1/progress")).json() == {"progress": []}
    headers = {"Content-Type": "application/json"}
    back = await house.client.post("/api/v1/library/import", content=out.content, headers=headers)
    assert schemas.Taken.model_validate_json(back.content, strict=True).added == 2
    assert len((await house.client.get("/api/v1/progress")).json()["progress"]) == 1
    wrong = await house.client.post("/api/v1/library/import", content=b'{"a": 1}', headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad-library")


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "/api/v1/profiles", {"name": ""}),
        ("POST", "/api/v1/profiles", {"name": "x", "colour": "red"}),
        ("POST", "/api/v1/profiles", {"name": "x", "child": 1}),
        ("PATCH", "/api/v1/profiles/home", {"id": "other"}),
        ("PUT", "/api/v1/profiles/lock", {"number": 1234}),
        ("PUT", PROGRESS, {}),
        ("PUT", PROGRESS, {"position_s": -1}),
        ("PUT", PROGRESS, {"position_s": 1e9}),
        ("PUT", PROGRESS, {**HALF, "watched": "yes"}),
        ("PUT", PROGRESS, {**HALF, "episode": EPISODE, "file_index": 0}),
        ("PUT", PROGRESS, {**HALF, "episode": {"season": 1}}),
        ("PUT", f"/api/v1/ratings/{FILM.id}", {"thumb": "sideways"}),
        ("PUT", "/api/v1/tastes", {"series": ""}),
        ("PUT", "/api/v1/tastes", {"series": "a\u0000b"}),
        ("PUT", "/api/v1/tastes", {"series": "x" * 201}),
        ("PUT", "/api/v1/tastes", {"series": "x", "look": "y" * 401}),
        ("PUT", "/api/v1/tastes", {"series": "x", "subtitles": "<b>"}),
        ("GET", "/api/v1/library?profile=../x", None),
        ("GET", "/api/v1/history?limit=0", None),
        ("GET", "/api/v1/history?before=-1", None),
    ],
)  # fmt: skip
async def test_what_cannot_be_right_is_refused(house: House, method: str, address: str, body: Any) -> None:
    answer = await house.client.request(method, address, **({} if body is None else {"json": body}))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert house.watching.library.remembered.get(FIRST, {}) == {}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    st.dictionaries(
        st.sampled_from([*schemas.See.model_fields, "x"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
        max_size=4,
    )
)
async def test_anything_said_of_a_film_is_kept_or_a_problem(house: House, body: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await house.client.put(PROGRESS, content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code in (200, 400)


async def test_change_is_told_to_every_page_at_once(house: House) -> None:
    rating = Rating(title=FILM.id, thumb=Thumb.UP, name="A film", changed_ms=5)
    async with house.client.stream("GET", "/api/v1/events") as answer, asyncio.timeout(DEADLINE_S):
        lines = answer.aiter_lines()
        while await anext(lines) != "event: torrent":
            pass
        house.bus.publish(LibraryChanged(FIRST, Kind.RATING.value, rating.key, rating))
        house.bus.publish(LibraryChanged(ProfileId("*"), "profiles", "*", None))
        told = []
        async for line in lines:
            if line.startswith('data: {"profile"'):
                told.append(
                    schemas.LibraryEvent.model_validate_json(line.removeprefix("data: "), strict=True)
                )
            if len(told) == 2:
                break
    assert isinstance(told[0].record, schemas.Rating)
    assert (told[0].key, told[1].profile, told[1].kind) == (FILM.id, "*", "profiles")
