"""Frames as broadcasts carry them, made into frames as files carry them. Pure."""

import struct

_ADTS_SYNC = 0xFFF0
_ADTS_BYTES, _ADTS_CRC_BYTES = 7, 2


def is_annex_b(extradata: bytes) -> bool:
    """Say whether a track of H.264 or HEVC has start codes; else its configuration record begins with 1."""
    return extradata[:1] != b"\x01"


def with_lengths(frame: bytes) -> bytes:
    """Put four bytes of length before each unit, where Annex B of H.264 and HEVC has start codes between them."""
    parts = frame.split(b"\x00\x00\x01")
    units = [part.rstrip(b"\x00") for part in parts[1:-1]] + parts[1:][-1:]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit)


def without_adts(frame: bytes) -> bytes:
    """Take the header off an AAC frame, if it has one (ISO/IEC 13818-7)."""
    if len(frame) <= _ADTS_BYTES or (frame[0] << 8 | frame[1]) & 0xFFF6 != _ADTS_SYNC:
        return frame
    crc = 0 if frame[1] & 1 else _ADTS_CRC_BYTES
    return frame[_ADTS_BYTES + crc :]
