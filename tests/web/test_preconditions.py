"""RFC 9110 section 13 as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.web.preconditions import Outcome, evaluate, is_strong_tag

TAG = '"tag"'

TABLE: list[tuple[str, str | None, str | None, Outcome]] = [
    ("GET", None, None, Outcome.PROCEED),
    # If-Match compares strongly.
    ("GET", TAG, None, Outcome.PROCEED),
    ("GET", "*", None, Outcome.PROCEED),
    ("GET", '"a", "tag"', None, Outcome.PROCEED),
    ("GET", '"a"', None, Outcome.FAILED),
    ("GET", f"W/{TAG}", None, Outcome.FAILED),
    ("GET", "", None, Outcome.FAILED),
    ("GET", "tag", None, Outcome.FAILED),
    # If-None-Match compares weakly.
    ("GET", None, TAG, Outcome.NOT_MODIFIED),
    ("HEAD", None, TAG, Outcome.NOT_MODIFIED),
    ("GET", None, f"W/{TAG}", Outcome.NOT_MODIFIED),
    ("GET", None, "*", Outcome.NOT_MODIFIED),
    ("GET", None, f' "a" ,W/"b",, {TAG}', Outcome.NOT_MODIFIED),
    ("GET", None, '"a,b", "c"', Outcome.PROCEED),
    ("GET", None, '"a"', Outcome.PROCEED),
    ("GET", None, "tag", Outcome.PROCEED),
    ("PUT", None, TAG, Outcome.FAILED),
    # If-Match comes first.
    ("GET", '"a"', TAG, Outcome.FAILED),
    ("GET", TAG, TAG, Outcome.NOT_MODIFIED),
]


@pytest.mark.parametrize(("method", "if_match", "if_none_match", "outcome"), TABLE)
def test_evaluate_of_the_table_gives_what_the_rfc_says(
    method: str, if_match: str | None, if_none_match: str | None, outcome: Outcome
) -> None:
    assert evaluate(method, if_match, if_none_match, TAG) is outcome


def test_evaluate_with_a_comma_in_the_tag_finds_it() -> None:
    assert evaluate("GET", None, '"x", "a,b"', '"a,b"') is Outcome.NOT_MODIFIED


@given(st.text(), st.text())
def test_evaluate_of_anything_decides(if_match: str, if_none_match: str) -> None:
    assert evaluate("GET", if_match, if_none_match, TAG) in Outcome


@pytest.mark.parametrize(
    ("value", "strong"), [(TAG, True), ('W/"tag"', False), ('"a" "b"', False), ('""', True)]
)
def test_is_strong_tag_wants_one_whole_tag(value: str, strong: bool) -> None:
    assert is_strong_tag(value) is strong
