"""SubRip as it is met."""

import pytest

from matinee.models.subtitles import Anchor, Span
from matinee.subtitles import srt
from tests.subtitles.cues import plain

USUAL = """1
00:00:01,000 --> 00:00:02,500
Hello

2
00:01:00,5 --> 01:00:00,000
two
lines

"""


def test_read_when_it_is_as_usual_then_all_cues() -> None:
    assert plain(srt.read(USUAL)) == [(1.0, 2.5, "Hello"), (60.5, 3600.0, "two\nlines")]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_read_when_lines_end_in_any_way_then_the_same(end: str) -> None:
    assert srt.read(USUAL.replace("\n", end)) == srt.read(USUAL)


def test_read_when_numbers_are_missing_then_nothing_of_the_text_is_taken_for_one() -> None:
    text = "00:01,000 --> 00:02,000\nHow many?\n42\n00:03,000 --> 00:04,000\nSo many.\n"
    assert plain(srt.read(text)) == [(1.0, 2.0, "How many?\n42"), (3.0, 4.0, "So many.")]


def test_read_when_blank_lines_are_missing_then_counted_numbers_go() -> None:
    text = "1\n00:01,000 --> 00:02,000\na\n2\n00:03,000 --> 00:04,000\nb\n3\n00:05,000 --> 00:06,000\nc"
    assert [cue.text for cue in srt.read(text)] == ["a", "b", "c"]


def test_read_when_a_cue_has_blank_lines_inside_then_it_is_one() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\na\n\n \nb\n\n2\n00:00:03,000 --> 00:00:04,000\nc\n"
    assert [cue.text for cue in srt.read(text)] == ["a\nb", "c"]


def test_read_when_places_follow_the_times_then_they_are_left_out() -> None:
    text = "1\n00:00:01.000 --> 00:00:02.000  X1:100 X2:200 Y1:10 Y2:20\nx\n"
    assert plain(srt.read(text)) == [(1.0, 2.0, "x")]


@pytest.mark.parametrize("arrow", [" --> ", "-->", " -> ", " ---> ", "  -->  "])
def test_read_when_the_arrow_is_another_then_it_is_one(arrow: str) -> None:
    assert plain(srt.read(f"00:00:01,000{arrow}00:00:02:250\nx")) == [(1.0, 2.25, "x")]


def test_read_when_cues_are_in_disorder_then_by_their_start() -> None:
    text = "00:00:09,000 --> 00:00:10,000\nb\n\n00:00:01,000 --> 00:00:02,000\na\n"
    assert [cue.text for cue in srt.read(text)] == ["a", "b"]


@pytest.mark.parametrize(
    "times",
    ["00:00:02,000 --> 00:00:01,000", "00:00:01,000 --> 00:00:01,000", "999:00:00,000 --> 999:00:01,000"],
)
def test_read_when_times_make_no_sense_then_the_cue_is_left_out(times: str) -> None:
    assert srt.read(f"1\n{times}\nx\n") == ()


def test_read_when_there_are_tags_then_looks() -> None:
    (cue,) = srt.read(
        '00:01,000 --> 00:02,000\na <i>b <b>c</b></i> <font color="red">d</font>{\\an8}<u>e</u>\n'
    )
    assert cue.spans == (
        Span("a "), Span("b ", italic=True), Span("c", italic=True, bold=True), Span(" d"), Span("e", underline=True),
    )  # fmt: skip
    assert cue.anchor is Anchor.TOP


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a < b and c > d, a <bc> d",
        "<3 you> {not an override}",
        "<svg/onload=alert(1)>",
        "{",
        "<",
        "</>",
    ],
)
def test_read_when_text_only_looks_like_markup_then_it_is_text(text: str) -> None:
    (cue,) = srt.read(f"00:01,000 --> 00:02,000\n{text}\n")
    assert cue.spans == (Span(text),)


def test_read_when_there_are_character_references_then_characters_but_never_markup() -> None:
    (cue,) = srt.read("00:01,000 --> 00:02,000\nR&amp;B &lt;script&gt;&#0;&#13;&nbsp;x AT&T &nothing;\n")
    assert cue.spans == (Span("R&B <script>\ufffd\n\xa0x AT&T &nothing;"),)


def test_read_when_there_are_control_characters_then_they_go() -> None:
    (cue,) = srt.read("00:01,000 --> 00:02,000\na\x00b\x1bc\td\x9be\ufefff\x0bg\n")
    assert cue.text == "abc defg"


def test_read_when_nothing_would_be_seen_then_no_cue() -> None:
    assert (
        srt.read("1\n00:00:01,000 --> 00:00:02,000\n<i> </i>\n\n2\n00:00:03,000 --> 00:00:04,000\n\n") == ()
    )


def test_read_when_it_is_something_else_then_nothing() -> None:
    assert srt.read("Not subtitles at all.\n-->\n1 --> 2\n") == ()
