"""Media segments, written: ISO/IEC 14496-12, movie fragments. Pure.

Written here and not by the library: its own writer knows of no joints (it makes up the last frame's duration), will
not have frames that are decoded after they are shown, and needs the head made anew for each segment.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Sample:
    """One frame; times are in its track's ticks."""

    data: bytes
    shown: int
    decoded: int
    duration: int
    key: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """A track's part of a segment."""

    track: int
    """The track's number in the init segment, from 1."""
    start: int
    """Where it begins, for a part without samples."""
    samples: Sequence[Sample]
    """In the order of decoding."""


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
