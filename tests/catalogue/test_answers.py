"""What providers answered last, in either database."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from matinee.catalogue.answers import Answers
from matinee.models.provider import Kept
from matinee.storage.database import Database
from tests.catalogue.made import SERIES, film

if TYPE_CHECKING:
    from sqlalchemy import Connection

AT = datetime(2026, 11, 26, 12, 0, 0, 5, tzinfo=UTC)


async def test_answers_when_kept_then_found_whole_and_the_newer_stands_in_the_place_of_the_older(
    database: Database,
) -> None:
    answers = Answers(database)
    assert await answers.find("a", "moon") is None
    await answers.keep("a", "moon", Kept((SERIES, film("a.1", "Ça, ‘là’")), AT))
    assert await answers.find("a", "moon") == Kept((SERIES, film("a.1", "Ça, ‘là’")), AT)
    assert await answers.find("b", "moon") is None
    await answers.keep("a", "moon", Kept((), AT + timedelta(days=1)))
    assert await answers.find("a", "moon") == Kept((), AT + timedelta(days=1))


async def test_answers_when_there_are_too_many_then_the_oldest_are_let_go(database: Database) -> None:
    answers = Answers(database, most=3)
    for number in range(5):
        await answers.keep("a", str(number), Kept((), AT + timedelta(seconds=number)))
    found = [number for number in range(5) if await answers.find("a", str(number)) is not None]
    assert found == [2, 3, 4]


async def test_answers_when_the_clock_was_set_back_then_those_that_come_now_are_kept(
    database: Database,
) -> None:
    answers = Answers(database, most=3)
    ahead = AT + timedelta(days=365)
    for number in range(3):
        await answers.keep("a", f"ahead-{number}", Kept((), ahead + timedelta(seconds=number)))
    for number in range(2):
        await answers.keep("a", f"now-{number}", Kept((), AT + timedelta(seconds=number)))
    assert await answers.find("a", "now-0") == Kept((), AT)
    assert await answers.find("a", "now-1") == Kept((), AT + timedelta(seconds=1))


@pytest.mark.parametrize("titles", ["[{}]", "no json", '[{"id": 1, "kind": "play"}]', "7"])
async def test_answers_when_an_older_program_wrote_another_shape_then_as_if_there_were_none(
    database: Database, titles: str
) -> None:
    answers = Answers(database)
    await answers.keep("a", "moon", Kept((), AT))

    def spoil(connection: "Connection") -> None:
        from sqlalchemy import update

        from matinee.storage.tables import provider_answers

        connection.execute(update(provider_answers).values(titles=titles))

    await database.run(spoil)
    assert await answers.find("a", "moon") is None
