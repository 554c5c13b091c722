"""Why a film waits, in words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.reasons import Situation, why_no_metadata, why_waiting

ALONE = Situation(
    has_metadata=True, connected=0, seeds=0, known=0, rate_bytes_per_s=0, tracker_errors=(), trackers=1, dht=True,
    offline=False,
)  # fmt: skip
COMPANY = replace(ALONE, connected=3)

situations = st.builds(
    Situation,
    has_metadata=st.booleans(),
    connected=st.integers(0, 500),
    seeds=st.integers(0, 500),
    known=st.integers(0, 500),
    rate_bytes_per_s=st.integers(0, 1 << 30),
    tracker_errors=st.lists(st.just("not registered"), max_size=3).map(tuple),
    trackers=st.integers(0, 3),
    dht=st.booleans(),
    offline=st.booleans(),
)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (replace(ALONE, offline=True), "offline"),
        (ALONE, "Looking for people"),
        (replace(ALONE, known=7), "Calling 7"),
        (replace(ALONE, tracker_errors=("not registered",), dht=False), "the tracker says: not registered"),
        (replace(ALONE, tracker_errors=("not registered",)), "Looking for people"),
        (replace(ALONE, tracker_errors=("not registered",), trackers=2, dht=False), "Looking for people"),
        (replace(COMPANY, has_metadata=False), "list of files"),
        (COMPANY, "nobody is sending"),
        (replace(COMPANY, connected=1), "One person is connected"),
        (replace(COMPANY, rate_bytes_per_s=2_340_000), "2.3 MB a second"),
        (replace(COMPANY, rate_bytes_per_s=64_000), "64 kB a second"),
        (replace(COMPANY, rate_bytes_per_s=3), "1 kB a second"),
    ],
)
def test_why_waiting_when_so_then_says_so(now: Situation, words: str) -> None:
    assert words in why_waiting(now)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (replace(ALONE, offline=True), "offline"),
        (COMPANY, "3 connected, but none of them sent it"),
        (replace(ALONE, tracker_errors=("not registered",)), "the tracker says: not registered"),
        (replace(ALONE, known=4), "4 are known"),
        (ALONE, "nobody was found"),
    ],
)
def test_why_no_metadata_when_so_then_says_so(now: Situation, words: str) -> None:
    assert words in why_no_metadata(now, 60.0)


@given(situations)
def test_reasons_when_anything_is_so_then_are_one_line_of_sentences(now: Situation) -> None:
    said = (why_waiting(now), why_no_metadata(now, 12.4))
    assert all(text.endswith(".") and "\n" not in text for text in said)
