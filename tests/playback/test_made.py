"""Things are made once for all who want them, and given up with the last who does."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from matinee.errors import BadFilm, PlaybackNotFound
from matinee.playback.made import Key, Made

FIRST, SECOND, FAR = ("v", 0), ("v", 1), ("v", 90)


class Bench:
    """Makes things when told to."""

    def __init__(self) -> None:
        self.made = Made(100)
        self.begun: list[Key] = []
        self.cancelled: list[Key] = []
        self.may_end = asyncio.Event()
        self.busy = asyncio.Event()
        self.failure: Exception | None = None

    async def get(self, key: Key, size: int = 10) -> bytes:
        return await self.made.get(key, lambda: self._make(key, size))

    def ahead(self, key: Key) -> None:
        self.made.make_ahead(key, lambda: self._make(key, 10))

    async def wanting(self, key: Key) -> "asyncio.Task[bytes]":
        """Begin to want a thing, and give the task once it is being made or waited for."""
        task = asyncio.create_task(self.get(key))
        await asyncio.sleep(0)
        await self.busy.wait()
        return task

    async def _make(self, key: Key, size: int) -> bytes:
        self.begun.append(key)
        self.busy.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled.append(key)
            raise
        if self.failure is not None:
            raise self.failure
        return bytes([key[1]]) * size


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    async with asyncio.timeout(60):
        yield bench
        await bench.made.clear()


async def test_thing_that_two_want_is_made_once(bench: Bench) -> None:
    first, second = await bench.wanting(FIRST), await bench.wanting(FIRST)
    bench.may_end.set()
    assert await first == await second == bytes(10)
    assert await bench.get(FIRST) == bytes(10)
    assert bench.begun == [FIRST]


async def test_thing_is_made_on_when_one_of_two_gives_up(bench: Bench) -> None:
    first, second = await bench.wanting(FIRST), await bench.wanting(FIRST)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    bench.may_end.set()
    assert await second == bytes(10)
    assert bench.cancelled == []


async def test_thing_is_given_up_with_the_last_who_wants_it(bench: Bench) -> None:
    first, second = await bench.wanting(FIRST), await bench.wanting(FIRST)
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    await bench.made.clear()
    assert bench.cancelled == [FIRST]


async def test_thing_that_was_given_up_is_made_anew_for_the_next(bench: Bench) -> None:
    first = await bench.wanting(FIRST)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    second = asyncio.create_task(bench.get(FIRST))
    bench.may_end.set()
    assert await second == bytes(10)
    assert bench.begun == [FIRST, FIRST]


async def test_failure_is_told_to_all_who_wait_and_not_kept(bench: Bench) -> None:
    first, second = await bench.wanting(FIRST), await bench.wanting(FIRST)
    bench.failure = BadFilm("Broken there.")
    bench.may_end.set()
    found = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(one) for one in found] == [BadFilm, BadFilm]
    bench.failure = None
    assert await bench.get(FIRST) == bytes(10)


async def test_failure_of_what_nobody_wants_is_not_heard_of(bench: Bench) -> None:
    bench.failure = BadFilm("Broken there.")
    bench.ahead(FIRST)
    await bench.busy.wait()
    bench.may_end.set()
    await bench.made.clear()
    assert bench.begun == [FIRST]


async def test_thing_made_ahead_is_there_when_it_is_wanted(bench: Bench) -> None:
    bench.ahead(SECOND)
    bench.ahead(SECOND)
    wanted = await bench.wanting(SECOND)
    bench.may_end.set()
    assert await wanted == b"\1" * 10
    bench.ahead(SECOND)
    assert bench.begun == [SECOND]


async def test_dropping_ends_what_is_made_ahead_but_not_what_is_wanted_or_kept_on(bench: Bench) -> None:
    wanted = await bench.wanting(FAR)
    bench.ahead(FIRST)
    bench.ahead(SECOND)
    await asyncio.sleep(0)
    bench.made.drop_ahead(lambda key: key == SECOND)
    bench.may_end.set()
    await wanted
    await bench.get(SECOND)
    assert bench.cancelled == [FIRST]
    assert bench.begun == [FAR, FIRST, SECOND]


async def test_oldest_things_go_when_there_are_too_many_bytes(bench: Bench) -> None:
    bench.may_end.set()
    for number in range(4):
        await bench.get(("v", number), 30)
    await bench.get(("v", 1), 30)
    await bench.get(("v", 4), 30)
    bench.begun.clear()
    for number in (4, 1, 3, 2):
        await bench.get(("v", number), 30)
    assert bench.begun == [("v", 2)]


async def test_thing_larger_than_the_limit_is_kept_alone(bench: Bench) -> None:
    bench.may_end.set()
    await bench.get(FIRST, 30)
    await bench.get(SECOND, 1000)
    await bench.get(SECOND, 1000)
    await bench.get(FIRST, 30)
    assert bench.begun == [FIRST, SECOND, FIRST]


async def test_clearing_tells_who_waits_that_the_playback_has_ended(bench: Bench) -> None:
    first = await bench.wanting(FIRST)
    await bench.made.clear()
    with pytest.raises(PlaybackNotFound):
        await first
    assert bench.cancelled == [FIRST]
