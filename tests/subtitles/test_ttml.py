"""TTML."""

import contextlib
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.errors import BadSubtitles
from matinee.models.subtitles import Anchor, Span
from matinee.subtitles import sidecar, ttml
from tests.subtitles.cues import plain

NAMES = (
    'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    ' xmlns:tts="http://www.w3.org/ns/ttml#styling"'
)


def document(body: str, head: str = "", root: str = "") -> str:
    return f"<?xml version='1.0' encoding='utf-16'?><tt {NAMES} {root}><head>{head}</head><body>{body}</body></tt>"


def test_read_when_there_are_lines_then_their_times_text_and_breaks() -> None:
    body = (
        "<div><p begin='00:00:01.500' end='00:00:03'>\n  One &amp;\n  <br/> two </p>"
        "<p begin='4s' dur='500ms'>3</p></div>"
    )
    assert plain(ttml.read(document(body))) == [(1.5, 3.0, "One &\ntwo"), (4.0, 4.5, "3")]


@pytest.mark.parametrize(
    ("root", "begin", "start_s"),
    [
        ("ttp:frameRate='25'", "00:00:01:05", 1.2),
        ("ttp:frameRate='30' ttp:frameRateMultiplier='1000 1001'", "30f", 1.001),
        ("ttp:tickRate='10000000'", "15000000t", 1.5),
        ("", "0.5m", 30.0),
        ("", "0.01h", 36.0),
    ],
)
def test_read_when_times_are_in_another_measure_then_seconds(root: str, begin: str, start_s: float) -> None:
    (cue,) = ttml.read(document(f"<p begin='{begin}' end='99s'>a</p>", root=root))
    assert cue.start_s == pytest.approx(start_s)


def test_read_when_what_is_around_has_times_then_they_count_from_there() -> None:
    body = "<div begin='10s' end='20s'><p begin='1s'>a<span begin='2s' end='3s'>b</span></p></div>"
    assert plain(ttml.read(document(body))) == [(11.0, 20.0, "a"), (13.0, 14.0, "b")]


def test_read_when_there_are_styles_and_regions_then_looks_and_places() -> None:
    head = (
        "<styling><style xml:id='i' tts:fontStyle='italic'/><style xml:id='b' tts:fontWeight='bold'/></styling>"
        "<layout><region xml:id='top'><style tts:displayAlign='before' tts:textAlign='left'/></region></layout>"
    )
    body = (
        "<p begin='1s' end='2s' region='top' style='i b'>a"
        "<span tts:textDecoration='underline' tts:fontStyle='normal'>b</span></p>"
    )
    (cue,) = ttml.read(document(body, head))
    assert cue.spans == (Span("a", italic=True, bold=True), Span("b", bold=True, underline=True))
    assert cue.anchor is Anchor.TOP_LEFT


def test_read_when_ffmpeg_wrote_it_then_what_it_was_made_of(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,500\nA <i>line</i>\nand one\n")
    subprocess.run(["ffmpeg", "-v", "error", "-i", "a.srt", "a.ttml"], cwd=tmp_path, check=True, timeout=30)
    assert plain(sidecar.read((tmp_path / "a.ttml").read_bytes(), "und")) == [(1.0, 2.5, "A line\nand one")]


@pytest.mark.parametrize(
    "text",
    [
        "<tt><body><p begin='1s' end='2s'>a",
        "<!DOCTYPE tt [<!ENTITY a 'b'>]><tt><body><p begin='1s' end='2s'>&a;</p></body></tt>",
        "<!DOCTYPE tt SYSTEM 'http://127.0.0.1/x'><tt/>",
        "<tt>" + "<div>" * 100_000,
        "<tt>\ud800</tt>",
    ],
)
def test_read_when_it_is_broken_or_a_trap_then_a_clear_error(text: str) -> None:
    with pytest.raises(BadSubtitles):
        ttml.read(text)


@pytest.mark.parametrize(
    "word", ["<p begin='1s' end='2s'>a</p>", "<style xml:id='a' style='a a'/>", "a", "<br/>"]
)
def test_read_when_a_file_repeats_itself_then_it_ends_soon(word: str) -> None:
    began_s = time.process_time()
    with contextlib.suppress(BadSubtitles):
        ttml.read(document(f"<p begin='1s' end='2s'>{word * (1024 * 1024 // len(word))}</p>"))
    assert time.process_time() - began_s < 10


NAMED = st.sampled_from(
    ["begin", "end", "dur", "style", "region", "xml:id", "tts:textAlign", "ttp:frameRate"]
)
VALUE = st.sampled_from(["1s", "2s", "00:00:01:99", "99999h", "0t", "a", "b a", "left", "0", "preserve", ""])
TEXT = st.text("ab <&\n", max_size=5).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))


def element(name: str, attributes: dict[str, str], inside: str) -> str:
    written = " ".join(f"{key}='{value}'" for key, value in attributes.items())
    return f"<{name} {written}>{inside}</{name}>"


NAME = st.sampled_from(["p", "span", "div", "br", "style", "region", "tt"])
ATTRIBUTES = st.dictionaries(NAMED, VALUE, max_size=3)
TREE = st.recursive(
    st.builds(element, NAME, ATTRIBUTES, TEXT),
    lambda inner: st.builds(element, NAME, ATTRIBUTES, st.lists(inner, max_size=4).map("".join)),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(TREE)
def test_read_when_it_is_any_document_then_cues(body: str) -> None:
    for cue in ttml.read(document(f"<p begin='1s' end='3s'>{body}</p>")):
        assert 0 <= cue.start_s < cue.stop_s
        assert cue.text.strip()
