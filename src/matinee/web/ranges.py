"""Byte ranges of RFC 9110 section 14. Pure; the only place where inclusive ends exist.

A ``Range`` header is a wish: what is malformed or greedy is ignored, and the whole file served (14.2).
"""

from dataclasses import dataclass

from matinee.web.preconditions import is_strong_tag

MAX_SPECS = 4
"""More ranges in one header are a bomb or a mistake (CVE-2025-62727): the whole file is served."""

MAX_HEADER_CHARS = 512
"""Four ranges need fewer than 200."""

_FAR = 10**19
"""Stands for every number of more than 18 digits: beyond the end of any file, and cheap to make."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Serve the whole file with 200."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Serve these parts with 206."""

    spans: tuple[tuple[int, int], ...]
    """Half-open, not empty, inside the file, disjoint, in the order they were asked for."""


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """None of the wanted parts exists: 416."""


Wanted = Whole | Spans | Unsatisfiable


class _Malformed(Exception):
    """The header is not what the grammar says."""


def parse_range(header: str | None, length: int) -> Wanted:
    """Read a ``Range`` header for a file of ``length`` bytes; linear in the header, never raises."""
    if header is None or len(header) > MAX_HEADER_CHARS:
        return Whole()
    unit, equals, range_set = header.partition("=")
    if not equals or unit.lower() != "bytes":
        return Whole()
    specs = [spec for part in range_set.split(",") if (spec := part.strip(" \t"))]
    if not 1 <= len(specs) <= MAX_SPECS:
        return Whole()
    try:
        wanted = [_parse_spec(spec, length) for spec in specs]
    except _Malformed:
        return Whole()
    satisfiable = [span for span in wanted if span is not None]
    if not satisfiable:
        return Unsatisfiable()
    if length == 0:
        # A suffix of an empty file is the empty file, and Content-Range cannot say that.
        return Whole()
    return Spans(_coalesce(satisfiable))


def content_range(span: tuple[int, int], length: int) -> str:
    """Say which part is sent: the value of ``Content-Range`` of a 206."""
    start, stop = span
    return f"bytes {start}-{stop - 1}/{length}"


def unsatisfied_range(length: int) -> str:
    """The value of ``Content-Range`` of a 416: how long the file is."""
    return f"bytes */{length}"


def if_range_holds(header: str | None, etag: str) -> bool:
    """Whether ``Range`` still counts beside this ``If-Range`` (RFC 9110 section 13.1.5).

    The comparison is the strong one. A date never matches: our files have no Last-Modified.
    """
    if header is None:
        return True
    value = header.strip(" \t")
    return is_strong_tag(value) and value == etag


def _parse_spec(spec: str, length: int) -> tuple[int, int] | None:
    """Read one range-spec; None when it is well formed but beyond the file."""
    first, dash, last = spec.partition("-")
    if not dash:
        raise _Malformed
    if not first:
        suffix = _number(last)
        return (max(0, length - suffix), length) if suffix else None
    start = _number(first)
    stop = _number(last) + 1 if last else length
    if last and stop <= start:
        raise _Malformed
    return (start, min(stop, length)) if start < length else None


def _number(digits: str) -> int:
    """Read 1*DIGIT. ``int`` alone would take signs, spaces, underscores and other scripts' digits."""
    if not digits or not digits.isascii() or not digits.isdigit():
        raise _Malformed
    significant = digits.lstrip("0")
    return _FAR if len(significant) > 18 else int(significant or "0")


def _coalesce(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join what overlaps or touches, each joined span where its earliest part stood."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        place = len(joined)
        start, stop = span
        rest: list[tuple[int, int]] = []
        for index, (other_start, other_stop) in enumerate(joined):
            if other_start <= stop and start <= other_stop:
                start, stop = min(start, other_start), max(stop, other_stop)
                place = min(place, index)
            else:
                rest.append((other_start, other_stop))
        rest.insert(place, (start, stop))
        joined = rest
    return tuple(joined)
