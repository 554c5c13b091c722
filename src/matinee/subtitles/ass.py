"""ASS and SSA, as text: who wants their drawings and fonts has them drawn from the file itself. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from matinee.models.subtitles import Anchor, Cue, Event, Span
from matinee.subtitles.limits import MAX_CUE_CHARS, gather, lines_of
from matinee.subtitles.overrides import LEGACY, apply
from matinee.subtitles.spans import PLAIN, Writer

MAX_STYLES = 2000
LINE_MAX_CHARS = 16 * MAX_CUE_CHARS
"""Overrides are longer than what they adorn; a drawing is cut."""

EVENT_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
MATROSKA_FIELDS = ("readorder", "layer", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
EVENTS_HEAD = (
    "[Events]",
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
)
"""How events of these fields begin in a file."""

_TIME = re.compile(r"\s*(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?\s*")
_BLOCK = re.compile(r"(\{[^{}]*\})")
_PLACE = re.compile(r"\\(?:pos|move)\(\s*-?[\d.]{1,9}\s*,\s*(-?\d{1,6})")
_DEFAULT_HEIGHT = 288


@dataclass(frozen=True, slots=True)
class Style:
    """How a named style looks, as far as text can."""

    looks: Span = PLAIN
    anchor: Anchor = Anchor.BOTTOM


@dataclass(slots=True)
class Script:
    """What a file says besides its events."""

    height: int = _DEFAULT_HEIGHT
    """Lines of the picture that places are counted in."""
    styles: dict[str, Style] = field(default_factory=dict)
    event_fields: tuple[str, ...] = EVENT_FIELDS


def read(text: str) -> tuple[Cue, ...]:
    """Read all dialogue, by its start; what several layers say at once is there once.

    Raises:
        TooLarge: there is more than in any film.
    """
    return gather(_once(_dialogue(text)))


def read_events(header: str, events: tuple[Event, ...]) -> tuple[Cue, ...]:
    """Read the packets of a track inside a film, whose header holds its styles."""
    script = Script()
    for _ in _lines(header, script):
        pass
    script.event_fields = MATROSKA_FIELDS
    found = (_cue(script, _fields(script, event.text), event.start_s, event.stop_s) for event in events)
    return gather(_once(found))


def _dialogue(text: str) -> Iterator[Cue | None]:
    script = Script()
    for line in _lines(text, script):
        fields = _fields(script, line)
        start_s, stop_s = _seconds(fields.get("start", "")), _seconds(fields.get("end", ""))
        if start_s is not None and stop_s is not None:
            yield _cue(script, fields, start_s, stop_s)


def _once(cues: Iterator[Cue | None]) -> Iterator[Cue | None]:
    """Leave out what another layer has said already: shadows and glows are the same line, again and again."""
    seen: set[tuple[float, float, str]] = set()
    for cue in cues:
        if cue is not None and (cue.start_s, cue.stop_s, cue.text) not in seen:
            seen.add((cue.start_s, cue.stop_s, cue.text))
            yield cue


def _lines(text: str, script: Script) -> Iterator[str]:
    """Give what stands behind ``Dialogue:``, and fill the script from the rest."""
    section = ""
    style_fields: tuple[str, ...] = ()
    styles = 0
    for line in lines_of(text):
        if line.startswith("["):
            section = line.strip().lower()
            continue
        key, _, value = line[:LINE_MAX_CHARS].partition(":")
        key = key.strip().lower()
        if section == "[events]" and key == "dialogue":
            yield value
        elif key == "format" and section == "[events]":
            script.event_fields = _names(value)
        elif key == "format":
            style_fields = _names(value)
        elif key == "style" and styles < MAX_STYLES:
            styles += 1
            _add_style(script, dict(zip(style_fields, value.split(","), strict=False)), section)
        elif key == "playresy" and value.strip().isdecimal():
            script.height = min(int(value.strip()[:6]), 100_000) or _DEFAULT_HEIGHT


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",")[:64])


def _fields(script: Script, value: str) -> dict[str, str]:
    names = script.event_fields
    return dict(zip(names, value.split(",", len(names) - 1), strict=False))


def _add_style(script: Script, fields: dict[str, str], section: str) -> None:
    looks = Span(
        "",
        italic=_is_on(fields.get("italic", "")),
        bold=_is_on(fields.get("bold", "")),
        underline=_is_on(fields.get("underline", "")),
    )
    place = fields.get("alignment", "").strip()
    number = int(place) if place.isdecimal() and len(place) < 3 else 2
    if section == "[v4 styles]":
        anchor = LEGACY.get(number, Anchor.BOTTOM)
    else:
        anchor = Anchor(number) if 1 <= number <= 9 else Anchor.BOTTOM
    script.styles[fields.get("name", "").strip().lstrip("*").lower()] = Style(looks, anchor)


def _is_on(value: str) -> bool:
    return value.strip() not in ("", "0")


def _cue(script: Script, fields: dict[str, str], start_s: float, stop_s: float) -> Cue | None:
    style = script.styles.get(fields.get("style", "").strip().lstrip("*").lower(), Style())
    # A style that is bold or italic throughout is a matter of taste of the one who made it: only what differs counts.
    base = replace(style.looks, bold=False)
    writer = Writer(base)
    text = fields.get("text", "")
    anchor = None
    drawing = False
    for number, part in enumerate(_BLOCK.split(text)):
        if number % 2 == 0:
            if not drawing:
                writer.put(_broken(part))
            continue
        writer.looks, placed, draws = apply(part, writer.looks, base)
        anchor = anchor or placed or _place(part, style.anchor, script.height)
        drawing = drawing if draws is None else draws
    return writer.cue(start_s, stop_s, anchor or style.anchor)


def _broken(text: str) -> str:
    return text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", "\xa0") if "\\" in text else text


def _place(block: str, anchor: Anchor, height: int) -> Anchor | None:
    """Give the nearest anchor to a place in the picture: signs stand where they are read."""
    found = _PLACE.search(block)
    if found is None:
        return None
    part = int(found[1]) / height
    row = 6 if part < 0.35 else 3 if part < 0.65 else 0
    return Anchor(row + (anchor - 1) % 3 + 1)


def _seconds(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    fraction = found[4] or "0"
    whole = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    return whole + float(f"0.{fraction}")
