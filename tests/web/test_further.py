"""``/api/v1/providers`` and ``/api/v1/titles/further``: line by line, and every wrong question."""

import asyncio
import json

import httpx
import pytest

from matinee.errors import Starting, StorageFailed
from matinee.models.catalogue import TitleQuery
from matinee.models.title import Kind
from matinee.web import catalogue_schemas as schemas
from tests.catalogue.made import SERIES
from tests.fakes.titles import FILM
from tests.web.conftest import House

FURTHER = "/api/v1/titles/further"
DEADLINE_S = 60.0


async def test_providers_give_exactly_the_fields_of_the_description(house: House) -> None:
    found = schemas.Providers.model_validate_json(
        (await house.client.get("/api/v1/providers")).content, strict=True
    )
    assert [(one.id, one.home) for one in found.providers] == [("internet-archive", "https://archive.org")]
    assert house.further.given == []


async def test_further_gives_a_line_for_each_part_of_an_answer(house: House) -> None:
    answer = await house.client.post(FURTHER, json={"query": "le voyage", "kind": "film", "year_to": 1910})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    lines = [schemas.Answered.model_validate_json(line, strict=True) for line in answer.text.splitlines()]
    assert [(one.provider, [card.id for card in one.titles], one.last) for one in lines] == [
        ("internet-archive", [FILM.id], False),
        ("peertube", [], True),
        ("internet-archive", [SERIES.id], True),
    ]
    assert (lines[0].found, lines[2].kept_at) == (3, "2026-11-24T00:00:00Z")
    assert lines[1].trouble is not None
    assert (lines[1].trouble.code, lines[1].trouble.retry_after_s) == ("source-limited", 60.0)
    assert house.further.given == [TitleQuery(words="le voyage", kind=Kind.FILM, years=(None, 1910))]


async def test_further_when_nobody_is_asked_then_is_empty(house: House) -> None:
    house.further.answers = ()
    answer = await house.client.post(FURTHER, json={"query": "x"})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "body",
    [{}, {"query": ""}, {"query": 7}, {"query": "x" * 201}, {"query": "x", "genre": "odd"}, {"query": "x", "y": 1}, []],
)  # fmt: skip
async def test_further_with_a_wrong_body_is_refused_and_asks_nobody(house: House, body: object) -> None:
    answer = await house.client.post(FURTHER, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert house.further.given == []


async def test_further_when_it_cannot_begin_then_is_a_problem(house: House) -> None:
    house.further.failure = Starting("Try again in a moment.")
    answer = await house.client.post(FURTHER, json={"query": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "starting")


async def test_further_when_it_fails_in_the_middle_then_does_not_seem_complete(house: House) -> None:
    house.further.failure, house.further.failure_after = StorageFailed("The disk is full."), 1
    with pytest.raises(httpx.RemoteProtocolError):
        await house.client.post(FURTHER, json={"query": "x"})


@pytest.mark.parametrize("answers", [0, 1])
async def test_further_when_the_page_leaves_then_nobody_is_asked_any_more(house: House, answers: int) -> None:
    house.further.answers, house.further.hangs = house.further.answers[:answers], True
    body = json.dumps({"query": "x"}).encode()
    head = house.request(
        FURTHER, "Content-Type: application/json", f"Content-Length: {len(body)}", method="POST"
    )
    reader, writer = await house.connect()
    writer.write(head.replace(b"Connection: close\r\n", b"") + body)
    async with asyncio.timeout(DEADLINE_S):
        if answers:
            await reader.readuntil(b"}\n")
        await house.further.asked.wait()
        writer.close()
        await writer.wait_closed()
        await house.further.ended.wait()
