"""Reads the packets of a subtitle track around a time. Runs inside the confined process.

What is read is what lies around the wanted time and nothing more: in MP4 the subtitles alone, by its index; in
other containers they lie among the pictures, so it is the same bytes that the picture of that time needs.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard, Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from matinee.media.film import TIME_BASE, Film, demuxed

MOST_WINDOW_S = 600.0
"""What may be asked for at once."""
LOOK_BACK_S = 6.0
"""What is shown at a moment began at most so long before; longer cues are missing after a jump into their middle."""
PICTURES = frozenset({"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"})


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for; seconds from the film's beginning."""

    start_s: float
    stop_s: float
    from_s: float
    """Where reading sets in, to find what began before the window: at the key frame at or before."""

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Window":
        """Read a request's ``start_s``, ``stop_s`` and ``from_s``, the least that ``from_s`` may be.

        Raises:
            ValueError: it is no time.
        """
        start_s, stop_s = float(request["start_s"]), float(request["stop_s"])
        least_s = float(request["from_s"])
        if not 0 <= start_s < stop_s < math.inf or not 0 <= least_s <= start_s:
            raise ValueError("no time")
        return cls(start_s, min(stop_s, start_s + MOST_WINDOW_S), max(least_s, start_s - LOOK_BACK_S))


@dataclass(frozen=True, slots=True)
class Timed:
    """A packet, and when it is shown; seconds from the film's beginning."""

    start_s: float
    length_s: float
    """0 where the container does not say it."""
    packet: "Packet[Any]"


def stream_at(container: InputContainer, index: int) -> Stream:
    """Give a track of any kind. Raises ValueError when there is none."""
    streams = container.streams
    if not 0 <= index < len(streams):
        raise ValueError("no such track")
    return streams[index]


def subtitles_at(container: InputContainer, index: int, *, pictures: bool) -> SubtitleStream:
    """Give a track of subtitles, of pictures or of text. Raises ValueError when there is none."""
    stream = stream_at(container, index)
    if not isinstance(stream, SubtitleStream) or stream.codec_context is None:
        raise ValueError("no subtitles")
    if (stream.codec_context.codec.canonical_name in PICTURES) != pictures:
        raise ValueError("subtitles of another kind")
    return stream


def read(film: Film, stream: SubtitleStream, window: Window) -> Iterator[Timed]:
    """Give a track's packets from before a window to its end, in the order of the file."""
    origin_s = film.start_us / TIME_BASE
    for packet in _packets(film, stream, window, origin_s):
        length_s = float(packet.duration * packet.time_base) if packet.duration else 0.0
        yield Timed(round(_seconds(packet) - origin_s, 3), max(0.0, round(length_s, 3)), packet)


def _packets(film: Film, stream: SubtitleStream, window: Window, origin_s: float) -> Iterator["Packet[Any]"]:
    container, guide = film.container, _guide(film.container)
    if container.format.name == "avi":
        yield from _counted(container, stream, guide, window)
        return
    left: float = math.inf
    enters = window.from_s > 0 and film.entrance is not None
    if not enters and container.format.name.startswith("mov") and len(stream.index_entries) > 0:
        left = _indexed(stream, window.from_s + origin_s, window.stop_s + origin_s)
    if not left:
        return
    wanted = {stream.index} if left < math.inf else {stream.index, guide.index}
    if enters:
        container, _, _ = film.enter(guide, round((window.from_s + origin_s) / (guide.time_base or 1)))
    for other in container.streams:
        other.discard = Discard.default if other.index in wanted else Discard.all
    if not enters:
        _seek(container, guide, window.from_s + origin_s)
    for packet in demuxed(container):
        if packet.size == 0 or packet.pts is None or packet.time_base is None:
            continue
        at_s = _seconds(packet) - origin_s
        if packet.stream_index == stream.index:
            if at_s >= window.stop_s:
                return
            yield packet
            left -= at_s >= window.from_s
            if left <= 0:
                return
        elif _is_after(packet, window.stop_s + origin_s):
            return


def _counted(
    container: InputContainer, stream: SubtitleStream, guide: Stream, window: Window
) -> Iterator["Packet[Any]"]:
    """Give the packets that lie among the pictures of a window: AVI counts subtitles, and has no times for them."""
    base = float(guide.time_base or 1)
    pictures = [(entry.timestamp * base, entry.pos) for entry in guide.index_entries]
    start = min((place for at_s, place in pictures if at_s >= window.from_s), default=None)
    if start is None:
        return
    stop = min((place for at_s, place in pictures if at_s >= window.stop_s), default=math.inf)
    wanted = [entry.timestamp for entry in stream.index_entries if start <= entry.pos < stop]
    if not wanted:
        return
    for other in container.streams:
        other.discard = Discard.default if other.index == stream.index else Discard.all
    container.seek(wanted[0], stream=stream, backward=True)
    left = len(wanted)
    for packet in demuxed(container):
        if packet.stream_index == stream.index and packet.size and packet.pts is not None:
            yield packet
            left -= 1
            if left <= 0:
                return


def _is_after(packet: "Packet[Any]", stop_s: float) -> bool:
    """Tell whether a frame ends a window: the key frame with which the next segment begins, or what comes later.

    Cues that lie late in the file are found by the next window.
    """
    time_s = _seconds(packet) if packet.is_keyframe else float((packet.dts or 0) * (packet.time_base or 0))
    return time_s >= stop_s


def _indexed(stream: SubtitleStream, start_s: float, stop_s: float) -> int:
    """Count the packets of a time in an index that has all of them."""
    base = float(stream.time_base or 1)
    return sum(start_s <= entry.timestamp * base < stop_s for entry in stream.index_entries)


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
    container.seek(round(time_s / base), stream=guide, backward=True)


def _seconds(packet: "Packet[Any]") -> float:
    if packet.pts is None or packet.time_base is None:
        return -math.inf
    return float(packet.pts * packet.time_base)
