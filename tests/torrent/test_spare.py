"""What nobody waits for comes when every player is provided, gives way at once, and is never much."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent import governor, steering
from matinee.torrent.governor import SPARE_BYTES, SPARE_SHARE, SPARE_SLACK, Swarm, has_room, spare_ahead
from matinee.torrent.layout import FileLayout, Layout
from matinee.torrent.schedule import SPARE, provided, spare
from matinee.torrent.spare import Line, SpareWish, Wanted
from matinee.torrent.steering import Seat, Steering
from matinee.torrent.window import Window
from matinee.types import PieceIndex
from tests.torrent.test_steering import FILM, PIECE, RecordingFetcher, next_turn

RATE = 200_000
"""Bytes that a second of the film takes: what must be ahead is ``SPARE_AHEAD_BYTES`` then."""
AHEAD = -(-governor.SPARE_AHEAD_BYTES // PIECE)
PLACES = tuple(map(PieceIndex, (50, 25, 75)))

rates = st.floats(0, 1e9)


@given(rates, rates, st.booleans(), st.booleans(), st.booleans())
def test_room_when_a_player_lacks_or_peers_let_us_down_then_there_is_none(
    rate: float, film: float, troubled: bool, is_provided: bool, idle: bool
) -> None:
    room = has_room(Swarm(rate, troubled), film, provided=is_provided, idle=idle)
    assert not room or (is_provided and not troubled)
    assert not room or idle or rate > SPARE_SLACK * film


@given(rates, rates)
def test_ahead_when_a_film_takes_more_then_is_no_less(slow: float, fast: float) -> None:
    assert spare_ahead(min(slow, fast)) <= spare_ahead(max(slow, fast))


@given(st.binary(min_size=100, max_size=100), st.integers(0, 100 * PIECE - 1), st.integers(0, 40 * PIECE))
def test_provided_when_said_so_then_nothing_is_missing_as_far_as_the_window_looks(
    marks: bytes, position: int, ahead: int
) -> None:
    have = bytearray(mark & 1 for mark in marks)
    window = Window(0, FILM.length, position, contiguous=PIECE)
    stop = min(position + ahead, window.stop)
    missing = [piece for piece in FILM.torrent.covering(position, stop) if not have[piece]]
    assert provided(FILM.torrent, have, [window], ahead) == (missing == [])


@given(
    st.binary(min_size=100, max_size=100),
    st.lists(st.lists(st.integers(0, 99).map(PieceIndex), max_size=20), max_size=4),
)
def test_spare_when_chosen_then_missing_little_and_the_first_of_each_first(
    marks: bytes, queues: list[list[PieceIndex]]
) -> None:
    have = bytearray(mark & 1 for mark in marks)
    wish = spare(FILM.torrent, have, queues)
    assert all(priority == SPARE and not have[piece] for piece, priority in wish.items())
    assert sum(map(FILM.torrent.size, list(wish)[:-1])) < SPARE_BYTES
    missing = [[piece for piece in queue if not have[piece]] for queue in queues]
    assert list(wish)[:1] == [queue[0] for queue in missing if queue][:1]


def wanted_of(file: FileLayout, spans: list[tuple[int, int]]) -> Wanted:
    told: list[Wanted | None] = []
    with SpareWish(file, lambda _, wanted: told.append(wanted)) as wish:
        wish.want(spans, RATE)
    assert told[1:] == [None]
    assert told[0] is not None
    return told[0]


@given(
    st.integers(16_384, 2_000_000),
    st.integers(0, 5_000_000),
    st.lists(st.tuples(st.integers(0, 9_000_000), st.integers(1, 999_999)), max_size=40),
)
def test_wish_when_of_anything_then_of_a_small_part_of_the_file_and_the_first_is_kept(
    piece: int, offset: int, spans: list[tuple[int, int]]
) -> None:
    file = FileLayout(Layout(piece, offset + 12_000_000), offset, 10_000_000)
    pieces = wanted_of(file, [(start, start + length) for start, length in spans]).pieces
    assert len(set(pieces)) == len(pieces)
    assert set(pieces) <= set(file.pieces)
    assert sum(map(file.torrent.size, pieces)) <= file.length // SPARE_SHARE


class Room:
    """Two torrents on one line; somebody plays the first."""

    def __init__(self) -> None:
        self.line = Line()
        self.fetcher = RecordingFetcher()
        self.have = bytearray(FILM.torrent.piece_count)
        self.may = True
        self.steering = Steering(
            FILM.torrent, self.have, self.fetcher, line=self.line, may_spare=lambda: self.may
        )
        self.other = Steering(
            FILM.torrent, bytearray(FILM.torrent.piece_count), RecordingFetcher(), line=self.line
        )
        self.seat_id, self.seat = self.steering.open(FILM, 0)

    @property
    def spare(self) -> set[int]:
        """What is wanted of that for which nobody waits."""
        return {int(piece) for piece in PLACES if piece in self.fetcher.wish}

    def bring(self, *pieces: int) -> None:
        for piece in pieces:
            self.have[piece] = 1
            self.steering.arrived(PieceIndex(piece))

    async def play(self, seat: Seat, start: int, stop: int) -> None:
        self.steering.advance(seat, start * PIECE, stop * PIECE)
        await next_turn()

    async def provide(self) -> None:
        """Have the player play with all of it ahead that there has to be."""
        self.steering.wait(self.seat, 0)
        self.bring(*range(AHEAD + 2))
        await self.play(self.seat, 0, 1)


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr(steering, "LINGER_S", 0.01)
    made = Room()
    made.steering.spare("bar", Wanted(PLACES, RATE))
    yield made
    made.steering.stop()
    made.other.stop()


async def test_spare_when_the_player_is_provided_then_the_first_comes_and_then_the_next(room: Room) -> None:
    room.steering.wait(room.seat, 0)
    for piece in range(AHEAD):
        assert room.spare == set()
        room.bring(piece)
        await room.play(room.seat, 0, 1)
    room.bring(AHEAD, AHEAD + 1)
    await next_turn()
    assert room.spare == {50}
    assert AHEAD + 2 in room.fetcher.wish
    room.bring(50)
    assert room.spare == {25}


async def test_spare_when_the_player_runs_short_then_is_withdrawn_at_once(room: Room) -> None:
    await room.provide()
    assert room.spare == {50}
    await room.play(room.seat, 1, 3)
    assert room.spare == set()


async def test_spare_when_a_player_waits_that_holds_enough_itself_then_comes_all_the_same(room: Room) -> None:
    await room.provide()
    await room.play(room.seat, 1, AHEAD + 2)
    room.steering.wait(room.seat, (AHEAD + 2) * PIECE)
    assert room.steering.waiting
    assert room.spare == {50}
    room.seat.since_s -= governor.SPARE_AHEAD_BYTES / RATE
    room.steering.touch()
    await next_turn()
    assert room.spare == set()


@given(st.integers(0, 1 << 40), st.floats(0, 1e6), rates)
def test_holds_enough_when_it_does_then_so_much_has_not_been_shown(
    read: int, lasted_s: float, film: float
) -> None:
    if governor.holds_enough(read, lasted_s, film):
        assert read - lasted_s * film >= spare_ahead(film)
        assert film > 0


async def test_spare_when_somebody_seeks_then_is_withdrawn_and_cancelled(room: Room) -> None:
    await room.provide()
    room.steering.wait(room.seat, 70 * PIECE)
    assert (room.spare, room.fetcher.jumps) == (set(), [70])


async def test_spare_when_a_second_player_waits_then_is_withdrawn(room: Room) -> None:
    await room.provide()
    _, second = room.steering.open(FILM, 0)
    room.steering.wait(second, 90 * PIECE)
    assert room.spare == set()


async def test_spare_when_another_torrent_plays_then_waits_for_it(room: Room) -> None:
    await room.provide()
    seat_id, seat = room.other.open(FILM, 0)
    room.other.wait(seat, 0)
    await next_turn()
    assert room.spare == set()
    room.other.close(seat_id)
    await room.fetcher.until(lambda wish: PieceIndex(50) in wish)


async def test_spare_when_the_swarm_brings_no_more_than_is_played_then_nothing(room: Room) -> None:
    room.steering.spare("bar", Wanted(PLACES, 2 * governor.SPARE_AHEAD_BYTES / governor.SPARE_AHEAD_S))
    room.steering.wait(room.seat, 0)
    # Twenty seconds are ahead, but they had come before: of what comes now there is not enough.
    room.have[: 3 * AHEAD] = b"\1" * (3 * AHEAD)
    await room.play(room.seat, 0, 4)
    assert PieceIndex(50) not in room.fetcher.wish
    assert PieceIndex(3 * AHEAD) in room.fetcher.wish


async def test_spare_when_nothing_is_left_to_read_ahead_then_comes_however_slow_the_swarm(room: Room) -> None:
    room.have[0:14] = b"\1" * 14
    await room.play(room.seat, 0, 1)
    assert room.steering.waiting is False
    assert set(room.fetcher.wish) == {50}


async def test_spare_when_nobody_has_played_yet_then_nothing(room: Room) -> None:
    room.steering.close(room.seat_id)
    await asyncio.sleep(0.02)
    await next_turn()
    room.have[:14] = b"\1" * 14
    fresh = Steering(FILM.torrent, room.have, fetcher := RecordingFetcher())
    fresh.spare("bar", Wanted(PLACES, RATE))
    await next_turn()
    fresh.stop()
    assert fetcher.wish == {}


async def test_spare_when_the_player_left_with_enough_ahead_then_comes_after_a_moment(room: Room) -> None:
    await room.provide()
    room.steering.close(room.seat_id)
    await next_turn()
    assert room.spare == set()
    await room.fetcher.until(lambda wish: set(wish) == {PieceIndex(50)})


async def test_spare_when_it_may_not_then_nothing(room: Room) -> None:
    await room.provide()
    room.may = False
    room.steering.touch()
    await next_turn()
    assert room.spare == set()


async def test_spare_when_withdrawn_or_ended_then_nothing_and_harmless_twice(room: Room) -> None:
    await room.provide()
    for _ in range(2):
        room.steering.spare("bar", None)
        await next_turn()
        assert room.spare == set()
    room.steering.stop()
    told = room.fetcher.changes
    room.steering.spare("bar", Wanted(PLACES, RATE))
    await next_turn()
    assert room.fetcher.changes == told


steps = st.lists(
    st.one_of(
        st.tuples(st.just("seek"), st.integers(0, 99)),
        st.tuples(st.just("read"), st.integers(0, 99)),
        st.tuples(st.just("come"), st.integers(0, 99)),
        st.tuples(st.just("others"), st.integers(0, 1)),
        st.tuples(st.just("fail"), st.just(0)),
    ),
    max_size=60,
)


@given(steps, st.binary(min_size=100, max_size=100))
def test_spare_when_anything_happens_then_never_beside_a_player_that_lacks(
    happens: list[tuple[str, int]], marks: bytes
) -> None:
    async def run() -> None:
        room = Room()
        room.have[:] = bytes(mark & 1 for mark in marks)
        room.steering.spare("bar", Wanted(tuple(map(PieceIndex, range(100))), RATE))
        other = room.other.open(FILM, 0)[1]
        for what, number in happens:
            if what == "seek" and not room.have[number]:
                room.steering.wait(room.seat, number * PIECE)
            elif what == "read" and room.have[number]:
                room.steering.advance(room.seat, number * PIECE, (number + 1) * PIECE)
            elif what == "come":
                room.bring(number)
            elif what == "others":
                room.other.wait(other, number * PIECE)
            elif what == "fail":
                room.steering.peer_failed()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            window = room.seat.window
            stop = min(window.position + governor.SPARE_AHEAD_BYTES, window.stop)
            lacks = any(not room.have[piece] for piece in FILM.torrent.covering(window.position, stop))
            ahead = set(FILM.torrent.covering(window.behind, window.last))
            elsewhere = {piece for piece in room.fetcher.wish if piece not in ahead}
            holds = room.seat.pending_bytes >= governor.SPARE_AHEAD_BYTES
            if (not holds and (window.waiting or lacks)) or other.window.waiting:
                assert elsewhere == set()
        room.steering.stop()
        room.other.stop()

    asyncio.run(run())
