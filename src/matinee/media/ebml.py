"""Matroska's way of writing numbers and elements. Pure. RFC 8794."""

from collections.abc import Iterator


def number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length; gives it and what comes after it."""
    length = 9 - data[at].bit_length() if at < len(data) and data[at] else 8
    value = int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1)
    return value, at + length


def elements(data: bytes, at: int = 0) -> Iterator[tuple[int, int, int]]:
    """Give the id of each element from a place on, and the ``[start, stop)`` of its body; the last may be cut off."""
    while at < len(data) and data[at] >= 0x10:
        length = 9 - data[at].bit_length()
        kind = int.from_bytes(data[at : at + length], "big")
        size, body = number(data, at + length)
        yield kind, body, min(body + size, len(data))
        at = body + size


def bodies(data: bytes, wanted: int) -> list[bytes]:
    """Give the bodies of all elements of a kind."""
    return [data[start:stop] for kind, start, stop in elements(data) if kind == wanted]
