"""What a confined process and its parent say to each other: frames of two lengths, a JSON text and bytes. Pure.

The child opens what strangers wrote and may have been taken over by it, so the parent believes nothing: nothing
that could make objects of the sender's choosing (pickle, marshal) is ever read, and whoever unpacks a head checks
every field for its type and range.
"""

import json
import struct
from typing import Any

LENGTHS = struct.Struct(">II")
MAX_FRAME_BYTES = 192 * 1024 * 1024
"""Of either part. The largest that comes is a segment of some seconds of a film at 128 Mbit/s, as discs have it."""

Head = dict[str, Any]


class WireError(Exception):
    """The other side said something that is not in this language."""


def pack(head: Head, body: bytes = b"") -> bytes:
    """Write one frame."""
    return pack_head(head, len(body)) + body


def pack_head(head: Head, body_bytes: int) -> bytes:
    """Write what stands before a frame's body."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return LENGTHS.pack(len(text), body_bytes) + text


def unpack_lengths(data: bytes) -> tuple[int, int]:
    """Read how long a frame's two parts are.

    Raises:
        WireError: longer than any frame of ours.
    """
    head, body = LENGTHS.unpack(data)
    if head > MAX_FRAME_BYTES or body > MAX_FRAME_BYTES:
        raise WireError("a frame is too long")
    return head, body


def unpack_head(data: bytes) -> Head:
    """Read a frame's JSON part.

    Raises:
        WireError: it is not a JSON object.
    """
    try:
        head = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise WireError("a frame is not JSON") from exc
    if not isinstance(head, dict):
        raise WireError("a frame is not an object")
    return head
