"""What a film's own track says, to cues, to a file that is drawn with its styles, or to pictures. Pure."""

from collections.abc import Iterator

from matinee.errors import BadSubtitles
from matinee.models.subtitles import Cue, DrawnExcerpt, Event, Excerpt, Picture, Syntax
from matinee.subtitles import ass, dvb, pgs, srt, vobsub, vtt, xsub
from matinee.subtitles.limits import gather

DRAWN = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"})
"""Kinds of pictures that ``pictures_of`` draws, by FFmpeg's names."""


def cues_of(excerpt: Excerpt) -> tuple[Cue, ...]:
    """Read a stretch of a track; the cues by their start."""
    match excerpt.syntax:
        case Syntax.ASS:
            return ass.read_events(excerpt.header, excerpt.events)
        case Syntax.VTT:
            return gather(vtt.cue_of(event.start_s, event.stop_s, event.text) for event in excerpt.events)
        case _:
            return gather(srt.cue_of(event.start_s, event.stop_s, event.text) for event in excerpt.events)


def document_of(excerpt: Excerpt) -> str:
    """Write a stretch of an ASS track as a file of its own, with the track's info and styles.

    Raises:
        ValueError: the track is of another kind.
    """
    if excerpt.syntax is not Syntax.ASS:
        raise ValueError("not styled")
    return "\n".join((*_head(excerpt.header), "", *ass.EVENTS_HEAD, *map(_line, excerpt.events), ""))


def pictures_of(
    excerpt: DrawnExcerpt, stop_s: float, frame: tuple[int, int] | None = None
) -> tuple[Picture, ...]:
    """Draw a stretch of a track of pictures.

    Args:
        excerpt: the stretch.
        stop_s: when it ends; what is shown then and says no end is given this one.
        frame: width and height of the film's picture; some kinds do not say on what they are placed.

    Raises:
        BadSubtitles: nobody here draws pictures of that kind.
    """
    match excerpt.codec:
        case "hdmv_pgs_subtitle":
            return pgs.read(excerpt.events, stop_s)
        case "dvd_subtitle":
            return vobsub.read(excerpt.setup, excerpt.events, stop_s)
        case "dvb_subtitle":
            return dvb.read(excerpt.events, stop_s)
        case "xsub":
            return xsub.read(excerpt.setup, excerpt.events, frame)
    raise BadSubtitles("These subtitles are pictures of a kind that is not shown yet. Choose others.")


def _head(header: str) -> Iterator[str]:
    """Give the header up to its events, whose fields may stand in any order there."""
    for line in header.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip().lower() == "[events]":
            return
        yield line


def _line(event: Event) -> str:
    fields = dict(zip(ass.MATROSKA_FIELDS, event.text.split(",", len(ass.MATROSKA_FIELDS) - 1), strict=False))
    fields |= {"start": _clock(event.start_s), "end": _clock(event.stop_s)}
    text = ",".join(fields.get(name, "") for name in ass.EVENT_FIELDS)
    # A line break would begin another line of the file, of the stranger's choosing.
    return "Dialogue: " + text.replace("\r\n", "\\N").replace("\r", "\\N").replace("\n", "\\N")


def _clock(time_s: float) -> str:
    time_cs = max(0, round(time_s * 100))
    minutes, rest_cs = divmod(time_cs, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest_cs // 100:02}.{rest_cs % 100:02}"
