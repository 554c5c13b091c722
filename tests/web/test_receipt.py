"""``GET /api/v1/receipt``: what was taken and given, of everything, of a title, of a torrent."""

import pytest

from matinee.web import receipt_schemas as schemas
from tests.fakes.films import RECEIPT
from tests.web.conftest import HASH, House


@pytest.mark.parametrize(
    ("query", "entries"),
    [
        ("", RECEIPT.entries),
        ("?title_id=a-film-1922", RECEIPT.entries[:1]),
        ("?title_id=another", ()),
        (f"?info_hash={HASH.upper()}", RECEIPT.entries[:1]),
        (f"?info_hash={HASH}&title_id=another", ()),
    ],
)
async def test_receipt_gives_what_is_asked_for_with_the_fields_of_the_description(
    query: str, entries: tuple[object, ...], house: House
) -> None:
    answer = await house.client.get(f"/api/v1/receipt{query}")
    shape = schemas.Receipt.model_validate_json(answer.content, strict=True)
    assert len(shape.entries) == len(entries)
    assert [one.info_hash for one in shape.entries] == [one.info_hash for one in RECEIPT.entries][
        : len(entries)
    ]


@pytest.mark.parametrize("query", ["title_id=../x", "title_id=", "info_hash=abc", "info_hash="])
async def test_receipt_of_what_cannot_be_is_refused(query: str, house: House) -> None:
    answer = await house.client.get(f"/api/v1/receipt?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
