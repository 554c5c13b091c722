"""What a film is made of, as values: the media room finds it out, playback and the page go by it."""

from dataclasses import dataclass
from enum import StrEnum

from matinee.types import StreamIndex as StreamIndex  # noqa: PLC0414 - films speak of it as theirs


class Hdr(StrEnum):
    """How bright a picture is meant to be shown, beyond what an ordinary screen can."""

    HDR10 = "hdr10"
    """SMPTE ST 2084 (PQ) transfer; HDR10+ too."""
    HLG = "hlg"
    """ARIB STD-B67."""
    DOLBY_VISION = "dolby-vision"
    """Dolby Vision without a base layer that others show rightly."""


class SubtitleForm(StrEnum):
    """What subtitles are made of."""

    TEXT = "text"
    """SubRip, mov_text, WebVTT: text with a little markup."""
    STYLED = "styled"
    """ASS or SSA: text with places, fonts and drawings."""
    PICTURE = "picture"
    """PGS, VobSub, DVB: pictures."""


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """A moving picture."""

    index: StreamIndex
    codec: str
    """FFmpeg's name: ``h264``, ``hevc``, ``vp9``, ``av1``, ``mpeg4`` ..."""
    codec_string: str | None
    """RFC 6381, such as ``avc1.640028``; None where none is registered or the parameters are not known."""
    width: int
    """Pixels as coded."""
    height: int
    frame_rate: float
    """Frames a second, the mean; 0 when unknown."""
    bit_depth: int
    pixel_aspect: float
    """Width of a pixel over its height; 1 for square ones."""
    rotation: int
    """Degrees clockwise, 0, 90, 180 or 270, by which the picture is to be turned."""
    hdr: Hdr | None
    interlaced: bool
    reorder_frames: int
    """How many frames at most are decoded before one that is shown before them."""
    default: bool


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """A sound track."""

    index: StreamIndex
    codec: str
    """FFmpeg's name: ``aac``, ``ac3``, ``eac3``, ``opus`` ..."""
    codec_string: str | None
    """RFC 6381, such as ``mp4a.40.2``."""
    channels: int
    sample_rate: int
    """Samples a second."""
    language: str
    """BCP 47, ``und`` when unknown."""
    title: str
    """As the film's maker wrote it, cleaned; may be empty."""
    default: bool
    commentary: bool
    described: bool
    """For those who do not see the picture."""


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """Subtitles inside a film."""

    index: StreamIndex
    codec: str
    """FFmpeg's name: ``subrip``, ``ass``, ``mov_text``, ``webvtt``, ``hdmv_pgs_subtitle`` ..."""
    form: SubtitleForm
    language: str
    """BCP 47, ``und`` when unknown."""
    title: str
    default: bool
    forced: bool
    """Only what is foreign in the film itself, for those who understand its language."""
    hearing_impaired: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named part of a film, ``[start_s, stop_s)``."""

    start_s: float
    stop_s: float
    title: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a film: a font for its subtitles, or a picture."""

    index: StreamIndex
    name: str
    media_type: str
    length: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a film is made of."""

    container: str
    """FFmpeg's name of the demuxer: ``matroska,webm``, ``mov,mp4,m4a,3gp,3g2,mj2``, ``avi`` ..."""
    duration_s: float | None
    """None when nothing says it."""
    start_s: float
    """The time stamp at which the film begins; every other time here counts from it."""
    bit_rate: int
    """Bits a second, all tracks together; 0 when unknown."""
    video: tuple[VideoTrack, ...]
    """Without attached pictures; the one to be shown comes first."""
    audio: tuple[AudioTrack, ...]
    """In the film's order."""
    subtitles: tuple[SubtitleTrack, ...]
    chapters: tuple[Chapter, ...]
    attachments: tuple[Attachment, ...]
    """Files, without pictures."""
    counted: bool = False
    """Whether nothing but counting them says when pictures are shown: an AVI without its index."""
    pictures: tuple[Attachment, ...] = ()
    """Covers that are attached to it; their length is 0 where nothing tells it before they are read."""
