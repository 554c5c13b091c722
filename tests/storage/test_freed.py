"""Films that went to make room, over a restart, in either database."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from matinee.models.space import Freed, Standing
from matinee.storage.database import Database
from matinee.storage.freed import MOST, FreedStore
from matinee.storage.tables import freed
from matinee.types import InfoHash, TitleId

ONE = Freed(
    InfoHash("a" * 40), "The Kid", TitleId("the-kid-1921"), 7, Standing.WATCHED, "magnet:?", "2026-11-26T20:00:00Z"
)  # fmt: skip


async def test_films_that_went_come_back_the_last_first_and_the_oldest_go(database: Database) -> None:
    films = [replace(ONE, name=str(n), title_id=None) for n in range(MOST + 2)]
    for film in films:
        await FreedStore(database).add(film)
    assert await FreedStore(database).load() == films[:1:-1]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"standing": "gone"}', '{"standing": "watched", "x": 1}'])
async def test_a_damaged_row_is_left_out(database: Database, text: str) -> None:
    await database.run(lambda connection: connection.execute(insert(freed).values(film=text)) and None)
    await FreedStore(database).add(ONE)
    assert await FreedStore(database).load() == [ONE]
