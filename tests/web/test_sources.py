"""``/api/v1/sources``: who is asked for titles, and the feeds that were added."""

import json
from typing import Any

import pytest

from matinee.web import source_schemas as schemas
from tests.web.conftest import House

ADDRESS = "https://films.example/feed.xml"
BASE = "/api/v1/sources"


async def send(house: House, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    headers = (
        {"Content-Type": "application/json", "X-Matinee": "1"} if body is not None else {"X-Matinee": "1"}
    )
    content = None if body is None else json.dumps(body)
    answer = await house.client.request(method, f"{BASE}{path}", content=content, headers=headers)
    return answer.status_code, answer.json() if answer.content else None


async def test_sources_have_the_fields_of_the_description(house: House) -> None:
    await send(house, "POST", "/feeds", {"url": ADDRESS})
    answer = await house.client.get(BASE)
    found = schemas.SourceList.model_validate_json(answer.content, strict=True)
    (provider,), (feed,) = found.providers, found.feeds
    assert (provider.id, provider.asks, provider.enabled) == ("tea-house", ["films.example"], True)
    assert provider.answered_at == provider.kept_at == feed.answered_at == "2026-11-26T12:00:00Z"
    assert provider.trouble is not None
    assert (provider.trouble.code, provider.trouble.retry_after_s) == ("source-unreachable", 60.0)
    assert (feed.address, feed.name, feed.titles, feed.trouble) == (ADDRESS, "Open films", 2, None)


async def test_provider_is_switched(house: House) -> None:
    assert await send(house, "PUT", "/providers/tea-house", {"enabled": False}) == (204, None)
    assert house.sources.enabled is False
    status, problem = await send(house, "PUT", "/providers/nobody", {"enabled": False})
    assert (status, problem["code"]) == (404, "not-found")


async def test_feeds_are_added_switched_and_removed(house: House) -> None:
    status, feed = await send(house, "POST", "/feeds", {"url": ADDRESS})
    assert (status, schemas.FeedSource.model_validate(feed).titles) == (201, 2)
    assert (await send(house, "POST", "/feeds", {"url": ADDRESS}))[0] == 409
    assert await send(house, "PUT", f"/feeds/{feed['id']}", {"enabled": False}) == (204, None)
    assert [one.enabled for one in house.sources.feeds] == [False]
    assert await send(house, "DELETE", f"/feeds/{feed['id']}") == (204, None)
    assert (house.sources.feeds, (await send(house, "DELETE", f"/feeds/{feed['id']}"))[0]) == ([], 404)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/providers/tea-house", {}),
        ("PUT", "/providers/tea-house", {"enabled": "perhaps"}),
        ("PUT", "/providers/Tea%20House", {"enabled": True}),
        ("POST", "/feeds", {"url": ""}),
        ("POST", "/feeds", {"url": "https://a.example/" + "a" * 3000}),
        ("POST", "/feeds", {"url": ADDRESS, "more": 1}),
        ("PUT", "/feeds/..%2F..%2Fetc", {"enabled": True}),
        ("DELETE", "/feeds/UPPER", None),
    ],
)
async def test_what_cannot_be_is_refused(house: House, method: str, path: str, body: Any) -> None:
    status, problem = await send(house, method, path, body)
    assert status in (400, 404)
    assert problem["code"] in ("bad-request", "not-found", "http")
    assert house.sources.feeds == []
