"""The vocabulary of indexes, hashes and units. Imports nothing of ours.

Every index and unit has a type of its own, so that a piece index cannot be taken for a file index.
Ranges are half-open ``[start, stop)`` everywhere inside the program.
"""

from typing import NewType

InfoHash = NewType("InfoHash", str)
"""The torrent's identity in lower-case hex: 40 digits (v1, also of a hybrid) or 64 (v2 alone). BEP 3, BEP 52."""

PieceIndex = NewType("PieceIndex", int)
"""Index of a hashed piece within its torrent, from 0."""

FileIndex = NewType("FileIndex", int)
"""Index of a file within its torrent, from 0, in the order of the metainfo, padding included."""

Priority = NewType("Priority", int)
"""libtorrent's piece priority: 0 is not wanted, 7 is wanted first."""

BLOCK_BYTES = 16 * 1024
"""The unit of a request between peers, in bytes. BEP 3."""

StreamIndex = NewType("StreamIndex", int)
"""Index of a track within its container, from 0, attached pictures and unknown ones included."""

SessionId = NewType("SessionId", str)
"""Names one playback: 22 characters of URL-safe base64, drawn at random."""

TitleId = NewType("TitleId", str)
"""Names a title: lower-case words and digits joined by hyphens, such as ``nosferatu-1922``."""

Country = NewType("Country", str)
"""ISO 3166-1 alpha-2, upper case; a country that is no more keeps the code it had (SU, DD, YU, CS)."""

ProfileId = NewType("ProfileId", str)
"""Names somebody for whom things are remembered: up to 22 characters of URL-safe base64."""

DeviceId = NewType("DeviceId", str)
"""Names a device that was let in: 22 characters of URL-safe base64, drawn at random."""
