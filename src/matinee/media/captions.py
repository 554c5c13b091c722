"""Captions inside the picture's own stream, as ATSC A/53 part 4 puts those of CEA-608 there. Pure.

A frame of H.264 or HEVC has them in a message (SEI), one of MPEG-2 in user data. Both hold the same: ``GA94``, a
kind, a count, and triplets of a byte that says which field they are of, and two of the caption's.
"""

import re

_MARK = re.compile(rb"(?:\xb5\x00\x31|\x00\x00\x01\xb2)GA94\x03")
"""What stands before them; a picture's own bytes do not look like that by chance in ten thousand years of film."""
_SHOWN, _COUNT = 0x40, 0x1F
_VALID, _FIELD = 0x04, 0x03
_PARITY = 0x7F
_MOST_BYTES = 3 * _COUNT + 2
_NOTHING = (0, 0)


def pairs_of(frame: bytes) -> bytes:
    """Give the first field's pairs of bytes, as they were sent, without those that say nothing."""
    found = bytearray()
    for mark in _MARK.finditer(frame):
        # H.264 puts a 3 in where zeros would look like a unit's beginning; no triplet begins with less than 248.
        data = frame[mark.end() : mark.end() + _MOST_BYTES]
        if len(data) < 2 or not data[0] & _SHOWN:
            continue
        for at in range(2, min(2 + 3 * (data[0] & _COUNT), len(data) - 2), 3):
            head, pair = data[at], data[at + 1 : at + 3]
            if head & _VALID and not head & _FIELD and (pair[0] & _PARITY, pair[1] & _PARITY) != _NOTHING:
                found += pair
    return bytes(found)


def has_captions(frame: bytes) -> bool:
    """Say whether a frame has any, or the empty ones that stand where there are none just now."""
    return _MARK.search(frame) is not None


def as_scc(timed: list[tuple[float, bytes]]) -> bytes:
    """Write pairs and when they are shown, in seconds, as a Scenarist file, which libraries read.

    Its times are counted in frames of a thirtieth.
    """
    lines = ["Scenarist_SCC V1.0", ""]
    for at_s, pairs in timed:
        frames = max(0, round(at_s * 30))
        seconds, frame = divmod(frames, 30)
        words = " ".join(pairs[at : at + 2].hex() for at in range(0, len(pairs), 2))
        lines += [f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}\t{words}", ""]
    return "\n".join(lines).encode()
