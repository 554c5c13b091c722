"""MicroDVD and MPL2."""

import pytest

from matinee.models.subtitles import Anchor, Span
from matinee.subtitles import framed
from tests.subtitles.cues import plain


def test_read_when_the_file_says_its_rate_then_it_counts() -> None:
    assert plain(framed.read("{1}{1}25.000\n{25}{50}a|b\n", 30.0)) == [(1.0, 2.0, "a\nb")]


@pytest.mark.parametrize(("rate", "start_s"), [(50.0, 1.0), (0.0, 50 / 23.976)])
def test_read_when_the_file_says_no_rate_then_the_film_does(rate: float, start_s: float) -> None:
    assert framed.read("{50}{100}a\n", rate)[0].start_s == pytest.approx(start_s)


def test_read_when_there_are_codes_then_looks() -> None:
    (cue,) = framed.read("{0}{50}{y:i}a|{c:$0000ff}b|/c{x}", 25)
    assert cue.spans == (Span("a\n", italic=True), Span("b\n"), Span("c{x}", italic=True))
    (cue,) = framed.read("{0}{50}{Y:bu}a|b", 25)
    assert cue.spans == (Span("a\nb", bold=True, underline=True),)


def test_read_when_it_is_mpl2_then_tenths_of_seconds() -> None:
    assert plain(framed.read("[10][25]/a|b\nnothing\n", 0)) == [(1.0, 2.5, "a\nb")]


def test_read_when_subrip_markup_strayed_in_then_is_looks_and_place_and_alone_is_no_cue() -> None:
    found = framed.read("{25}{50}{\\an8}<i>up</i> here\n{50}{75}{\\an8}\n{75}{99}a < b\n", 25)
    assert [(cue.text, cue.anchor) for cue in found] == [("up here", Anchor.TOP), ("a < b", Anchor.BOTTOM)]
    assert [span.italic for span in found[0].spans] == [True, False]
