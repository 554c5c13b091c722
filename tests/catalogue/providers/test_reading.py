"""Fields as services send them: one or a list, numbers as texts, markup in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.providers import reading


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", ("a",)),
        (["a", "", 7, None, True, {"b": 1}, " "], ("a", "7")),
        (None, ()),
        ({"a": 1}, ()),
        (1.5, ("1.5",)),
    ],
)
def test_texts_when_one_or_a_list_then_the_texts(value: Any, found: tuple[str, ...]) -> None:
    assert reading.texts(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("12", 12.0),
        (" 1.5 ", 1.5),
        (3, 3.0),
        (["4"], 4.0),
        ("-1", None),
        ("1e9", None),
        ("", None),
        (True, None),
    ],
)
def test_number_when_a_text_or_a_number_then_that(value: Any, found: float | None) -> None:
    assert reading.number(value) == found


def test_whole_when_it_is_long_then_no_digit_is_lost_and_nothing_beyond_the_most() -> None:
    assert reading.whole("281474976710655", reading.MAX_BYTES) == 281_474_976_710_655
    assert reading.whole("281474976710657", reading.MAX_BYTES) is None
    assert reading.whole("9" * 4000, reading.MAX_BYTES) is None
    assert reading.whole(10**400, reading.MAX_BYTES) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [("730.1", 730.1), ("12:10", 730), ("1:02:03", 3723), ("0", None), ("long", None), (10**9, None)],
)
def test_seconds_when_a_number_or_a_clock_then_seconds(value: Any, found: float | None) -> None:
    assert reading.seconds(value) == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (("1922-03-04",), 1922),
        ((None, ["0000", "1931"]), 1931),
        (("c. 1931",), None),
        (("19311",), None),
        (("1066", 2024), 2024),
        ((["²⁰²⁴"],), None),
    ],
)
def test_year_when_a_film_can_be_of_it_then_the_first(values: tuple[Any, ...], found: int | None) -> None:
    assert reading.year(*values) == found


def test_languages_when_named_in_any_way_then_tags_once() -> None:
    assert reading.languages(["eng", "French; German", "xyzzy", "English"]) == ("en", "fr", "de")


def test_genres_when_keywords_name_some_then_ours_once() -> None:
    assert reading.genres(["Sci-Fi; horror", "Science Fiction", "cats"]) == ("science-fiction", "horror")


def test_identifiers_when_among_others_then_both() -> None:
    assert reading.identifiers(["urn:oclc:1", "urn:imdb:TT0012349", "q42"]) == ("tt0012349", "Q42")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One<br>two &amp; three</p>", "One two & three"),
        ("a<script>alert(1)</script><style>p{}</style>b", "a b"),
        ("<img src=x onerror=alert(1)>", ""),
        ("1 < 2", "1 < 2"),
        ("line\r\n\u202eturned", "line turned"),
        ("word " * 300, "word " * 178 + "word…"),
    ],
)
def test_plain_text_when_there_is_markup_then_its_words(markup: str, words: str) -> None:
    assert reading.plain_text(markup) == words


@given(st.text(max_size=300))
def test_plain_text_when_it_is_anything_then_one_line_within_the_limit(markup: str) -> None:
    words = reading.plain_text(markup, 100)
    assert len(words) <= 100
    assert "\n" not in words


def test_title_id_when_a_name_is_unfit_for_an_address_then_its_hash() -> None:
    assert reading.title_id("archive", "A-film_1.0") == "archive.A-film_1.0"
    assert reading.title_id("archive", "a/b") == "archive.c14cddc033f64b9dea80ea675cf280a0"
    assert len(reading.title_id("archive", "\ud800")) == 40
