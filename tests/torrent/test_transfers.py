"""Turns and giving, over torrents that are made up: who is told what, and when a timer wakes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import libtorrent as lt
import pytest

from matinee.models.torrent import AS_SET, Enough, Sharing, Take, Takes, TorrentChange
from matinee.torrent import transfers
from matinee.torrent.giving import GiveLimits, Given
from matinee.torrent.running import Runner
from matinee.torrent.settings import EngineSettings
from matinee.torrent.shared import Shared
from matinee.torrent.showing import stamp
from matinee.torrent.store import Record, TorrentStore
from matinee.torrent.torrent import Torrent
from matinee.torrent.transfers import Transfers
from matinee.types import FileIndex, InfoHash

DEADLINE_S = 60.0


class FakeHandle:
    """Takes limits as libtorrent's does."""

    def __init__(self) -> None:
        self.limits: list[int] = []

    def set_download_limit(self, limit: int) -> None:
        self.limits.append(limit)

    def set_upload_limit(self, limit: int) -> None:
        self.limits.append(limit)


@dataclass(eq=False)
class FakeTorrent:
    """A torrent as far as transfers look at it."""

    record: Record
    asks: bool = True
    files_read: tuple[FileIndex, ...] = ()
    bytes_done: int = 0
    bytes_up: int = 0
    turn: bool = False
    starved: bool = False
    enough: Enough | None = None
    trouble: None = None
    handle: FakeHandle = field(default_factory=FakeHandle)
    turns: list[bool] = field(default_factory=list)

    @property
    def film(self) -> SimpleNamespace:
        return SimpleNamespace(bytes_done=self.bytes_done)

    @property
    def given(self) -> Given:
        since = self.record.completed_at
        return Given(1000, 1000, self.bytes_up, None if since is None else COMPLETE_S)

    def go_by_turn(self) -> None:
        self.turns.append(self.turn)

    def change(self, **fields: Any) -> None:
        self.record = replace(self.record, **fields)


COMPLETE_S = 1_800_000_000.0


class FakeStore:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.places: dict[InfoHash, int] = {}

    async def put(self, record: Record) -> None:
        self.records.append(record)

    async def put_places(self, places: dict[InfoHash, int]) -> None:
        self.places |= places


class FakeRunner:
    """Remembers who was steered."""

    def __init__(self) -> None:
        self.steered: list[object] = []
        self.rested = asyncio.Event()

    def steer(self, torrent: object) -> None:
        self.steered.append(torrent)

    def rest_soon(self, torrent: object) -> None:
        self.steered.append(torrent)
        self.rested.set()


class Hall:
    """Transfers with what stands around them."""

    def __init__(self, *, at_once: int = 1, give: GiveLimits | None = None) -> None:
        self.store, self.runner = FakeStore(), FakeRunner()
        self.torrents: dict[FakeHandle, FakeTorrent] = {}
        settings = EngineSettings(downloads_at_once=at_once, give=give or GiveLimits())
        self.told: list[object] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.transfers = Transfers(
            cast(Shared, SimpleNamespace(settings=settings)),
            cast(TorrentStore, self.store),
            cast(dict[lt.torrent_handle, Torrent], self.torrents),
            cast(Runner, self.runner),
            cast(Callable[[Torrent], None], self.told.append),
            self._begin,
        )

    def add(self, name: str, **more: Any) -> FakeTorrent:
        """Have one more torrent, the last."""
        record = Record(
            InfoHash(name), name, "", None, None, f"2026-11-2{len(self.torrents)}", paused=False,
            sharing=Sharing.KEEP, rights=None, down_limit_bytes_per_s=0, up_limit_bytes_per_s=0,
            takes=Takes(Take.NORMAL), place=self.transfers.next_place,
        )  # fmt: skip
        made = FakeTorrent(record, **more)
        self.torrents[made.handle] = made
        self.changed(made)
        return made

    def changed(self, torrent: FakeTorrent) -> None:
        self.transfers.changed(cast(Torrent, torrent))

    async def change(self, torrent: FakeTorrent, **fields: Any) -> None:
        await self.transfers.change(cast(Torrent, torrent), TorrentChange(**fields))

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let the loop go on until it is so."""
        async with asyncio.timeout(DEADLINE_S):
            while not is_so():  # noqa: ASYNC110 - each turn of the loop is the wait
                await asyncio.sleep(0)

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.tasks.append(asyncio.create_task(work, name=name))


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    """Transfers of which one goes at a time."""
    made = Hall()
    yield made
    made.transfers.close()


async def test_turn_when_the_first_has_all_then_the_next_has_its_turn(hall: Hall) -> None:
    first, second = hall.add("a"), hall.add("b")
    await hall.until(lambda: first.turn)
    assert not second.turn
    first.asks = False
    hall.changed(first)
    await hall.until(lambda: second.turn)
    assert (first.turn, first.turns, hall.told[-1]) == (False, [True, False], second)


async def test_turn_when_another_is_played_then_it_goes_first(hall: Hall) -> None:
    first, second = hall.add("a"), hall.add("b")
    await hall.until(lambda: first.turn)
    second.files_read = (FileIndex(0),)
    hall.changed(second)
    await hall.until(lambda: second.turn and not first.turn)


async def test_turn_when_nothing_comes_then_the_next_goes_beside_it_until_something_does(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "STARVED_S", 0.01)
    first = hall.add("a")
    await hall.until(lambda: first.starved)
    monkeypatch.setattr(transfers, "STARVED_S", 3600.0)
    second = hall.add("b")
    await hall.until(lambda: second.turn)
    assert first.turn
    first.bytes_done = 500
    hall.changed(first)
    await hall.until(lambda: not second.turn)
    assert (first.turn, first.starved) == (True, False)


async def test_change_when_one_is_moved_then_the_order_is_kept_and_turns_go_by_it(hall: Hall) -> None:
    first, second, third = hall.add("a"), hall.add("b"), hall.add("c")
    await hall.change(third, queue_position=0)
    await hall.until(lambda: third.turn and not first.turn)
    assert hall.store.places == {"a": 1, "b": 2, "c": 0}
    assert [one.record.place for one in (first, second, third)] == [1, 2, 0]


async def test_forget_when_one_goes_then_those_behind_it_move_up(hall: Hall) -> None:
    first, second = hall.add("a"), hall.add("b")
    await hall.until(lambda: first.turn)
    del hall.torrents[first.handle]
    hall.transfers.forget(cast(Torrent, first))
    await hall.until(lambda: second.turn)
    await asyncio.gather(*hall.tasks)
    assert hall.store.places == {"b": 0}
    hall.changed(first)  # what comes late of it is nobody's
    assert hall.transfers.next_place == 1


async def test_forget_when_another_comes_at_the_same_moment_then_those_behind_it_move_up_all_the_same(
    hall: Hall,
) -> None:
    first, second = hall.add("a"), hall.add("b")
    del hall.torrents[first.handle]
    hall.transfers.forget(cast(Torrent, first))
    third = hall.add("c")
    await asyncio.gather(*hall.tasks)
    assert (second.record.place, hall.store.places) == (0, {"b": 0})
    assert third.record.place > 0


async def test_change_of_takes_and_limits_then_they_are_kept_and_hold_at_once(hall: Hall) -> None:
    one = hall.add("a")
    await hall.change(one, take=Take.HIGH, down_limit_bytes_per_s=5000, give_ratio_limit=2.0)
    assert hall.store.records[-1].takes == Takes(Take.HIGH)
    assert (one.handle.limits, one.record.give_ratio) == ([5000, -1], 2.0)
    await hall.change(one, give_ratio_limit=AS_SET, give_hours_limit=0.0)
    assert (one.record.give_ratio, one.record.give_hours) == (None, 0.0)
    await hall.transfers.take(cast(Torrent, one), FileIndex(3), Take.NOT)
    assert hall.store.records[-1].takes == Takes(Take.HIGH, {FileIndex(3): Take.NOT})


async def test_change_when_it_is_kept_for_offline_then_all_of_it_is_taken_unless_some_is(hall: Hall) -> None:
    one, other = hall.add("a"), hall.add("b")
    one.change(takes=Takes())
    other.change(takes=Takes(Take.LOW))
    await hall.change(one, kept=True)
    await hall.change(other, kept=True)
    assert (one.record.takes, other.record.takes) == (Takes(Take.NORMAL), Takes(Take.LOW))


async def test_giving_when_the_ratio_is_reached_then_it_rests_until_its_limit_is_moved() -> None:
    hall = Hall(give=GiveLimits(ratio=2.0))
    one = hall.add("a", asks=False)
    hall.transfers.completed(cast(Torrent, one))
    one.bytes_up = 2000
    hall.changed(one)
    assert (one.enough, hall.runner.steered) == (Enough.RATIO, [one])
    await hall.change(one, give_ratio_limit=0.0)
    assert one.enough is None
    hall.transfers.close()


async def test_giving_when_its_hours_end_then_a_timer_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall(give=GiveLimits(hours=1.0))
    began_s, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
    monkeypatch.setattr(time, "time", lambda: COMPLETE_S + 3599.95 + loop.time() - began_s)
    one = hall.add("a", asks=False)
    one.change(completed_at=stamp(COMPLETE_S))
    hall.changed(one)
    assert hall.runner.steered == []
    async with asyncio.timeout(DEADLINE_S):
        await hall.runner.rested.wait()
    assert one.enough is Enough.HOURS
    hall.transfers.close()


async def test_completed_when_it_was_before_then_the_first_moment_stays(hall: Hall) -> None:
    one = hall.add("a", asks=False)
    one.change(completed_at=stamp(COMPLETE_S))
    hall.transfers.completed(cast(Torrent, one))
    assert (one.record.completed_at, hall.store.records) == (stamp(COMPLETE_S), [])
