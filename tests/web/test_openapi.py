"""The description speaks of every route, and the table knows every route of FastAPI."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from matinee.web.api import build_api
from matinee.web.routing import Access
from matinee.web.wire import Wire
from tests.web.conftest import House


def built(house: House) -> FastAPI:
    """Make the application around a house's fakes."""
    wire = Wire(house.gate.signer)
    return build_api(
        house.films,
        house.playbacks,
        house.titles,
        house.further,
        house.sources,
        house.watching,
        house.settings,
        house.disk,
        lambda: house.publishing,
        house.devices,
        wire,
    )


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
    api = built(house)
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


async def test_api_when_a_collector_is_named_then_it_is_sent_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    api = built(house)
    assert not api._telemetry["auto_configure"]
    assert not api._native_telemetry.enabled()
