"""WebVTT (W3C): written for every player, and read. Pure."""

import re
from collections.abc import Iterable, Iterator

from matinee.models.subtitles import Anchor, Cue, Span
from matinee.subtitles.limits import gather, lines_of
from matinee.subtitles.spans import Writer
from matinee.subtitles.tags import put_tagged
from matinee.subtitles.timed import Block, blocks
from matinee.subtitles.timing import within

UNVERIFIED = "WEBVTT Not verified by the swarm"

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"})
# A third of a percent and an anchor for the line (`line:50%,center`) are in the specification and not in every
# browser; these are.
_SETTINGS = {
    Anchor.BOTTOM_LEFT: " align:left",
    Anchor.BOTTOM: "",
    Anchor.BOTTOM_RIGHT: " align:right",
    Anchor.LEFT: " line:45% align:left",
    Anchor.CENTRE: " line:45%",
    Anchor.RIGHT: " line:45% align:right",
    Anchor.TOP_LEFT: " line:0 align:left",
    Anchor.TOP: " line:0",
    Anchor.TOP_RIGHT: " line:0 align:right",
}
_SETTING = re.compile(r"(line|position|align):(-?\d{1,6}(?:\.\d{1,9})?%?|[a-z]{1,10})")
_COLUMNS = {"start": 0, "left": 0, "end": 2, "right": 2}


def read(text: str) -> tuple[Cue, ...]:
    """Read all cues, by their start.

    Raises:
        TooLarge: there are more than any film has.
    """
    return gather(_cues(text))


def cue_of(start_s: float, stop_s: float, text: str, settings: str = "") -> Cue | None:
    """Read the text of one cue; None when nothing would be seen."""
    writer = Writer()
    anchor = put_tagged(writer, text, _anchor(settings))
    return writer.cue(start_s, stop_s, anchor)


def write(cues: Iterable[Cue], start_s: float, stop_s: float, *, mpegts: int | None = None) -> str:
    """Write those cues that are shown at some moment of ``[start_s, stop_s)``, whole, by their start.

    A cue that reaches over the border of two stretches is in both, with the same times, as RFC 8216 section 3.5 wants
    it of segments.

    Args:
        cues: in any order.
        start_s: seconds from the film's beginning, as in the cues.
        stop_s: the same.
        mpegts: for HLS: the time stamp, in ticks of 90 kHz, that the film's beginning has in the segments of its
            picture.
    """
    head = "WEBVTT\n" if mpegts is None else f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{mpegts},LOCAL:00:00:00.000\n"
    shown = sorted(within(cues, start_s, stop_s), key=lambda cue: (cue.start_s, cue.stop_s))
    return "\n".join([head, *(block for cue in shown if (block := _block(cue)))])


def unverified(written: str) -> str:
    """Say in a file's first line, where players look at nothing, that the swarm has not verified it."""
    return written.replace("WEBVTT", UNVERIFIED, 1)


def _block(cue: Cue) -> str:
    """Write one cue, with the line feed that ends it; nothing when there is nothing to be seen."""
    start_ms, stop_ms = (max(0, round(time_s * 1000)) for time_s in (cue.start_s, cue.stop_s))
    lines = [line for line in _lines(cue.spans) if line]
    if stop_ms <= start_ms or not lines:
        return ""
    text = "\n".join(lines)
    return f"{_clock(start_ms)} --> {_clock(stop_ms)}{_SETTINGS[cue.anchor]}\n{text}\n"


def _lines(spans: Iterable[Span]) -> Iterable[str]:
    """Write the lines of a cue; one without letters is given empty, for it would end the cue."""
    parts: list[str] = []
    seen = False
    for span in spans:
        for number, text in enumerate(_split(span.text)):
            if number:
                yield "".join(parts) if seen else ""
                parts, seen = [], False
            if text:
                parts.append(_marked(text.translate(_ESCAPES), span))
            seen = seen or bool(text.strip())
    yield "".join(parts) if seen else ""


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _marked(text: str, span: Span) -> str:
    for wanted, tag in ((span.underline, "u"), (span.bold, "b"), (span.italic, "i")):
        if wanted:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _clock(time_ms: int) -> str:
    minutes, rest_ms = divmod(time_ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest_ms // 1000:02}.{rest_ms % 1000:03}"


def _cues(text: str) -> Iterator[Cue | None]:
    for block in blocks(lines_of(text)):
        yield cue_of(block.start_s, block.stop_s, "\n".join(_payload(block)), block.settings)


def _payload(block: Block) -> Iterable[str]:
    """Give the lines up to the first empty one: what follows are notes, styles and the next cue's name."""
    for line in block.lines:
        if not line:
            return
        yield line


def _anchor(settings: str) -> Anchor:
    found: dict[str, str] = dict(_SETTING.findall(settings))
    column = _COLUMNS.get(found.get("align", ""), 1)
    return Anchor(_row(found.get("line", "")) * 3 + column + 1)


def _row(line: str) -> int:
    """Give the third of the picture, from below, of a line's number, from above or below, or of its percents."""
    percent = line.endswith("%")
    number = line.removesuffix("%")
    if not number.removeprefix("-").replace(".", "", 1).isdecimal():
        return 0
    part = float(number) / 100 if percent else float(number) / 15 if float(number) >= 0 else 1.0
    return 2 if part < 1 / 3 else 1 if part < 2 / 3 else 0
