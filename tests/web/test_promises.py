"""What is promised of films, on the wire."""

import pytest

from matinee.web import playback_schemas as schemas
from tests.web.conftest import FILM, HASH, House


async def test_a_promise_has_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get(f"/api/v1/torrents/{HASH.upper()}/promise?file_index=1")
    shape = schemas.Promise.model_validate_json(answer.content, strict=True)
    assert (shape.starts_in_s, shape.plays, shape.basis) == (2.5, "pauses", "line")
    assert house.playbacks.given == [("promise", HASH, 1)]


async def test_what_came_of_promises_is_given_the_newest_first_with_the_error(house: House) -> None:
    answer = await house.client.get("/api/v1/promises")
    shape = schemas.Promises.model_validate_json(answer.content, strict=True)
    assert [one.start_s for one in shape.promises] == [5.0, 2.0]
    assert (shape.error.count, shape.error.within, shape.error.judged, shape.error.right) == (2, 1, 2, 2)
    assert shape.error.median == pytest.approx(0.375)


async def test_what_a_player_takes_of_a_file_is_noted(house: House) -> None:
    await house.client.get(f"/stream/{HASH}/0", headers={"Range": "bytes=10-19"})
    await house.client.get(f"/stream/{HASH}/0")
    spans = [(start, stop) for _, start, stop in house.playbacks.took]
    assert spans[0] == (10, 20)
    assert (spans[1][0], spans[-1][1]) == (0, len(FILM))
