"""Which pictures in a Matroska film are Dolby Vision, and of which kind: PyAV does not give it. Pure.

RFC 9559 section 5.1.4.1.17 (BlockAdditionMapping); the record: "Dolby Vision Streams Within the ISO Base Media File
Format", section 3.2.
"""

from matinee.media.ebml import bodies

ALONE = 5
"""The profile whose pictures nothing but Dolby Vision shows rightly: they are not red, green and blue, nor what
televisions have in their place. All others have a picture below that is SDR, HDR10 or HLG."""

_SEGMENT, _TRACKS, _ENTRY = 0x18538067, 0x1654AE6B, 0xAE
_TYPE, _MAPPING, _MAPPED, _RECORD = 0x83, 0x41E4, 0x41E7, 0x41ED
_VIDEO = b"\x01"
_RECORDS = frozenset({b"dvcC", b"dvvC"})


def profiles(head: bytes) -> list[int | None]:
    """Give the profiles of a film's pictures in their order, by its first bytes; None for what is no Dolby Vision."""
    found: list[int | None] = []
    for entry in bodies(b"".join(bodies(b"".join(bodies(head, _SEGMENT)), _TRACKS)), _ENTRY):
        if _VIDEO in bodies(entry, _TYPE):
            records = [
                record
                for mapping in bodies(entry, _MAPPING)
                if not _RECORDS.isdisjoint(bodies(mapping, _MAPPED))
                for record in bodies(mapping, _RECORD)
            ]
            found.append(records[0][2] >> 1 if records and len(records[0]) > 2 else None)
    return found
