"""RFC 9110 section 14 as a table, what players were recorded to send, and properties."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.web.ranges import (
    MAX_HEADER_CHARS,
    MAX_SPECS,
    Spans,
    Unsatisfiable,
    Wanted,
    Whole,
    content_range,
    if_range_holds,
    parse_range,
    unsatisfied_range,
)

LENGTH = 10_000

TABLE: list[tuple[str | None, int, Wanted]] = [
    # Section 14.1.2, the examples for 10 000 bytes.
    ("bytes=0-499", LENGTH, Spans(((0, 500),))),
    ("bytes=500-999", LENGTH, Spans(((500, 1000),))),
    ("bytes=-500", LENGTH, Spans(((9500, 10000),))),
    ("bytes=9500-", LENGTH, Spans(((9500, 10000),))),
    ("bytes=0-0,-1", LENGTH, Spans(((0, 1), (9999, 10000)))),
    ("bytes= 0-999, 4500-5499, -1000", LENGTH, Spans(((0, 1000), (4500, 5500), (9000, 10000)))),
    ("bytes=500-600,601-999", LENGTH, Spans(((500, 1000),))),
    ("bytes=500-700,601-999", LENGTH, Spans(((500, 1000),))),
    # Clamped to the end; longer than the file; one byte.
    ("bytes=9999-20000", LENGTH, Spans(((9999, 10000),))),
    ("bytes=-20000", LENGTH, Spans(((0, 10000),))),
    ("bytes=0-99999999999999999999999999", LENGTH, Spans(((0, 10000),))),
    ("bytes=0-", LENGTH, Spans(((0, 10000),))),
    ("bytes=00000000000000000000005-9", LENGTH, Spans(((5, 10),))),
    # Beyond the file: what VLC asks to learn the length.
    ("bytes=10000-", LENGTH, Unsatisfiable()),
    ("bytes=10000-10001", LENGTH, Unsatisfiable()),
    ("bytes=99999999999999999999999-", LENGTH, Unsatisfiable()),
    ("bytes=-0", LENGTH, Unsatisfiable()),
    ("bytes=-0,10000-", LENGTH, Unsatisfiable()),
    ("bytes=10000-,5-6", LENGTH, Spans(((5, 7),))),
    # Order is kept; joined ranges stand where the earliest stood.
    ("bytes=5000-5999,0-999", LENGTH, Spans(((5000, 6000), (0, 1000)))),
    ("bytes=5000-5999,0-999,5500-6499", LENGTH, Spans(((5000, 6500), (0, 1000)))),
    ("bytes=0-9,20-29,5-24", LENGTH, Spans(((0, 30),))),
    # Lists may have empty members and white space (section 5.6.1).
    ("bytes=,,0-9,", LENGTH, Spans(((0, 10),))),
    ("bytes=0-9 \t,\t 20-29", LENGTH, Spans(((0, 10), (20, 30)))),
    ("BYTES=0-9", LENGTH, Spans(((0, 10),))),
    # Greedy: ignored.
    ("bytes=0-0,2-2,4-4,6-6", LENGTH, Spans(((0, 1), (2, 3), (4, 5), (6, 7)))),
    ("bytes=0-0,2-2,4-4,6-6,8-8", LENGTH, Whole()),
    ("bytes=0-9" + " " * MAX_HEADER_CHARS, LENGTH, Whole()),
    # Malformed or unknown: ignored.
    (None, LENGTH, Whole()),
    ("", LENGTH, Whole()),
    ("bytes", LENGTH, Whole()),
    ("bytes=", LENGTH, Whole()),
    ("bytes=,", LENGTH, Whole()),
    ("bytes=-", LENGTH, Whole()),
    ("bytes=9-0", LENGTH, Whole()),
    ("bytes=0-9,9-0", LENGTH, Whole()),
    ("bytes=a-b", LENGTH, Whole()),
    ("bytes=0x0-9", LENGTH, Whole()),
    ("bytes=+0-9", LENGTH, Whole()),
    ("bytes=0--9", LENGTH, Whole()),
    ("bytes=1_0-19", LENGTH, Whole()),
    ("bytes=0 - 9", LENGTH, Whole()),
    ("bytes =0-9", LENGTH, Whole()),
    ("bytes=\u0661-\u0662", LENGTH, Whole()),
    ("bytes=\u00b2-9", LENGTH, Whole()),
    ("bytes=5", LENGTH, Whole()),
    ("seconds=0-9", LENGTH, Whole()),
    # Safari asks for two bytes first and wants a 206 even of the whole.
    ("bytes=0-1", 2, Spans(((0, 2),))),
    # Files of no and of one byte.
    ("bytes=0-", 0, Unsatisfiable()),
    ("bytes=0-0", 0, Unsatisfiable()),
    ("bytes=-5", 0, Whole()),
    ("bytes=0-0", 1, Spans(((0, 1),))),
    ("bytes=-1", 1, Spans(((0, 1),))),
    ("bytes=1-", 1, Unsatisfiable()),
]


@pytest.mark.parametrize(("header", "length", "wanted"), TABLE)
def test_parse_range_of_the_table_gives_what_the_rfc_says(
    header: str | None, length: int, wanted: Wanted
) -> None:
    assert parse_range(header, length) == wanted


@given(st.text() | st.from_regex(r"bytes=[-0-9, ]{0,40}", fullmatch=True), st.integers(0, 10**13))
def test_parse_range_of_anything_stays_inside_the_file(header: str, length: int) -> None:
    wanted = parse_range(header, length)
    spans = wanted.spans if isinstance(wanted, Spans) else ()
    assert all(0 <= start < stop <= length for start, stop in spans)
    assert len(spans) <= MAX_SPECS
    ordered = sorted(spans)
    assert all(left[1] < right[0] for left, right in pairwise(ordered))


_SPEC = st.one_of(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: f"{pair[0]}-{pair[1]}"),
    st.integers(0, 60).map(lambda first: f"{first}-"),
    st.integers(0, 60).map(lambda suffix: f"-{suffix}"),
)


@given(st.lists(_SPEC, min_size=1, max_size=6), st.integers(0, 50))
def test_parse_range_of_a_list_wants_the_same_bytes_as_the_oracle(specs: list[str], length: int) -> None:
    wanted = parse_range("bytes=" + ",".join(specs), length)
    assert _bytes_of(wanted, length) == _oracle(specs, length)


def _bytes_of(wanted: Wanted, length: int) -> set[int] | str:
    match wanted:
        case Spans(spans):
            return {position for start, stop in spans for position in range(start, stop)}
        case Whole():
            return "whole"
        case Unsatisfiable():
            return "416"


def _oracle(specs: list[str], length: int) -> set[int] | str:
    """Say the same byte by byte, by asking of each position whether some spec covers it."""
    parts = [re.fullmatch(r"(\d*)-(\d*)", spec) for spec in specs]
    pairs = [(part[1], part[2]) for part in parts if part]
    if len(pairs) > MAX_SPECS or any(first and last and int(last) < int(first) for first, last in pairs):
        return "whole"
    covered = {position for position in range(length) for pair in pairs if _covers(pair, position, length)}
    satisfiable = any(int(first) < length if first else int(last) > 0 for first, last in pairs)
    return covered or ("whole" if satisfiable else "416")


def _covers(pair: tuple[str, str], position: int, length: int) -> bool:
    first, last = pair
    if not first:
        return position >= length - int(last)
    return int(first) <= position <= (int(last) if last else length)


@pytest.mark.parametrize(
    "bomb",
    [
        "bytes=" + "0-0," * 1_000_000,
        "bytes=0-" + "9" * 1_000_000,
        "bytes=" + "," * 1_000_000,
        "bytes=" + "-" * 1_000_000,
        "bytes=" + " " * 1_000_000 + "0-0",
        "=" * 1_000_000,
    ],
)
def test_parse_range_of_a_bomb_is_whole_and_quick(bomb: str) -> None:
    before = time.process_time()
    assert parse_range(bomb, LENGTH) == Whole()
    assert time.process_time() - before < 1


def test_content_range_is_inclusive() -> None:
    assert content_range((0, 500), 10_000) == "bytes 0-499/10000"
    assert unsatisfied_range(10_000) == "bytes */10000"


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        (None, True),
        ('"tag"', True),
        (' "tag" ', True),
        ('"other"', False),
        ('W/"tag"', False),
        ("tag", False),
        ('"tag", "tag"', False),
        ("*", False),
        ("Sun, 22 Nov 2026 20:00:00 GMT", False),
        ("", False),
    ],
)
def test_if_range_holds_only_for_the_same_strong_tag(header: str | None, holds: bool) -> None:
    assert if_range_holds(header, '"tag"') is holds
