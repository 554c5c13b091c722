"""Files of picture subtitles, as discs are copied: ``.sup`` of Blu-ray, ``.idx`` with ``.sub`` of DVD. Pure."""

import re
import struct
from dataclasses import dataclass

from matinee.errors import BadSubtitles, TooLarge
from matinee.languages import tag_of
from matinee.models.subtitles import DrawnEvent, DrawnExcerpt
from matinee.subtitles.limits import MAX_CUES, MAX_TIME_S, lines_of
from matinee.subtitles.vobsub import PACKET_MAX_BYTES

MAX_BYTES = 48 * 1024 * 1024
"""Of a file; two hours of Blu-ray have 30 MB, of DVD 10."""
LOOK_BACK_S = 10.0
"""What is shown at a moment began at most so long before."""
MOST_PACKS = 64
"""In which one picture lies; a pack has 2 kB."""

_SEGMENT = struct.Struct(">2sIIBH")
_END = 0x80
_CLOCK = 90_000
_PICTURE = re.compile(
    r"timestamp:\s*(\d{1,2}):(\d{1,2}):(\d{1,2}):(\d{1,3}),\s*filepos:\s*([0-9a-fA-F]{1,9})\s*$"
)
_LANGUAGE = re.compile(r"id:\s*([a-zA-Z-]{0,20})")
_NAMED = re.compile(r"alt:\s*(.{1,60})")
_LINE_MAX_CHARS = 400
_INDEX_BYTES = 4 * 1024 * 1024
MOST_LANGUAGES = 32
"""A DVD has no more."""
_PACK, _PRIVATE = b"\x00\x00\x01\xba", b"\x00\x00\x01\xbd"


def check_size(size: int) -> None:
    """Refuse a file before it is read.

    Raises:
        TooLarge: it is.
    """
    if size > MAX_BYTES:
        raise TooLarge("These subtitles are larger than those of any film. Choose others.")


def read_sup(data: bytes) -> DrawnExcerpt:
    """Read a ``.sup``: segments with their times, display set by display set.

    Raises:
        BadSubtitles: it is none.
    """
    events: list[DrawnEvent] = []
    parts: list[bytes] = []
    at, start_s = 0, 0.0
    while at + _SEGMENT.size <= len(data) and len(events) < MAX_CUES:
        mark, time, _, kind, size = _SEGMENT.unpack_from(data, at)
        if mark != b"PG":
            break
        start_s = start_s if parts else time / _CLOCK
        stop = at + _SEGMENT.size + size
        parts.append(data[at + 10 : stop])
        if kind == _END:
            events.append(DrawnEvent(start_s, None, b"".join(parts)))
            parts = []
        at = stop
    return _excerpt("hdmv_pgs_subtitle", b"", events)


@dataclass(frozen=True, slots=True)
class Language:
    """One of those in an ``.idx``."""

    tag: str
    """BCP 47; ``und`` where it says none."""
    label: str
    """As it names it; may be empty."""
    places: tuple[tuple[float, int], ...]
    """When each picture is shown, in seconds, and where it lies in the ``.sub``."""


def languages(index: bytes) -> tuple[Language, ...]:
    """Give the languages of an ``.idx`` that have pictures, in its order."""
    found: list[Language] = []
    tag, label = tag_of(""), ""
    places: list[tuple[float, int]] = []
    left = MAX_CUES

    def end() -> None:
        if places and len(found) < MOST_LANGUAGES:
            found.append(Language(tag, label, tuple(places)))
        places.clear()

    for line in lines_of(index[:_INDEX_BYTES].decode("latin-1")):
        begun = _LANGUAGE.match(line[:_LINE_MAX_CHARS])
        if begun is not None:
            end()
            tag, label = tag_of(begun[1]), ""
        elif not places and (named := _NAMED.match(line[:_LINE_MAX_CHARS])) is not None:
            label = named[1].strip()
        elif left and (place := _place(line)) is not None:
            left -= 1
            places.append(place)
    end()
    return tuple(found)


def read_vobsub(index: bytes, data: bytes, number: int = 0) -> DrawnExcerpt:
    """Read one language of an ``.idx`` and its ``.sub``, by its number in ``languages``.

    Raises:
        BadSubtitles: it has no pictures, or there is no such one.
    """
    there = languages(index)
    places = there[number].places if number < len(there) else ()
    events = [
        DrawnEvent(start_s, None, packet)
        for start_s, at in places
        if (packet := _packet(data, at)) and start_s <= MAX_TIME_S
    ]
    return _excerpt("dvd_subtitle", index[: 64 * 1024], events)


def cut(excerpt: DrawnExcerpt, start_s: float, stop_s: float) -> DrawnExcerpt:
    """Give what must be drawn for the pictures of a time."""
    shown = tuple(event for event in excerpt.events if start_s - LOOK_BACK_S <= event.start_s < stop_s)
    return DrawnExcerpt(excerpt.codec, excerpt.setup, shown)


def _excerpt(codec: str, setup: bytes, events: list[DrawnEvent]) -> DrawnExcerpt:
    if not events:
        raise BadSubtitles("No subtitles were found in this file. Choose another one.")
    return DrawnExcerpt(codec, setup, tuple(sorted(events, key=lambda event: event.start_s)))


def _place(line: str) -> tuple[float, int] | None:
    """Read when a picture is shown, and where it lies."""
    found = _PICTURE.match(line[:_LINE_MAX_CHARS])
    if found is None:
        return None
    hours, minutes, seconds, part_ms = (int(found[group]) for group in range(1, 5))
    return hours * 3600 + minutes * 60 + seconds + part_ms / 1000, int(found[5], 16)


def _packet(data: bytes, at: int) -> bytes:
    """Put a picture's packet together out of the packs of a program stream (ISO/IEC 13818-1)."""
    packet = bytearray()
    stream: int | None = None
    for _ in range(MOST_PACKS):
        if data[at : at + 4] == _PACK and at + 14 <= len(data):
            at += 14 + (data[at + 13] & 7)
        start, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 6], "big")
        if start[:3] != _PRIVATE[:3] or len(start) < 4:
            break
        body = data[at + 6 : at + 6 + size]
        at += 6 + size
        if start != _PRIVATE or len(body) < 4:
            continue
        payload = body[3 + body[2] :]
        if not payload or (stream is not None and payload[0] != stream):
            continue
        stream = payload[0]
        packet += payload[1:]
        wanted = int.from_bytes(packet[:2], "big")
        if len(packet) >= max(wanted, 4):
            return bytes(packet[: min(wanted, PACKET_MAX_BYTES)])
    return b""
