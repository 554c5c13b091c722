"""The pure modules behind the reader: layout, window, governor, schedule, hashes, reasons."""

import hashlib
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.governor import EVERYTHING, Reach, Swarm, reach
from matinee.torrent.hashes import V1Hashes, merkle_root
from matinee.torrent.layout import FileLayout, Layout
from matinee.torrent.reasons import Situation, why_no_metadata, why_waiting
from matinee.torrent.schedule import NEXT, TOP, Demand, change, plan
from matinee.torrent.window import FIRST_REACH_BYTES, Window
from matinee.types import PieceIndex, Priority

MIB = 1024 * 1024
LAYOUT = Layout(MIB, 100 * MIB - 5)
QUICK = Reach(1_100_000, 0)
wishes = st.dictionaries(st.integers(0, 20).map(PieceIndex), st.integers(1, 7).map(Priority))


def window(position: int, *, waiting: bool = True) -> Window:
    """A reader of the whole torrent at a position."""
    return Window(0, LAYOUT.length, position, waiting=waiting)


@given(st.integers(1, 5000), st.integers(1, 300_000), st.data())
def test_pieces_when_covering_a_range_then_hold_every_byte_of_it(
    piece: int, length: int, data: st.DataObject
) -> None:
    layout = Layout(piece, length)
    start = data.draw(st.integers(0, length - 1))
    stop = data.draw(st.integers(start + 1, length))
    covering = layout.covering(start, stop)
    assert layout.bounds(PieceIndex(covering[0]))[0] <= start
    assert layout.bounds(PieceIndex(covering[-1]))[1] >= stop
    assert sum(layout.size(PieceIndex(index)) for index in range(layout.piece_count)) == length


@given(st.binary(min_size=100, max_size=100))
def test_spans_when_pieces_are_here_then_are_merged_and_inside_the_file(marks: bytes) -> None:
    have = bytearray(mark & 1 for mark in marks)
    file = FileLayout(LAYOUT, 3 * MIB + 17, 40 * MIB + 1)
    spans = file.spans(have)
    assert all(0 <= start < stop <= file.length for start, stop in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    here = sum(file.clip(PieceIndex(p))[1] - file.clip(PieceIndex(p))[0] for p in file.pieces if have[p])
    assert sum(stop - start for start, stop in spans) == here


def test_window_when_read_on_then_grows_and_when_sought_then_collapses() -> None:
    grown = window(0).read(0, 10 * MIB)
    assert grown.stop - grown.position > FIRST_REACH_BYTES
    assert grown.behind < grown.position
    sought = grown.sought(50 * MIB)
    assert (sought.contiguous, sought.stop) == (0, 50 * MIB + FIRST_REACH_BYTES)
    assert sought.read(60 * MIB, 61 * MIB).contiguous == MIB


@given(
    st.binary(min_size=100, max_size=100),
    st.lists(st.integers(0, LAYOUT.length - 1), min_size=1, max_size=10),
)
def test_plan_when_readers_wait_then_each_gets_its_next_missing_piece_and_none_that_is_here(
    marks: bytes, positions: list[int]
) -> None:
    have = bytearray(mark & 1 for mark in marks)
    demands = [Demand(window(position), QUICK) for position in positions]
    wish = plan(LAYOUT, have, demands)
    assert not any(have[piece] for piece in wish)
    for demand in demands:
        ahead = LAYOUT.covering(demand.window.position, demand.window.stop)
        missing = [piece for piece in ahead if not have[piece]]
        assert not missing or wish[PieceIndex(missing[0])] == TOP


def test_plan_when_one_waits_then_readahead_of_others_gives_way() -> None:
    have = bytearray([0] * 50 + [1] * 10 + [0] * 40)
    wish = plan(LAYOUT, have, [Demand(window(0), QUICK), Demand(window(51 * MIB, waiting=False), QUICK)])
    assert wish == {PieceIndex(0): TOP, PieceIndex(1): NEXT}


def test_plan_when_held_then_wants_nothing_beyond_the_critical_part() -> None:
    have = bytearray(100)
    assert list(plan(LAYOUT, have, [Demand(window(0), Reach(10 * MIB, 2 * MIB))])) == [0, 1]
    have[0] = have[1] = 1
    assert len(plan(LAYOUT, have, [Demand(window(0), Reach(2 * MIB, 2 * MIB))])) == 2


def test_plan_when_all_ahead_is_here_then_wants_a_little_behind() -> None:
    have = bytearray([0] * 98 + [1] * 2)
    reading = Window(0, LAYOUT.length, 98 * MIB, contiguous=4 * MIB)
    assert list(plan(LAYOUT, have, [Demand(reading, EVERYTHING)])) == [97]


@given(wishes, wishes)
def test_change_when_applied_to_the_wish_before_then_gives_the_wish_after(
    before: dict[PieceIndex, Priority], after: dict[PieceIndex, Priority]
) -> None:
    applied = dict(before) | dict(change(before, after).priorities)
    assert {piece: priority for piece, priority in applied.items() if priority} == after


def test_reach_when_peers_are_in_trouble_then_is_held_even_while_pending() -> None:
    assert reach(Swarm(0, troubled=False), pending=True).critical_bytes == 0
    assert reach(Swarm(0, troubled=True), pending=True).critical_bytes > 0
    assert reach(Swarm(1e9, troubled=False), pending=False).window_bytes == 250_000_000


def test_v1_hash_when_a_byte_differs_then_does_not_match() -> None:
    hashes = V1Hashes([hashlib.sha1(b"one").digest(), hashlib.sha1(b"two").digest()].__getitem__)
    assert hashes.matches(PieceIndex(1), b"two")
    assert not hashes.matches(PieceIndex(1), b"tvo")


def test_merkle_root_when_leaves_are_few_then_is_filled_with_zeros() -> None:
    leaf = hashlib.sha256(b"x").digest()
    assert merkle_root([leaf], 1) == leaf
    assert merkle_root([leaf], 2) == hashlib.sha256(leaf + bytes(32)).digest()


def test_reason_when_nobody_is_there_then_says_what_is_known() -> None:
    nobody = Situation(False, 0, 0, 0, 0, ("full",), 1, False, False)
    assert "full" in why_waiting(nobody)
    assert "full" in why_no_metadata(nobody, 60)
    called = Situation(False, 0, 0, 5, 0, (), 0, True, False)
    assert "5" in why_waiting(called)
    assert "none of them answers" in why_no_metadata(called, 60)
    sending = Situation(True, 2, 2, 2, 1_500_000, (), 0, True, False)
    assert "1.5 MB" in why_waiting(sending)
    assert "offline" in why_waiting(Situation(True, 0, 0, 0, 0, (), 0, True, True))
