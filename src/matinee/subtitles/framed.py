"""MicroDVD, whose times are frames, and MPL2, whose times are tenths of a second. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from matinee.models.subtitles import Anchor, Cue
from matinee.subtitles.limits import MAX_CUE_CHARS, gather, lines_of
from matinee.subtitles.spans import PLAIN, Writer
from matinee.subtitles.tags import put_tagged

FRAME_RATE = 23.976
"""Frames a second, where neither the file nor the film says it."""

MICRODVD = re.compile(r"\{(\d{1,8})\}\{(\d{1,8})\}(.*)")
MPL2 = re.compile(r"\[(\d{1,7})\]\[(\d{1,7})\](.*)")
_RATE = re.compile(r"\s*(\d{2,3}(?:[.,]\d{1,3})?)\s*")
_CODES = re.compile(r"(\{[a-zA-Z]:[^{}]*\})")


def read(text: str, frame_rate: float) -> tuple[Cue, ...]:
    """Read all cues, by their start.

    Args:
        text: of either kind.
        frame_rate: the film's, frames a second; 0 when unknown. What the file says of itself goes before.

    Raises:
        TooLarge: there are more than any film has.
    """
    return gather(_cues(text, frame_rate if frame_rate > 0 else FRAME_RATE))


def _cues(text: str, rate: float) -> Iterator[Cue | None]:
    for line in lines_of(text):
        found = MICRODVD.match(line)
        if found is not None:
            stated = _RATE.fullmatch(found[3][:20])
            if stated is not None and int(found[1]) <= 1 and 10 <= float(stated[1].replace(",", ".")) <= 200:
                rate = float(stated[1].replace(",", "."))
            else:
                yield _cue(int(found[1]) / rate, int(found[2]) / rate, found[3])
            continue
        found = MPL2.match(line)
        if found is not None:
            yield _cue(int(found[1]) / 10, int(found[2]) / 10, found[3])


def _cue(start_s: float, stop_s: float, text: str) -> Cue | None:
    writer = Writer()
    always, anchor = PLAIN, Anchor.BOTTOM
    for number, line in enumerate(text[: 4 * MAX_CUE_CHARS].split("|")):
        writer.put("\n" if number else "")
        writer.looks = replace(always, italic=always.italic or line.startswith("/"))
        for at, part in enumerate(_CODES.split(line.removeprefix("/"))):
            if at % 2 == 0:
                anchor = put_tagged(writer, part, anchor)  # SubRip's markup strays in
            elif part[1] in "yY":
                codes = part[3:-1].lower()
                writer.looks = replace(
                    writer.looks,
                    italic=writer.looks.italic or "i" in codes,
                    bold=writer.looks.bold or "b" in codes,
                    underline=writer.looks.underline or "u" in codes,
                )
                always = writer.looks if part[1] == "Y" else always
    return writer.cue(start_s, stop_s, anchor)
