"""Who sees this computer is told after changes, only what is new, and only while somebody listens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from matinee.errors import StorageFailed
from matinee.events import ActivityChanged, Bus, PictureCame, TorrentGone
from matinee.models.overview import Glance
from matinee.playback import watchers as module
from matinee.playback.watchers import Watchers
from matinee.types import InfoHash, TitleId

NOBODY = Glance(0, 0, 0, False, 0, 0, 0, 0, 0, 0)
GONE = TorrentGone(InfoHash("a" * 40))


class Eyes:
    """Sees what a test says, and counts how often it looked."""

    def __init__(self) -> None:
        self.sees: list[Glance | Exception] = []
        self.looked = 0
        self.has_looked = asyncio.Event()

    async def __call__(self) -> Glance:
        self.looked += 1
        self.has_looked.set()
        now = self.sees.pop(0) if len(self.sees) > 1 else self.sees[0]
        if isinstance(now, Exception):
            raise now
        return now


@asynccontextmanager
async def watching(eyes: Eyes, patch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Bus, Watchers]]:
    patch.setattr(module, "CALM_S", 0.0)
    bus = Bus()
    watchers = Watchers(bus, eyes)
    task = asyncio.create_task(watchers.keep_telling())
    try:
        yield bus, watchers
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_change_when_somebody_listens_then_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    eyes = Eyes()
    one = replace(NOBODY, people=1, swarms=1)
    eyes.sees = [NOBODY, NOBODY, StorageFailed("not now"), one]
    async with watching(eyes, monkeypatch) as (bus, _), asyncio.timeout(30):
        with bus.subscribe() as heard:
            told: list[Glance] = []
            for _ in eyes.sees[:]:
                bus.publish(PictureCame(TitleId("x")))
                bus.publish(GONE)
                await eyes.has_looked.wait()
                eyes.has_looked.clear()
            while not told or told[-1] != one:
                event = await heard.next()
                if isinstance(event, ActivityChanged):
                    told.append(event.now)
    assert told == [one]  # a listener that was slow has only the newest
    assert eyes.looked == 4


async def test_change_when_nobody_listens_then_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    eyes = Eyes()
    eyes.sees = [NOBODY]
    async with watching(eyes, monkeypatch) as (bus, watchers), asyncio.timeout(30):
        bus.publish(GONE)
        for _ in range(5):
            await asyncio.sleep(0)
        assert eyes.looked == 0
        with bus.subscribe() as heard:
            watchers.moved()
            assert await heard.next() == ActivityChanged(NOBODY)
    assert eyes.looked == 1
