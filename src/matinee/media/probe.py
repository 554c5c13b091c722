"""Finds out what a film is made of. Runs inside the confined process."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from av import CodecContext
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.languages import UNKNOWN, tag_of
from matinee.media.attachments import files
from matinee.media.closed import is_captioned
from matinee.media.codec_strings import audio_codec_string, video_codec_string
from matinee.media.covers import covers_of
from matinee.media.dolby import ALONE, profiles
from matinee.media.duration import duration_of
from matinee.media.film import TIME_BASE, Film, channels_of
from matinee.media.probe_wire import MOST_CHAPTERS, MOST_TRACKS, info_to_wire
from matinee.media.rotation import rotations
from matinee.models.media import (
    Attachment,
    AudioTrack,
    Chapter,
    Hdr,
    MediaInfo,
    StreamIndex,
    SubtitleForm,
    SubtitleTrack,
    VideoTrack,
)
from matinee.names import clean_name

TITLE_MAX_CHARS = 120
NEAR_BYTES = 1024 * 1024
"""Files inside a film that are no larger lie in what is read of it anyway; others are listed when asked for."""
_ANY_TYPE = "application/octet-stream"

_PQ, _HLG = 16, 18  # AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67
_DOLBY_VISION_TAGS = frozenset({"dvh1", "dvhe", "dav1"})
_PROGRESSIVE = (0, 1)  # AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE
_NO_FILM = frozenset({"unknown", "rawvideo"})
_STYLED = frozenset({"ass", "ssa"})
_PICTURES = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "hdmv_text_subtitle"})


def probe(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Give a film's ``MediaInfo`` as ``probe_wire`` writes it."""
    turned = _turned(film) if film.container.format.name.startswith("mov") else {}
    return info_to_wire(describe(film, turned)), b""


def _turned(film: Film) -> dict[int, int]:
    """Read how tracks are turned behind the library's back: it reads on where it believes the source to stand."""
    place = film.source.tell()
    try:
        return rotations(film.source, film.source.length)
    finally:
        film.source.seek(place)


def describe(film: Film, turned: Mapping[int, int]) -> MediaInfo:
    """Describe a film. Tracks beyond a sensible number are left out.

    Args:
        film: to open or open already.
        turned: by how many degrees a track's picture is to be turned, by its id.

    Raises:
        ValueError: nothing in it can be played.
    """
    container = film.container
    streams = list(container.streams)[:MOST_TRACKS]
    pictures = [stream for stream in streams if isinstance(stream, VideoStream) and moves(stream)]
    sounds = [stream for stream in streams if isinstance(stream, AudioStream)]
    if not pictures and not any(map(channels_of, sounds)):
        raise ValueError("neither picture nor sound")
    video = [video_track(film, stream, turned.get(stream.id, 0)) for stream in pictures]
    start_s = film.start_us / TIME_BASE
    return MediaInfo(
        container=container.format.name,
        duration_s=duration_of(film),
        start_s=start_s,
        bit_rate=max(container.bit_rate or 0, 0),
        video=tuple(sorted(video, key=lambda track: not track.default)),
        audio=tuple(map(audio_track, sounds)),
        subtitles=(
            *(_subtitle(stream) for stream in streams if isinstance(stream, SubtitleStream)),
            *(_captions(stream, sounds) for stream in pictures[:1] if is_captioned(film, stream)),
        ),
        chapters=tuple(_chapters(container, start_s)),
        attachments=attachments_of(film, NEAR_BYTES),
        counted=film.counted is not None,
        pictures=covers_of(film, NEAR_BYTES),
    )


def is_default(stream: Stream) -> bool:
    """Say whether the film's maker meant this track to be taken."""
    return bool(stream.disposition & Disposition.default)


def moves(stream: VideoStream) -> bool:
    """Tell a film's picture from a cover that is stored like one.

    Raises:
        ValueError: it moves and nobody knows how; without it the film would be black with sound.
    """
    still = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    if stream.disposition & still:
        return False
    # FFmpeg takes a picture of a kind that AVI has no name for to be uncompressed. No film is.
    if _name(stream) in _NO_FILM:
        raise ValueError("a picture of an unknown kind")
    return stream.width > 0 and stream.height > 0


def _name(stream: Stream) -> str:
    """Give FFmpeg's name of what a track is coded in, not that of the decoder in use."""
    context = stream.codec_context
    return context.codec.canonical_name if context is not None else "unknown"


def video_track(film: Film, stream: VideoStream, turned: int) -> VideoTrack:
    """Describe a picture that is to be turned by so many degrees."""
    context = stream.codec_context
    pixel = stream.sample_aspect_ratio
    name = _name(stream)
    hdr = _hdr(context)
    if (_tag(context) in _DOLBY_VISION_TAGS and hdr is None) or _dolby(film, stream) == ALONE:
        hdr = Hdr.DOLBY_VISION
    depth = context.format.components[0].bits if context.format is not None else 8
    return VideoTrack(
        index=StreamIndex(stream.index),
        codec=name,
        codec_string=video_codec_string(
            name, context.extradata or b"", context.profile, context.level, depth
        ),
        width=context.width,
        height=context.height,
        frame_rate=_rate(stream.average_rate or stream.guessed_rate),
        bit_depth=depth,
        pixel_aspect=float(pixel) if pixel else 1.0,
        rotation=turned,
        hdr=hdr,
        interlaced=context.field_order not in _PROGRESSIVE,
        reorder_frames=max(context.reorder_depth, 0),
        default=is_default(stream),
    )


def _hdr(context: VideoCodecContext) -> Hdr | None:
    """Read the brightness curve: from the container, or from the stream's own head where the container is silent."""
    curves = {context.color_trc}
    if context.codec.canonical_name == "hevc" and context.extradata:
        own = CodecContext.create("hevc", "r")
        own.extradata = context.extradata
        own.thread_count = 1
        own.open(strict=False)
        curves.add(own.color_trc)
    return Hdr.HDR10 if _PQ in curves else Hdr.HLG if _HLG in curves else None


def _dolby(film: Film, stream: VideoStream) -> int | None:
    """Give the Dolby Vision profile that a Matroska film says a picture has."""
    found = profiles(film.head) if film.container.format.name.startswith("matroska") else []
    place = film.container.streams.video.index(stream)
    return found[place] if place < len(found) else None


def _tag(context: VideoCodecContext) -> str:
    try:
        return context.codec_tag
    except UnicodeDecodeError:
        return ""


def audio_track(stream: AudioStream) -> AudioTrack:
    """Describe a sound."""
    context: AudioCodecContext | None = stream.codec_context
    name, title = _name(stream), _title(stream)
    return AudioTrack(
        index=StreamIndex(stream.index),
        codec=name,
        codec_string=audio_codec_string(name, context.profile if context is not None else None),
        channels=channels_of(stream),
        sample_rate=context.sample_rate if context is not None else 0,
        language=tag_of(stream.language or ""),
        title=title,
        default=is_default(stream),
        commentary=bool(stream.disposition & Disposition.comment) or "commentary" in title.lower(),
        described=bool(stream.disposition & (Disposition.visual_impaired | Disposition.descriptions)),
    )


def _subtitle(stream: SubtitleStream) -> SubtitleTrack:
    name = _name(stream)
    form = SubtitleForm.TEXT
    if name in _STYLED:
        form = SubtitleForm.STYLED
    elif name in _PICTURES:
        form = SubtitleForm.PICTURE
    return SubtitleTrack(
        index=StreamIndex(stream.index),
        codec=name,
        form=form,
        language=tag_of(stream.language or ""),
        title=_title(stream),
        default=is_default(stream),
        forced=bool(stream.disposition & Disposition.forced),
        hearing_impaired=bool(stream.disposition & (Disposition.hearing_impaired | Disposition.captions)),
    )


def _captions(stream: VideoStream, sounds: Sequence[AudioStream]) -> SubtitleTrack:
    """Describe the captions in a picture's own stream: they write what is said, and say nothing of themselves."""
    return SubtitleTrack(
        index=StreamIndex(stream.index),
        codec="eia_608",
        form=SubtitleForm.TEXT,
        language=tag_of(sounds[0].language or "") if sounds else UNKNOWN,
        title="CC",
        default=False,
        forced=False,
        hearing_impaired=True,
    )


def _title(stream: Stream) -> str:
    return clean_name(stream.metadata.get("title", ""), "", TITLE_MAX_CHARS)


def _chapters(container: InputContainer, start_s: float) -> Iterable[Chapter]:
    for number, chapter in enumerate(container.chapters()[:MOST_CHAPTERS], 1):
        base = chapter["time_base"] or Fraction(1, 1000)
        title = clean_name(chapter["metadata"].get("title", ""), "", TITLE_MAX_CHARS)
        yield Chapter(
            float(chapter["start"] * base) - start_s,
            float(chapter["end"] * base) - start_s,
            title or str(number),
        )


def attachments_of(film: Film, most_bytes: int) -> tuple[Attachment, ...]:
    """Give the fonts and other files inside a film, but not its covers; none where they take more bytes than that.

    They are counted on from its tracks, as the library would count them.
    """
    if sum(place.stop - place.start for place in film.attached) > most_bytes:
        return ()
    first = len(film.container.streams)
    stands = film.source.tell()
    found = files(film.source, film.attached)
    film.source.seek(stands)
    return tuple(
        Attachment(
            StreamIndex(number),
            clean_name(file.name, "attachment", TITLE_MAX_CHARS),
            clean_name(file.media_type, _ANY_TYPE, TITLE_MAX_CHARS),
            file.stop - file.start,
        )
        for number, file in enumerate(found, first)
        if not file.media_type.startswith("image/")
    )


def _rate(rate: Fraction | None) -> float:
    return round(float(rate), 3) if rate else 0.0
