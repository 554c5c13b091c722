"""Finds out how a film without an index can be entered. Pure but for reading."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from matinee.media.attachments import first_cluster, read_span
from matinee.media.entrance import Entrance, Readable
from matinee.media.units import (
    FLV_TAG_BYTES,
    cluster,
    cluster_filler,
    flv_filler,
    flv_tag,
    fragment_filler,
    fragment_of,
)

MOST_FRAGMENTS = 16
"""The library reads where every fragment begins before it shows the first one; up to so many it may."""
MOST_BOXES = 100
"""Before the first fragment, and before the first tag of a picture."""

_SCRIPT, _PICTURE, _SOUND = 18, 9, 8
_WITH_HEAD = frozenset({7, 12})
"""H.264, and what some call HEVC: their first tag says how they are decoded. AAC is 10."""
_AAC = 10


def entrance_of(film: Readable) -> Entrance | None:
    """Give how a film can be entered, by its first bytes; None where there is no need or no way."""
    head = read_span(film, 0, 12)
    if head.startswith(b"FLV"):
        start = _first_tag(film, int.from_bytes(head[5:9], "big") + 4)
        return Entrance(start, lambda _: flv_tag, flv_filler) if start is not None else None
    if head[4:8] == b"ftyp":
        start = _first_of_many(film)
        return Entrance(start, fragment_of, fragment_filler, many=True) if start is not None else None
    start = first_cluster(film, film.length)
    return Entrance(start, lambda _: cluster, cluster_filler) if start is not None else None


def _first_tag(film: Readable, at: int) -> int | None:
    """Give where the first tag is that is no head of its track."""
    for _ in range(MOST_BOXES):
        header = read_span(film, at, at + FLV_TAG_BYTES + 2)
        if len(header) < FLV_TAG_BYTES + 2:
            return None
        kind, first, second = header[0], header[FLV_TAG_BYTES], header[FLV_TAG_BYTES + 1]
        is_head = second == 0 and (
            (kind == _PICTURE and first & 15 in _WITH_HEAD) or (kind == _SOUND and first >> 4 == _AAC)
        )
        if kind in (_PICTURE, _SOUND) and not is_head:
            return at
        at += FLV_TAG_BYTES + int.from_bytes(header[1:4], "big") + 4
    return None


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    stop: int


def _first_of_many(film: Readable) -> int | None:
    """Give where the first of many fragments begins, where no table says where the others do."""
    before: set[bytes] = set()
    begins: int | None = None
    for box in _boxes(film):
        if box.kind in (b"sidx", b"mdat") and begins is None:
            return None
        if box.kind == b"moof" and begins is None:
            begins = box.start if b"moov" in before else None
            if begins is None:
                return None
        elif box.kind == b"mdat" and begins is not None:
            return begins if film.length - begins > MOST_FRAGMENTS * (box.stop - begins) else None
        before.add(box.kind)
    return None


def _boxes(film: Readable) -> Iterator[_Box]:
    at = 0
    for _ in range(MOST_BOXES):
        header = read_span(film, at, at + 16)
        if len(header) < 8:
            return
        size, kind = struct.unpack_from(">I4s", header)
        size = int.from_bytes(header[8:16], "big") if size == 1 else size or film.length - at
        if size < 8:
            return
        yield _Box(kind, at, at + size)
        at += size
