"""Whose turn it is: what is played first, then by order, and what gets nothing is in nobody's way."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.queue import Waiting, moved, turns
from matinee.types import InfoHash


def one(place: int, *, played: bool = False, starved: bool = False) -> Waiting:
    return Waiting(InfoHash(f"{place:040x}"), place, played, starved)


def places(found: frozenset[InfoHash]) -> list[int]:
    return sorted(int(info_hash, 16) for info_hash in found)


def test_turns_when_more_wait_than_may_go_then_the_first_by_place_go() -> None:
    assert places(turns([one(3), one(0), one(2)], 2)) == [0, 2]


def test_turns_without_a_limit_then_all_go() -> None:
    assert places(turns([one(place) for place in range(9)], 0)) == list(range(9))


def test_turns_when_the_last_is_played_then_it_goes_and_takes_the_place() -> None:
    assert places(turns([one(0), one(1), one(2, played=True)], 1)) == [2]


def test_turns_when_more_are_played_than_may_go_then_none_of_them_waits() -> None:
    assert places(turns([one(0), one(1, played=True), one(2, played=True)], 1)) == [1, 2]


def test_turns_when_one_is_starved_then_it_goes_on_and_the_next_goes_beside_it() -> None:
    assert places(turns([one(0, starved=True), one(1), one(2)], 1)) == [0, 1]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=20), st.integers(0, 6))
def test_turns_whatever_waits_then_no_place_is_left_empty(
    marks: list[tuple[bool, bool]], at_once: int
) -> None:
    waiting = [one(place, played=played, starved=starved) for place, (played, starved) in enumerate(marks)]
    found = turns(waiting, at_once)
    assert {item.info_hash for item in waiting if item.played} <= found
    fed = [item for item in waiting if item.info_hash in found and not item.starved]
    assert len(found) == len(waiting) or (at_once and len(fed) >= at_once)


def test_moved_when_it_goes_up_or_behind_the_end_then_the_others_keep_their_order() -> None:
    order = tuple(InfoHash(name) for name in "abcd")
    assert "".join(moved(order, InfoHash("c"), 0)) == "cabd"
    assert "".join(moved(order, InfoHash("a"), 2)) == "bcad"
    assert "".join(moved(order, InfoHash("b"), 99)) == "acdb"
