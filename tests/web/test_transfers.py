"""What becomes of torrents beside being played: takes, the queue, limits of giving, and those of the hour."""

from typing import Any

import pytest

from matinee.models.torrent import AS_SET, Take, TorrentChange
from matinee.web import schemas
from tests.web.conftest import FILM, HASH, House

TORRENT = f"/api/v1/torrents/{HASH}"


async def test_change_of_a_transfer_passes_on_what_was_said(house: House) -> None:
    asked = {"take": "high", "queue_position": 0, "give_ratio_limit": 1.5, "give_hours_limit": None}
    answer = await house.client.patch(TORRENT, json=asked)
    assert answer.status_code == 200
    change = TorrentChange(take=Take.HIGH, queue_position=0, give_ratio_limit=1.5, give_hours_limit=AS_SET)
    assert house.films.given == [("change", HASH, change)]


@pytest.mark.parametrize(
    "body",
    [
        {"take": "all"},
        {"take": True},
        {"queue_position": -1},
        {"queue_position": 1.5},
        {"queue_position": True},
        {"queue_position": 10**7},
        {"give_ratio_limit": -1},
        {"give_ratio_limit": "2"},
        {"give_hours_limit": 10**6},
        {"give_hours_limit": [1]},
    ],
)
async def test_wrong_change_of_a_transfer_is_refused(house: House, body: Any) -> None:
    answer = await house.client.patch(TORRENT, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert house.films.given == []


async def test_not_a_number_is_no_limit(house: House) -> None:
    answer = await house.client.patch(
        TORRENT, content=b'{"give_ratio_limit": NaN}', headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, house.films.given) == (400, [])


async def test_files_are_shown_part_by_part(house: House) -> None:
    whole = schemas.FileStates.model_validate_json((await house.client.get(f"{TORRENT}/files")).content)
    part = (await house.client.get(f"{TORRENT}/files?start=1&limit=1")).json()
    past = (await house.client.get(f"{TORRENT}/files?start=99")).json()
    assert [(file.index, file.take) for file in whole.files] == [(0, "not"), (1, "not"), (2, "not")]
    assert whole.files[0].bytes_done == whole.files[0].length == len(FILM)
    assert ([file["index"] for file in part["files"]], part["total"]) == ([1], 3)
    assert past == {"files": [], "total": 3}


async def test_file_is_taken_and_the_torrent_says_so(house: House) -> None:
    answer = await house.client.patch(f"{TORRENT}/files/1", json={"take": "low"})
    assert schemas.FileState.model_validate_json(answer.content, strict=True).take == "low"
    assert house.films.given == [("take", HASH, 1, Take.LOW)]
    assert (await house.client.get(TORRENT)).json()["takes"] == {"rest": "not", "files": {"1": "low"}}


@pytest.mark.parametrize("body", [{}, {"take": None}, {"take": "no"}, {"take": "low", "x": 1}, []])
async def test_wrong_change_of_a_file_is_refused(house: House, body: Any) -> None:
    answer = await house.client.patch(f"{TORRENT}/files/1", json=body)
    assert (answer.status_code, house.films.given) == (400, [])


async def test_change_of_a_file_that_is_not_there_is_a_problem(house: House) -> None:
    answer = await house.client.patch(f"{TORRENT}/files/99", json={"take": "low"})
    assert (answer.status_code, answer.json()["code"]) == (404, "file-not-found")


@pytest.mark.parametrize("query", ["start=-1", "limit=0", "limit=501", "start=x"])
async def test_files_with_a_wrong_query_are_refused(house: House, query: str) -> None:
    assert (await house.client.get(f"{TORRENT}/files?{query}")).status_code == 400


async def test_limits_of_the_hour_are_told(house: House) -> None:
    answer = await house.client.get("/api/v1/limits")
    found = schemas.LimitsNow.model_validate_json(answer.content, strict=True)
    assert (found.up_bytes_per_s, found.quiet, found.until) == (250_000, True, "2026-11-27T06:00:00Z")
