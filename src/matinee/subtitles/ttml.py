"""TTML (W3C), also called DFXP: subtitles as XML, of which times, text, a few looks and places are read. Pure."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from xml.parsers import expat

from matinee.errors import BadSubtitles
from matinee.models.subtitles import Anchor, Cue
from matinee.subtitles.limits import MAX_CUE_CHARS, MAX_TIME_S, gather
from matinee.subtitles.spans import PLAIN, Writer

DEEPEST = 40
MOST_ELEMENTS = 150_000
"""A film of three hours has some 10 000; as many as this take a second or two."""
MOST_STYLES = 2000

_ROOT = re.compile(r"<(?:[A-Za-z]{1,20}:)?tt[\s>]")
_CLOCK = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9})|[:;](\d{1,3})(?:\.\d{1,9})?)?")
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(ms|h|m|s|f|t)")
_BLANKS = re.compile(r"\s+")
_UNITS_S = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_COLUMNS = {"left": 0, "start": 0, "right": 2, "end": 2}
_ROWS = {"before": 2, "center": 1, "after": 0}


def is_ttml(head: str) -> bool:
    """Tell by a file's beginning."""
    return _ROOT.search(head) is not None


def read(text: str) -> tuple[Cue, ...]:
    """Read all cues, by their start.

    Raises:
        BadSubtitles: it is not well-formed XML, or defines entities.
        TooLarge: there are more than any film has.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    try:
        parser.Parse(text.lstrip("\ufeff \t\r\n"), True)
    except (expat.ExpatError, UnicodeEncodeError, RecursionError) as exc:
        raise BadSubtitles(
            "This file of subtitles is damaged: its XML cannot be read. Choose another."
        ) from exc
    return gather(reader.cues())


def _refuse(*_: object) -> None:
    """Take no document type: subtitles have none, and entities of a few bytes make gigabytes."""
    raise BadSubtitles(
        "This file of subtitles defines entities, so it is something else. Choose another one."
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """How an element's text looks and stands; None where nothing says it."""

    italic: bool | None = None
    bold: bool | None = None
    underline: bool | None = None
    column: int | None = None
    row: int | None = None

    def over(self, below: "_Look") -> "_Look":
        """Give this one, and the other where this one says nothing."""
        return _Look(
            below.italic if self.italic is None else self.italic,
            below.bold if self.bold is None else self.bold,
            below.underline if self.underline is None else self.underline,
            below.column if self.column is None else self.column,
            below.row if self.row is None else self.row,
        )


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds inside an element: its times, from the film's beginning, and its look."""

    name: str
    start_s: float
    stop_s: float
    look: _Look
    spoken: bool
    """Whether its letters are subtitles: within ``p``."""
    kept: bool
    """Whether spaces and line breaks are as written."""


@dataclass(slots=True)
class _Said:
    """A run of letters within a ``p``."""

    start_s: float
    stop_s: float
    look: _Look
    text: str


@dataclass(slots=True)
class _Reader:
    """Takes a document element by element."""

    _rates: dict[str, float] = field(default_factory=lambda: {"f": 30.0, "t": 1.0})
    _styles: dict[str, _Look] = field(default_factory=dict)
    _scopes: list[_Scope] = field(default_factory=lambda: [_Scope("", 0.0, math.inf, _Look(), False, False)])
    _said: list[_Said] = field(default_factory=list)
    _chars: int = 0
    _elements: int = 0
    _paragraphs: list[list[_Said]] = field(default_factory=list)
    _defining: str = ""
    """The region in whose definition we are: a style inside it is its look."""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        tag = name.rpartition(" ")[2]
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        around = self._scopes[-1]
        self._elements += 1
        if len(self._scopes) > DEEPEST or self._elements > MOST_ELEMENTS:
            raise BadSubtitles("This file is more than the subtitles of any film. Choose another one.")
        if tag == "tt":
            self._rates = _rates(own)
        elif tag in ("style", "region"):
            self._define(tag, own)
        elif tag == "br" and around.spoken:
            self._break()
        start_s, stop_s = self._times(own, around)
        look = self._look(own).over(around.look)
        kept = {"preserve": True, "default": False}.get(own.get("space", ""), around.kept)
        self._scopes.append(_Scope(tag, start_s, stop_s, look, around.spoken or tag == "p", kept))
        if tag == "p":
            self._said, self._chars = [], 0

    def end(self, name: str) -> None:
        """Take the end of an element."""
        scope = self._scopes.pop()
        if scope.name == "region":
            self._defining = ""
        if scope.name == "p" and self._said:
            self._paragraphs.append(self._said)
            self._said = []

    def say(self, text: str) -> None:
        """Take letters."""
        scope = self._scopes[-1]
        if scope.spoken and scope.name in ("p", "span"):
            if not scope.kept:
                text = _BLANKS.sub(" ", text[: 4 * MAX_CUE_CHARS])
                text = text.lstrip() if self._said and self._said[-1].text.endswith("\n") else text
            self._add(text)

    def cues(self) -> Iterator[Cue | None]:
        """Give what was read: one for each time that a paragraph has."""
        for paragraph in self._paragraphs:
            for (start_s, stop_s), run in groupby(paragraph, lambda one: (one.start_s, one.stop_s)):
                writer = Writer()
                anchor = Anchor.BOTTOM
                for one in run:
                    looks = replace(
                        PLAIN,
                        italic=bool(one.look.italic),
                        bold=bool(one.look.bold),
                        underline=bool(one.look.underline),
                    )
                    writer.looks = looks
                    writer.put(one.text)
                    anchor = _anchor(one.look)
                yield writer.cue(start_s, min(stop_s, MAX_TIME_S), anchor) if stop_s < math.inf else None

    def _break(self) -> None:
        if self._said and not self._scopes[-1].kept:
            self._said[-1].text = self._said[-1].text.rstrip(" ")
        self._add("\n")

    def _add(self, text: str) -> None:
        scope = self._scopes[-1]
        text = text[: MAX_CUE_CHARS - self._chars]
        if text:
            self._chars += len(text)
            self._said.append(_Said(scope.start_s, scope.stop_s, scope.look, text))

    def _define(self, tag: str, own: Mapping[str, str]) -> None:
        look, name = self._look(own), own.get("id", "")
        if tag == "region":
            self._defining = name
        elif not name and self._defining:
            name, look = self._defining, look.over(self._styles.get(self._defining, _Look()))
        if name and len(self._styles) < MOST_STYLES:
            self._styles[name] = look

    def _look(self, own: Mapping[str, str]) -> _Look:
        look = _look(own)
        for name in (*reversed(own.get("style", "").split()[:8]), own.get("region", "")):
            look = look.over(self._styles.get(name, _Look()))
        return look

    def _times(self, own: Mapping[str, str], around: _Scope) -> tuple[float, float]:
        begin = self._seconds(own.get("begin", ""))
        start_s = around.start_s + (begin or 0.0)
        end, length = self._seconds(own.get("end", "")), self._seconds(own.get("dur", ""))
        stops = [around.stop_s]
        stops += [around.start_s + end] if end is not None else []
        stops += [start_s + length] if length is not None else []
        return start_s, min(stops)

    def _seconds(self, text: str) -> float | None:
        text = text.strip()[:40]
        clock = _CLOCK.fullmatch(text)
        if clock is not None:
            whole = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
            return whole + float(f"0.{clock[4] or 0}") + int(clock[5] or 0) / self._rates["f"]
        offset = _OFFSET.fullmatch(text)
        if offset is None:
            return None
        unit = offset[2]
        return float(offset[1]) * (_UNITS_S[unit] if unit in _UNITS_S else 1 / self._rates[unit])


def _rates(own: Mapping[str, str]) -> dict[str, float]:
    """Give frames and ticks a second, as the root says them."""
    frames = _number(own.get("frameRate", "")) or 30.0
    above, _, below = own.get("frameRateMultiplier", "").replace(":", " ").partition(" ")
    factor = (_number(above) or 1.0) / (_number(below) or 1.0)
    ticks = _number(own.get("tickRate", "")) or (frames * factor if "frameRate" in own else 1.0)
    return {"f": frames * factor, "t": ticks}


def _number(text: str) -> float:
    text = text.strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0.0


def _look(own: Mapping[str, str]) -> _Look:
    """Give what an element's own attributes say."""
    decoration = own.get("textDecoration")
    return _Look(
        own["fontStyle"] in ("italic", "oblique") if "fontStyle" in own else None,
        own["fontWeight"] == "bold" if "fontWeight" in own else None,
        "underline" in decoration and "no" not in decoration.lower() if decoration is not None else None,
        _COLUMNS.get(own["textAlign"], 1) if "textAlign" in own else None,
        _ROWS.get(own["displayAlign"]) if "displayAlign" in own else None,
    )


def _anchor(look: _Look) -> Anchor:
    column, row = 1 if look.column is None else look.column, look.row or 0
    return Anchor(row * 3 + column + 1)
