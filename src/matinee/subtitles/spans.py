"""Builds a cue's spans out of letters and flags. Pure."""

import re
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from matinee.models.subtitles import Anchor, Cue, Span
from matinee.subtitles.limits import MAX_CUE_CHARS, MAX_TIME_S

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 65279)) | {
    9: " ",
    10: "\n",
    0x85: "\n",
}
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?=\n)")

PLAIN = Span("")


@dataclass(slots=True)
class Writer:
    """Collects the letters of one cue; ``looks`` is how those that come next look."""

    looks: Span = PLAIN
    _parts: list[tuple[Span, str]] = field(default_factory=list)
    _chars: int = 0

    def put(self, text: str) -> None:
        """Add letters, without the control characters among them."""
        if _CONTROL.search(text):
            text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
        text = text[: MAX_CUE_CHARS - self._chars]
        if text:
            self._chars += len(text)
            self._parts.append((self.looks, text))

    def cue(self, start_s: float, stop_s: float, anchor: Anchor) -> Cue | None:
        """Give the cue, without blank lines; None when nothing would be seen."""
        if not 0 <= stop_s <= MAX_TIME_S or stop_s <= max(start_s, 0.0):
            return None
        spans = tuple(
            Span(text, looks.italic, looks.bold, looks.underline) for looks, text in _trimmed(self._parts)
        )
        return Cue(max(start_s, 0.0), stop_s, spans, anchor) if spans else None


def _trimmed(parts: list[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Join what looks alike; take away what is blank at both ends and between lines."""
    kept: list[tuple[Span, str]] = []
    for looks, alike in groupby(parts, itemgetter(0)):
        text = "".join(text for _, text in alike)
        if "\n" in text:
            text = _BLANK_LINES.sub("", text)
        if not kept or kept[-1][1].endswith("\n"):
            text = text.lstrip()
        if text:
            kept.append((looks, text))
    while kept:
        looks, text = kept.pop()
        text = text.rstrip()
        if text:
            kept.append((looks, text))
            break
    return kept
