"""A reader's window grows with contiguous reading and collapses on a seek."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.window import Window

MIB = 1024 * 1024
FILM = Window(first=10 * MIB, last=200 * MIB, position=10 * MIB)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """A window somewhere in a file."""
    first = draw(st.integers(0, 1 << 40))
    last = first + draw(st.integers(0, 1 << 36))
    position = draw(st.integers(first, last))
    return Window(first, last, position, draw(st.integers(0, position - first)), draw(st.booleans()))


@given(windows())
def test_window_when_anywhere_then_stays_inside_its_file(window: Window) -> None:
    assert window.first <= window.behind <= window.position <= window.stop <= window.last


@given(windows(), st.data())
def test_read_when_contiguous_then_reaches_further_and_waits_no_more(
    window: Window, data: st.DataObject
) -> None:
    stop = data.draw(st.integers(window.position, window.last))
    after = window.read(window.position, stop)
    assert (after.position, after.waiting) == (stop, False)
    assert after.stop - after.position >= min(window.stop - window.position, after.last - after.position)
    assert after.contiguous == window.contiguous + stop - window.position


@given(windows(), st.data())
def test_sought_when_a_jump_then_forgets_how_far_it_had_read(window: Window, data: st.DataObject) -> None:
    position = data.draw(st.integers(window.first, window.last).filter(lambda at: at != window.position))
    after = window.sought(position)
    assert (after.position, after.contiguous, after.waiting) == (position, 0, True)
    assert after.behind == position


@given(windows())
def test_sought_when_no_jump_then_only_waits(window: Window) -> None:
    after = window.sought(window.position)
    assert (after.position, after.contiguous, after.waiting) == (window.position, window.contiguous, True)


def test_read_when_it_jumps_then_counts_only_what_was_read_there() -> None:
    after = FILM.read(10 * MIB, 30 * MIB).read(100 * MIB, 101 * MIB)
    assert (after.position, after.contiguous) == (101 * MIB, MIB)


def test_behind_when_read_for_a_while_then_keeps_a_little() -> None:
    after = FILM.read(10 * MIB, 60 * MIB)
    assert FILM.behind == FILM.position
    assert 0 < after.position - after.behind <= 50 * MIB
