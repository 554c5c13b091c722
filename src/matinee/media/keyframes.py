"""Where a film's key frames are. Runs inside the confined process."""

from typing import Any

from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.media.film import Film
from matinee.media.hls.segments import LONGEST_S
from matinee.media.packets import NO_INDEX, TIME_BASE, Track
from matinee.media.remux import picture_of

SHOWN_IN_INDEX = frozenset({"matroska,webm"})
"""Containers whose index holds the times at which frames are shown; others' hold those at which they are decoded."""
LEAST_COVERED = 0.5
"""An index that ends before this part of the film is a broken one, or what the library has met on its way."""


def keyframes(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Give the times of key frames; see ``jobs.py``."""
    container = film.container
    stream = picture_of(film)
    track = Track.of(film, stream)
    if container.format.name in NO_INDEX:
        return {"times_s": [], "duration_s": None}, b""
    if container.format.name in SHOWN_IN_INDEX:
        container.seek(track.origin, stream=stream)  # loads the index, wherever it lies
        shift = 0
    else:
        shift = _delay(track, stream)
    stamps = [entry.timestamp + shift for entry in stream.index_entries if entry.is_keyframe]
    times = [float((stamp - track.origin) * track.time_base) for stamp in stamps]
    if not times or times[-1] < (container.duration or 0) / TIME_BASE * LEAST_COVERED - LONGEST_S:
        times = []
    return {"times_s": times, "duration_s": None}, b""


def _delay(track: Track, stream: VideoStream) -> int:
    """Give how much later than it is decoded a key frame is shown."""
    first = next(iter(stream.index_entries), None)
    if first is None:
        return 0
    if not first.is_discard and stream.start_time is not None:
        return max(0, stream.start_time - first.timestamp)
    return int(track.reorder_s / track.time_base)
