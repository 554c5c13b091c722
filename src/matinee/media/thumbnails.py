"""Small pictures of a film for the bar on which people seek. Runs inside the confined process.

A film is cut into even steps, each shown by the key frame next to its middle. The parent asks which bytes each of
them needs, and has pictures made of those that are here: nothing is fetched for the sake of the bar.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
from av.codec.context import CodecContext, ThreadType
from av.container import InputContainer
from av.filter import Graph
from av.stream import Discard, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.media.duration import duration_of
from matinee.media.encoding import Size
from matinee.media.film import Film, demuxed
from matinee.media.packets import AnyPacket, Track
from matinee.media.pictures import Darkroom
from matinee.media.probe import video_track
from matinee.media.remux import picture_of
from matinee.media.rotation import rotations
from matinee.media.source import Gone
from matinee.media.tiles import COLUMNS

LONG_SIDE = 240
"""Pixels."""
FINEST_S = 5.0
MOST, LEAST = 200, 60
DECODED_PIXELS = 200_000_000
"""How many are decoded at most for a long film: 3 s (2026-11-26), and the more of a picture the fewer pictures."""
KEY_FRAME_BYTES = 512 * 1024
"""Where an index says only where a key frame begins."""
SHOWN_BY_PLACE = frozenset({"mpegts", "mpeg", "ogg"})
"""Containers without an index that can be read from any byte on, and say there when it is."""
SOUGHT_S = 5.0
"""So much of a film lies between two places that are read for a picture, by its mean rate: a key frame is among it."""
MOST_SOUGHT_BYTES = 4 * 1024 * 1024

_TICK = Fraction(1)
_SPRITE = {"quality": "60", "compression_level": "2"}
_TURNS: dict[int, list[str]] = {90: ["clock"], 180: ["clock", "clock"], 270: ["cclock"]}


def moments(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Say what is shown when, and which bytes that needs; see ``jobs.py``."""
    stream = picture_of(film)
    container = film.container
    duration_s = duration_of(film)
    if duration_s is None:
        return {"moments": []}, b""
    most = max(LEAST, min(MOST, DECODED_PIXELS // (stream.width * stream.height)))
    count = int(min(most, max(1.0, duration_s / FINEST_S)))
    edges = [number * duration_s / count for number in range(count + 1)]
    track = Track.of(film, stream)
    if is_by_place(film):
        return {"moments": list(_by_place(film.source.length, edges))}, b""
    if track.is_blind:
        return {"moments": list(_by_time(track, film.source.length, edges))}, b""
    if not container.format.name.startswith("mov"):
        container.seek(track.origin, stream=stream)  # loads the index, wherever it lies
    return {"moments": list(_by_index(track, film.source.length, edges))}, b""


def pictures(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Make one sprite, or a still; see ``jobs.py``."""
    side = int(request.get("side", LONG_SIDE))
    film.source.asked_bytes = KEY_FRAME_BYTES // 2
    drawn: list[VideoFrame] = []
    made: list[int] = []
    times_s: list[float] = []
    missing: list[int] = []
    near = is_by_place(film) and not request.get("whole")
    for number, (stamp, at_s) in enumerate(zip(request["stamps"], request["at_s"], strict=True)):
        try:
            found = _key_frame(film, int(stamp), float(at_s), near=near, side=side)
        except Gone:
            film.close()
            missing.append(number)
        except (av.FFmpegError, ValueError):
            film.close()
        else:
            if found is not None:
                drawn.append(found[0])
                times_s.append(found[1])
                made.append(number)
    head: Head = {"made": made, "missing": missing, "width": 0, "height": 0}
    if near:
        head["times_s"] = times_s
    if not drawn:
        return head, b""
    columns = 1 if len(request["stamps"]) == 1 else COLUMNS
    sprite = _tiled(drawn, _turn_of(film), columns)
    head["width"], head["height"] = sprite.width // columns, sprite.height // -(-len(drawn) // columns)
    return head, _written(sprite)


def _by_index(track: Track, length: int, edges: list[float]) -> Iterator[list[float]]:
    """Give moments whose key frames the film's index names; steps with the same one are one moment."""
    entries = track.stream.index_entries
    latest: list[float] | None = None
    for start_s, stop_s in pairwise(edges):
        middle = track.stamp((start_s + stop_s) / 2)
        around = [entries.search_timestamp(middle, backward=backward) for backward in (True, False)]
        found = [at for at in around if at >= 0]
        if not found:
            continue
        at = min(found, key=lambda at: abs(entries[at].timestamp - middle))
        entry = entries[at]
        if latest is not None and latest[3] == entry.pos:
            latest[1] = stop_s
            continue
        if latest is not None:
            yield latest
        stop = entry.pos + (entry.size or KEY_FRAME_BYTES)
        latest = [start_s, stop_s, _surely_at(track, at, edges[-1]), entry.pos, min(length, stop)]
    if latest is not None:
        yield latest


def _surely_at(track: Track, at: int, stop_s: float) -> int:
    """Give a time stamp that leads to a key frame: halfway to the next one.

    Its own would lead to the one before it where decoding begins earlier than showing: in MP4 a time to seek is one of
    showing, and the index has those of decoding.
    """
    entries = track.stream.index_entries
    here = int(entries[at].timestamp)
    after = entries.search_timestamp(here + 1, backward=False)
    beyond = int(entries[after].timestamp) if after >= 0 else track.stamp(stop_s)
    return max(here, (here + beyond) // 2)


def is_by_place(film: Film) -> bool:
    """Tell whether a moment's picture is the one at a byte: when that is shown is known once it is made."""
    return film.entrance is not None or film.container.format.name in SHOWN_BY_PLACE


def _by_place(length: int, edges: list[float]) -> Iterator[list[float]]:
    """Give moments of a film without an index, with the bytes there by its mean rate; their stamps are places."""
    sought = int(length / edges[-1] * min(SOUGHT_S, edges[1]))
    sought = min(max(sought, KEY_FRAME_BYTES), MOST_SOUGHT_BYTES)
    for start_s, stop_s in pairwise(edges):
        middle = int(length * (start_s + stop_s) / 2 / edges[-1])
        first = max(0, min(middle - sought // 2, length - sought))
        yield [start_s, stop_s, first, first, min(length, first + sought)]


def _by_time(track: Track, length: int, edges: list[float]) -> Iterator[list[float]]:
    """Give moments of one that says nowhere when it is, with the whole of it for their bytes."""
    for start_s, stop_s in pairwise(edges):
        yield [start_s, stop_s, track.stamp((start_s + stop_s) / 2), 0, length]


def _key_frame(
    film: Film, stamp: int, at_s: float, *, near: bool, side: int
) -> tuple[VideoFrame, float] | None:
    """Decode the key frame at or before a moment, or behind a place; gives it small, and when it is shown."""
    stream = picture_of(film)
    read = 0
    for packet in _from(film, stream, stamp, at_s, near=near):
        read += packet.size
        if packet.size and packet.is_keyframe:
            at = packet.pts if packet.pts is not None else packet.dts or 0
            track = Track.of(film, stream)
            frames = _decoded(packet)
            return (
                (_smaller(film, frames[0], stream, side), float((at - track.origin) * track.time_base))
                if frames
                else None
            )
        if read > MOST_SOUGHT_BYTES:
            return None
    return None


def _decoded(packet: AnyPacket) -> list[VideoFrame]:
    stream = packet.stream
    if not isinstance(stream, VideoStream):
        raise TypeError("not a picture")
    context = stream.codec_context
    if not context.is_open:
        # One picture at a time: threads would only make it wait for those that do not come.
        context.thread_count, context.thread_type = 1, ThreadType.NONE
    frames = [*context.decode(packet), *context.decode(None)]
    context.flush_buffers()
    return frames


def _from(film: Film, stream: VideoStream, stamp: int, at_s: float, *, near: bool) -> Iterator[AnyPacket]:
    """Read from a place at or before a moment by its stamp; without an index from one a little later or earlier, or
    from the place on that the stamp is."""
    container: InputContainer = film.container
    same: Stream = stream
    time_stamp = Track.of(film, stream).stamp(at_s)
    if film.entrance is not None or film.counted is not None:
        container, same, _ = film.enter_at(stream, stamp) if near else film.enter(stream, time_stamp)
    elif near:
        container.seek(stamp, unsupported_byte_offset=True)
    else:
        container.seek(time_stamp if is_by_place(film) else stamp, stream=stream)
    for other in container.streams:
        other.discard = Discard.default if other.index == same.index else Discard.all
    return demuxed(container, same)


def _smaller(film: Film, frame: VideoFrame, stream: VideoStream, side: int) -> VideoFrame:
    wide, high = stream.width * float(stream.sample_aspect_ratio or 1), float(stream.height)
    by = min(side, max(wide, high, LONG_SIDE)) / max(wide, high)
    width, height = (max(2, round(side * by / 2) * 2) for side in (wide, high))
    hdr = video_track(film, stream, 0).hdr
    if hdr is not None:
        room = Darkroom(stream, Size(width, height), interlaced=False, turned=0, hdr=hdr)
        frame.pts = 0
        ((_, frame),) = (*room.develop(frame), *room.develop(None))
    return frame.reformat(
        width, height, "yuv420p", dst_colorspace="ITU601", dst_color_range="MPEG", interpolation="BILINEAR"
    )


def _turn_of(film: Film) -> int:
    if not film.container.format.name.startswith("mov"):
        return 0
    return rotations(film.source, film.source.length).get(picture_of(film).id, 0)


def _tiled(frames: list[VideoFrame], degrees: int, columns: int) -> VideoFrame:
    """Put small pictures into one, row by row."""
    graph, first = Graph(), frames[0]
    graph.threads = 1
    last = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=_TICK)
    turns = [graph.add("transpose", f"dir={turn}") for turn in _TURNS.get(degrees, ())]
    tile = graph.add("tile", f"layout={columns}x{-(-len(frames) // columns)}")
    for node in (*turns, tile, graph.add("buffersink")):
        last.link_to(node)
        last = node
    graph.configure()
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = number, _TICK
        graph.vpush(frame)
    graph.vpush(None)
    return graph.vpull()


def _written(sprite: VideoFrame) -> bytes:
    encoder = CodecContext.create("libwebp", "w")
    encoder.width, encoder.height, encoder.pix_fmt = sprite.width, sprite.height, "yuv420p"
    encoder.time_base, encoder.thread_count, encoder.options = _TICK, 1, _SPRITE
    sprite.pts, sprite.time_base = 0, _TICK
    return b"".join(bytes(packet) for packet in (*encoder.encode(sprite), *encoder.encode(None)))
