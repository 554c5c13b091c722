"""Promises and what came of them, over a restart, in either database."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from matinee.storage import promises as module
from matinee.storage.database import Database
from matinee.storage.promises import PromiseStore
from matinee.storage.tables import promises
from tests.fakes.playbacks import OUTCOMES


async def test_what_was_kept_comes_back_in_order(database: Database) -> None:
    store = PromiseStore(database)
    for one in OUTCOMES:
        await store.add(one)
    assert await store.load(10) == list(OUTCOMES)
    assert await store.load(1) == [OUTCOMES[-1]]


async def test_the_oldest_go_when_there_are_too_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    store = PromiseStore(database)
    for one in (OUTCOMES[0], *OUTCOMES, *OUTCOMES):
        await store.add(one)
    assert await store.load(10) == list(OUTCOMES)


async def test_order_is_that_of_keeping_wherever_the_clock_stood(database: Database) -> None:
    store = PromiseStore(database)
    kept = [replace(OUTCOMES[0], at=f"{year}-11-26T12:00:00Z") for year in (2026, 2027, 1970, 2026, 2106)]
    for one in kept:
        await store.add(one)
    assert await store.load(9) == kept
    assert await store.load(2) == kept[-2:]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"promise": 3}', '{"promise": {"plays": "x", "basis": "y"}}']
)
async def test_a_damaged_row_is_left_out(database: Database, text: str) -> None:
    store = PromiseStore(database)
    await database.run(lambda connection: connection.execute(insert(promises).values(outcome=text)) and None)
    await store.add(OUTCOMES[0])
    assert await store.load(10) == [OUTCOMES[0]]
