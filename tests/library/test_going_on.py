"""What to go on with."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.library.going_on import going_on
from matinee.models.library import Progress, Work
from tests.library.made import FILM, episode, left, progresses

ORDER = {"a-series-1960": [(1, 1), (1, 2), (1, 3), (2, 1)]}


def test_film_in_its_middle_then_is_gone_on_with_where_it_was_left() -> None:
    (one,) = going_on([left()], ORDER)
    assert (one.work, one.position_s, one.follows) == (FILM, 3000.0, False)


def test_film_that_was_seen_or_hardly_begun_then_is_nothing_to_go_on_with() -> None:
    assert going_on([left(position_s=6000.0), left(Work("b-1950"), position_s=3.0)], ORDER) == []


def test_film_that_is_watched_again_then_is_gone_on_with() -> None:
    assert [one.position_s for one in going_on([left(watched=True)], ORDER)] == [3000.0]


def test_episode_that_was_seen_then_leads_to_the_next_one_over_the_season() -> None:
    for seen, following in [((1, 1), (1, 2)), ((1, 3), (2, 1))]:
        (one,) = going_on([episode(*seen)], ORDER)
        assert (one.work.season, one.work.number) == following
        assert (one.follows, one.info_hash) == (True, None)


def test_last_episode_and_an_unknown_series_then_lead_nowhere() -> None:
    assert going_on([episode(2, 1)], ORDER) == []
    assert going_on([episode(1, 1)], {}) == []


def test_next_episode_when_seen_already_then_is_passed_over_and_a_begun_one_is_gone_on_with() -> None:
    those = [
        episode(1, 1, changed_ms=3),
        episode(1, 2, changed_ms=2),
        episode(1, 3, changed_ms=1, watched=False, position_s=400.0),
    ]
    (one,) = going_on(those, ORDER)
    assert (one.work.number, one.position_s, one.follows) == (3, 400.0, True)


def test_episode_that_had_hardly_begun_then_is_still_the_one_to_see() -> None:
    those = [episode(1, 2, changed_ms=2, watched=False, position_s=3.0), episode(1, 1, changed_ms=1)]
    (one,) = going_on(those, ORDER)
    assert (one.work.number, one.position_s) == (2, 0.0)


@given(st.lists(progresses))
def test_any_list_then_gives_each_title_once_the_last_first_and_never_what_was_seen(
    left: list[Progress],
) -> None:
    found = going_on(left, {"b-1950": [(0, 0), (0, 1), (1, 0), (3, 3)]})
    titles = [one.work.title for one in found]
    moments = [one.changed_ms for one in found]
    assert len(set(titles)) == len(titles)
    assert moments == sorted(moments, reverse=True)
    assert all(one.position_s <= max(0.0, one.duration_s) or one.duration_s == 0 for one in found)
