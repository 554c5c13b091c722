"""What a player is told: RFC 8216 playlists. Pure.

Addresses in the master playlist are relative to it, and those in a media playlist to that.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matinee.media.hls.segments import Segment
from matinee.models.media import Hdr

AUDIO_GROUP = "sound"
SUBTITLE_GROUP = "subtitles"
INIT = "init.mp4"

_HEAD = ("#EXTM3U", "#EXT-X-VERSION:7")
_VIDEO_RANGES = {Hdr.HDR10: "PQ", Hdr.DOLBY_VISION: "PQ", Hdr.HLG: "HLG", None: "SDR"}


@dataclass(frozen=True, slots=True)
class Variant:
    """What is played: the picture, and its sound where that is in the same segments."""

    url: str
    codecs: tuple[str, ...]
    """RFC 6381, of the picture and of every sound that may be played with it; as they are in the segments."""
    bandwidth: int
    """Bits a second at most, sound included."""
    width: int
    """Pixels; 0 where there is no picture."""
    height: int
    frame_rate: float
    """Frames a second; 0 when unknown."""
    hdr: Hdr | None = None


@dataclass(frozen=True, slots=True)
class AudioRendition:
    """A sound in segments of its own."""

    url: str
    name: str
    """For people; must differ from that of every other one."""
    language: str
    """BCP 47; ``und`` when unknown."""
    channels: int
    default: bool
    described: bool = False
    """For those who do not see the picture."""


@dataclass(frozen=True, slots=True)
class SubtitleRendition:
    """Subtitles as WebVTT."""

    url: str
    name: str
    """For people; must differ from that of every other one."""
    language: str
    default: bool
    forced: bool
    hearing_impaired: bool


def master(
    variant: Variant, audio: Sequence[AudioRendition] = (), subtitles: Sequence[SubtitleRendition] = ()
) -> str:
    """Write the master playlist (section 4.3.4)."""
    lines = [*_HEAD, "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_audio(rendition) for rendition in audio]
    lines += [_subtitles(rendition) for rendition in subtitles]
    lines.append(f"#EXT-X-STREAM-INF:{_attributes(_stream(variant, bool(audio), bool(subtitles)))}")
    return _text([*lines, variant.url])


def media(segments: Sequence[Segment], ending: str = "m4s", *, init: bool = True) -> str:
    """Write a media playlist (section 4.3.3): the whole film, from the start, with its end.

    Args:
        segments: at least one.
        ending: what stands after the number in a segment's address: ``m4s``, or ``vtt`` for subtitles.
        init: whether the segments need ``INIT``; those of subtitles do not.
    """
    lines = [
        *_HEAD,
        f"#EXT-X-TARGETDURATION:{max(1, *(math.ceil(segment.duration_s) for segment in segments))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    if init:
        lines.append(f'#EXT-X-MAP:URI="{INIT}"')
    for segment in segments:
        lines += [f"#EXTINF:{segment.duration_s:.6f},", f"{segment.index}.{ending}"]
    return _text([*lines, "#EXT-X-ENDLIST"])


def _stream(variant: Variant, audio: bool, subtitles: bool) -> Iterable[tuple[str, str]]:
    yield "BANDWIDTH", str(max(1, variant.bandwidth))
    if variant.codecs:
        yield "CODECS", _quoted(",".join(dict.fromkeys(variant.codecs)))
    if variant.width and variant.height:
        yield "RESOLUTION", f"{variant.width}x{variant.height}"
        if variant.frame_rate > 0:
            yield "FRAME-RATE", f"{variant.frame_rate:.3f}"
        yield "VIDEO-RANGE", _VIDEO_RANGES[variant.hdr]
    if audio:
        yield "AUDIO", _quoted(AUDIO_GROUP)
    if subtitles:
        yield "SUBTITLES", _quoted(SUBTITLE_GROUP)
    yield "CLOSED-CAPTIONS", "NONE"


def _audio(rendition: AudioRendition) -> str:
    pairs = [*_named("AUDIO", AUDIO_GROUP, rendition.name, rendition.language)]
    pairs += [("DEFAULT", _yes(rendition.default)), ("AUTOSELECT", "YES")]
    if rendition.described:
        pairs.append(("CHARACTERISTICS", _quoted("public.accessibility.describes-video")))
    if rendition.channels:
        pairs.append(("CHANNELS", _quoted(str(rendition.channels))))
    return f"#EXT-X-MEDIA:{_attributes([*pairs, ('URI', _quoted(rendition.url))])}"


def _subtitles(rendition: SubtitleRendition) -> str:
    pairs = [*_named("SUBTITLES", SUBTITLE_GROUP, rendition.name, rendition.language)]
    pairs += [("DEFAULT", _yes(rendition.default)), ("AUTOSELECT", "YES"), ("FORCED", _yes(rendition.forced))]
    if rendition.hearing_impaired:
        marks = (
            "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"
        )
        pairs.append(("CHARACTERISTICS", _quoted(marks)))
    return f"#EXT-X-MEDIA:{_attributes([*pairs, ('URI', _quoted(rendition.url))])}"


def _named(kind: str, group: str, name: str, language: str) -> Iterable[tuple[str, str]]:
    yield "TYPE", kind
    yield "GROUP-ID", _quoted(group)
    yield "NAME", _quoted(name)
    if language and language != "und":
        yield "LANGUAGE", _quoted(language)


def _attributes(pairs: Iterable[tuple[str, str]]) -> str:
    return ",".join(f"{name}={value}" for name, value in pairs)


def _quoted(text: str) -> str:
    """A quoted string can hold anything but line ends and the quote itself (section 4.2)."""
    return f'"{"".join("’" if char == chr(34) else char for char in text if char.isprintable())}"'


def _yes(truth: bool) -> str:
    return "YES" if truth else "NO"


def _text(lines: Iterable[str]) -> str:
    return "\n".join([*lines, ""])
