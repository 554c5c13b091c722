"""Reads the text subtitles inside a film, and the fonts that they are drawn with. Runs inside the confined process.

What is read is what lies around the wanted time and nothing more: in MP4 the subtitles alone, by its index; in
other containers they lie among the pictures, so it is the same bytes that the picture of that time needs.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import AttachmentStream, Discard, Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle
from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.media.cues_wire import MOST_EVENTS, excerpt_to_wire
from matinee.media.film import Film
from matinee.models.subtitles import Event, Excerpt, Syntax

MOST_WINDOW_S = 600.0
"""What may be asked for at once."""
LOOK_BACK_S = 6.0
"""What is shown at a moment began at most so long before; longer cues are missing after a jump into their middle."""
LATE_S = 0.5
"""How much later in the file than the picture of its time a cue may lie."""
USUAL_S = 4.0
"""How long a cue is shown that does not say so, unless another follows."""
FONT_MAX_BYTES = 32 * 1024 * 1024

_TIME_BASE = 1_000_000
_AS_THEY_ARE = {
    "subrip": Syntax.SRT,
    "text": Syntax.SRT,
    "webvtt": Syntax.VTT,
    "ass": Syntax.ASS,
    "ssa": Syntax.ASS,
}
"""Tracks whose packets are text; others the library translates to ASS."""
_PICTURES = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"})
_FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")


@dataclass(frozen=True, slots=True)
class _Window:
    """What is asked for; seconds from the film's beginning."""

    start_s: float
    stop_s: float


def cues(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Give what a text track shows in ``[start_s, stop_s)``, as ``cues_wire`` writes it.

    The request holds ``track``, the track's index, ``start_s`` and ``stop_s``, seconds from the film's beginning.
    Cues that began up to ``LOOK_BACK_S`` earlier and last are there too.

    Raises:
        ValueError: there is no such track of text.
        av.FFmpegError: the film is broken there.
    """
    container = film.container
    stream = _text_stream(container, request["track"])
    window = _window(request)
    name = stream.codec_context.codec.canonical_name
    syntax = _AS_THEY_ARE.get(name, Syntax.ASS)
    events = sorted(_shown(_events(container, stream, window, name), window), key=lambda event: event.start_s)
    excerpt = Excerpt(syntax, _header(stream, name), tuple(events[:MOST_EVENTS]))
    return excerpt_to_wire(excerpt), b""


def font(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Give the font at the attachment's index ``track``.

    Raises:
        ValueError: there is none, or it is not a font.
    """
    stream = _stream(film.container, request["track"])
    data = stream.data if isinstance(stream, AttachmentStream) else b""
    if not data.startswith(_FONTS) or len(data) > FONT_MAX_BYTES:
        raise ValueError("no font")
    return {}, data


def _window(request: dict[str, Any]) -> _Window:
    start_s, stop_s = float(request["start_s"]), float(request["stop_s"])
    if not 0 <= start_s < stop_s < math.inf:
        raise ValueError("no time")
    return _Window(start_s, min(stop_s, start_s + MOST_WINDOW_S))


def _stream(container: InputContainer, index: int) -> Stream:
    streams = container.streams
    if not 0 <= index < len(streams):
        raise ValueError("no such track")
    return streams[index]


def _text_stream(container: InputContainer, index: int) -> SubtitleStream:
    stream = _stream(container, index)
    if not isinstance(stream, SubtitleStream) or stream.codec_context is None:
        raise ValueError("no subtitles")
    if stream.codec_context.codec.canonical_name in _PICTURES:
        raise ValueError("pictures, not text")
    return stream


def _events(container: InputContainer, stream: SubtitleStream, window: _Window, name: str) -> Iterator[Event]:
    """Read the track's events from before the window to its end, in the order of the file."""
    start_s = (container.start_time or 0) / _TIME_BASE
    for packet in _packets(container, stream, window, start_s):
        begin_s = _seconds(packet, packet.pts) - start_s
        length_s = float(packet.duration * packet.time_base) if packet.duration else 0.0
        for text in _texts(stream, packet, name):
            yield Event(round(begin_s, 3), round(begin_s + max(length_s, 0.0), 3), text)


def _packets(
    container: InputContainer, stream: SubtitleStream, window: _Window, start_s: float
) -> Iterator["Packet[Any]"]:
    guide = _guide(container)
    from_s = max(0.0, window.start_s - LOOK_BACK_S)
    _seek(container, guide, from_s + start_s)
    indexed = container.format.name.startswith("mov") and len(stream.index_entries) > 0
    base = float(stream.time_base or 1)
    marks = [entry.timestamp * base - start_s for entry in stream.index_entries] if indexed else []
    left = sum(from_s <= mark < window.stop_s for mark in marks)
    if indexed and not left:
        return
    with _only(container, stream if indexed else None):
        for packet in container.demux():
            if packet.size == 0 or packet.pts is None or packet.time_base is None:
                continue
            at_s = _seconds(packet, packet.pts) - start_s
            if packet.stream_index == stream.index:
                if at_s >= window.stop_s:
                    return
                yield packet
                left -= at_s >= from_s
                if indexed and left <= 0:
                    return
            elif (
                packet.stream_index == guide.index
                and _seconds(packet, packet.dts) - start_s >= window.stop_s + LATE_S
            ):
                return


def _guide(container: InputContainer) -> Stream:
    """Give the track by which places are found: the picture, or what is heard."""
    still = Disposition.attached_pic | Disposition.timed_thumbnails
    for stream in container.streams:
        if isinstance(stream, VideoStream) and not stream.disposition & still:
            return stream
    for stream in container.streams:
        if isinstance(stream, AudioStream):
            return stream
    raise ValueError("neither picture nor sound")


def _seek(container: InputContainer, guide: Stream, time_s: float) -> None:
    """Go to the last key frame before a time; subtitles themselves may have no index, and a search reads all."""
    base = guide.time_base
    if base is None:
        raise ValueError("a track without time")
    container.seek(int(time_s / base), stream=guide, backward=True)


@contextmanager
def _only(container: InputContainer, stream: Stream | None) -> Iterator[None]:
    """Have all other tracks passed over; None for nothing."""
    passed = [other for other in container.streams if stream is not None and other.index != stream.index]
    before = [other.discard for other in passed]
    try:
        for other in passed:
            other.discard = Discard.all
        yield
    finally:
        for other, discard in zip(passed, before, strict=True):
            other.discard = discard


def _texts(stream: SubtitleStream, packet: "Packet[Any]", name: str) -> Iterator[str]:
    if name in _AS_THEY_ARE:
        yield bytes(packet).decode("utf-8", "replace")
        return
    for subtitle in stream.decode(packet):
        if isinstance(subtitle, AssSubtitle):
            yield subtitle.ass.decode("utf-8", "replace")


def _header(stream: SubtitleStream, name: str) -> str:
    context = stream.codec_context
    if _AS_THEY_ARE.get(name) not in (None, Syntax.ASS):
        return ""
    header = context.extradata if name in _AS_THEY_ARE else context.subtitle_header
    return (header or b"").decode("utf-8", "replace").rstrip("\0")


def _shown(events: Iterator[Event], window: _Window) -> Iterator[Event]:
    """Give the events that are shown in the window; one without an end ends with the next."""
    before: Event | None = None
    for event in events:
        if before is not None:
            yield from _kept(before, event.start_s, window)
        before = event
    if before is not None:
        yield from _kept(before, math.inf, window)


def _kept(event: Event, next_s: float, window: _Window) -> Iterator[Event]:
    if event.stop_s <= event.start_s:
        stop_s = min(event.start_s + USUAL_S, next_s)
        event = replace(event, stop_s=stop_s if stop_s > event.start_s else event.start_s + USUAL_S)
    if event.start_s < window.stop_s and event.stop_s > window.start_s and event.text.strip("\0"):
        yield event


def _seconds(packet: "Packet[Any]", time: int | None) -> float:
    if time is None or packet.time_base is None:
        return -math.inf
    return float(time * packet.time_base)
