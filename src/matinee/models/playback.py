"""How a film is brought to one player, as values."""

from dataclasses import dataclass
from enum import StrEnum

from matinee.models.media import Attachment, Chapter, MediaInfo, StreamIndex, SubtitleForm
from matinee.models.promise import Promise
from matinee.types import FileIndex, InfoHash, SessionId


@dataclass(frozen=True, slots=True)
class Decoding:
    """What a player answered when it was asked about one kind of picture (``MediaCapabilities`` of browsers)."""

    codec: str
    """As in ``ClientSupport.video``."""
    width: int
    """Pixels."""
    height: int
    frame_rate: float
    """Frames a second; 0 when unknown."""
    supported: bool
    smooth: bool
    """Whether it would be shown without dropping pictures."""


@dataclass(frozen=True, slots=True)
class ClientSupport:
    """What a player says it can decode. Names are FFmpeg's; ``hevc/10`` is hevc with 10 bits."""

    containers: frozenset[str]
    """That it opens as a plain file: ``mp4``, ``webm``, ``matroska``, ``ogg`` ..."""
    video: frozenset[str]
    """Codecs it decodes: ``h264``, ``hevc``, ``hevc/10``, ``vp8``, ``vp9``, ``vp9/10``, ``av1``, ``av1/10``."""
    audio: frozenset[str]
    """``aac``, ``mp3``, ``opus``, ``vorbis``, ``flac``, ``ac3``, ``eac3`` ...: ``mp3`` and ``vorbis`` in files, the
    others in segments too."""
    hdr: bool = False
    """Whether it shows HDR10 rightly: because its screen does, or because it maps the brightness down itself."""
    max_height: int = 0
    """Lines beyond which it stutters; 0 for no limit."""
    screen_height: int = 0
    """Lines of its screen; 0 when not known."""
    decoding: tuple[Decoding, ...] = ()
    """What it said of single kinds of pictures; of two answers about the same one the last counts."""


class Way(StrEnum):
    """How a film gets to the player."""

    DIRECT = "direct"
    """Its own bytes, at its own address."""
    REMUX = "remux"
    """Video copied into HLS segments; audio copied or converted."""
    TRANSCODE = "transcode"
    """Video converted too."""


class TrackPlan(StrEnum):
    """What becomes of a track."""

    COPY = "copy"
    CONVERT = "convert"
    LEAVE = "leave"
    """It cannot be played at all, and the reasons say why."""


@dataclass(frozen=True, slots=True)
class AudioPlan:
    """What becomes of a sound track."""

    index: StreamIndex
    plan: TrackPlan


@dataclass(frozen=True, slots=True)
class Plan:
    """How one film is brought to one player."""

    way: Way
    video: TrackPlan
    """LEAVE also for a film that has no picture."""
    audio: tuple[AudioPlan, ...]
    """In the film's order; the one to be heard first is ``first_audio``."""
    first_audio: StreamIndex | None
    max_height: int
    """Lines to which a converted picture is made smaller; 0 for its own size."""
    reasons: tuple[str, ...]
    """Sentences for people, one for each thing that is not as in the file."""
    keeps_up: bool = True
    """Whether this computer is expected to convert the picture as fast as it plays."""


@dataclass(frozen=True, slots=True)
class AudioChoice:
    """A sound track that a person may choose."""

    id: str
    """``a`` and the track's index."""
    language: str
    """BCP 47."""
    label: str
    """The title that the film's maker gave it; may be empty."""
    channels: int
    plan: TrackPlan
    default: bool


@dataclass(frozen=True, slots=True)
class SubtitleChoice:
    """Subtitles that a person may choose."""

    id: str
    """``s`` and the track's index for those inside the film, ``f`` and the file's index for those beside it, ``-`` and
    a number for the further languages of such a file, ``w`` and a number for those on the film's web host."""
    language: str
    """BCP 47."""
    label: str
    """The title that its maker gave it, or the file's name; may be empty."""
    form: SubtitleForm
    default: bool
    forced: bool
    hearing_impaired: bool
    shown: bool = True
    """Whether they can be shown: not every kind of picture can."""
    verified: bool = True
    """False once a file beside the film came from a web seed, for the swarm could not give it as the torrent says."""
    host: str | None = None
    """The web host that has them, in no torrent; None for all others."""


@dataclass(frozen=True, slots=True)
class PlaybackView:
    """A playback as it is now."""

    session: SessionId
    info_hash: InfoHash
    file_index: FileIndex
    plan: Plan
    info: MediaInfo
    duration_s: float | None
    audio: tuple[AudioChoice, ...]
    subtitles: tuple[SubtitleChoice, ...]
    chapters: tuple[Chapter, ...]
    fonts: tuple[Attachment, ...] = ()
    """Fonts inside the film, for its styled subtitles."""
    thumbnails: bool = False
    """Whether there are, or will be, pictures for the seek bar."""
    promise: Promise | None = None
    """What was said of it when somebody wished to see it."""
    offers: bool = False
    """Whether a provider may be asked for subtitles: a person has named one."""
