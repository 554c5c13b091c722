"""Readers take seats, and what they want together reaches whoever fetches."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from matinee.torrent import steering
from matinee.torrent.layout import FileLayout, Layout
from matinee.torrent.schedule import Change
from matinee.torrent.steering import Seat, Steering
from matinee.types import PieceIndex, Priority

PIECE = 1024 * 1024
FILM = FileLayout(Layout(PIECE, 100 * PIECE), 0, 100 * PIECE)
DEADLINE_S = 60.0


class RecordingFetcher:
    """Keeps the wish as the engine would, and every jump."""

    def __init__(self) -> None:
        self.wish: dict[PieceIndex, Priority] = {}
        self.jumps: list[PieceIndex] = []
        self.changes = 0
        self.by_lane = False
        self._changed = asyncio.Condition()

    def apply(self, change: Change) -> None:
        self.changes += 1
        self.jumps += [change.cancel_for] if change.cancel_for is not None else []
        merged = {**self.wish, **dict(change.priorities)}
        self.wish = {piece: priority for piece, priority in merged.items() if priority > 0}
        self._told = asyncio.ensure_future(self._tell())

    async def until(self, is_so: Callable[[dict[PieceIndex, Priority]], bool]) -> None:
        """Wait until the wish is so."""
        async with asyncio.timeout(DEADLINE_S), self._changed:
            await self._changed.wait_for(lambda: is_so(self.wish))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Desk:
    """A steering with what stands around it."""

    def __init__(self) -> None:
        self.fetcher = RecordingFetcher()
        self.have = bytearray(FILM.torrent.piece_count)
        self.steering = Steering(FILM.torrent, self.have, self.fetcher)

    def sit(self, position: int) -> tuple[int, Seat]:
        """Open a reader that waits at a place."""
        seat_id, seat = self.steering.open(FILM, 0)
        self.steering.wait(seat, position)
        return seat_id, seat

    def bring(self, piece: int) -> None:
        """Have a piece arrive."""
        self.have[piece] = 1
        self.steering.arrived(PieceIndex(piece))


async def next_turn() -> None:
    """Wait until what was due in this turn of the loop is done."""
    turned = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turned.set_result, None)
    await asyncio.wait_for(turned, DEADLINE_S)


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A steering whose last reader is soon forgotten."""
    monkeypatch.setattr(steering, "LINGER_S", 0.01)
    made = Desk()
    yield made
    made.steering.stop()


async def test_open_when_nothing_was_read_then_wants_nothing(desk: Desk) -> None:
    desk.steering.open(FILM, 0)
    await next_turn()
    assert (desk.fetcher.wish, desk.steering.waiting, desk.steering.readers) == ({}, False, 1)


async def test_wait_when_a_piece_is_missing_then_it_is_wanted_at_once(desk: Desk) -> None:
    desk.sit(30 * PIECE)
    assert 30 in desk.fetcher.wish
    assert desk.steering.waiting


async def test_arrived_when_it_was_waited_for_then_the_next_is_wanted(desk: Desk) -> None:
    _, seat = desk.sit(30 * PIECE)
    desk.bring(30)
    desk.steering.advance(seat, 30 * PIECE, 31 * PIECE)
    await desk.fetcher.until(lambda wish: 31 in wish)
    assert 30 not in desk.fetcher.wish
    assert not desk.steering.waiting


async def test_readers_when_ten_wait_in_ten_places_then_each_has_its_next_piece_wanted(desk: Desk) -> None:
    places = range(0, 100, 10)
    for place in places:
        desk.sit(place * PIECE)
    assert set(places) <= set(desk.fetcher.wish)


async def test_wait_when_a_lone_reader_jumps_then_what_is_in_flight_is_cancelled_for_its_new_place(
    desk: Desk,
) -> None:
    _, seat = desk.sit(0)
    desk.steering.wait(seat, 70 * PIECE)
    assert desk.fetcher.jumps == [70]
    assert 70 in desk.fetcher.wish
    assert 0 not in desk.fetcher.wish


async def test_wait_when_another_reader_waits_then_a_jump_cancels_nothing_of_it(desk: Desk) -> None:
    desk.sit(0)
    _, seat = desk.sit(30 * PIECE)
    desk.steering.wait(seat, 70 * PIECE)
    assert desk.fetcher.jumps == []
    assert {0, 70} <= set(desk.fetcher.wish)


async def test_wait_when_it_seeks_many_times_then_only_the_last_place_is_wanted(desk: Desk) -> None:
    _, seat = desk.sit(0)
    for place in (50, 20, 80, 10, 60):
        desk.steering.wait(seat, place * PIECE)
    assert min(desk.fetcher.wish) == 60


async def test_close_when_the_last_reader_leaves_then_soon_nothing_is_wanted(desk: Desk) -> None:
    seat_id, _ = desk.sit(30 * PIECE)
    desk.steering.close(seat_id)
    desk.steering.close(seat_id)
    await desk.fetcher.until(lambda wish: not wish)
    assert desk.steering.readers == 0


async def test_close_when_another_comes_meanwhile_then_its_place_is_wanted(desk: Desk) -> None:
    seat_id, _ = desk.sit(30 * PIECE)
    desk.steering.close(seat_id)
    desk.sit(70 * PIECE)
    await desk.fetcher.until(lambda wish: 70 in wish and 30 not in wish)


async def test_close_when_others_read_then_only_its_own_wishes_go(desk: Desk) -> None:
    desk.sit(0)
    seat_id, _ = desk.sit(50 * PIECE)
    desk.steering.close(seat_id)
    await desk.fetcher.until(lambda wish: 0 in wish and 50 not in wish)


async def test_pause_when_paused_then_nothing_is_wanted_until_resumed(desk: Desk) -> None:
    desk.sit(30 * PIECE)
    desk.steering.pause(True)
    await desk.fetcher.until(lambda wish: not wish)
    desk.steering.pause(False)
    await desk.fetcher.until(lambda wish: 30 in wish)


async def test_reset_when_the_engine_forgot_then_the_wish_is_said_again(desk: Desk) -> None:
    desk.sit(30 * PIECE)
    desk.fetcher.wish.clear()
    desk.steering.reset()
    await desk.fetcher.until(lambda wish: 30 in wish)


async def test_want_opening_when_nobody_reads_then_head_and_tail_are_wanted_until_they_are_here(
    desk: Desk,
) -> None:
    desk.steering.want_opening(FILM, PIECE)
    await desk.fetcher.until(lambda wish: {0, 99} <= set(wish))
    for piece in [*range(10), 99]:
        desk.bring(piece)
    await desk.fetcher.until(lambda wish: not wish)


async def test_want_opening_when_pieces_are_large_then_of_the_tail_only_the_last_one_is_wanted() -> None:
    large = 16 * PIECE
    film = FileLayout(Layout(large, 2 * large + 1000), 0, 2 * large + 1000)
    fetcher = RecordingFetcher()
    desk = Steering(film.torrent, bytearray(3), fetcher)
    desk.want_opening(film, 64 * 1024)
    await fetcher.until(lambda wish: set(wish) == {0, 2})
    desk.stop()


async def test_want_opening_when_the_file_is_empty_then_nothing_is_wanted(desk: Desk) -> None:
    desk.steering.want_opening(FileLayout(FILM.torrent, 0, 0), PIECE)
    await next_turn()
    assert desk.fetcher.wish == {}


async def test_peer_failed_when_somebody_waits_then_the_reader_is_still_served(desk: Desk) -> None:
    desk.sit(30 * PIECE)
    desk.steering.peer_failed()
    await next_turn()
    assert 30 in desk.fetcher.wish


async def test_touch_when_nothing_changed_then_nothing_is_told(desk: Desk) -> None:
    desk.sit(30 * PIECE)
    told = desk.fetcher.changes
    for _ in range(5):
        desk.steering.touch()
    await next_turn()
    assert desk.fetcher.changes == told


async def test_stop_when_called_twice_then_is_harmless(desk: Desk) -> None:
    desk.sit(30 * PIECE)
    desk.steering.touch()
    desk.steering.stop()
    desk.steering.stop()
    assert desk.steering.readers == 0
