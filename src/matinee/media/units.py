"""What a film without an index is made of, so that it can be entered in its middle. Pure.

Each container has units that say when they are: tags of FLV (Video File Format Specification 10.1, annex E.4), clusters
of Matroska (RFC 9559 section 5.1.3), fragments of MP4 (ISO/IEC 14496-12 section 8.8). They are looked for in bytes from
any place on. What only looks like one is passed over as far as that can be told.
"""

import re
import struct
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

from matinee.media.ebml import number

Find: TypeAlias = Callable[[bytes, int], tuple[int, int] | None]
"""Gives where in some bytes, from a place on, the first unit begins, and its time in its track's clock; None where none
does, or none that can be told from what only looks like one without more bytes."""

FLV_TAG_BYTES = 11
FLV_LARGEST = 0xFFFFFF
"""Bytes in a tag."""

_FLV_TAG = re.compile(rb"(?=[\x08\x09](...)(...)(.)\x00\x00\x00)", re.DOTALL)
_CLUSTER = b"\x1f\x43\xb6\x75"
_TIMESTAMP = 0xE7
_BEFORE_TIMESTAMP = frozenset({0xBF, 0xEC, 0xA7, 0xAB})
"""CRC-32, Void, Position, PrevSize."""
_LATEST = 1 << 62
_SIZE_AND_KIND = struct.Struct(">I4s")
_LEAST_BOX = 8


def flv_tag(data: bytes, at: int = 0) -> tuple[int, int] | None:
    """Find a tag of picture or sound; its size stands before and behind it."""
    for found in _FLV_TAG.finditer(data, at):
        size = int.from_bytes(found[1], "big")
        stop = found.start() + FLV_TAG_BYTES + size
        if data[stop : stop + 4] == (FLV_TAG_BYTES + size).to_bytes(4, "big"):
            return found.start(), int.from_bytes(found[3] + found[2], "big")
    return None


def flv_filler(start: int, stop: int) -> dict[int, bytes]:
    """Give what must stand where for all between two places to be passed over: tags of a kind that nobody knows."""
    parts = -(-(stop - start) // FLV_LARGEST)
    edges = [start + (stop - start) * part // parts for part in range(parts + 1)]
    shown = {}
    for begin, end in pairwise(edges):
        size = end - begin - FLV_TAG_BYTES - 4
        shown[begin] = b"\x0f" + size.to_bytes(3, "big") + bytes(7)
        shown[end - 4] = (size + FLV_TAG_BYTES).to_bytes(4, "big")
    return shown


def cluster(data: bytes, at: int = 0) -> tuple[int, int] | None:
    """Find a cluster: the time is among its first elements."""
    at = data.find(_CLUSTER, at)
    while at >= 0:
        _, child = number(data, at + len(_CLUSTER))
        while child < len(data) - 9:
            size, body = number(data, child + 1)
            if data[child] == _TIMESTAMP and 0 < size <= 8:
                stamp = int.from_bytes(data[body : body + size], "big")
                if stamp < _LATEST:
                    return at, stamp
            if data[child] not in _BEFORE_TIMESTAMP:
                break
            child = body + size
        at = data.find(_CLUSTER, at + 1)
    return None


def cluster_filler(start: int, stop: int) -> dict[int, bytes]:
    """Give the same for Matroska: an empty element."""
    return {start: b"\xec\x01" + (stop - start - 9).to_bytes(7, "big")}


def fragment_of(track: int) -> Find:
    """Give what finds a fragment in which a track has frames, by the track's number."""

    def fragment(data: bytes, at: int = 0) -> tuple[int, int] | None:
        at = data.find(b"moof", at + 4)
        while at >= 0:
            size = int.from_bytes(data[at - 4 : at], "big")
            if size <= len(data) - at + 4:
                stamp = _begins(memoryview(data)[at + 4 : at - 4 + size], track)
                if stamp is not None:
                    return at - 4, stamp
            at = data.find(b"moof", at + 4)
        return None

    return fragment


def fragment_filler(start: int, stop: int) -> dict[int, bytes]:
    """Give the same for MP4: a free box."""
    return {start: struct.pack(">I4sQ", 1, b"free", stop - start)}


def _begins(fragment: memoryview, track: int) -> int | None:
    """Read when a track's frames in a fragment begin to be decoded."""
    for kind, body in _boxes(fragment):
        if kind == b"traf":
            parts = dict(_boxes(body))
            nothing = memoryview(b"")
            head, time = parts.get(b"tfhd", nothing), parts.get(b"tfdt", nothing)
            if head[4:8] == track.to_bytes(4, "big") and len(time) >= 8:
                stamp = int.from_bytes(time[4 : 12 if time[0] else 8], "big")
                return stamp if stamp < _LATEST else None
    return None


def _boxes(data: memoryview) -> list[tuple[bytes, memoryview]]:
    found: list[tuple[bytes, memoryview]] = []
    at = 0
    while at + _LEAST_BOX <= len(data):
        size, kind = _SIZE_AND_KIND.unpack_from(data, at)
        if size < _LEAST_BOX:
            break
        found.append((kind, data[at + _LEAST_BOX : at + size]))
        at += size
    return found
