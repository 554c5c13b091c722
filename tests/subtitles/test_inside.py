"""A film's own tracks."""

import pytest

from matinee.models.subtitles import Anchor, Event, Excerpt, Span, Syntax
from matinee.subtitles import ass, inside
from tests.subtitles.test_ass import HEADER

STYLED = Excerpt(
    Syntax.ASS,
    HEADER.partition("[Events]")[0] + "[Events]\nFormat: Text, Start, End\n",
    (
        Event(1.0, 2.345, "0,3,Thought,Bob,1,2,3,fx,{\\an8}Hm, well"),
        Event(3.0, 4.0, "1,0,Default,,0,0,0,,a\r\nDialogue: 0,0:00:00.00,9:00:00.00,Default,,0,0,0,,b"),
    ),
)


@pytest.mark.parametrize("syntax", [Syntax.SRT, Syntax.VTT])
def test_cues_of_when_the_track_is_of_text_then_its_markup_is_read(syntax: Syntax) -> None:
    events = (Event(1.0, 2.0, "<i>a</i> &amp;\n\nb"), Event(3.0, 4.0, " "))
    (cue,) = inside.cues_of(Excerpt(syntax, "", events))
    assert (cue.start_s, cue.stop_s) == (1.0, 2.0)
    assert cue.spans == (Span("a", italic=True), Span(" &\nb"))


def test_cues_of_when_the_track_is_styled_then_its_header_counts() -> None:
    first, _ = inside.cues_of(STYLED)
    assert (first.spans, first.anchor) == ((Span("Hm, well", italic=True),), Anchor.TOP)


def test_document_of_when_styled_then_a_file_that_says_the_same() -> None:
    document = inside.document_of(STYLED)
    assert "Dialogue: 3,0:00:01.00,0:00:02.35,Thought,Bob,1,2,3,fx,{\\an8}Hm, well\n" in document
    first, second = ass.read(document)
    assert (first.start_s, first.stop_s, first.text) == (1.0, 2.35, "Hm, well")
    assert second.text.startswith("a\nDialogue:")


def test_document_of_when_not_styled_then_an_error() -> None:
    with pytest.raises(ValueError, match="styled"):
        inside.document_of(Excerpt(Syntax.SRT, "", ()))
