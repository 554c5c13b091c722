"""Work beside its owner is kept, waited for, and heard of when it fails."""

import asyncio
import gc
import logging

import pytest

from matinee.tasks import Tasks

DEADLINE_S = 60.0


async def test_done_when_work_begins_more_work_then_that_is_waited_for_too() -> None:
    tasks = Tasks()
    order: list[str] = []

    async def last() -> None:
        await asyncio.sleep(0)
        order.append("last")

    async def first() -> None:
        await asyncio.sleep(0)
        tasks.begin(last())
        order.append("first")

    tasks.begin(first())
    gc.collect()
    await asyncio.wait_for(tasks.done(), DEADLINE_S)
    assert order == ["first", "last"]


async def test_cancel_when_work_waits_for_ever_then_it_is_over_and_nothing_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks()

    async def forever() -> None:
        await asyncio.Event().wait()

    task = tasks.begin(forever())
    tasks.cancel()
    await asyncio.wait_for(tasks.done(), DEADLINE_S)
    assert task.cancelled()
    assert caplog.records == []


async def test_begin_when_work_fails_then_it_is_logged_once_and_whoever_waits_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks()

    async def fail() -> None:
        raise LookupError("no such film")

    task = tasks.begin(fail(), "films")
    with pytest.raises(LookupError):
        await asyncio.wait_for(task, DEADLINE_S)
    await asyncio.wait_for(tasks.done(), DEADLINE_S)
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [
        (logging.ERROR, "A task failed task=films")
    ]
