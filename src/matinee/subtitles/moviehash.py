"""The number by which providers of subtitles know a film's file, whatever it is called. Pure.

Length, plus the first and the last 64 KiB as 64-bit little-endian numbers, all added up to 64 bits: as Media Player
Classic began it and OpenSubtitles describes it (wiki HashSourceCodes).
"""

import struct

PART_BYTES = 64 * 1024
LEAST_BYTES = 2 * PART_BYTES
"""Shorter films have no hash."""

_WORDS = struct.Struct(f"<{PART_BYTES // 8}Q")


def moviehash(length: int, head: bytes, tail: bytes) -> str:
    """Give the hash as 16 hexadecimal digits.

    Args:
        length: bytes of the file, ``LEAST_BYTES`` or more.
        head: its first ``PART_BYTES``.
        tail: its last ``PART_BYTES``.
    """
    total = length + sum(_WORDS.unpack(head)) + sum(_WORDS.unpack(tail))
    return f"{total & 0xFFFF_FFFF_FFFF_FFFF:016x}"
