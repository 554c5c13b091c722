"""Frames as broadcasts carry them, made into frames as files carry them. Pure."""

import struct
from collections.abc import Iterable

SLICE, KEY_SLICE, SEI, SPS, PPS, DELIMITER, FILLER = 1, 5, 6, 7, 8, 9, 12
"""Kinds of H.264 units."""

_ADTS_SYNC = 0xFFF0
_ADTS_BYTES, _ADTS_CRC_BYTES = 7, 2
_SPS_NUMBER_AT, _PPS_NUMBER_AT = 4, 1
_MOST_ZEROS = 8
"""Of an Exp-Golomb number below 256."""


def is_annex_b(extradata: bytes) -> bool:
    """Say whether a track of H.264 or HEVC has start codes; else its configuration record begins with 1."""
    return extradata[:1] != b"\x01"


def with_lengths(frame: bytes) -> bytes:
    """Put four bytes of length before each unit, where Annex B of H.264 and HEVC has start codes between them."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units(frame))


def with_starts(parts: Iterable[bytes]) -> bytes:
    """Put a start code before each unit."""
    return b"".join(b"\x00\x00\x00\x01" + part for part in parts)


def units(frame: bytes) -> list[bytes]:
    """Give the units between the start codes of Annex B."""
    parts = frame.split(b"\x00\x00\x01")
    return [part for part in [part.rstrip(b"\x00") for part in parts[1:-1]] + parts[1:][-1:] if part]


def kind_of(unit: bytes) -> int:
    """Give what an H.264 unit is (ITU-T H.264, table 7-1)."""
    return unit[0] & 31


def number_of(parameters: bytes) -> int:
    """Give the number of an H.264 parameter set, by which pictures name it.

    Raises:
        ValueError: it has none.
    """
    at = _SPS_NUMBER_AT if kind_of(parameters) == SPS else _PPS_NUMBER_AT
    bits = int.from_bytes(parameters[at : at + 8].ljust(8, b"\0"), "big")
    zeros = 64 - bits.bit_length()
    if zeros > _MOST_ZEROS:
        raise ValueError("a parameter set without a number")
    return (bits >> 63 - 2 * zeros) - 1


def without_adts(frame: bytes) -> bytes:
    """Take the header off an AAC frame, if it has one (ISO/IEC 13818-7)."""
    if len(frame) <= _ADTS_BYTES or (frame[0] << 8 | frame[1]) & 0xFFF6 != _ADTS_SYNC:
        return frame
    crc = 0 if frame[1] & 1 else _ADTS_CRC_BYTES
    return frame[_ADTS_BYTES + crc :]
