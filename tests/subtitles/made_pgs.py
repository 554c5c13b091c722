"""Picture subtitles made for the tests: an encoder of presentation graphics, written from their description."""

import struct

COLOURS = {0: (16, 128, 128, 0), 1: (235, 128, 128, 255), 2: (81, 240, 90, 128), 3: (16, 128, 128, 255)}
"""Luma, red, blue, opacity: clear, white, half a red, black."""
CANVAS = (1280, 720)


def segment(kind: int, body: bytes) -> bytes:
    """Write one segment."""
    return struct.pack(">BH", kind, len(body)) + body


def composition(number: int, state: int, *placed: tuple[int, int, int]) -> bytes:
    """Write what is shown where: object, left, top."""
    body = struct.pack(">HHBHBBBB", *CANVAS, 0x10, number, state, 0, 0, len(placed))
    return segment(
        0x16, body + b"".join(struct.pack(">HBBHH", name, 0, 0, left, top) for name, left, top in placed)
    )


def palette(colours: dict[int, tuple[int, int, int, int]] = COLOURS) -> bytes:
    """Write a palette."""
    return segment(0x14, b"\0\0" + b"".join(bytes((index, *colour)) for index, colour in colours.items()))


def picture(name: int, rows: list[bytes], parts: int = 1) -> bytes:
    """Write an object of these rows, in so many segments."""
    runs = b"".join(map(_row, rows))
    data = (len(runs) + 4).to_bytes(3, "big") + struct.pack(">HH", len(rows[0]), len(rows)) + runs
    size = -(-len(data) // parts)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    last = len(pieces) - 1
    return b"".join(
        segment(
            0x15, struct.pack(">HBB", name, 0, (0x80 if at == 0 else 0) | (0x40 if at == last else 0)) + piece
        )
        for at, piece in enumerate(pieces)
    )


def shown(number: int, rows: list[bytes], left: int, top: int) -> bytes:
    """Write a display set that shows one picture."""
    return (
        composition(number, 0x80, (0, left, top))
        + window()
        + palette()
        + picture(0, rows)
        + segment(0x80, b"")
    )


def hidden(number: int) -> bytes:
    """Write a display set that shows nothing."""
    return composition(number, 0x00) + window() + segment(0x80, b"")


def window() -> bytes:
    """Write where pictures may stand: anywhere."""
    return segment(0x17, struct.pack(">BBHHHH", 1, 0, 0, 0, *CANVAS))


def sup(sets: list[tuple[float, bytes]]) -> bytes:
    """Write a ``.sup`` file of display sets and their times."""
    written = bytearray()
    for time_s, data in sets:
        at = 0
        while at < len(data):
            size = 3 + int.from_bytes(data[at + 1 : at + 3], "big")
            written += b"PG" + struct.pack(">II", round(time_s * 90_000), 0) + data[at : at + size]
            at += size
    return bytes(written)


def _row(row: bytes) -> bytes:
    written = bytearray()
    at = 0
    while at < len(row):
        colour, count = row[at], 1
        while at + count < len(row) and row[at + count] == colour and count < 0x3FFF:
            count += 1
        written += _run(colour, count)
        at += count
    return bytes(written) + b"\0\0"


def _run(colour: int, count: int) -> bytes:
    if colour and count <= 2:
        return bytes((colour,)) * count
    length = bytes((count,)) if count < 64 else bytes((0x40 | count >> 8, count & 255))
    if not colour:
        return b"\0" + length
    return bytes((0, length[0] | 0x80)) + length[1:] + bytes((colour,))
