"""Subtitles of television made for the tests, written from their description (ETSI EN 300 743)."""

import struct


def segment(kind: int, body: bytes) -> bytes:
    """Write one segment."""
    return struct.pack(">BBHH", 0x0F, kind, 1, len(body)) + body


def page(*placed: tuple[int, int, int], lasts_s: int = 10, begins: bool = True) -> bytes:
    """Write a page: region, left, top."""
    head = bytes((lasts_s, 0x08 if begins else 0x00))
    return segment(0x10, head + b"".join(struct.pack(">BBHH", name, 0, x, y) for name, x, y in placed))


def region(name: int, size: tuple[int, int], depth: int, *placed: tuple[int, int, int]) -> bytes:
    """Write a region that is filled with the colour 0: object, left, top. The depth is in bits."""
    code = {2: 1, 4: 2, 8: 3}[depth]
    head = struct.pack(">BBHHBBBB", name, 8, *size, code << 5 | code << 2, 0, 0, 0)
    return segment(0x11, head + b"".join(struct.pack(">HHH", *one) for one in placed))


def table(colours: dict[int, tuple[int, int, int, int]], depth: int) -> bytes:
    """Write a colour table: luma, red, blue, and how clear."""
    flag = {2: 0x80, 4: 0x40, 8: 0x20}[depth] | 1
    return segment(0x12, b"\0\0" + b"".join(bytes((n, flag, *colour)) for n, colour in colours.items()))


def drawing(name: int, upper: bytes, lower: bytes = b"") -> bytes:
    """Write an object of two fields."""
    return segment(0x13, struct.pack(">HBHH", name, 0, len(upper), len(lower)) + upper + lower)


def rows(depth: int, strings: list[bytes]) -> bytes:
    """Write a field: a string of run lengths for each row."""
    return b"".join(bytes({2: (0x10,), 4: (0x11,), 8: (0x12,)}[depth]) + one + b"\xf0" for one in strings)


def bits(*parts: tuple[int, int]) -> bytes:
    """Write values of so many bits each, and fill the last byte up."""
    text = "".join(f"{value:0{count}b}" for value, count in parts)
    text = text.ljust(-(-len(text) // 8) * 8, "0")
    return int(text, 2).to_bytes(len(text) // 8, "big")
