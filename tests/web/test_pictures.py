"""``GET /pictures/...``: one that is here lasts, one that is not is no error, and an event says when it has come."""

import asyncio

import pytest

from matinee.events import PictureCame
from matinee.types import TitleId
from matinee.web import catalogue_schemas, schemas
from tests.fakes.pictures import KEY
from tests.web.conftest import DEADLINE_S, House

POSTER = f"/pictures/a-film-1922/poster-{KEY}-240.webp"


async def test_picture_that_is_here_is_sent_and_lasts(house: House) -> None:
    whole = await house.client.get(POSTER)
    known = await house.client.get(POSTER, headers={"If-None-Match": whole.headers["etag"]})
    head = await house.client.head(POSTER)
    assert (whole.status_code, whole.content) == (200, b"a picture")
    assert whole.headers["content-type"] == "image/webp"
    assert whole.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-security-policy"].startswith("default-src 'none'")
    assert (known.status_code, known.content, head.status_code, head.content) == (304, b"", 200, b"")


async def test_picture_that_may_come_is_not_an_error_and_is_not_kept(house: House) -> None:
    answer = await house.client.get(POSTER.replace("poster", "backdrop"))
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (202, b"", "no-store")


@pytest.mark.parametrize(
    "path",
    [
        POSTER.replace(KEY, "f" * 16), POSTER.replace(KEY, KEY.upper()), POSTER.replace("240", "999"),
        POSTER.replace("poster", "photo"), POSTER.replace("a-film-1922", "../x"), POSTER.replace("webp", "svg"),
    ],
)  # fmt: skip
async def test_picture_that_is_none_is_not_found(path: str, house: House) -> None:
    assert (await house.client.get(path)).status_code == 404


async def test_picture_is_for_its_owner_alone(house: House) -> None:
    answer = await house.client.get(POSTER, headers={"Authorization": ""})
    assert (answer.status_code, house.pictures.asked) == (401, [])


async def test_a_picture_that_came_is_told(house: House) -> None:
    async with house.client.stream("GET", "/api/v1/events") as events, asyncio.timeout(DEADLINE_S):
        lines = events.aiter_lines()
        house.bus.publish(PictureCame(TitleId("a-film-1922")))
        async for line in lines:
            if line == "event: picture":
                break
        data = (await anext(lines)).removeprefix("data: ")
    assert schemas.PictureEvent.model_validate_json(data, strict=True).title_id == "a-film-1922"


async def test_extras_are_told_as_far_as_they_are_known(house: House) -> None:
    address = "/api/v1/titles/a-film-1922/extras"
    answer = await house.client.get(address)
    assert catalogue_schemas.Extras.model_validate(answer.json()).model_dump() == {
        "stills": [f"/pictures/a-film-1922/still-{KEY}"],
        "subtitles": [{"language": "fr", "machine_made": False}, {"language": "en", "machine_made": True}],
        "trailer": True,
    }
    assert (await house.client.get(f"{address}?ask=false")).status_code == 200
    assert [asked for _, asked in house.pictures.asked_extras] == [True, False]
    refused = [await house.client.get(one) for one in (f"{address}?ask=1", address.replace("1922", "1923"))]
    assert [one.json()["code"] for one in refused] == ["bad-request", "title-not-found"]
