"""The files inside a Matroska film: fonts and covers, which may be larger than an hour of it. Pure but for reading.

The library reads all of them when it opens a film, before the first picture. So it is shown empty elements in
their place (``FilmSource.hide``), and what is asked for later is found here. EBML: RFC 8794; Matroska: RFC 9559.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

AS_VOID = b"\xec\x81\x00\xec"
"""Put in place of the four bytes of an element's name: an empty element of one byte, and the beginning of another
whose size is the one that stood there. So nothing else has to be moved or counted."""
MOST_ELEMENTS = 1000
"""Of one level."""
MOST_FILES = 64

_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_ATTACHMENTS, _FILE, _NAME, _MEDIA_TYPE, _DATA = 0x1941A469, 0x61A7, 0x466E, 0x4660, 0x465C
_SEEK_HEAD, _SEEK, _SEEK_ID, _SEEK_POSITION = 0x114D9B74, 0x4DBB, 0x53AB, 0x53AC
_TEXT_BYTES = 512
"""Of a name, or of what is found by SeekHead: more is taken for a mistake."""
_HEADER_BYTES = 12


class Readable(Protocol):
    """What can be read at any place."""

    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Element:
    """An element, ``start <= body <= stop``."""

    kind: int
    start: int
    body: int
    stop: int


@dataclass(frozen=True, slots=True)
class File:
    """A file inside a film; its bytes are the film's ``[start, stop)``."""

    name: str
    media_type: str
    start: int
    stop: int


def places(film: Readable, length: int) -> list[Element]:
    """Find where files lie: before the first pictures, or where the film's own table of contents says.

    Broken elements end the search; what is not found is read by the library as ever.
    """
    segment = _segment(film, length)
    if segment is None:
        return []
    found: dict[int, Element] = {}
    for element in _elements(film, segment.body, segment.stop):
        if element.kind == _SEEK_HEAD:
            for place in _told(film, element):
                there = next(_elements(film, segment.body + place, segment.stop), None)
                if there is not None and there.kind == _ATTACHMENTS:
                    found[there.start] = there
        elif element.kind == _ATTACHMENTS:
            found[element.start] = element
        elif element.kind == _CLUSTER:
            break
    return list(found.values())


def first_cluster(film: Readable, length: int) -> int | None:
    """Give where a film's pictures and sound begin; None where that is not found."""
    segment = _segment(film, length)
    parts = _elements(film, segment.body, segment.stop) if segment is not None else ()
    return next((element.start for element in parts if element.kind == _CLUSTER), None)


def _segment(film: Readable, length: int) -> Element | None:
    head = next(_elements(film, 0, length), None)
    if head is None or head.kind != _EBML:
        return None
    segment = next(_elements(film, head.stop, length), None)
    return segment if segment is not None and segment.kind == _SEGMENT else None


def files(film: Readable, where: list[Element]) -> list[File]:
    """Read what files there are, but not the files."""
    found = [
        file
        for place in where
        for one in _elements(film, place.body, place.stop)
        if one.kind == _FILE
        for file in _file(film, one)
    ]
    return found[:MOST_FILES]


def _file(film: Readable, one: Element) -> Iterator[File]:
    parts = {part.kind: part for part in _elements(film, one.body, one.stop)}
    if (data := parts.get(_DATA)) is not None:
        name, media_type = (_text(film, parts.get(kind)) for kind in (_NAME, _MEDIA_TYPE))
        yield File(name, media_type, data.body, data.stop)


def _told(film: Readable, head: Element) -> Iterator[int]:
    """Give where, from the segment's beginning, a table of contents says that files lie."""
    for seek in _elements(film, head.body, head.stop):
        parts = {part.kind: part for part in _elements(film, seek.body, seek.stop)}
        wanted, place = (_value(film, parts.get(kind)) for kind in (_SEEK_ID, _SEEK_POSITION))
        if seek.kind == _SEEK and wanted == _ATTACHMENTS and place is not None:
            yield place


def _elements(film: Readable, start: int, stop: int) -> Iterator[Element]:
    """Give the elements that lie in a span; one of unknown size reaches to its end."""
    for _ in range(MOST_ELEMENTS):
        header = read_span(film, start, min(stop, start + _HEADER_BYTES))
        kind, body = _number(header, 0, marker=True)
        size, after = _number(header, body, marker=False)
        if not 0 < body < after <= len(header):
            return
        unknown = size == (1 << 7 * (after - body)) - 1
        if not unknown and start + after + size > stop:
            return
        yield Element(kind, start, start + after, stop if unknown else start + after + size)
        if unknown:
            return
        start += after + size


def _number(data: bytes, at: int, *, marker: bool) -> tuple[int, int]:
    """Read a number of variable length, its marker kept or not; gives it and what comes after, -1 where none is."""
    if not 0 <= at < len(data) or not data[at]:
        return 0, -1
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    return value if marker else value & ((1 << 7 * length) - 1), at + length


def _value(film: Readable, element: Element | None) -> int | None:
    if element is None or element.stop - element.body > 8:
        return None
    return int.from_bytes(read_span(film, element.body, element.stop), "big")


def _text(film: Readable, element: Element | None) -> str:
    if element is None or element.stop - element.body > _TEXT_BYTES:
        return ""
    return read_span(film, element.body, element.stop).decode("utf-8", "replace").rstrip("\0")


def read_span(film: Readable, start: int, stop: int) -> bytes:
    """Read ``[start, stop)``, or what there is of it."""
    if start >= stop:
        return b""
    film.seek(start)
    parts, at = [], start
    while at < stop and (part := film.read(stop - at)):
        parts.append(part)
        at += len(part)
    return b"".join(parts)
