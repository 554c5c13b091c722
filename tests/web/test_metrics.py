"""``/metrics``: what Prometheus reads, and who may."""

import re

import httpx
import pytest

from matinee.errors import Refused
from matinee.web.asgi import Message, Scope
from matinee.web.routes.metrics import Metrics
from tests.fakes.disk import FakeDisk
from tests.fakes.films import FakeFilms
from tests.web.conftest import HASH, TOKEN, House

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\\n]*"\})? (-?[0-9.e+]+|NaN)')


async def test_metrics_are_written_as_prometheus_reads_them(house: House) -> None:
    answer = await house.client.get("/metrics")
    lines = answer.text.splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert [line for line in lines if not line.startswith("# ") and not LINE.fullmatch(line)] == []
    named = [line.split(" ")[2] for line in lines if line.startswith("# TYPE ")]
    assert sorted(named) == sorted(set(named)) == sorted({key.partition("{")[0] for key in figures})
    assert figures["matinee_ready"] == "1"
    assert float(figures["process_resident_memory_bytes"]) > 1e6
    assert float(figures["matinee_disk_used_bytes"]) == house.disk.seen.used_bytes
    torrents = sum(float(value) for key, value in figures.items() if key.startswith("matinee_torrents{"))
    assert torrents == len(await house.films.torrents())


async def test_metrics_name_no_film_and_no_secret(house: House) -> None:
    said = (await house.client.get("/metrics")).text
    names = [view.name for view in await house.films.torrents()]
    assert [name for name in [*names, TOKEN, HASH] if name in said] == []


async def test_metrics_when_asked_from_elsewhere_then_refused() -> None:
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    scope: Scope = {"type": "http", "method": "GET", "client": ("192.168.1.7", 5000)}
    metrics = Metrics(FakeFilms(), FakeDisk(), lambda: True)
    with pytest.raises(Refused, match="on this computer alone"):
        await metrics(scope, _nothing, send)
    assert told == []


async def test_metrics_without_a_token_are_refused(house: House) -> None:
    async with httpx.AsyncClient(base_url=str(house.client.base_url), trust_env=False) as stranger:
        assert (await stranger.get("/metrics")).status_code == 401


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
