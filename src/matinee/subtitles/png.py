"""Pictures of few colours as PNG (ISO/IEC 15948). Pure."""

import struct
import zlib
from dataclasses import dataclass

MAX_PIXELS = 4096 * 2304
"""Of one picture: as large as any film's."""

MOST_PIXELS = 32 * 1024 * 1024
"""Of all pictures that are drawn at once, a second's work: a usual one has a tenth of a million."""

_MARK = b"\x89PNG\r\n\x1a\n"
_LEVEL = 4
CLEAR = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A picture of at most 256 colours; ``pixels`` holds a byte for each, row by row."""

    width: int
    height: int
    pixels: bytes


def write(bitmap: Bitmap, palette: dict[int, tuple[int, int, int, int]]) -> bytes:
    """Write a picture; a colour that the palette lacks is clear.

    Args:
        bitmap: the picture.
        palette: red, green, blue and opacity, 0 to 255 each, by colour.
    """
    colours = [palette.get(index, CLEAR) for index in range(256)]
    width = bitmap.width
    rows = b"".join(b"\0" + bitmap.pixels[at : at + width] for at in range(0, width * bitmap.height, width))
    return b"".join(
        (
            _MARK,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, bitmap.height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(part for colour in colours for part in colour[:3])),
            _chunk(b"tRNS", bytes(colour[3] for colour in colours)),
            _chunk(b"IDAT", zlib.compress(rows, _LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def rgb(luma: int, red: int, blue: int, *, large: bool) -> tuple[int, int, int]:
    """Give red, green and blue of a colour of video (limited range, ITU-R BT.709 for large pictures, else BT.601).

    Args:
        luma: Y, 16 to 235.
        red: Cr, 16 to 240.
        blue: Cb, the same.
        large: whether the picture has more lines than a DVD's.
    """
    y, cr, cb = 1.164 * (luma - 16), red - 128, blue - 128
    if large:
        return _byte(y + 1.793 * cr), _byte(y - 0.533 * cr - 0.213 * cb), _byte(y + 2.112 * cb)
    return _byte(y + 1.596 * cr), _byte(y - 0.813 * cr - 0.391 * cb), _byte(y + 2.017 * cb)


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))
