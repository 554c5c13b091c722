"""Subtitles as values: what is shown when, and what a film's own subtitle track says before it is understood.

Nothing of a stranger's markup survives in a ``Cue``: text is text, and how it looks is a flag. Whoever shows one
makes elements of it, or has ``subtitles/vtt.write`` write it.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Anchor(IntEnum):
    """Where on the picture a cue stands: the keys of a number pad, as ASS has it (``\\an``)."""

    BOTTOM_LEFT = 1
    BOTTOM = 2
    BOTTOM_RIGHT = 3
    LEFT = 4
    CENTRE = 5
    RIGHT = 6
    TOP_LEFT = 7
    TOP = 8
    TOP_RIGHT = 9


@dataclass(frozen=True, slots=True)
class Span:
    """A run of letters that look alike."""

    text: str
    """Not empty; a line feed begins a new line. No other control character, and never markup."""
    italic: bool = False
    bold: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown in ``[start_s, stop_s)``, seconds from the film's beginning; never empty."""

    start_s: float
    stop_s: float
    spans: tuple[Span, ...]
    anchor: Anchor = Anchor.BOTTOM

    @property
    def text(self) -> str:
        """The letters alone, lines parted by line feeds."""
        return "".join(span.text for span in self.spans)


class Syntax(StrEnum):
    """In which way text subtitles are written."""

    SRT = "srt"
    VTT = "vtt"
    ASS = "ass"


@dataclass(frozen=True, slots=True)
class Event:
    """One packet of a text track, not yet understood; seconds from the film's beginning."""

    start_s: float
    stop_s: float
    text: str
    """A cue's text in its track's syntax; of ASS the event's fields as Matroska keeps them:
    ``ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text``."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text track inside a film, as it stands there."""

    syntax: Syntax
    header: str
    """Of ASS its script info and styles; empty else."""
    events: tuple[Event, ...]
    """By their start."""


@dataclass(frozen=True, slots=True)
class DrawnEvent:
    """One packet of a track of pictures, not yet drawn; seconds from the film's beginning."""

    start_s: float
    stop_s: float | None
    """None where the packet does not say it: what it shows stays until the next one."""
    data: bytes


@dataclass(frozen=True, slots=True)
class DrawnExcerpt:
    """A stretch of a track of pictures inside a film, as it stands there."""

    codec: str
    """FFmpeg's name: ``hdmv_pgs_subtitle``, ``dvd_subtitle``, ``dvb_subtitle`` or ``xsub``."""
    setup: bytes
    """What the container says of the whole track, such as its palette; of XSUB how it names the track; may be empty."""
    events: tuple[DrawnEvent, ...]
    """By their start."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn subtitle, shown in ``[start_s, stop_s)``; places are in pixels of a canvas as large as the film."""

    start_s: float
    stop_s: float
    left: int
    top: int
    width: int
    height: int
    canvas_width: int
    canvas_height: int
    png: bytes


@dataclass(frozen=True, slots=True)
class Sought:
    """Of which film a provider is asked for subtitles."""

    moviehash: str | None
    """See ``subtitles/moviehash.py``; None when it cannot be told."""
    name: str
    """The film's or its file's."""
    languages: tuple[str, ...]
    """BCP 47; none for all."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Subtitles that a provider has."""

    id: int
    """The provider's number of the file."""
    language: str
    """BCP 47."""
    release: str
    """For which copy of the film they were made, as a stranger wrote it, cleaned."""
    matches: bool
    """Whether they were made for just this file."""
    forced: bool
    hearing_impaired: bool
    machine: bool
    """Whether nobody but a machine translated them."""
    downloads: int
    """How many have taken them."""
