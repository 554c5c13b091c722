"""Reads what a QR square says, as a camera would (ISO/IEC 18004), from the lines that it is drawn of."""

import re
from collections.abc import Callable, Iterator

QUIET = 4
"""Light modules that must be around it."""
BLOCKS = {
    2: {"M": [28], "L": [34], "Q": [22], "H": [16]},
    3: {"M": [44], "L": [55], "Q": [17] * 2, "H": [13] * 2},
    4: {"M": [32] * 2, "L": [80], "Q": [24] * 2, "H": [9] * 4},
    5: {"M": [43] * 2, "L": [108], "Q": [15] * 2 + [16] * 2, "H": [11] * 2 + [12] * 2},
    6: {"M": [27] * 4, "L": [68] * 2, "Q": [19] * 4, "H": [15] * 4},
}
"""Bytes of data in each block, by version and level: those that an address in a house needs."""
LEVELS = {0: "M", 1: "L", 2: "H", 3: "Q"}
MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)
_BYTES = 0b0100
Dark = frozenset[tuple[int, int]]


def read_square(svg: str) -> str:
    """Give what the square of a drawing says; its bytes are what was meant, so that nothing need be mended."""
    whole = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    assert whole is not None
    size = int(whole[1]) - 2 * QUIET
    dark = _dark_modules(svg)
    assert all(0 <= y < size and 0 <= x < size for y, x in dark)
    for y, x in ((0, 0), (0, size - 7), (size - 7, 0)):
        assert all((y + at, x) in dark and (y, x + at) in dark for at in range(7)), "no finder"
    version = (size - 17) // 4
    kind = _number([(8, x) in dark for x in range(5)]) ^ 0b10101
    level, mask = LEVELS[kind >> 3], MASKS[kind & 7]
    read = [((y, x) in dark) ^ (mask(y, x) == 0) for y, x in _way(size)]
    words = [_number(read[at : at + 8]) for at in range(0, len(read) - 7, 8)]
    blocks: list[list[int]] = [[] for _ in BLOCKS[version][level]]
    coming = iter(words)
    for at in range(max(BLOCKS[version][level])):
        for block, length in zip(blocks, BLOCKS[version][level], strict=True):
            if at < length:
                block.append(next(coming))
    bits = "".join(f"{word:08b}" for block in blocks for word in block)
    assert int(bits[:4], 2) == _BYTES
    length = int(bits[4:12], 2)
    return bytes(int(bits[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8)).decode()


def _dark_modules(svg: str) -> Dark:
    """Follow the pen that draws what is dark: each line is one module thick, and lies in the middle of its row."""
    path = re.search(r'stroke="#[01]\w+" d="M(\d+) (\d+)\.5([^"]+)"', svg)
    assert path is not None
    x, y = int(path[1]) - QUIET, int(path[2]) - QUIET
    found = set()
    for step, first, second in re.findall(r"([hm])(-?\d+)(?: (-?\d+))?", path[3]):
        if step == "h":
            found |= {(y, x + at) for at in range(int(first))}
        x += int(first)
        y += int(second or 0)
    return frozenset(found)


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Give where the bits are, in their order: up and down in pairs of columns, from the right."""
    right, upwards = size - 1, True
    while right > 0:
        right -= right == 6
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((y, x) for x in (right, right - 1) if not _is_fixed(y, x, size))
        right, upwards = right - 2, not upwards


def _is_fixed(y: int, x: int, size: int) -> bool:
    """Whether a module is of a finder, of the timing, of the alignment or of the format."""
    finder = (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9)
    return finder or 6 in (y, x) or (abs(y - size + 7) < 3 and abs(x - size + 7) < 3)


def _number(bits: list[bool]) -> int:
    return int("".join("01"[bit] for bit in bits), 2)
