"""What a player has, by what was sent to it."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.playback.promise import OPENING_S
from matinee.playback.watch import MOST_S, Watch


def watch(*sent: tuple[float, float, float]) -> Watch:
    one = Watch()
    for start_s, stop_s, waited_s in sent:
        one.sent(start_s, stop_s, waited_s)
    return one


def test_the_first_picture_is_there_with_the_first_seconds_and_only_once() -> None:
    one = Watch()
    told = [one.sent(at / 2, at / 2 + 0.5, 0.1) for at in range(12)]
    assert [at for at, first in enumerate(told) if first] == [OPENING_S * 2 - 1]
    assert one.drawn
    assert one.stalls == 0


def test_what_is_waited_for_before_the_first_picture_is_no_stall() -> None:
    assert watch((0, 1, 9.0), (1, 3, 9.0)).stalls == 0


def test_a_wait_longer_than_what_it_has_is_a_stall() -> None:
    one = watch((0, 3, 1.0), (3, 4, 5.0))
    assert (one.stalls, one.stalled_s) == (1, 2.0)


def test_a_stall_lasts_until_there_is_enough_again() -> None:
    one = watch((0, 3, 1.0), (3, 4, 5.0), (4, 5, 2.0), (5, 8, 0.0), (8, 9, 10.0))
    assert one.stalls == 2
    assert one.stalled_s > 3.0


def test_a_wait_shorter_than_what_it_has_is_none() -> None:
    assert watch((0, 3, 1.0), (3, 4, 2.0), (4, 5, 1.5)).stalls == 0


def test_a_seek_is_waited_for_and_is_no_stall() -> None:
    assert watch((0, 3, 1.0), (90, 91, 30.0), (91, 93, 5.0), (93, 94, 1.0)).stalls == 0


def test_what_a_player_took_long_ago_it_has_shown() -> None:
    one = watch((0, 600, 1.0), (600, 601, MOST_S + 1))
    assert one.stalls == 1


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20), st.floats(0, 20)), max_size=30))
def test_stalls_and_their_time_only_grow(sent: list[tuple[float, float, float]]) -> None:
    one = Watch()
    before = (0, 0.0, False)
    for start_s, length_s, waited_s in sent:
        one.sent(start_s, start_s + length_s, waited_s)
        after = (one.stalls, one.stalled_s, one.drawn)
        assert all(new >= old for new, old in zip(after, before, strict=True))
        assert (one.stalls > 0) == (one.stalled_s > 0)
        before = after
