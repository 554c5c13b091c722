"""What was asked of one peer: by us for pieces that are gathered here, by libtorrent for all others.

libtorrent asks for far more than a line takes at once. So its requests wait here and go out as there is room;
they may be answered from elsewhere, and what it takes back, or what nobody wants any more, is let go at once.
"""

from collections import deque
from collections.abc import Callable, Container
from typing import Protocol

from matinee.torrent.lane import wire
from matinee.torrent.lane.pace import Pace, Ticket
from matinee.torrent.lane.wire import Kind, Verdict
from matinee.types import BLOCK_BYTES, PieceIndex

SLOTS = 1 << 16
"""Block slots a piece in a key; a piece of 1 GiB has as many."""
FORGIVEN = 512
"""Blocks taken back of which a late arrival is still known."""

Key = int
"""A block of the torrent: ``piece * SLOTS + block``."""


class Gathered(Protocol):
    """What a line needs to know of the pieces that are gathered."""

    def gathers(self, piece: PieceIndex) -> bool:
        """Whether the lane gathers this piece itself."""

    def slice_of(self, piece: PieceIndex, offset: int, length: int) -> memoryview | None:
        """Give bytes of a piece that is gathered and proved."""

    def length(self, key: Key) -> int:
        """Give a block's length in bytes."""


class Line:
    """The requests to one peer. Everything runs on the loop's thread."""

    def __init__(
        self,
        gathered: Gathered,
        now_s: Callable[[], float],
        *,
        to_peer: Callable[[wire.Bytes], None],
        to_libtorrent: Callable[[wire.Bytes], None],
        came: Callable[[Key, memoryview], None],
        will_not_come: Callable[[Key], None],
    ) -> None:
        self.choked = True
        self.fast = False
        """Whether the peer answers every request (BEP 6); without that it is only passed through."""
        self.sent: dict[Key, Ticket] = {}
        """What was asked of the peer, in order."""
        self.asked: dict[Key, int] = {}
        """What libtorrent waits for from this peer, with lengths."""
        self.pace = Pace(0.1)
        self.bytes_down = 0
        self._gathered = gathered
        self._now_s = now_s
        self._to_peer = to_peer
        self._to_libtorrent = to_libtorrent
        self._came = came
        self._will_not_come = will_not_come
        self._queue: deque[Key] = deque()
        self._taken_back: dict[Key, Ticket] = {}

    # -- what is known

    def stalled(self, now_s: float) -> bool:
        """Tell whether the peer owes us a block and is silent."""
        return bool(self.sent) and now_s > self.pace.stalls_at_s()

    @property
    def room(self) -> int:
        """How many blocks may still be asked for."""
        return 0 if self.choked or not self.fast else self.pace.window - len(self.sent)

    # -- asking

    def ask(self, key: Key, length: int) -> None:
        """Ask the peer for a block. Harmless when it was asked."""
        if key in self.sent:
            return
        self.sent[key] = self.pace.sent(self._now_s(), len(self.sent))
        piece, block = divmod(key, SLOTS)
        self._to_peer(wire.request(Kind.REQUEST, piece, block * BLOCK_BYTES, length))

    def ask_next(self) -> None:
        """Pass on what libtorrent asks for, as far as there is room."""
        while self._queue and self.room > 0:
            key = self._queue.popleft()
            if key in self.asked and key not in self.sent and not self._gathered.gathers(_piece(key)):
                self.ask(key, self.asked[key])

    def take_back(self, key: Key, length: int) -> None:
        """Tell the peer not to send a block."""
        ticket = self.sent.pop(key, None)
        if ticket is None:
            return
        self._taken_back[key] = ticket
        if len(self._taken_back) > FORGIVEN:
            del self._taken_back[next(iter(self._taken_back))]
        piece, block = divmod(key, SLOTS)
        self._to_peer(wire.request(Kind.CANCEL, piece, block * BLOCK_BYTES, length))

    def give_up(self, now_s: float) -> None:
        """Take back everything that a silent peer owes us, whoever asked; it is asked for a little again.

        Not all peers answer a request that was cancelled and then made again.
        """
        for key in list(self.sent):
            self.take_back(key, self._gathered.length(key))
            self._will_not_come(key)
            if key in self.asked:
                self._queue.append(key)
        self.pace.given_up(now_s)

    # -- towards libtorrent

    def answer(self, piece: PieceIndex) -> None:
        """Give libtorrent what it waits for of a piece that is gathered and proved."""
        for key in [key for key in self.asked if _piece(key) == piece]:
            self._answer(key)

    def turn_down(self, piece: PieceIndex) -> None:
        """Reject what libtorrent still waits for of a piece that it has."""
        for key in [key for key in self.asked if _piece(key) == piece]:
            self._reject(key)

    def queue_again(self, piece: PieceIndex) -> None:
        """Have libtorrent's own requests for a piece sent to the peer after all."""
        self._queue.extend(key for key in self.asked if _piece(key) == piece and key not in self.sent)

    def _answer(self, key: Key) -> bool:
        piece, block = divmod(key, SLOTS)
        found = self._gathered.slice_of(PieceIndex(piece), block * BLOCK_BYTES, self.asked[key])
        if found is None:
            return False
        del self.asked[key]
        self._to_libtorrent(wire.block_head(piece, block * BLOCK_BYTES, len(found)))
        self._to_libtorrent(found)
        return True

    def requested(self, message: bytes) -> bool:
        """Take a request of libtorrent's; true when the peer is to hear it as it is."""
        piece, offset, length = wire.read_request(message)
        if not wire.is_usual(offset, length):
            return True
        key = piece * SLOTS + offset // BLOCK_BYTES
        self.asked[key] = length
        if not self._answer(key):
            self._queue.append(key)
        return False

    def cancelled(self, message: bytes) -> None:
        """Take a cancel of libtorrent's, which then wants to hear of that block at once."""
        piece, offset, length = wire.read_request(message)
        key = piece * SLOTS + offset // BLOCK_BYTES
        if key in self.asked:
            self._reject(key)
        if not self._gathered.gathers(PieceIndex(piece)):
            self.take_back(key, length)

    def turn_away(self, wanted: Container[PieceIndex]) -> None:
        """Let go of everything that libtorrent asks for outside of some pieces, and have the peer let go of it too."""
        for key, length in list(self.asked.items()):
            if _piece(key) not in wanted:
                self._reject(key)
                self.take_back(key, length)

    def _reject(self, key: Key) -> None:
        length = self.asked.pop(key)
        piece, block = divmod(key, SLOTS)
        self._to_libtorrent(wire.request(Kind.REJECT, piece, block * BLOCK_BYTES, length))

    # -- from the peer

    def begins(self, piece: int, offset: int, length: int) -> Verdict:
        """Judge a block of which the head is here."""
        if not self.fast:
            self.bytes_down += length
            return Verdict.PASS
        key = piece * SLOTS + offset // BLOCK_BYTES
        if self._gathered.gathers(PieceIndex(piece)) and length <= BLOCK_BYTES:
            return Verdict.TAKE
        self._arrived(key, length)
        if self.asked.pop(key, None) is None:
            return Verdict.DROP
        return Verdict.PASS

    def took(self, piece: int, offset: int, message: bytes) -> None:
        """Take a block of a piece that the lane gathers; libtorrent gets it if it asked this peer for it."""
        key = piece * SLOTS + offset // BLOCK_BYTES
        self._arrived(key, len(message) - wire.BLOCK_AT)
        if self.asked.pop(key, None) is not None:
            self._to_libtorrent(message)
        self._came(key, memoryview(message)[wire.BLOCK_AT :])

    def _arrived(self, key: Key, length: int) -> None:
        self.bytes_down += length
        # What was taken back and comes all the same measures the line too, and a peer that does not heed a CANCEL
        # is one to ask for little.
        ticket = self.sent.pop(key, None)
        late = self._taken_back.pop(key, None)
        self.pace.arrived(self._now_s(), late or ticket, length)

    def choke(self) -> None:
        """Reject what the peer was not asked yet; the rest it rejects itself."""
        self.choked = True
        for key in [key for key in self.asked if key not in self.sent]:
            self._reject(key)

    def rejected(self, message: bytes) -> bool:
        """Take a reject of the peer's; true when libtorrent is to hear it."""
        piece, offset, _ = wire.read_request(message)
        key = piece * SLOTS + offset // BLOCK_BYTES
        was_sent = self.sent.pop(key, None) is not None
        if was_sent:
            self._will_not_come(key)
        else:
            self._taken_back.pop(key, None)
        if was_sent and self._gathered.gathers(PieceIndex(piece)) and not self.choked:
            return False  # another peer is asked, and libtorrent waits for the piece
        return self.asked.pop(key, None) is not None


def _piece(key: Key) -> PieceIndex:
    return PieceIndex(key // SLOTS)
