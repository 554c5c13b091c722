"""Messages between peers: BEP 3, BEP 6 (fast extension), BEP 10 (extensions). Pure.

The bytes of blocks are by far the most of what comes. So a stream is cut where a decision is needed and nowhere
else: what is only passed on goes on in the pieces in which it came.
"""

import struct
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Protocol

from matinee.types import BLOCK_BYTES

PROTOCOL = b"\x13BitTorrent protocol"
HANDSHAKE_BYTES = 68
LONGEST_BYTES = 1024 * 1024
"""A longer message is no message of ours: the bitfield of two million pieces is a quarter of a megabyte."""

_HEAD = struct.Struct(">IB")
_BLOCK = struct.Struct(">IBII")
_REQUEST = struct.Struct(">IBIII")

Bytes = bytes | bytearray | memoryview


class Kind(IntEnum):
    """The messages that a lane understands; all others pass."""

    CHOKE = 0
    UNCHOKE = 1
    INTERESTED = 2
    NOT_INTERESTED = 3
    HAVE = 4
    BITFIELD = 5
    REQUEST = 6
    PIECE = 7
    CANCEL = 8
    PORT = 9
    HAVE_ALL = 14
    HAVE_NONE = 15
    REJECT = 16
    ALLOWED_FAST = 17
    EXTENDED = 20


class Verdict(Enum):
    """What is done with a block that begins to arrive."""

    PASS = "pass"  # noqa: S105 - no password
    """Its bytes go on as they come."""
    TAKE = "take"
    """It is gathered and handed over whole."""
    DROP = "drop"
    """Nobody wants it."""


class WireError(ValueError):
    """The other side does not speak the protocol."""


class Judge(Protocol):
    """Who decides what becomes of the messages of one direction."""

    def begins(self, piece: int, offset: int, length: int) -> Verdict:
        """Decide on a block of which only the head is here; asked again while a taken block is incomplete."""

    def took(self, piece: int, offset: int, message: bytes) -> None:
        """Take a whole block; its bytes begin at ``BLOCK_AT`` of the message."""

    def heard(self, kind: int, message: bytes) -> bool:
        """Take any other message; true when it is to be passed on."""


BLOCK_AT = _BLOCK.size
"""Where a block's bytes begin in its message."""


class Splitter:
    """Cuts one direction of a connection, behind the handshake, into messages."""

    def __init__(self, judge: Judge, forward: Callable[[Bytes], None]) -> None:
        self._judge = judge
        self._forward = forward
        self._held = bytearray()
        self._needed = 0
        self._rest = 0
        self._dropping = False
        self._inserts: list[Bytes] = []

    def insert(self, message: Bytes) -> None:
        """Forward a message of our own: now, or behind the block that is just being passed on."""
        if self._rest and not self._dropping:
            self._inserts.append(message)
        else:
            self._forward(message)

    def feed(self, data: bytes) -> None:
        """Take what came.

        Raises:
            WireError: that is no message.
        """
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return  # joined once it is whole: who sends a byte at a time must not have it copied each time
            data, self._held = bytes(self._held), bytearray()
        at = run = 0
        while at < len(data):
            if self._rest:
                step = min(self._rest, len(data) - at)
                self._rest -= step
                at += step
                run = at if self._dropping else run
                if self._rest == 0 and self._inserts:
                    self._send(data, run, at)
                    run = at
                    self._insert_all()
                continue
            stop = self._whole(data, at)
            self._needed = (stop or len(data) + 1) - at
            if stop == 0:
                break
            kind = data[at + 4] if stop > at + 4 else -1
            if kind == Kind.PIECE and stop - at >= BLOCK_AT:
                _, _, piece, offset = _BLOCK.unpack_from(data, at)
                verdict = self._judge.begins(piece, offset, stop - at - BLOCK_AT)
                if verdict is Verdict.PASS:
                    self._rest, self._dropping = stop - at, False
                    continue
                if verdict is Verdict.TAKE and stop > len(data):
                    break
                self._send(data, run, at)
                if verdict is Verdict.TAKE:
                    self._judge.took(piece, offset, data[at:stop])
                    at = run = stop
                else:
                    self._rest, self._dropping, run = stop - at, True, at
                continue
            if stop > len(data):
                break
            self._send(data, run, at)
            run = at if kind < 0 or self._judge.heard(kind, data[at:stop]) else stop
            at = stop
        self._send(data, run, at)
        self._held += data[at:]

    def _insert_all(self) -> None:
        inserts, self._inserts = self._inserts, []
        for message in inserts:
            self._forward(message)

    def _whole(self, data: bytes, at: int) -> int:
        """Give where the message at ``at`` ends; 0 while too little of it is here to tell what it is."""
        left = len(data) - at
        if left < 4:
            return 0
        length = int.from_bytes(data[at : at + 4], "big")
        if length > LONGEST_BYTES:
            raise WireError(f"a message of {length} bytes")
        too_short = left < 5 or (length >= 9 and data[at + 4] == Kind.PIECE and left < BLOCK_AT)
        if length and too_short:
            return 0
        return at + 4 + length

    def _send(self, data: bytes, start: int, stop: int) -> None:
        if stop > start:
            self._forward(data if stop - start == len(data) else memoryview(data)[start:stop])


def handshake(info_hash: bytes, peer_id: bytes, *, v2: bool) -> bytes:
    """Make a handshake: extensions, DHT, fast extension, and v2 where it is spoken. ``info_hash`` is 20 bytes."""
    return PROTOCOL + bytes((0, 0, 0, 0, 0, 0x10, 0, 0x15 if v2 else 0x05)) + info_hash + peer_id


def shown(theirs: bytes, info_hash: bytes, peer_id_tail: bytes, *, v2: bool) -> bytes:
    """Give a peer's handshake as libtorrent is to see it.

    The id gets another end, or libtorrent would close one of two connections to the same peer, and not always
    its own; and a hybrid torrent stays with the version that we began with, by whichever of its hashes it answered.
    """
    flags = theirs[27] if v2 else theirs[27] & ~0x10
    return theirs[:27] + bytes((flags,)) + info_hash + theirs[48:56] + peer_id_tail


def speaks_fast(theirs: bytes) -> bool:
    """Tell from a handshake whether the peer answers every request (BEP 6)."""
    return bool(theirs[27] & 0x04)


def plain(kind: Kind) -> bytes:
    """Make a message without a body."""
    return _HEAD.pack(1, kind)


def extended(handshake: bytes) -> bytes:
    """Make an extended handshake (BEP 10)."""
    return (len(handshake) + 2).to_bytes(4, "big") + bytes((Kind.EXTENDED, 0)) + handshake


def request(kind: Kind, piece: int, offset: int, length: int) -> bytes:
    """Make a request, a cancel or a reject."""
    return _REQUEST.pack(13, kind, piece, offset, length)


def read_request(message: bytes) -> tuple[int, int, int]:
    """Give piece, offset and length of a request, a cancel or a reject.

    Raises:
        WireError: it is not one.
    """
    if len(message) != _REQUEST.size:
        raise WireError("a request of a wrong length")
    _, _, piece, offset, length = _REQUEST.unpack(message)
    return piece, offset, length


def block_head(piece: int, offset: int, length: int) -> bytes:
    """Make what stands before a block's bytes."""
    return _BLOCK.pack(9 + length, Kind.PIECE, piece, offset)


def is_usual(offset: int, length: int) -> bool:
    """Tell whether a request is for one block of the grid, which is all that anybody asks for today."""
    return offset % BLOCK_BYTES == 0 and 0 < length <= BLOCK_BYTES
