"""What films take of the disk is never more than they may, in whatever order pieces come and whoever seeks about."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.layout import Layout
from matinee.torrent.space import LOOK_BYTES, DiskSpace, Limit, Share, Space
from matinee.types import PieceIndex

PIECE = 1000
LAYOUT = Layout(PIECE, 10 * PIECE - 400)
"""Ten pieces, the last of 600 bytes."""
PLENTY = DiskSpace(1 << 50, 0)


def pieces(*indexes: int) -> list[PieceIndex]:
    """Name pieces."""
    return [PieceIndex(index) for index in indexes]


def having(*indexes: int) -> bytearray:
    """Mark pieces as here."""
    return bytearray(index in indexes for index in range(LAYOUT.piece_count))


@dataclass
class Room:
    """A space with one share, and what it told."""

    cap_bytes: int = 0
    disk: DiskSpace = PLENTY
    told: list[str] = field(default_factory=list)
    looks: int = 0

    def __post_init__(self) -> None:
        self.space = Space(self.look, self.cap_bytes)
        self.space.measured({})
        self.space.on_short = lambda: self.told.append("short")
        self.space.on_chance = lambda: self.told.append("chance")
        self.share = self.enter("a")

    def look(self) -> DiskSpace:
        self.looks += 1
        return self.disk

    def enter(self, name: str) -> Share:
        share = self.space.share(name, LAYOUT, lambda: self.told.append(f"touch {name}"))
        share.on_fits = lambda: self.told.append(f"fits {name}")
        return share


def test_book_when_there_is_no_limit_then_everything_has_room() -> None:
    room = Room()
    wanted = pieces(*range(10))
    assert (list(room.share.book(wanted)), room.space.used_bytes) == (wanted, LAYOUT.length)
    assert (room.share.short, room.told) == (None, [])


def test_book_when_the_cap_is_reached_then_the_rest_waits_and_what_was_booked_stays() -> None:
    room = Room(cap_bytes=3 * PIECE)
    assert list(room.share.book(pieces(4, 5, 6, 7))) == [4, 5, 6]
    assert (room.share.short, room.share.short_bytes, room.told) == (Limit.CAP, PIECE, ["short"])
    room.share.came(PieceIndex(4))
    assert list(room.share.book(pieces(6, 5, 7))) == [6, 5]
    assert (room.space.used_bytes, room.space.lacking_bytes()) == (3 * PIECE, PIECE)


def test_book_when_a_small_piece_comes_after_one_without_room_then_it_waits_too() -> None:
    room = Room(cap_bytes=PIECE + 700)
    assert list(room.share.book(pieces(0, 1, 9))) == [0]
    assert room.share.short_bytes == PIECE + 600


def test_book_when_nobody_waits_for_it_then_no_room_is_made() -> None:
    room = Room(cap_bytes=PIECE)
    assert list(room.share.book(pieces(0, 1), must=False)) == [0]
    assert (room.share.short, room.told) == (None, [])


def test_book_when_it_fits_again_then_that_is_told_once() -> None:
    room = Room(cap_bytes=PIECE)
    room.share.book(pieces(0, 1))
    room.space.limit(2 * PIECE)
    assert room.told == ["short", "touch a", "chance"]
    for _ in range(2):
        assert list(room.share.book(pieces(0, 1))) == [0, 1]
    assert room.told[3:] == ["fits a"]


def test_book_when_nothing_is_wanted_just_now_then_it_still_lacks_room() -> None:
    room = Room(cap_bytes=PIECE)
    room.share.book(pieces(0, 1))
    room.share.book(())
    assert room.share.short is Limit.CAP
    room.share.forget()
    assert (room.share.short_bytes, room.space.lacking_bytes(), room.told) == (0, 0, ["short", "fits a"])


def test_book_when_what_came_is_not_written_yet_then_it_is_written_before_there_is_said_to_be_no_room() -> (
    None
):
    room = Room(disk=DiskSpace(free_bytes=6000, floor_bytes=3000))
    room.share.hurry = lambda: room.told.append("hurry a")
    assert list(room.share.book(pieces(0, 1, 2))) == [0, 1, 2]
    room.share.came(PieceIndex(0))
    # The disk does not show it yet: a look that believed it would let a fourth come.
    assert list(room.share.book(pieces(1, 2, 3))) == [1, 2]
    assert (room.told, room.share.short) == (["hurry a"], None)
    room.disk = DiskSpace(free_bytes=5000, floor_bytes=3000)
    room.share.written(PIECE)
    assert room.told == ["hurry a", "touch a"]
    assert list(room.share.book(pieces(1, 2, 3))) == [1, 2]
    assert (room.told[2:], room.share.short) == (["short"], Limit.FLOOR)


def test_book_when_what_came_took_less_than_feared_then_it_goes_on_once_that_is_known() -> None:
    room = Room(disk=DiskSpace(free_bytes=6000, floor_bytes=3000))
    room.share.book(pieces(0, 1, 2))
    room.share.came(PieceIndex(0))
    assert list(room.share.book(pieces(1, 2, 3))) == [1, 2]
    room.share.written(PIECE)
    assert list(room.share.book(pieces(1, 2, 3))) == [1, 2, 3]
    assert (room.told, room.share.short) == (["touch a"], None)


def test_book_when_the_disk_has_no_more_than_must_stay_free_then_it_waits_without_any_cap() -> None:
    room = Room(disk=DiskSpace(free_bytes=5500, floor_bytes=3000))
    assert list(room.share.book(pieces(0, 1, 2))) == [0, 1]
    assert (room.share.short, room.space.lacking_bytes()) == (Limit.FLOOR, 500)
    room.share.came(PieceIndex(0))
    room.share.written(PIECE)
    room.disk = DiskSpace(free_bytes=4500, floor_bytes=3000)
    assert list(room.share.book(pieces(1, 2))) == [1]
    room.disk = DiskSpace(free_bytes=5500, floor_bytes=3000)
    assert list(room.share.book(pieces(1, 2))) == [1, 2]


def test_book_when_much_has_come_then_the_disk_is_looked_at_again() -> None:
    room = Room()
    big = Layout(LOOK_BYTES, 4 * LOOK_BYTES)
    share = room.space.share("big", big, lambda: None)
    for piece in pieces(0, 1, 2):
        share.book([piece])
        share.came(piece)
    assert room.looks == 2


def test_booked_when_it_is_known_that_nothing_of_it_has_come_then_it_is_given_back() -> None:
    room = Room(cap_bytes=3 * PIECE)
    room.share.book(pieces(0, 1, 2))
    room.share.let_go(pieces(1, 2, 7))
    assert (room.space.used_bytes, set(room.share.booked)) == (PIECE, {0})
    assert list(room.share.book(pieces(8, 9))) == [8, 9]


def test_hold_when_there_is_no_room_then_what_is_in_memory_counts_all_the_same() -> None:
    room = Room(cap_bytes=PIECE)
    room.share.hold(pieces(0, 1))
    room.share.hold(pieces(1))
    assert (room.space.used_bytes, room.space.lacking_bytes()) == (2 * PIECE, PIECE)


def test_claimed_when_some_pieces_are_here_then_what_else_lies_there_counts_too() -> None:
    room = Room()
    room.share.measured(4500)
    assert room.space.used_bytes == 4500
    room.share.book(pieces(3))
    room.share.claimed(having(0, 3, 9))
    assert (room.space.used_bytes, set(room.share.booked)) == (4500, set())
    room.share.claimed(having(0))
    assert room.space.used_bytes == 4500


def test_share_when_all_of_it_is_here_then_it_takes_what_it_is_long() -> None:
    room = Room()
    room.share.measured(20_000)
    room.share.claimed(having(*range(10)))
    assert room.space.used_bytes == LAYOUT.length


def test_share_when_files_lie_there_of_nobody_then_they_are_its_own() -> None:
    room = Room()
    room.space.lies("b", 3000)
    assert (room.space.used_bytes, room.space.lying_bytes) == (3000, 3000)
    share = room.enter("b")
    assert (room.space.used_bytes, room.space.lying_bytes, share.taken_bytes) == (3000, 0, 3000)


@pytest.mark.parametrize(("deleted", "left"), [(True, 0), (False, 2 * PIECE)])
def test_drop_when_others_wait_then_they_try_again(*, deleted: bool, left: int) -> None:
    room = Room(cap_bytes=4 * PIECE)
    room.share.book(pieces(0, 1))
    other = room.enter("b")
    other.book(pieces(0, 1, 2))
    room.space.drop("a", deleted=deleted)
    room.space.drop("a", deleted=False)
    assert (room.space.used_bytes, room.space.lying_bytes) == (2 * PIECE + left, left)
    assert room.told[-1] == "touch b"
    room.space.drop("a", deleted=True)
    assert (room.space.used_bytes, room.told[-1]) == (2 * PIECE, "touch b")


def test_limit_when_it_is_lower_than_what_is_used_then_so_much_has_to_go() -> None:
    room = Room()
    room.share.book(pieces(0, 1, 2, 3))
    room.space.limit(1500)
    assert (room.space.lacking_bytes(), room.space.refusal(1), room.told) == (2500, Limit.CAP, ["chance"])
    room.space.limit(1500)
    assert room.told == ["chance"]


def test_space_when_it_is_not_known_what_lies_there_then_a_cap_lets_nothing_come_yet() -> None:
    told: list[str] = []
    space = Space(lambda: PLENTY, 5 * PIECE)
    space.on_short = space.on_chance = lambda: told.append("asked")
    share = space.share("a", LAYOUT, lambda: told.append("touch"))
    assert (list(share.book(pieces(0))), told) == ([], [])
    space.measured({"a": 2 * PIECE, "b": 2 * PIECE})
    assert (told, space.lying_bytes) == (["touch", "asked"], 2 * PIECE)
    assert list(share.book(pieces(0, 1))) == [0]


def test_lacking_when_nobody_waits_then_it_is_not_urgent() -> None:
    room = Room(cap_bytes=PIECE)
    room.share.is_patient = True
    room.share.book(pieces(0, 1))
    assert (room.space.lacking_bytes(), room.space.lacking_bytes(urgent=True)) == (PIECE, 0)
    room.space.limit(PIECE // 2)
    assert room.space.lacking_bytes(urgent=True) == PIECE // 2


def test_lacking_when_something_else_needs_room_then_that_counts() -> None:
    room = Room(cap_bytes=5 * PIECE)
    room.share.book(pieces(0, 1))
    assert (room.space.lacking_bytes(3 * PIECE), room.space.lacking_bytes(4 * PIECE)) == (0, PIECE)


@dataclass
class Swarm:
    """A torrent whose peers send what they were asked for in any order, also long after it was wanted."""

    share: Share
    asked: set[PieceIndex] = field(default_factory=set)
    begun: set[PieceIndex] = field(default_factory=set)
    here: set[PieceIndex] = field(default_factory=set)
    wanted: set[PieceIndex] = field(default_factory=set)

    @property
    def on_disk(self) -> int:
        return sum(map(LAYOUT.size, self.begun | self.here))

    def want(self, which: set[int]) -> None:
        self.wanted = set(self.share.book(pieces(*sorted(which - self.here))))
        self.asked |= self.wanted

    def send(self, part: float) -> None:
        """A block of some piece comes that was asked for at any time."""
        late = sorted(self.asked - self.here)
        if late:
            self.begun.add(late[int(part * len(late))])

    def finish(self, part: float) -> None:
        done = sorted(self.begun)
        if done:
            piece = done[int(part * len(done))]
            self.begun.discard(piece)
            self.here.add(piece)
            self.wanted.discard(piece)
            self.share.came(piece)

    def look(self) -> None:
        """What was asked for, is not wanted and has not begun is given back: nobody sends it any more."""
        idle = self.asked - self.begun - self.wanted - self.here
        self.share.let_go(idle)
        self.asked -= idle


PART = st.floats(0, 0.999)
STEP = st.one_of(
    st.tuples(st.just("want"), st.sets(st.integers(0, 9))),
    st.tuples(st.just("send"), PART),
    st.tuples(st.just("finish"), PART),
    st.tuples(st.just("look"), st.none()),
)


@given(
    st.lists(st.tuples(st.integers(0, 2), STEP), max_size=60), st.integers(0, 30_000), st.integers(0, 30_000)
)
def test_cap_and_floor_hold_whatever_is_wanted_and_in_whatever_order_it_comes(
    steps: list[tuple[int, tuple[str, object]]], cap_bytes: int, free_bytes: int
) -> None:
    swarms: list[Swarm] = []
    space = Space(
        lambda: DiskSpace(free_bytes - sum(swarm.on_disk for swarm in swarms), 2 * PIECE), cap_bytes + 1
    )
    space.measured({})
    swarms += [Swarm(space.share(name, LAYOUT, lambda: None)) for name in "abc"]
    for which, (what, how) in steps:
        swarm = swarms[which]
        swarm.look() if what == "look" else getattr(swarm, what)(how)
        taken = sum(one.on_disk for one in swarms)
        assert taken <= space.used_bytes <= cap_bytes + 1
        assert taken == 0 or free_bytes - taken >= 2 * PIECE
