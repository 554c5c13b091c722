"""WebVTT as it is written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.models.subtitles import Anchor, Cue, Span
from matinee.subtitles import vtt
from tests.subtitles.cues import FILM_S, cue, cues

TIMING = re.compile(r"(\d{2,}):(\d\d):(\d\d)\.(\d{3}) --> (\d{2,}):(\d\d):(\d\d)\.(\d{3})( [a-z0-9:% ]+)?")
TAGS = re.compile(r"</?[biu]>")


def blocks(text: str) -> list[list[str]]:
    """Part a WebVTT file as its specification does: at empty lines."""
    return [block.split("\n") for block in re.split(r"\n{2,}", text.strip("\n"))]


def test_write_when_cues_are_in_any_order_then_by_their_start() -> None:
    text = vtt.write((cue(3661.5, 3662, "b"), cue(1, 2.0004, "a")), 0, 9999)
    assert text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na\n\n01:01:01.500 --> 01:01:02.000\nb\n"


def test_write_when_for_hls_then_the_clock_is_named() -> None:
    assert vtt.write((), 0, 6, mpegts=900_000) == "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n"


def test_write_when_a_cue_reaches_over_a_border_then_it_is_whole_on_both_sides() -> None:
    given = (cue(5, 7),)
    assert vtt.write(given, 0, 6) == vtt.write(given, 6, 12)
    assert vtt.write(given, 7, 12) == "WEBVTT\n"


def test_write_when_there_is_markup_in_the_text_then_it_stays_text() -> None:
    nasty = "<script>alert(1)</script> &amp; 1 --> 2"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; 1 --&gt; 2\n" in vtt.write(
        (cue(0, 1, nasty),), 0, 1
    )


def test_write_when_spans_are_marked_then_each_line_has_its_own_tags() -> None:
    given = Cue(0, 1, (Span("a"), Span("b\nc", italic=True), Span("d", bold=True, underline=True)))
    assert vtt.write((given,), 0, 1).endswith("\na<i>b</i>\n<i>c</i><b><u>d</u></b>\n")


def test_write_when_lines_are_blank_then_they_do_not_end_the_cue() -> None:
    assert vtt.write((cue(0, 1, "a\n\n \r\n\rb\u2028c"),), 0, 1).endswith("000\na\nb\u2028c\n")


@pytest.mark.parametrize("nothing", [cue(0, 1, " \n "), cue(0.1001, 0.1004)])
def test_write_when_nothing_would_be_seen_then_the_cue_is_left_out(nothing: Cue) -> None:
    assert vtt.write((nothing,), 0, 1) == "WEBVTT\n"


def test_write_when_a_cue_stands_on_top_then_its_line_is_named() -> None:
    assert ".000 line:0 align:right\n" in vtt.write((cue(0, 1, anchor=Anchor.TOP_RIGHT),), 0, 1)


@settings(deadline=None)
@given(st.lists(cues(), max_size=6))
def test_write_when_cues_hold_anything_then_the_file_is_well_formed(some: list[Cue]) -> None:
    head, *shown = blocks(vtt.write(some, 0, FILM_S + 60))
    assert head == ["WEBVTT"]
    assert len(shown) <= len(some)
    for timing, *lines in shown:
        assert TIMING.fullmatch(timing)
        assert lines
        assert all(line and "-->" not in line and "\r" not in line and "\0" not in line for line in lines)
        assert all("<" not in TAGS.sub("", line) for line in lines)
