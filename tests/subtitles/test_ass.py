"""ASS and SSA as text."""

import pytest

from matinee.models.subtitles import Anchor, Event, Span
from matinee.subtitles import ass
from tests.subtitles.cues import plain

HEADER = """[Script Info]
ScriptType: v4.00+
PlayResY: 1080

[V4+ Styles]
Format: Name, Fontname, Fontsize, Bold, Italic, Underline, Alignment
Style: Default,Arial,40,-1,0,0,2
Style: *Thought,Arial,40,0,-1,0,2
Style: Sign,Arial,40,0,0,0,8

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def script(*lines: str) -> str:
    """Make a file of these texts, a second each; ``Style|text`` names a style."""
    parted = [line.rpartition("|") for line in lines]
    return HEADER + "".join(
        f"Dialogue: 0,0:00:0{at}.00,0:00:0{at}.50,{style or 'Default'},,0,0,0,,{text}\n"
        for at, (style, _, text) in enumerate(parted)
    )


def test_read_when_it_is_as_usual_then_all_dialogue() -> None:
    text = (
        script("Hello, you", "two\\Nlines\\hhere") + "Comment: 0,0:00:00.00,0:00:05.00,Default,,0,0,0,,no\n"
    )
    assert plain(ass.read(text)) == [(0.0, 0.5, "Hello, you"), (1.0, 1.5, "two\nlines\xa0here")]


def test_read_when_fields_are_in_another_order_then_by_their_names() -> None:
    text = "[Events]\nFormat: End, Start, Text\nDialogue: 0:00:02.00,0:00:01.25,x, y\n"
    assert plain(ass.read(text)) == [(1.25, 2.0, "x, y")]


def test_read_when_styles_look_then_italic_and_place_count() -> None:
    first, second, third = ass.read(script("a", "Thought|b", "Sign|c"))
    assert (first.spans, first.anchor) == ((Span("a"),), Anchor.BOTTOM)
    assert second.spans == (Span("b", italic=True),)
    assert third.anchor is Anchor.TOP


def test_read_when_letters_are_overridden_then_looks_and_r_ends_them() -> None:
    (cue,) = ass.read(
        script("Thought|a{\\i0\\b1}b{\\b400\\u1\\c&HFF&}c{\\r}d{\\blur3\\bord2\\fnImpact\\iclip(1)}e")
    )
    assert cue.spans == (
        Span("a", italic=True), Span("b", bold=True), Span("c", underline=True), Span("de", italic=True),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("override", "anchor"),
    [
        ("\\an7", Anchor.TOP_LEFT),
        ("\\a6", Anchor.TOP),
        ("\\a11", Anchor.RIGHT),
        ("\\an8\\an1", Anchor.TOP),
        ("\\pos(10,100)", Anchor.TOP),
        ("\\move(1,500,3,4)", Anchor.CENTRE),
        ("\\pos(960.5,1000)", Anchor.BOTTOM),
        ("\\pos(1,99999999999)", Anchor.BOTTOM),
        ("\\an0\\a77", Anchor.BOTTOM),
    ],
)
def test_read_when_a_place_is_named_then_the_nearest_anchor(override: str, anchor: Anchor) -> None:
    (cue,) = ass.read(script(f"{{{override}}}x"))
    assert cue.anchor is anchor


def test_read_when_it_is_a_drawing_then_it_is_not_text() -> None:
    assert [
        cue.text for cue in ass.read(script("{\\p1}m 0 0 l 100 0 100 100{\\p0}x", "{\\p1}m 0 0 l 1 1"))
    ] == ["x"]


def test_read_when_layers_say_the_same_then_once() -> None:
    line = "Dialogue: {},0:00:01.00,0:00:02.00,Default,,0,0,0,,{{\\blur{}}}Glow\n"
    assert len(ass.read(HEADER + "".join(line.format(layer, layer) for layer in range(5)))) == 1


def test_read_when_it_is_ssa_then_places_are_numbered_its_way() -> None:
    text = (
        "[V4 Styles]\nFormat: Name, Alignment\nStyle: Up,6\n"
        + HEADER.split("\n\n")[2]
        + ("Dialogue: Marked=0,0:00:01.00,0:00:02.00,Up,,0,0,0,,x\n")
    )
    assert ass.read(text)[0].anchor is Anchor.TOP


def test_read_when_braces_do_not_close_then_they_are_text() -> None:
    assert [cue.text for cue in ass.read(script("a{b", "a}b", "<b>a</b>"))] == ["a{b", "a}b", "<b>a</b>"]


@pytest.mark.parametrize(
    "line", ["Dialogue:", "Dialogue: 0,x,y,z", "Dialogue: 0,0:00:02.00,0:00:01.00,,,,,,,x", "Style:"]
)
def test_read_when_a_line_is_broken_then_it_is_left_out(line: str) -> None:
    assert ass.read(f"{HEADER}{line}\n") == ()


def test_read_events_when_they_come_from_a_film_then_by_its_header() -> None:
    events = (
        Event(1.0, 2.0, "0,0,Thought,,0,0,0,,Hm, well"),
        Event(3.0, 4.0, "1,0,Default,,0,0,0,,{\\an8}Up"),
        Event(5.0, 6.0, "broken"),
    )
    first, second = ass.read_events(HEADER, events)
    assert (first.start_s, first.stop_s, first.spans) == (1.0, 2.0, (Span("Hm, well", italic=True),))
    assert (second.text, second.anchor) == ("Up", Anchor.TOP)
