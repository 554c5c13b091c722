"""The description speaks of every route, and the table knows every route of FastAPI."""

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute

from matinee.web.api import build_api
from matinee.web.routing import Access
from matinee.web.wire import Wire
from tests.web.conftest import House


@pytest.fixture
async def description(house: House) -> dict[str, Any]:
    answer = await house.client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_description_has_every_route_of_the_table(house: House, description: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, methods in description["paths"].items() for method in methods
    }
    table = {
        (route.method, route.path)
        for route in house.app.table.routes
        if route.access is not Access.SHELL and route.path != "/api/openapi.json"
    }
    assert described - {("HEAD", "/stream/{info_hash}/{file_index}")} == table


async def test_table_has_every_route_of_fastapi(house: House) -> None:
    wire = Wire(house.gate.signer)
    api = build_api(
        house.films, house.playbacks, house.titles, house.further, house.sources, house.watching, wire
    )
    served = {
        (method, route.path)
        for route in api.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    table = {(route.method, route.path) for route in house.app.table.routes}
    assert served
    assert served <= table


async def test_description_has_what_the_events_carry(description: dict[str, Any]) -> None:
    assert {"Torrent", "BufferEvent", "GoneEvent"} <= set(description["components"]["schemas"])


async def test_description_refers_to_nothing_that_is_missing(description: dict[str, Any]) -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", str(description)))
    assert names
    assert names <= set(description["components"]["schemas"])


async def test_description_says_what_opens_each_route(house: House, description: dict[str, Any]) -> None:
    openings = {
        path: operation.get("security", description["security"])
        for path, methods in description["paths"].items()
        for operation in methods.values()
    }
    for route in house.app.table.routes:
        assert (openings.get(route.path) == []) is (route.access is Access.OPEN), route
