"""Files of any kind, and files made to do harm."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matinee.errors import BadSubtitles, MatineeError, TooLarge
from matinee.models.subtitles import Cue, Span
from matinee.subtitles import sidecar, srt, vtt
from matinee.subtitles.limits import MAX_CUE_CHARS, MAX_CUES, MAX_FILE_BYTES
from tests.subtitles.cues import FILM_S, cues, plain

KINDS = {
    "srt": "1\n00:00:01,000 --> 00:00:02,000\nHello\n",
    "vtt": "WEBVTT - x\n\nNOTE\nno\n\nname\n00:01.000 --> 00:02.000 line:0\nHello\n",
    "ass": "[Script Info]\n\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,Hello\n",
    "microdvd": "{25}{50}Hello\n",
    "mpl2": "[10][20]Hello\n",
}
BOMB_BYTES = MAX_FILE_BYTES // 4
HOSTILE_S = 20.0
"""A deadline, not a measurement: what is linear takes a few seconds on a busy computer, what is not takes hours."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_read_when_of_any_kind_then_by_its_content(kind: str, encoding: str) -> None:
    assert plain(sidecar.read(KINDS[kind].encode(encoding), "und", 25.0)) == [(1.0, 2.0, "Hello")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 1000,
        b"Hello",
        b"<html><script>",
        b"\x00\x00\x01\xba\x44",
        b"PG\0\0",
        b"PK\x03\x04",
        b"WEBVTT",
    ],
)
def test_read_when_there_are_no_subtitles_then_a_clear_error(data: bytes) -> None:
    with pytest.raises(BadSubtitles):
        sidecar.read(data, "und")


def test_read_when_the_file_is_too_large_then_a_clear_error() -> None:
    with pytest.raises(TooLarge):
        sidecar.read(b" " * (MAX_FILE_BYTES + 1), "und")


def test_read_when_there_are_too_many_cues_then_a_clear_error() -> None:
    with pytest.raises(TooLarge):
        sidecar.read(b"{1}{9}x\n" * (MAX_CUES + 1), "und")


def test_read_when_a_cue_has_no_end_then_it_is_cut() -> None:
    (cue,) = sidecar.read(b"00:00:01,000 --> 00:00:02,000\n" + b"word " * 1_000_000, "und")
    assert len(cue.text) <= MAX_CUE_CHARS


def _filled(head: bytes, part: bytes) -> bytes:
    return head + part * ((BOMB_BYTES - len(head)) // len(part))


TIMED = b"00:00:01,000 --> 00:00:02,000\n"
ASS = b"[Events]\nFormat: Start, End, Text\n"
BOMBS: dict[str, Callable[[], bytes]] = {
    "braces": lambda: _filled(ASS + b"Dialogue: 0:00:01.00,0:00:02.00,", b"{"),
    "braces and backslashes": lambda: _filled(TIMED, b"{\\"),
    "overrides": lambda: _filled(ASS + b"Dialogue: 0:00:01.00,0:00:02.00,", b"{\\an8\\pos("),
    "tags": lambda: _filled(TIMED, b"<i>"),
    "tags that do not close": lambda: _filled(TIMED, b"<a"),
    "lines of tags": lambda: _filled(b"", TIMED + b"<i>" * 2000 + b"\n"),
    "references": lambda: _filled(TIMED, b"&#"),
    "arrows": lambda: _filled(b"", b"0:00:00,0 -> "),
    "digits": lambda: _filled(b"", b"1:"),
    "lines of digits and arrows": lambda: _filled(b"", b"11:11:11,111 -> 11:11:1\n"),
    "line ends": lambda: _filled(TIMED, b"\n"),
    "carriage returns": lambda: _filled(TIMED, b"\r"),
    "spaces": lambda: _filled(TIMED + b"x", b" "),
    "blank lines": lambda: _filled(b"", TIMED + b"\n  " * 1000),
    "commas": lambda: _filled(ASS + b"Dialogue: ", b","),
    "styles": lambda: _filled(b"[V4+ Styles]\nFormat: Name\n", b"Style: a,b\n"),
    "formats": lambda: _filled(b"[Events]\nFormat: ", b"a,"),
    "frames": lambda: _filled(b"{1}{9}", b"|/"),
    "codes": lambda: _filled(b"{1}{9}", b"{y:i}"),
    "bytes of no encoding": lambda: _filled(TIMED, b"\x81\xff"),
    "escapes": lambda: _filled(b"", b"\x1b$B"),
    "zeros": lambda: _filled(b"", b"\x00a"),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("language", ["und", "ja"])
def test_read_when_a_file_is_made_to_do_harm_then_in_linear_time(bomb: str, language: str) -> None:
    data = BOMBS[bomb]()
    begun = time.process_time()
    try:
        found = sidecar.read(data, language)
    except MatineeError:
        found = ()
    assert time.process_time() - begun < HOSTILE_S
    assert len(found) <= MAX_CUES


_PIECES = st.sampled_from(
    ["\n", "\n\n", "\r", "1", "00:00:01,000 --> 00:00:02,000", "<i>", "</b>", "<script>", "{\\an8}", "{", "}",
     "&lt;", "-->", "WEBVTT", "[Events]", "[V4+ Styles]", "Format: Start, End, Style, Text", "Style: a,",
     "Dialogue: 0:00:01.00,0:00:02.00,", "{1}{2}", "{1}{1}25", "[1][2]", "|", "/", "NOTE", "\0", "\x85", "\u2028",
     "é", "字", "\\N", "\\pos(1,2)", "x" * 5000]
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@example(["{1}{2}", "{\\an8}"], "utf-8")
@given(
    st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=30),
    st.sampled_from(["utf-8", "utf-16-le", "cp1251"]),
)
def test_read_when_a_file_is_anything_then_cues_that_are_text(pieces: list[str], encoding: str) -> None:
    try:
        found = sidecar.read("".join(pieces).encode(encoding, "replace"), "und")
    except BadSubtitles:
        found = ()
    assert all(0 <= cue.start_s < cue.stop_s and cue.text.strip() for cue in found)
    assert all(ord(char) >= 32 or char == "\n" for cue in found for char in cue.text)
    assert all(span.text for cue in found for span in cue.spans)
    written = vtt.write(found, 0, 1e9)
    assert "<script" not in written
    assert len(vtt.read(written)) == written.count(" --> ")


def _looks(cue: Cue) -> list[Span]:
    """Give how each letter looks; line feeds look like nothing."""
    return [replace(span, text=char) for span in cue.spans for char in span.text if char != "\n"]


@settings(deadline=None)
@given(st.lists(cues(), max_size=5))
def test_read_when_written_by_us_then_the_same_letters(some: list[Cue]) -> None:
    again = vtt.read(vtt.write(some, 0, FILM_S + 60))
    once = vtt.read(vtt.write(again, 0, FILM_S + 60))
    assert plain(again) == plain(once)
    assert [_looks(cue) for cue in again] == [_looks(cue) for cue in once]


def test_read_when_written_by_us_then_the_same_cue() -> None:
    (cue,) = srt.read("00:00:01,000 --> 00:00:02,000\n{\\an9}a & <i>b</i>\n&lt;i&gt;<b><u>c</u></b>\n")
    assert vtt.read(vtt.write((cue,), 0, 9)) == (cue,)
    assert cue.spans[-1] == Span("c", bold=True, underline=True)
