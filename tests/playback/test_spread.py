"""Places of a film that are fetched for its bar: one in each step, coarse first, and always the same."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matinee.media.tiles import Moment
from matinee.models.torrent import Ranges
from matinee.playback.spread import MOST_BYTES, STEPS, coarse_first, is_in, spread

KEY_FRAME = 10
GROUP = 100
"""Bytes of a key frame, and from one to the next."""
NOTHING = Ranges(1 << 40, ())


def moments(count: int) -> list[Moment]:
    return [Moment(n, n + 1, n, n * GROUP, n * GROUP + KEY_FRAME) for n in range(count)]


def test_coarse_first_when_eight_then_halves_quarters_and_eighths() -> None:
    assert coarse_first(8) == [0, 4, 2, 6, 1, 5, 3, 7]
    assert [coarse_first(count) for count in (0, 1, 2, 3)] == [[], [0], [0, 1], [0, 2, 1]]


@given(st.integers(1, 300))
def test_coarse_first_when_broken_off_anywhere_then_no_hole_is_twice_another(count: int) -> None:
    order = coarse_first(count)
    assert sorted(order) == list(range(count))
    size = 1 << (count - 1).bit_length()
    for taken in range(1, count + 1):
        # What is not a power of two is the front of the next one; its last hole is cut short.
        holes = [after - before for before, after in pairwise(sorted(order[:taken]))]
        assert max(holes, default=1) <= 2 * min(holes, default=1) or max(holes) <= size // taken * 2


@given(st.integers(0, 1000), st.lists(st.tuples(st.integers(0, 100_000), st.integers(1, 50_000)), max_size=5))
def test_spread_when_anything_is_here_then_few_even_and_of_the_film(
    count: int, parts: list[tuple[int, int]]
) -> None:
    all_of_them = moments(count)
    stops, spans = 0, []
    for gap, length in parts:
        spans.append((stops + gap, stops + gap + length))
        stops = spans[-1][1] + 1
    here = Ranges(1 << 40, tuple(spans))
    chosen = spread(all_of_them, here)
    steps = min(STEPS, count)
    assert len(chosen) == steps
    by_step = {
        step: all_of_them[step * count // steps : (step + 1) * count // steps] for step in range(steps)
    }
    for step, (first, last) in zip(coarse_first(steps), chosen, strict=True):
        assert (first, last) in [(one.first, one.last) for one in by_step[step]]
        if any(is_in(one, here) for one in by_step[step]):
            assert is_in(Moment(0, 1, 0, first, last), here)


def test_spread_when_what_it_named_has_come_then_names_the_same() -> None:
    """Or a film that arrives would have more and more of it fetched."""
    wanted = spread(moments(200), NOTHING)
    assert spread(moments(200), Ranges(1 << 40, tuple(sorted(wanted)))) == wanted


def test_spread_when_nobody_knows_where_then_nothing() -> None:
    """A film without an index names the whole of itself for each picture."""
    assert spread([Moment(n, n + 1, n, 0, MOST_BYTES + 1) for n in range(60)], NOTHING) == []
