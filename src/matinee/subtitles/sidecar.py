"""A whole file of subtitles, of whatever kind, to cues. Pure."""

import re

from matinee.errors import BadSubtitles
from matinee.models.subtitles import Cue
from matinee.subtitles import ass, framed, sami, srt, ttml, vtt
from matinee.subtitles.encoding import decode
from matinee.subtitles.limits import check_size

HEAD_CHARS = 4096
"""Where a file shows what it is; its name may lie."""

_PICTURES = (b"\x00\x00\x01\xba", b"PG")
_ASS = re.compile(r"^\[(?:script info|v4\+? styles|events)\]", re.IGNORECASE | re.MULTILINE)
_SAMI = re.compile(r"<sami\b", re.IGNORECASE)
_FRAMED = re.compile(r"^(?:\{\d{1,8}\}\{\d{1,8}\}|\[\d{1,7}\]\[\d{1,7}\])", re.MULTILINE)


def read(data: bytes, language: str, frame_rate: float = 0.0) -> tuple[Cue, ...]:
    """Read SubRip, WebVTT, ASS, SSA, MicroDVD, MPL2, SAMI or TTML in any encoding; the cues by their start.

    Args:
        data: the whole file.
        language: BCP 47 as the file's name says it, ``und`` when it does not; a witness of the encoding.
        frame_rate: the film's, frames a second; 0 when unknown.

    Raises:
        BadSubtitles: no cue is in it.
        TooLarge: it is larger than any subtitles.
    """
    check_size(len(data))
    if data.startswith(_PICTURES):
        raise BadSubtitles("These subtitles are pictures, which are not shown yet. Choose others.")
    text = decode(data, language)
    head = text[:HEAD_CHARS]
    if head.startswith("WEBVTT"):
        cues = vtt.read(text)
    elif _ASS.search(head):
        cues = ass.read(text)
    elif _SAMI.search(head):
        cues = sami.read(text, language)
    elif ttml.is_ttml(head):
        cues = ttml.read(text)
    elif _FRAMED.search(head):
        cues = framed.read(text, frame_rate)
    else:
        cues = srt.read(text)
    if not cues:
        raise BadSubtitles("No subtitles were found in this file. Choose another one.")
    return cues
