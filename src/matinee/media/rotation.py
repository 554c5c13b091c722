"""By how much a phone's film is to be turned: from the boxes of an MP4 (ISO/IEC 14496-12), which PyAV does not give.

Runs inside the confined process; what it reads the library has just read.
"""

import math
import struct
from collections.abc import Iterator
from typing import Protocol

MOST_BOXES = 1000
"""Of one level. A film has ten of them, or two for each second when it is in fragments."""

_SIZE_AND_KIND = struct.Struct(">I4s")
_TRACK_ID, _TRACK_MATRIX, _MOVIE_MATRIX = 12, 40, 36
"""Where they stand in their boxes, of version 0."""


class Readable(Protocol):
    """What can be read at any place."""

    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> int: ...


def rotations(film: Readable, length: int) -> dict[int, int]:
    """Give degrees clockwise (90, 180 or 270) by the ids of those tracks that are to be turned.

    Broken boxes end the search: a film that stands on its head is still a film.
    """
    movie = next((span for kind, *span in _boxes(film, 0, length) if kind == b"moov"), None)
    if movie is None:
        return {}
    whole, tracks = 0, {}
    for kind, start, stop in list(_boxes(film, *movie)):
        if kind == b"mvhd":
            whole = _degrees(_body(film, start, stop), _MOVIE_MATRIX)
        elif kind == b"trak":
            header = next((span for inner, *span in _boxes(film, start, stop) if inner == b"tkhd"), None)
            body = _body(film, *header) if header is not None else b""
            later = 8 if body[:1] == b"\x01" else 0
            track = int.from_bytes(body[_TRACK_ID + later : _TRACK_ID + later + 4], "big")
            tracks[track] = _degrees(body, _TRACK_MATRIX)
    return {track: turned for track, own in tracks.items() if (turned := (own + whole) % 360)}


def _degrees(body: bytes, matrix_at: int) -> int:
    """Read a matrix, whose first two numbers are where the picture's right-hand side points to."""
    if body[:1] == b"\x01":
        matrix_at += 12  # times and lengths have 8 bytes each
    if len(body) < matrix_at + 8:
        return 0
    right, down = struct.unpack_from(">ii", body, matrix_at)
    return round(math.degrees(math.atan2(down, right)) / 90) * 90 % 360


def _boxes(film: Readable, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """Give the kind and the body's ``[start, stop)`` of the boxes that lie in a span."""
    for _ in range(MOST_BOXES):
        header = _body(film, start, min(stop, start + 16))
        if len(header) < _SIZE_AND_KIND.size:
            return
        size, kind = _SIZE_AND_KIND.unpack_from(header)
        body = start + 8
        if size == 1:
            size, body = int.from_bytes(header[8:16], "big"), start + 16
        end = stop if size == 0 else start + size
        if not body <= end <= stop:
            return
        yield kind, body, end
        start = end


def _body(film: Readable, start: int, stop: int, most: int = 128) -> bytes:
    film.seek(start)
    data = b""
    while len(data) < min(stop - start, most) and (more := film.read(min(stop - start, most) - len(data))):
        data += more
    return data
