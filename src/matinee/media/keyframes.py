"""Where a film's key frames are. Runs inside the confined process."""

from contextlib import suppress
from typing import Any

import av

from matinee.confined.frames import Head
from matinee.media.duration import checked_duration
from matinee.media.film import Film
from matinee.media.hls.segments import BLIND_STEP_S, LONGEST_S
from matinee.media.packets import Track
from matinee.media.probe import moves
from matinee.media.remux import picture_of

SHOWN_IN_INDEX = frozenset({"matroska,webm"})
"""Containers whose index holds the times at which frames are shown; others' hold those at which they are decoded."""
MOST_READ_BYTES = 96 * 1024 * 1024
"""Of a film without an index, to see how far apart its key frames are."""
LEAST_COVERED = 0.5
"""An index that ends before this part of the film is a broken one, or what the library has met on its way."""


def keyframes(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Give the times of key frames; see ``jobs.py``."""
    track = Track.of(film, picture_of(film))
    times = [] if track.is_blind else _times(track)
    duration_s = checked_duration(film, times[-1] if times else None)
    if not _is_whole(track, times, duration_s or 0):
        return {"times_s": [], "duration_s": duration_s, "group_s": _group(track)}, b""
    if duration_s is not None and times[-1] > duration_s:  # all that follows would be one segment
        duration_s = times[-1] + times[-1] / max(1, len(times) - 1)
    return {"times_s": times, "duration_s": duration_s, "group_s": 0.0}, b""


def duration(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Give how long a film is; see ``jobs.py``."""
    if not any(map(moves, film.container.streams.video)):
        return {"duration_s": checked_duration(film, None)}, b""
    track = Track.of(film, picture_of(film))
    times = [] if track.is_blind else _times(track)
    return {"duration_s": checked_duration(film, times[-1] if times else None)}, b""


def _is_whole(track: Track, times: list[float], duration_s: float) -> bool:
    """Tell an index from a broken one, or from what the library has met on its way.

    One that names all frames, as MP4's does, is right also where there is but one key frame.
    """
    if not times:
        return False
    entries = track.stream.index_entries
    if track.stream.frames and len(entries) == track.stream.frames:
        last_s = float((entries[len(entries) - 1].timestamp - track.origin) * track.time_base)
        return last_s >= duration_s * LEAST_COVERED
    return duration_s - times[-1] <= LONGEST_S


def _group(track: Track) -> float:
    """Give how far apart a film's first key frames are, by its first seconds, which are played first anyway."""
    stamps: list[int] = []
    read, longest = 0, 0
    for packet in track.read(None):
        read += packet.size
        if packet.pts is None:
            continue
        since = packet.pts - stamps[-1] if stamps else 0
        if packet.is_keyframe:
            stamps.append(packet.pts)
            longest = max(longest, since)
        if (
            (len(stamps) > 1 and float((packet.pts - stamps[0]) * track.time_base) >= BLIND_STEP_S)
            or since * track.time_base > LONGEST_S
            or read > MOST_READ_BYTES
        ):
            return float(max(longest, since) * track.time_base)
    # The film is over. One of a single group is a segment, or is converted.
    return float(max(longest, since if stamps else 0) * track.time_base)


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


def _delay(track: Track) -> int:
    """Give how much later than it is decoded a key frame is shown."""
    stream = track.stream
    if track.container.format.name == "avi":  # its times of showing are made up from those of decoding
        packet = next(track.read(None), None)
        return max(0, (packet.pts or 0) - (packet.dts or 0)) if packet is not None else 0
    first = next(iter(stream.index_entries), None)
    if first is None:
        return 0
    if not first.is_discard and stream.start_time is not None:
        return max(0, stream.start_time - first.timestamp)
    return int(track.reorder_s / track.time_base)
