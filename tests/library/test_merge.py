"""Two libraries become one, whichever way and however often."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.library.merge import Place, merged, place_of
from matinee.models.library import Record
from tests.library.made import left, records

some = st.lists(records, max_size=12)


def _one(*lists: list[Record]) -> dict[Place, Record]:
    kept: dict[Place, Record] = {}
    for those in lists:
        kept |= merged(kept, those)
    return kept


@given(some, some)
def test_order_of_two_libraries_makes_no_difference(one: list[Record], other: list[Record]) -> None:
    assert _one(one, other) == _one(other, one) == _one(one + other)


@given(some, some, some)
def test_grouping_of_three_makes_no_difference(a: list[Record], b: list[Record], c: list[Record]) -> None:
    assert _one(list(_one(a, b).values()), c) == _one(a, list(_one(b, c).values()))


@given(some)
def test_a_library_merged_with_itself_stays_as_it_is(those: list[Record]) -> None:
    kept = _one(those)
    assert merged(kept, those) == {}
    assert merged(kept, kept.values()) == {}


@given(some, some)
def test_nothing_is_lost_and_nothing_becomes_older(one: list[Record], other: list[Record]) -> None:
    kept = _one(one)
    whole = kept | merged(kept, other)
    assert set(whole) == {place_of(record) for record in (*one, *other)}
    assert all(whole[place].changed_ms >= record.changed_ms for place, record in kept.items())


def test_newest_stays() -> None:
    old, new = left(changed_ms=1, position_s=10.0), left(changed_ms=2, position_s=5.0)
    assert list(_one([new], [old]).values()) == [new]
