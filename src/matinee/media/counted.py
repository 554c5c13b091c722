"""An AVI without its index, whose pictures have no times: they are counted. Pure but for reading.

What lies at a place is known by counting everything before it. Of a film that is still arriving that is not here: then
a place is guessed, by how much of the film lies before it, and from there counted on, so that what follows a jump fits
together. Once all before it is here it is counted after all.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from matinee.media.attachments import read_span
from matinee.media.entrance import LARGEST_BYTES, LOOK_BYTES, Readable

Have: TypeAlias = Callable[[int], bytes]
"""Gives what is here from a place on, without waiting for anything; nothing at the end or where nothing is here."""

MARK_BYTES = 1024 * 1024
"""How far apart places are that are remembered."""
BACK_S = 20.0
"""So long before a wanted time a guess is made: a key frame lies between."""
NEAR_S = 60.0
"""What lies so little behind what was counted is read on to."""

_CHUNK = re.compile(rb"(\d\d)(d[bc]|wb|tx|[iI]x|pc)", re.DOTALL)
_HEAD = struct.Struct("<4sI")
_LISTS = frozenset({b"rec ", b"movi", b"AVIX"})
_PASSED = frozenset({b"JUNK", b"idx1", b"LIST", b"RIFF"})
_LARGEST_JUNK = 1 << 30
_CHAIN = 4
"""So many chunks in a row are no chance."""


@dataclass(frozen=True, slots=True)
class Sort:
    """How a track's chunks are counted."""

    unit_s: Fraction
    """What one counts for."""
    sample_bytes: int
    """Bytes of a unit; 0 where chunks are counted."""
    block_bytes: int
    """Where chunks are counted: those that are longer count more than once. 0: never."""
    is_picture: bool

    def counts(self, size: int) -> int:
        """Say for how much a chunk counts: bytes, or units."""
        if self.sample_bytes:
            return size
        return -(-size // self.block_bytes) if self.block_bytes else 1

    def stamp(self, count: int) -> int:
        """Give the time stamp behind so much."""
        return count // self.sample_bytes if self.sample_bytes else count


@dataclass(frozen=True, slots=True)
class Mark:
    """A place at which a picture's chunk begins, and how much of each track lies before it."""

    place: int
    counts: tuple[int, ...]


@dataclass(slots=True)
class Counted:
    """One film."""

    first: int
    """Where its first chunk is."""
    length: int
    sorts: tuple[Sort, ...]
    _exact: list[Mark] = field(default_factory=list)
    _guessed: list[Mark] = field(default_factory=list)
    _lag_s: list[float] = field(default_factory=list)
    """Summed over all pictures that were counted, by how much each track is ahead of them; and at the end how many."""

    _picture: int = 0

    def __post_init__(self) -> None:
        self._picture = next(at for at, sort in enumerate(self.sorts) if sort.is_picture)
        self._exact = [Mark(self.first, (0,) * len(self.sorts))]
        self._lag_s = [0.0] * (len(self.sorts) + 1)

    def at(self, film: Readable, have: Have, at_s: float, duration_s: float | None) -> Mark:
        """Give a place at or before a time: counted where all before it is here, else guessed."""
        if (
            self._extend(self._exact, have, at_s)
            or at_s - self._time(self._exact[-1]) <= NEAR_S
            or not duration_s
        ):
            return self._before(self._exact, at_s)
        is_behind = bool(self._guessed) and self._time(self._guessed[0]) <= at_s
        if is_behind and (
            self._extend(self._guessed, have, at_s) or at_s - self._time(self._guessed[-1]) <= NEAR_S
        ):
            return self._before(self._guessed, at_s)
        self._guessed = [self._guess(film, max(0.0, at_s - BACK_S), duration_s)]
        return self._guessed[0]

    def filler(self, place: int) -> dict[int, bytes]:
        """Give what must be read in place of what lies before a place, for it to be passed over."""
        shown, at = {}, self.first
        while place - at >= _HEAD.size:
            size = min(place - at - _HEAD.size, _LARGEST_JUNK)
            if 0 < place - at - _HEAD.size - size < 2 * _HEAD.size:
                size -= 2 * _HEAD.size
            shown[at] = _HEAD.pack(b"JUNK", size)
            at += _HEAD.size + size
        return shown

    def _time(self, mark: Mark) -> float:
        return float(mark.counts[self._picture] * self.sorts[self._picture].unit_s)

    def _before(self, chain: list[Mark], at_s: float) -> Mark:
        return chain[max(0, bisect_right(chain, at_s, key=self._time) - 1)]

    def _extend(self, chain: list[Mark], have: Have, until_s: float) -> bool:
        """Count on from a chain's end as far as the film is here; says whether that is up to a time."""
        counts = list(chain[-1].counts)
        for place, track, size in _chunks(have, chain[-1].place, len(self.sorts)):
            mark = Mark(place, tuple(counts))
            if track == self._picture:
                if place - chain[-1].place >= MARK_BYTES or self._time(mark) >= until_s:
                    chain.append(mark)
                    self._note(mark)
                if self._time(mark) >= until_s:
                    return True
            counts[track] += self.sorts[track].counts(size)
        return self._time(chain[-1]) >= until_s

    def _note(self, mark: Mark) -> None:
        """Note by how much each track's chunks are ahead of the picture's."""
        here_s = self._time(mark)
        for at, (sort, count) in enumerate(zip(self.sorts, mark.counts, strict=True)):
            self._lag_s[at] += float(sort.stamp(count) * sort.unit_s) - here_s
        self._lag_s[-1] += 1

    def _guess(self, film: Readable, at_s: float, duration_s: float) -> Mark:
        known = self._exact[-1]
        share = (at_s - self._time(known)) / max(1.0, duration_s - self._time(known))
        place = known.place + int((self.length - known.place) * min(1.0, max(0.0, share)))
        found = self._found(film, max(place, known.place))
        if found is None:
            return known
        picture = self.sorts[self._picture].unit_s
        begins_s = round(at_s / picture) * picture
        seen = self._lag_s[-1] or 1.0
        counts = (
            round((begins_s + Fraction(lag_s / seen)) / sort.unit_s) * (sort.sample_bytes or 1)
            for sort, lag_s in zip(self.sorts, self._lag_s, strict=False)
        )
        return Mark(found, tuple(max(0, count) for count in counts))

    def _found(self, film: Readable, place: int) -> int | None:
        """Look for the first chunk of a picture at or after a place."""
        size = LOOK_BYTES
        while size <= LARGEST_BYTES:
            data = read_span(film, place, min(self.length, place + size))
            for found in _CHUNK.finditer(data):
                rows = list(_chunks(partial(_rest, data), found.start(), len(self.sorts), _CHAIN))
                if len(rows) == _CHAIN and rows[0][:2] == (found.start(), self._picture):
                    return place + found.start()
            if place + size >= self.length:
                return None
            size *= 2
        return None


def _rest(data: bytes, at: int) -> bytes:
    return data[at:]


def _chunks(have: Have, at: int, tracks: int, most: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Give chunks of tracks: where each begins, its track, its size. Ends where something else stands, or nothing."""
    data, start = b"", at
    while most is None or most > 0:
        if at - start + 12 > len(data):
            data, start = have(at), at
        if len(data) - (at - start) < 12:
            return
        kind, size = _HEAD.unpack_from(data, at - start)
        if kind in (b"LIST", b"RIFF") and data[at - start + 8 : at - start + 12] in _LISTS:
            at += 12
            continue
        found = _CHUNK.fullmatch(kind)
        if found is None and kind not in _PASSED and not re.fullmatch(rb"ix\d\d", kind):
            return
        if found is not None and found[2].lower() not in (b"ix", b"pc"):
            if int(found[1]) >= tracks:
                return
            yield at, int(found[1]), size
            most = most - 1 if most is not None else None
        at += _HEAD.size + size + size % 2


def counted(film: Readable) -> Counted | None:
    """Read how an AVI's tracks are counted; None where it has no picture, or is none."""
    if read_span(film, 0, 12)[8:] != b"AVI ":
        return None
    sorts: list[Sort] = []
    at = 12
    for _ in range(64):
        head = read_span(film, at, at + 12)
        if len(head) < 12:
            return None
        kind, size = _HEAD.unpack_from(head)
        if head[:4] == b"LIST" and head[8:] == b"movi":
            found = tuple(sorts)
            return Counted(at + 12, film.length, found) if any(sort.is_picture for sort in found) else None
        if head[:4] == b"LIST" and head[8:] == b"hdrl":
            sorts = list(_sorts(read_span(film, at + 12, min(at + 8 + size, at + LOOK_BYTES))))
        at += _HEAD.size + size + size % 2
        del kind
    return None


def _sorts(header: bytes) -> Iterator[Sort]:
    """Read each track's list of headers: ``strh`` says how it is counted, ``strf`` how long its blocks are."""
    at = 0
    while at + 12 <= len(header):
        kind, size = _HEAD.unpack_from(header, at)
        if kind == b"LIST" and header[at + 8 : at + 12] == b"strl":
            yield _sort(header[at + 12 : at + 8 + size])
        at += _HEAD.size + size + size % 2


def _sort(track: bytes) -> Sort:
    parts: dict[bytes, bytes] = {}
    at = 0
    while at + _HEAD.size <= len(track):
        kind, size = _HEAD.unpack_from(track, at)
        parts.setdefault(kind, track[at + 8 : at + 8 + size])
        at += _HEAD.size + size + size % 2
    head, form = parts.get(b"strh", b"").ljust(48, b"\0"), parts.get(b"strf", b"")
    scale, rate = struct.unpack_from("<II", head, 20)
    (sample_bytes,) = struct.unpack_from("<I", head, 44)
    is_sound = head[:4] == b"auds"
    block = struct.unpack_from("<H", form, 12)[0] if is_sound and len(form) >= 14 else 0
    if is_sound and sample_bytes and block:
        sample_bytes = block
    unit_s = Fraction(scale, rate) if scale and rate else Fraction(1, 25)
    return Sort(unit_s, sample_bytes if is_sound else 0, block if is_sound else 0, head[:4] == b"vids")
