"""How a device comes in: the codes, the questions and their limits."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import Conflict, NotFound, Refused
from matinee.models.device import MOST_NAME_CHARS, Role
from matinee.web.pairing import (
    ASK_LIFE_S,
    CODE_LIFE_S,
    MOST_ASKS,
    MOST_CODES,
    MOST_IN_WINDOW,
    MOST_TRIES,
    WINDOW_S,
    LetIn,
    Pairing,
)
from tests.web.conftest import Clock

WRONG = "x" * 22


def _pairing() -> tuple[Pairing, Clock]:
    clock = Clock(1000.0)
    return Pairing(monotonic=clock), clock


def _wrong_number(number: str) -> str:
    return f"{(int(number) + 1) % 10**8:08d}"


async def test_typed_code_lets_in_only_after_somebody_said_yes() -> None:
    pairing, _ = _pairing()
    asked = pairing.ask("My phone", "10.0.0.7", pairing.open().number)
    (ask,) = pairing.asks()
    assert (ask.name, ask.match, ask.address, ask.with_code) == ("My phone", asked.match, "10.0.0.7", True)
    assert len(asked.match) == 2
    waiting = asyncio.create_task(pairing.wait(asked.secret))
    await asyncio.sleep(0)
    assert not waiting.done()
    pairing.answer(ask.id, Role.MANAGE)
    assert await waiting == LetIn("My phone", Role.MANAGE)
    assert pairing.asks() == []
    with pytest.raises(Refused):
        await pairing.wait(asked.secret)


async def test_device_that_is_sent_away_is_told_so() -> None:
    pairing, _ = _pairing()
    asked = pairing.ask("My phone", "10.0.0.7", None)
    pairing.answer(pairing.asks()[0].id, None)
    with pytest.raises(Refused, match="said no"):
        await pairing.wait(asked.secret)


async def test_wait_when_nobody_answers_ends_and_may_be_asked_anew() -> None:
    pairing, clock = _pairing()
    asked = pairing.ask("My phone", "10.0.0.7", None)
    assert await pairing.wait(asked.secret, 0.0) is None
    clock.now += ASK_LIFE_S
    assert pairing.asks() == []
    with pytest.raises(Refused):
        await pairing.wait(asked.secret)


async def test_answer_after_the_question_ended_is_not_there() -> None:
    pairing, clock = _pairing()
    pairing.ask("My phone", "10.0.0.7", None)
    (ask,) = pairing.asks()
    clock.now += ASK_LIFE_S
    with pytest.raises(NotFound):
        pairing.answer(ask.id, Role.WATCH)


@pytest.mark.parametrize("by", ["camera", "keys"])
async def test_code_works_once(by: str) -> None:
    pairing, _ = _pairing()
    code = pairing.open()

    def use() -> None:
        if by == "camera":
            pairing.scan(code.secret)
        else:
            pairing.ask("x", "10.0.0.7", code.number)

    use()
    with pytest.raises(Refused):
        use()


async def test_code_after_two_minutes_is_void() -> None:
    pairing, clock = _pairing()
    code = pairing.open()
    clock.now += CODE_LIFE_S
    with pytest.raises(Refused):
        pairing.scan(code.secret)


async def test_code_that_was_closed_is_void() -> None:
    pairing, _ = _pairing()
    code = pairing.open()
    pairing.close(code.id)
    with pytest.raises(Refused):
        pairing.scan(code.secret)


async def test_oldest_of_too_many_codes_is_void() -> None:
    pairing, _ = _pairing()
    first, *others = [pairing.open() for _ in range(MOST_CODES + 1)]
    with pytest.raises(Refused):
        pairing.scan(first.secret)
    for code in others:
        pairing.scan(code.secret)


async def test_code_after_five_wrong_tries_is_void() -> None:
    pairing, _ = _pairing()
    code = pairing.open()
    for _ in range(MOST_TRIES):
        with pytest.raises(Refused):
            pairing.ask("x", "10.0.0.7", _wrong_number(code.number))
    with pytest.raises(Refused):
        pairing.scan(code.secret)


async def test_ten_thousand_tries_reach_twenty_and_shut_everything_until_the_owner_presses() -> None:
    pairing, clock = _pairing()
    reached = 0
    for _ in range(10_000):
        clock.now += 0.001
        reached += not pairing.locked
        with pytest.raises(Refused):
            pairing.scan(WRONG)
    assert (reached, pairing.locked) == (MOST_IN_WINDOW, True)
    clock.now += WINDOW_S
    with pytest.raises(Refused, match="too many tries"):
        pairing.ask("x", "10.0.0.7", None)
    pairing.scan(pairing.open().secret)


async def test_tries_that_are_far_apart_shut_nothing() -> None:
    pairing, clock = _pairing()
    for _ in range(3 * MOST_IN_WINDOW):
        clock.now += WINDOW_S / (MOST_IN_WINDOW - 1) + 1
        with pytest.raises(Refused):
            pairing.scan(WRONG)
    assert not pairing.locked


async def test_flood_of_questions_keeps_three_and_leaves_those_with_a_code_room() -> None:
    pairing, _ = _pairing()
    for _ in range(MOST_ASKS):
        pairing.ask("x", "10.0.0.7", None)
    for _ in range(10_000):
        with pytest.raises(Conflict):
            pairing.ask("x", "10.0.0.7", None)
    pairing.ask("y", "10.0.0.8", pairing.open().number)
    assert [ask.name for ask in pairing.asks()] == ["x", "x", "x", "y"]


async def test_questions_that_are_answered_and_asked_again_end_after_twenty() -> None:
    pairing, _ = _pairing()
    for _ in range(MOST_IN_WINDOW - 1):
        pairing.ask("x", "10.0.0.7", None)
        pairing.answer(pairing.asks()[0].id, None)
    for _ in range(10_000):
        with pytest.raises(Refused):
            pairing.ask("x", "10.0.0.7", None)
    assert pairing.locked


async def test_shut_ends_codes_and_sends_away_who_waits() -> None:
    pairing, _ = _pairing()
    code, asked = pairing.open(), pairing.ask("x", "10.0.0.7", None)
    waiting = asyncio.create_task(pairing.wait(asked.secret))
    await asyncio.sleep(0)
    pairing.shut()
    with pytest.raises(Refused):
        await waiting
    with pytest.raises(Refused):
        pairing.scan(code.secret)


@given(st.text())
def test_name_of_a_device_is_short_and_fit_to_be_read(name: str) -> None:
    pairing, _ = _pairing()
    pairing.ask(name, "10.0.0.7", None)
    (ask,) = pairing.asks()
    assert 0 < len(ask.name) <= MOST_NAME_CHARS
    assert ask.name.isprintable()
