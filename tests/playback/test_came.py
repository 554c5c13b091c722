"""What has come of a film that comes in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.playback.came import Came

LENGTH = 40
SPANS = st.lists(
    st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda one: one[0] < one[1]),
    max_size=12,
)


def came(spans: list[tuple[int, int]]) -> tuple[Came, set[int]]:
    made = Came(LENGTH)
    for start, stop in spans:
        made.add(start, stop)
    return made, {byte for start, stop in spans for byte in range(start, stop)}


@given(SPANS)
def test_spans_when_parts_come_in_any_order_then_each_byte_once_ascending_and_apart(
    spans: list[tuple[int, int]],
) -> None:
    made, there = came(spans)
    edges = [edge for span in made.spans for edge in span]
    assert [byte for start, stop in made.spans for byte in range(start, stop)] == sorted(there)
    assert edges == sorted(set(edges))
    assert (made.count, made.whole) == (len(there), len(there) == LENGTH)


@given(SPANS, st.integers(0, LENGTH - 1))
def test_until_and_gap_when_asked_anywhere_then_where_it_is_here_and_what_is_missing_next(
    spans: list[tuple[int, int]], position: int
) -> None:
    made, there = came(spans)
    missing = [byte for byte in range(position, LENGTH) if byte not in there]
    assert made.until(position) == (missing[0] if missing else LENGTH)
    gap = made.gap(position)
    assert (gap is None) == (not missing)
    start, stop = gap or (LENGTH, LENGTH)
    assert start == (missing[0] if missing else LENGTH)
    assert there.isdisjoint(range(start, stop))
    assert stop == LENGTH or stop in there


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (3, 3), (4, 2), (0, LENGTH + 1)])
def test_add_when_it_is_no_part_of_the_film_then_a_defect(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match="is not in a file"):
        Came(LENGTH).add(start, stop)
