"""Where a film's key frames are. Runs inside the confined process."""

from contextlib import suppress
from typing import Any

import av

from matinee.confined.frames import Head
from matinee.media.ending import TAIL_BYTES, last_stamp
from matinee.media.film import TIME_BASE, Film
from matinee.media.hls.segments import LONGEST_S
from matinee.media.packets import NO_INDEX, Track
from matinee.media.remux import picture_of

SHOWN_IN_INDEX = frozenset({"matroska,webm"})
"""Containers whose index holds the times at which frames are shown; others' hold those at which they are decoded."""
LEAST_COVERED = 0.5
"""An index that ends before this part of the film is a broken one, or what the library has met on its way."""


def keyframes(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Give the times of key frames; see ``jobs.py``."""
    duration_s = _duration(film)
    track = Track.of(film, picture_of(film))
    times = _times(track) if film.container.format.name not in NO_INDEX else []
    if not times or times[-1] < (duration_s or 0) * LEAST_COVERED - LONGEST_S:
        times = []
    return {"times_s": times, "duration_s": duration_s}, b""


def _times(track: Track) -> list[float]:
    stream = track.stream
    shift = 0
    if track.container.format.name in SHOWN_IN_INDEX:
        with suppress(av.error.PermissionError):
            track.container.seek(track.origin, stream=stream)  # loads the index, wherever it lies
    else:
        shift = _delay(track)
    stamps = [entry.timestamp + shift for entry in stream.index_entries if entry.is_keyframe]
    return [float((stamp - track.origin) * track.time_base) for stamp in stamps]


def _duration(film: Film) -> float | None:
    """Give how long a film is, reading its end where its head does not say."""
    container, source = film.container, film.source
    if container.duration is not None and container.duration > 0:
        return container.duration / TIME_BASE
    if container.format.name not in SHOWN_IN_INDEX:
        return None
    stands = source.tell()
    source.seek(max(0, source.length - TAIL_BYTES))
    tail = b"".join(iter(source.read, b""))
    source.seek(stands)
    track = Track.of(film, picture_of(film))
    found = last_stamp(tail)
    return (
        float((found - track.origin) * track.time_base)
        if found is not None and found > track.origin
        else None
    )


def _delay(track: Track) -> int:
    """Give how much later than it is decoded a key frame is shown."""
    stream = track.stream
    first = next(iter(stream.index_entries), None)
    if first is None:
        return 0
    if not first.is_discard and stream.start_time is not None:
        return max(0, stream.start_time - first.timestamp)
    return int(track.reorder_s / track.time_base)
