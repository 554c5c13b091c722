"""The wish of all readers together. Held to what the module promises, whatever its figures are."""

from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from matinee.torrent.governor import EVERYTHING, Reach
from matinee.torrent.layout import Layout
from matinee.torrent.schedule import TOP, Change, Demand, Wish, change, plan, provided
from matinee.torrent.window import Window
from matinee.types import PieceIndex, Priority

PIECE = 1_000_000
FILM = Layout(PIECE, 60 * PIECE)

wishes = st.dictionaries(
    st.integers(0, 30).map(PieceIndex), st.sampled_from([5, 6, 7]).map(Priority), max_size=12
)
haves = st.lists(st.integers(0, 1), min_size=FILM.piece_count, max_size=FILM.piece_count).map(bytearray)


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    """A reader somewhere in the film."""
    first = draw(st.integers(0, FILM.length - 1))
    last = draw(st.integers(first + 1, FILM.length))
    position = draw(st.integers(first, last - 1))
    window = Window(first, last, position, draw(st.integers(0, position - first)), draw(st.booleans()))
    critical = draw(st.one_of(st.just(0), st.integers(1, 8 * PIECE)))
    return Demand(window, Reach(draw(st.integers(1, 20 * PIECE)), critical))


def next_missing(have: Sequence[int], window: Window) -> list[PieceIndex]:
    """Give the missing piece nearest ahead of a playhead, in a list; an empty one when all is here."""
    ahead = [index for index in FILM.covering(window.position, window.stop) if not have[index]]
    return [PieceIndex(index) for index in ahead[:1]]


def reader(position: int, *, waiting: bool = True, reach: Reach = EVERYTHING) -> Demand:
    """A reader of the whole film."""
    return Demand(Window(0, FILM.length, position, 0, waiting), reach)


def applied(before: Wish, told: Change) -> dict[PieceIndex, Priority]:
    """Do to a wish what the engine is told."""
    return {
        piece: priority for piece, priority in {**before, **dict(told.priorities)}.items() if priority > 0
    }


@given(haves, st.lists(demands(), max_size=6))
def test_plan_when_a_piece_is_here_then_never_wants_it(have: bytearray, asked: list[Demand]) -> None:
    assert not [piece for piece in plan(FILM, have, asked) if have[piece]]


@given(haves, st.lists(demands(), max_size=6))
def test_plan_when_it_wants_a_piece_then_some_window_holds_it(have: bytearray, asked: list[Demand]) -> None:
    inside = {at for one in asked for at in FILM.covering(one.window.behind, one.window.stop)}
    assert set(plan(FILM, have, asked)) <= inside


@given(haves, st.lists(demands(), max_size=6))
def test_plan_when_something_ahead_is_missing_then_wants_something(
    have: bytearray, asked: list[Demand]
) -> None:
    missing = [piece for one in asked for piece in next_missing(have, one.window)]
    assume(missing)
    assert plan(FILM, have, asked)


@given(haves, st.lists(demands(), max_size=10))
def test_plan_when_readers_wait_then_wants_the_next_missing_piece_of_each(
    have: bytearray, asked: list[Demand]
) -> None:
    wish = plan(FILM, have, asked)
    waiting = [one.window for one in asked if one.window.waiting]
    assert {piece for window in waiting for piece in next_missing(have, window)} <= set(wish)


@given(haves, st.lists(demands(), max_size=10))
def test_plan_when_a_reader_waits_then_nothing_is_wanted_more_than_its_next_piece(
    have: bytearray, asked: list[Demand]
) -> None:
    wish = plan(FILM, have, asked)
    waiting = [one.window for one in asked if one.window.waiting]
    nexts = [wish[piece] for window in waiting for piece in next_missing(have, window)]
    assert nexts == [max(wish.values(), default=TOP)] * len(nexts)


@given(haves, demands())
def test_plan_when_the_critical_part_has_a_gap_then_wants_nothing_beyond(
    have: bytearray, asked: Demand
) -> None:
    window = asked.window
    critical = FILM.covering(window.position, min(window.position + asked.reach.critical_bytes, window.stop))
    assume(len(critical) > 0)
    have[critical[len(critical) // 2]] = 0
    assert set(plan(FILM, have, [asked])) <= set(critical)


@given(st.lists(demands(), max_size=6))
def test_plan_when_everything_is_here_then_wants_nothing(asked: list[Demand]) -> None:
    assert plan(FILM, bytearray(b"\1" * FILM.piece_count), asked) == {}


@given(st.one_of(haves, st.just(bytearray(b"\1" * FILM.piece_count))), st.lists(demands(), max_size=4))
def test_provided_when_asked_then_so_are_all_who_wait_for_nothing_and_have_enough_ahead(
    have: bytearray, asked: list[Demand]
) -> None:
    ahead_bytes, windows = 5 * PIECE, [demand.window for demand in asked]
    enough = [
        all(have[piece] for piece in FILM.covering(one.position, min(one.position + ahead_bytes, one.stop)))
        for one in windows
    ]
    assert provided(FILM, have, windows, ahead_bytes) == (
        all(enough) and not any(one.waiting for one in windows)
    )


def test_plan_when_one_reader_waits_then_a_satisfied_ones_readahead_is_no_rival() -> None:
    have = bytearray(FILM.piece_count)
    have[40:50] = b"\1" * 10
    wish = plan(FILM, have, [reader(40 * PIECE, waiting=False), reader(3 * PIECE)])
    assert min(wish) == 3
    assert wish[PieceIndex(3)] >= wish.get(PieceIndex(50), Priority(0))


def test_plan_when_nothing_ahead_is_missing_then_wants_what_lies_just_behind() -> None:
    have = bytearray(b"\1" * FILM.piece_count)
    have[9] = 0
    behind = Demand(Window(0, FILM.length, 10 * PIECE, 8 * PIECE), EVERYTHING)
    assert set(plan(FILM, have, [behind])) == {9}


def test_plan_when_the_reach_is_narrow_then_wants_little_in_order() -> None:
    wish = plan(FILM, bytearray(FILM.piece_count), [reader(0, reach=Reach(2 * PIECE, 0))])
    assert list(wish) == [0, 1]
    assert wish[PieceIndex(0)] >= wish[PieceIndex(1)]


@given(wishes, wishes)
def test_change_when_applied_to_the_wish_before_then_gives_the_wish_after(before: Wish, after: Wish) -> None:
    assert applied(before, change(before, after)) == after


@given(wishes, wishes)
def test_change_when_told_then_says_each_piece_once_and_only_differences(before: Wish, after: Wish) -> None:
    told = change(before, after).priorities
    assert len({piece for piece, _ in told}) == len(told)
    assert all(before.get(piece, 0) != priority for piece, priority in told)


@given(wishes, wishes)
def test_change_when_pieces_are_dropped_then_new_ones_are_raised_first(before: Wish, after: Wish) -> None:
    told = [priority == 0 for _, priority in change(before, after).priorities]
    assert told == sorted(told)
