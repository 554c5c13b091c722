"""SAMI."""

import contextlib
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matinee.errors import TooLarge
from matinee.models.subtitles import Span
from matinee.subtitles import sami, sidecar
from tests.subtitles.cues import plain

HEAD = """<SAMI><HEAD><TITLE>x</TITLE><STYLE TYPE="text/css"><!--
P { font-family: Arial; }
.ENCC { Name: English; lang: en-US; SAMIType: CC; }
.FRCC {Name:French;lang:fr-FR;}
--></STYLE></HEAD><BODY>
"""
BOTH = HEAD + (
    "<SYNC Start=1000><P Class=ENCC>Hello <i>you</i><br>there\n<P Class=FRCC>Salut &amp; toi\n"
    "<SYNC Start=2500><P Class=ENCC>&nbsp;<P Class=FRCC>&nbsp;\n"
    "<sync start='4000'><p class='ENCC'>Later</p></sync>\n</BODY></SAMI>"
)
WORDS = (
    "<SYNC Start=",
    "<sync start='1'",
    ">",
    "<P Class=",
    "ENCC",
    "&nbsp;",
    "<br>",
    "</P>",
    "<!--",
    "-->",
    ".A{lang:",
    "}",
    "1000",
)


def test_read_when_a_language_is_wanted_then_its_lines_end_where_the_next_ones_begin() -> None:
    assert plain(sami.read(BOTH, "fr")) == [(1.0, 2.5, "Salut & toi")]
    assert plain(sami.read(BOTH, "en")) == [(1.0, 2.5, "Hello you\nthere"), (4.0, 8.0, "Later")]


@pytest.mark.parametrize("language", ["und", "ja"])
def test_read_when_the_language_is_not_there_then_the_first(language: str) -> None:
    assert [cue.text for cue in sami.read(BOTH, language)] == ["Hello you\nthere", "Later"]


def test_read_when_there_are_looks_and_harm_then_italics_and_text() -> None:
    (cue,) = sami.read(
        "<SAMI><BODY><SYNC Start=0><P><font color=red><i>a</i></font><script>b</script>", "und"
    )
    assert cue.spans == (Span("a", italic=True), Span("<script>b</script>"))


def test_sidecar_when_it_is_sami_then_read_in_its_encoding() -> None:
    text = "<SAMI><BODY><SYNC Start=500><P Class=KRCC>안녕<SYNC Start=900><P Class=KRCC>&nbsp;</BODY></SAMI>"
    assert plain(sidecar.read(text.encode("cp949"), "ko")) == [(0.5, 0.9, "안녕")]


@pytest.mark.parametrize(
    "word", ["<sync start=1", "<p ", "<sync start=1>", "<p class=a>", "<!--", ".a{", "<"]
)
def test_read_when_a_file_repeats_itself_then_it_ends_soon(word: str) -> None:
    began_s = time.process_time()
    with contextlib.suppress(TooLarge):
        sami.read(word * (2 * 1024 * 1024 // len(word)), "und")
    assert time.process_time() - began_s < 10


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=40).map("".join))
@example("<sync start=1><p><sync start=999999999><p>a")
def test_read_when_it_is_anything_then_cues_or_a_clear_error(text: str) -> None:
    for cue in sami.read(text, "en"):
        assert 0 <= cue.start_s < cue.stop_s
        assert cue.text.strip()
