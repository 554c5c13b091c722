"""A whole film, made segment by segment, and read back by a demuxer that knows nothing of it."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import av

from matinee.media.film import Film
from matinee.media.hls.segments import BLIND_STEP_S, Segment, cut, even
from matinee.media.hls.timing import OFFSET_S
from matinee.media.keyframes import keyframes
from matinee.media.remux import init, segment
from matinee.media.source import FilmSource


@dataclass(frozen=True)
class Packet:
    """What a demuxer gives."""

    shown_s: float
    """From the film's beginning."""
    data: bytes
    key: bool
    hidden: bool


@dataclass(frozen=True)
class Made:
    """A film in segments."""

    segments: tuple[Segment, ...]
    init: bytes
    bodies: tuple[bytes, ...]
    heads: tuple[dict[str, Any], ...]

    @property
    def film(self) -> bytes:
        """The segments in a row: a fragmented MP4."""
        return self.init + b"".join(self.bodies)


def open_film(path: Path) -> Film:
    """Open a file as the confined process does."""
    data = path.read_bytes()
    return Film(FilmSource(lambda start, stop: data[start:stop], len(data)))


def plan(film: Film, step_s: float = BLIND_STEP_S) -> tuple[Segment, ...]:
    """Cut a film as a playback does."""
    found, _ = keyframes(film, {})
    duration_s = found["duration_s"]
    return cut(found["times_s"], duration_s) if found["times_s"] else even(duration_s, step_s)


def make(path: Path, *, backwards: bool = False, step_s: float = BLIND_STEP_S, **wanted: Any) -> Made:
    """Make every segment, each by a film opened anew if ``backwards``."""
    film = open_film(path)
    segments = plan(film, step_s)
    head, start = init(film, wanted)
    pairs = {}
    for part in reversed(segments) if backwards else segments:
        if backwards:
            film = open_film(path)
        place = {"index": part.index, "start_s": part.start_s, "stop_s": part.stop_s, "last": part.last}
        pairs[part.index] = segment(film, {**wanted, **place, "encoding": head["encoding"]})
    heads, bodies = zip(*(pairs[part.index] for part in segments), strict=True)
    return Made(segments, start, bodies, heads)


def packets(source: Path | bytes, kind: Literal["video", "audio"]) -> list[Packet]:
    """Read a track; times count from the film's beginning, also in what we made."""
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "r") as container:
        stream = container.streams.get({kind: 0})[0]
        zero_s = OFFSET_S if isinstance(source, bytes) else (container.start_time or 0) / 1e6
        assert stream.time_base is not None
        base = float(stream.time_base)
        return [
            Packet(packet.pts * base - zero_s, bytes(packet), packet.is_keyframe, packet.is_discard)
            for packet in container.demux(stream)
            if packet.size and packet.pts is not None
        ]


@dataclass(frozen=True)
class Part:
    """A track's part of a segment, as written."""

    track: int
    start: int
    durations: tuple[int, ...]

    @property
    def stop(self) -> int:
        """When the next part has to begin."""
        return self.start + sum(self.durations)


def parts(body: bytes) -> list[Part]:
    """Read a segment's times."""
    (moof,) = (data for kind, data in boxes(body) if kind == b"moof")
    return [_part(dict(boxes(data))) for kind, data in boxes(moof) if kind == b"traf"]


def _part(traf: dict[bytes, bytes]) -> Part:
    (track,) = struct.unpack_from(">I", traf[b"tfhd"], 4)
    (start,) = struct.unpack_from(">Q", traf[b"tfdt"], 4)
    (count,) = struct.unpack_from(">I", traf[b"trun"], 4)
    return Part(
        track, start, tuple(struct.unpack_from(">I", traf[b"trun"], 12 + 16 * at)[0] for at in range(count))
    )


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read boxes one after the other."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + size]
        at += size
