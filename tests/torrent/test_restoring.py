"""Kept torrents are prepared beside each other and entered in their order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from matinee.errors import BadTorrent
from matinee.torrent import restoring
from matinee.torrent.restoring import AHEAD, bring_back
from matinee.torrent.store import Record
from matinee.types import InfoHash
from tests.torrent.test_store import BARE

DEADLINE_S = 60.0
RECORDS = [replace(BARE, info_hash=InfoHash(f"{number:040x}")) for number in range(AHEAD + 5)]


async def kept(records: list[Record]) -> AsyncIterator[Record]:
    for record in records:
        yield record


class Preparing:
    """Prepares records, each for as long as nobody lets it go on."""

    def __init__(self, *bad: Record) -> None:
        self.free = asyncio.Event()
        self.bad = {record.info_hash for record in bad}
        self.now = self.most = 0
        self.entered: list[InfoHash] = []

    async def prepare(self, record: Record) -> InfoHash:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.free.wait()
            await asyncio.sleep(0)
        finally:
            self.now -= 1
        if record.info_hash in self.bad:
            raise BadTorrent("broken")
        return record.info_hash

    def enter(self, record: Record, prepared: InfoHash) -> None:
        assert record.info_hash == prepared
        self.entered.append(prepared)

    async def run(self, records: list[Record]) -> None:
        """Bring back; all wait for each other until no more are begun."""
        async with asyncio.timeout(DEADLINE_S):
            going = asyncio.create_task(bring_back(kept(records), self.prepare, self.enter))
            for _ in range(3 * len(records)):
                await asyncio.sleep(0)
            assert self.entered == []
            self.free.set()
            await going


async def test_bring_back_when_there_are_many_then_some_at_once_and_all_in_their_order() -> None:
    preparing = Preparing()
    await preparing.run(RECORDS)
    assert preparing.most == AHEAD
    assert preparing.entered == [record.info_hash for record in RECORDS]


async def test_bring_back_when_some_are_broken_then_the_others_are_there() -> None:
    preparing = Preparing(RECORDS[0], RECORDS[3])
    await preparing.run(RECORDS)
    assert preparing.entered == [one.info_hash for one in RECORDS if one not in (RECORDS[0], RECORDS[3])]


async def test_bring_back_when_they_are_long_then_as_many_at_once_as_memory_bears(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restoring, "AHEAD_BYTES", 1000)
    records = [
        replace(record, metainfo=bytes(size), resume=bytes(100))
        for record, size in zip(RECORDS, (5000, 5000, 300, 300, 300, 5000), strict=False)
    ]
    preparing = Preparing()
    await preparing.run(records)
    assert preparing.most == 2
    assert len(preparing.entered) == 6


async def test_bring_back_when_given_up_then_nothing_goes_on() -> None:
    preparing = Preparing()
    going = asyncio.create_task(bring_back(kept(RECORDS), preparing.prepare, preparing.enter))
    for _ in range(3 * AHEAD):
        await asyncio.sleep(0)
    was = preparing.now
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert (was, preparing.now, preparing.entered) == (AHEAD, 0, [])
