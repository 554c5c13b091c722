"""What is promised of a film, and what is learned from what became of it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.rank import MARGIN, Handling
from matinee.models.promise import Basis, Outcome, Plays, Promise
from matinee.playback.promise import (
    HANDLING_S,
    HERE_S,
    LEAST_BYTES,
    METADATA_S,
    OPENING_MOST_BYTES_PER_S,
    REACH_S,
    UNKNOWN_OPENING_BYTES,
    Film,
    Line,
    Look,
    error,
    gave_bytes_per_s,
    learned,
    missing_bytes,
    opening,
    promise,
    reach_s,
)
from matinee.types import FileIndex, InfoHash

MIB = 1024 * 1024
HASH, OTHER = InfoHash("a" * 40), InfoHash("b" * 40)
FILM = Film(180_000_000, 180.0, MIB, handling=Handling.PLAYS)
LINE = Line(0.5, 4e6, Basis.LINE)
EACH_S = 1 / 4e6 + 1 / OPENING_MOST_BYTES_PER_S


def outcome(
    start_s: float = 2.0,
    rate: float | None = 4e6,
    *,
    said_s: float = 2.0,
    plays: Plays = Plays.SMOOTHLY,
    stalls: int = 0,
    info_hash: InfoHash = HASH,
    reach: float = 0.5,
    fresh: bool = True,
) -> Outcome:
    said = Promise(said_s, plays, 1e6, 4e6, Basis.LINE)
    return Outcome(
        "2026-11-26T12:00:00Z", info_hash, FileIndex(0), said, fresh, start_s, reach, rate, 30.0, stalls, 0.0
    )


FILMS = st.builds(
    Film,
    st.integers(0, 10**11),
    st.none() | st.floats(1, 40_000),
    st.sampled_from([1, 16 * 1024, MIB, 16 * MIB]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(list(Handling)),
    st.booleans(),
)
LINES = st.builds(Line, st.floats(0, 5), st.floats(1e4, 1e8), st.sampled_from(list(Basis)))


@given(FILMS)
def test_an_opening_lies_in_the_film_and_its_parts_apart(film: Film) -> None:
    spans = opening(film).spans
    assert spans
    assert all(0 <= start < stop <= (film.length_bytes or UNKNOWN_OPENING_BYTES) for start, stop in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@given(FILMS, LINES, st.floats(1, 100))
def test_a_faster_line_never_starts_later_nor_plays_worse(film: Film, line: Line, times: float) -> None:
    slow = promise(film, line)
    fast = promise(film, replace(line, rate_bytes_per_s=line.rate_bytes_per_s * times))
    assert fast.starts_in_s <= slow.starts_in_s
    assert (slow.plays, fast.plays) != (Plays.SMOOTHLY, Plays.PAUSES)


@given(FILMS, LINES)
def test_what_is_learned_from_a_kept_promise_promises_the_same_again(film: Film, line: Line) -> None:
    said = promise(replace(film, metadata_here=True), line)
    wanted = opening(film).length_bytes
    found = reach_s(said.starts_in_s, wanted, line.rate_bytes_per_s, film)
    again = learned([outcome(said.starts_in_s, line.rate_bytes_per_s, reach=found)])
    once_more = promise(replace(film, metadata_here=True), again)
    assert once_more.starts_in_s == pytest.approx(said.starts_in_s, abs=0.002)


def test_a_film_starts_when_its_opening_is_here_in_whole_pieces() -> None:
    tail = FILM.length_bytes % MIB
    assert opening(FILM).spans == ((0, 3 * MIB), (FILM.length_bytes - tail, FILM.length_bytes))
    said = promise(FILM, LINE)
    assert said.starts_in_s == pytest.approx(0.5 + (3 * MIB + tail) * EACH_S, abs=0.001)
    assert said.basis is Basis.LINE


def test_a_piece_that_takes_the_whole_line_is_not_waited_for_twice() -> None:
    large = replace(FILM, piece_bytes=16 * MIB, index_at_tail=False)
    said = promise(large, LINE)
    assert said.starts_in_s == pytest.approx(0.5 + 16 * MIB / LINE.rate_bytes_per_s, abs=0.001)


def test_an_index_at_the_head_is_part_of_it() -> None:
    assert opening(replace(FILM, index_at_tail=False)).spans == ((0, 3 * MIB),)


def test_an_index_of_a_long_film_counts() -> None:
    long = replace(FILM, length_bytes=5_000_000_000, duration_s=7200.0, piece_bytes=1)
    assert opening(long).length_bytes == int(2 * 5e9 / 7200 * MARGIN) + 7200 * 512
    assert opening(replace(long, matroska=True)).length_bytes == int(2 * 5e9 / 7200 * MARGIN) + 7200 * 12


def test_what_is_here_need_not_come() -> None:
    wanted = opening(FILM)
    assert missing_bytes(wanted, [(0, MIB)]) == wanted.length_bytes - MIB
    assert missing_bytes(wanted, [(0, FILM.length_bytes)]) == 0
    said = promise(FILM, LINE, 0)
    assert (said.starts_in_s, said.basis) == (HERE_S, Basis.HERE)


def test_without_a_list_of_files_the_usual_is_promised_and_not_how_it_plays() -> None:
    said = promise(Film(0, metadata_here=False), LINE)
    assert said.starts_in_s == pytest.approx(0.5 + UNKNOWN_OPENING_BYTES * EACH_S + METADATA_S, abs=0.001)
    assert (said.plays, said.needs_bytes_per_s) == (Plays.NOT_KNOWN, None)


def test_a_film_that_needs_more_than_it_gets_will_pause() -> None:
    said = promise(FILM, replace(LINE, rate_bytes_per_s=1.1e6))
    assert (said.plays, said.needs_bytes_per_s, said.gets_bytes_per_s) == (Plays.PAUSES, 1e6 * MARGIN, 1.1e6)
    assert promise(FILM, replace(LINE, rate_bytes_per_s=1.3e6)).plays is Plays.SMOOTHLY


def test_before_anything_was_played_it_is_a_guess_that_does_not_say_how_it_plays() -> None:
    said = promise(FILM, learned([]))
    assert (said.basis, said.plays) == (Basis.GUESS, Plays.NOT_KNOWN)
    assert said.starts_in_s > REACH_S


def test_converting_takes_its_time() -> None:
    more = promise(replace(FILM, handling=Handling.PICTURE), LINE).starts_in_s
    assert more == pytest.approx(promise(FILM, LINE).starts_in_s + HANDLING_S[Handling.PICTURE])


def test_the_middle_one_of_the_last_speaks_for_the_line() -> None:
    outcomes = [outcome(rate=rate) for rate in (1e3,) * 20 + (4e6, 5e6, 6e6) * 3]
    assert learned(outcomes) == Line(0.5, 5e6, Basis.LINE)


def test_what_a_torrent_did_counts_before_what_others_did() -> None:
    outcomes = [outcome(rate=2e5, info_hash=OTHER, reach=3.0), *[outcome()] * 5]
    assert learned(outcomes, OTHER) == Line(3.0, 2e5, Basis.FILM)
    assert learned(outcomes, InfoHash("c" * 40)).basis is Basis.LINE


def test_nothing_is_learned_from_what_was_here_or_told_no_rate() -> None:
    assert learned([outcome(fresh=False), outcome(rate=None)]) == Line()


def test_the_error_is_what_starts_were_off_by_and_how_often_it_played_as_said() -> None:
    outcomes = [
        outcome(2.0, said_s=2.2),
        outcome(4.0, said_s=2.0, stalls=1),
        outcome(1.0, said_s=1.31, plays=Plays.PAUSES, stalls=2),
        outcome(1.0, said_s=1.0, plays=Plays.NOT_KNOWN),
    ]
    found = error(outcomes)
    assert (found.count, found.within, found.judged, found.right) == (4, 2, 3, 2)
    assert found.median == pytest.approx((0.1 + 0.31) / 2)
    assert error([]).median is None


def looks(*told: tuple[float, int, float]) -> list[Look]:
    return [Look(*one) for one in told]


def test_a_line_gives_what_it_gave_on_the_whole_or_at_its_best_whichever_is_more() -> None:
    steady = looks((0, 3_000_000, 1e5), (2, 11_000_000, 2e6), (4, 19_000_000, 3e6))
    assert gave_bytes_per_s(steady) == 4e6
    # As in the bench among hostile peers: careful for ten seconds, and then what there is.
    careful = looks((0, 3_000_000, 3e5), (5, 33_000_000, 4.6e6), (10, 58_000_000, 5e6), (14, 98_000_000, 8e6))
    assert gave_bytes_per_s(careful) == 8e6


def test_too_little_tells_nothing_of_a_line() -> None:
    assert gave_bytes_per_s([]) is None
    assert gave_bytes_per_s(looks((0, 3_000_000, 9e6))) is None
    assert gave_bytes_per_s(looks((0, 0, 9e6), (2, LEAST_BYTES - 1, 9e6))) is None


@given(st.lists(st.tuples(st.integers(0, 10**8), st.floats(0, 1e8)), min_size=3, max_size=30))
def test_a_line_never_gives_less_than_at_any_look(came: list[tuple[int, float]]) -> None:
    seen, here = [], 0
    for at, (count, rate) in enumerate(came):
        here += count
        seen.append(Look(2.0 * at, here, rate))
    gave = gave_bytes_per_s(seen)
    assert gave is None or all(gave >= one.rate_bytes_per_s for one in seen[1:])
