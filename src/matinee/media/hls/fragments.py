"""Media segments, written: ISO/IEC 14496-12, movie fragments. Pure.

Written here and not by the library: its own writer knows of no joints (it makes up the last frame's duration) and
makes the head anew for each segment.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matinee.media.hls.timing import decode_times

_STYP = struct.pack(">4sI4s", b"msdh", 0, b"iso6")
_TFHD_BASE_IS_MOOF = 0x020000
_TRUN_DATA_OFFSET, _TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_COMPOSITION = (
    0x1,
    0x100,
    0x200,
    0x400,
    0x800,
)
_TRUN = _TRUN_DATA_OFFSET | _TRUN_DURATION | _TRUN_SIZE | _TRUN_FLAGS | _TRUN_COMPOSITION
_KEY_FLAGS = 0x02000000
"""sample_depends_on = 2: on no other."""
_OTHER_FLAGS = 0x01010000
"""sample_depends_on = 1, sample_is_non_sync_sample = 1."""


@dataclass(slots=True)
class Frame:
    """One frame as it was made or found; times are in its track's ticks."""

    data: bytes
    shown: int
    duration: int
    """What its maker says; 0 when unknown."""
    key: bool = True
    hidden: bool = False
    """Needed to decode others, but cut away by the film's edit list."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame as it is written."""

    data: bytes
    shown: int
    decoded: int
    duration: int
    """From when it is decoded to when the next one is."""
    key: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A track's part of a segment."""

    track: int
    """The track's number in the init segment, from 1."""
    start: int
    """Where it begins, for a part without samples."""
    samples: Sequence[Sample]
    """In the order of decoding."""


def squeeze(frames: Sequence[Frame]) -> None:
    """Show hidden frames for a tick each, right before the next one that is meant to be seen."""
    until: int | None = None
    for frame in sorted(frames, key=lambda frame: frame.shown, reverse=True):
        if not frame.hidden:
            until = frame.shown
        elif until is not None:
            until -= 1
            frame.shown, frame.duration = until, 1


def timed(frames: Sequence[Frame], following: int | None, delay: int = 0) -> list[Sample]:
    """Give frames in the order of decoding their decode times and durations.

    Args:
        frames: of one segment.
        following: when the first frame of the next segment is shown; None when there is none.
        delay: see ``decode_times``.
    """
    decoded = decode_times([frame.shown for frame in frames], delay)
    stops = decoded[1:]
    if frames:
        stops.append(
            following - delay if following is not None else decoded[-1] + _last_duration(frames, decoded)
        )
    return [
        Sample(frame.data, frame.shown, at, max(0, stop - at), frame.key)
        for frame, at, stop in zip(frames, decoded, stops, strict=True)
    ]


def _last_duration(frames: Sequence[Frame], decoded: Sequence[int]) -> int:
    if frames[-1].duration > 0:
        return frames[-1].duration
    return decoded[-1] - decoded[-2] if len(decoded) > 1 else 1


def fragment(number: int, runs: Sequence[Run]) -> bytes:
    """Write a media segment; ``number`` is the segment's index."""
    sizes = [sum(len(sample.data) for sample in run.samples) for run in runs]
    blank = _moof(number, runs, [0] * len(runs))
    offsets, at = [], len(blank) + 8
    for size in sizes:
        offsets.append(at)
        at += size
    payload = (sample.data for run in runs for sample in run.samples)
    return b"".join(
        [
            _box(b"styp", _STYP),
            _moof(number, runs, offsets),
            struct.pack(">I4s", sum(sizes) + 8, b"mdat"),
            *payload,
        ]
    )


def _moof(number: int, runs: Sequence[Run], offsets: Sequence[int]) -> bytes:
    trafs = (_traf(run, offset) for run, offset in zip(runs, offsets, strict=True))
    return _box(b"moof", _full(b"mfhd", 0, 0, struct.pack(">I", number + 1)), *trafs)


def _traf(run: Run, offset: int) -> bytes:
    start = run.samples[0].decoded if run.samples else run.start
    return _box(
        b"traf",
        _full(b"tfhd", 0, _TFHD_BASE_IS_MOOF, struct.pack(">I", run.track)),
        _full(b"tfdt", 1, 0, struct.pack(">Q", start)),
        _full(b"trun", 1, _TRUN, struct.pack(">Ii", len(run.samples), offset), *_rows(run.samples)),
    )


def _rows(samples: Iterable[Sample]) -> Iterable[bytes]:
    row = struct.Struct(">IIIi").pack
    for sample in samples:
        flags = _KEY_FLAGS if sample.key else _OTHER_FLAGS
        yield row(sample.duration, len(sample.data), flags, sample.shown - sample.decoded)


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _box(kind: bytes, *parts: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, parts)), kind) + b"".join(parts)


def head_of(file: bytes) -> bytes:
    """Give what stands before a file's first fragment: its init segment."""
    parts, at = [], 0
    while at + 8 <= len(file):
        size, kind = struct.unpack_from(">I4s", file, at)
        if kind in (b"ftyp", b"moov"):
            parts.append(file[at : at + size])
        at += max(8, size)
    return b"".join(parts)
