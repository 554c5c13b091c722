"""What was free in the heap's middle goes back once nobody reads."""

import asyncio
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from matinee import allocator
from matinee.allocator import Tidy, give_back

DEADLINE_S = 60.0


async def test_tidy_when_the_last_reader_has_gone_then_gives_back_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back, loop = asyncio.Event(), asyncio.get_running_loop()
    monkeypatch.setattr(allocator, "QUIET_S", 0.01)
    monkeypatch.setattr(allocator, "give_back", lambda: loop.call_soon_threadsafe(back.set))
    with ThreadPoolExecutor(1) as pool:
        Tidy(pool).note(reading=False)
        async with asyncio.timeout(DEADLINE_S):
            await back.wait()


async def test_tidy_when_somebody_reads_again_or_the_program_ends_then_gives_nothing_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times: list[int] = []
    monkeypatch.setattr(allocator, "QUIET_S", 0.01)
    monkeypatch.setattr(allocator, "give_back", lambda: times.append(1))
    pool = ThreadPoolExecutor(1)
    seeking, ending = Tidy(pool), Tidy(pool)
    seeking.note(reading=False)
    seeking.note(reading=True)
    ending.note(reading=False)
    ending.close()
    later = asyncio.Event()
    asyncio.get_running_loop().call_later(0.1, later.set)
    async with asyncio.timeout(DEADLINE_S):
        await later.wait()
    pool.shutdown(wait=True)
    assert times == []


def test_give_back_when_what_is_free_holds_itself_then_goes_too() -> None:
    class Ring:
        """Holds itself, so that only the collector ends it."""

        def __init__(self) -> None:
            self.own = self

    gc.disable()
    try:
        ring = weakref.ref(Ring())
        before = ring()
        assert before is not None
        del before
        give_back()
        assert ring() is None
    finally:
        gc.enable()
