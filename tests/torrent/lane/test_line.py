"""The requests to one peer: what measures its line, and what it is told of a jump."""

from matinee.torrent.lane import wire
from matinee.torrent.lane.line import SLOTS, Key, Line
from matinee.torrent.lane.wire import Kind
from matinee.types import BLOCK_BYTES, PieceIndex

PIECE = PieceIndex(3)


class Peer:
    """A peer and libtorrent, as a line sees them; nothing is gathered."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.to_peer: list[bytes] = []
        self.to_libtorrent: list[bytes] = []
        self.line = Line(
            self,
            lambda: self.now_s,
            to_peer=lambda message: self.to_peer.append(bytes(message)),
            to_libtorrent=lambda message: self.to_libtorrent.append(bytes(message)),
            came=lambda key, data: None,
            will_not_come=lambda key: None,
        )
        self.line.fast, self.line.choked = True, False

    def gathers(self, piece: PieceIndex) -> bool:
        return False

    def slice_of(self, piece: PieceIndex, offset: int, length: int) -> memoryview | None:
        return None

    def length(self, key: Key) -> int:
        return BLOCK_BYTES

    def answers(self, block: int, after_s: float) -> None:
        self.now_s += after_s
        self.line.begins(PIECE, block * BLOCK_BYTES, BLOCK_BYTES)


def key(block: int) -> Key:
    return PIECE * SLOTS + block


def test_window_when_blocks_that_were_taken_back_trickle_in_then_is_short_again() -> None:
    peer = Peer()
    for block in range(60):
        peer.line.ask(key(block), BLOCK_BYTES)
    for block in range(20):
        peer.answers(block, 0.001)
    after_the_burst = peer.line.pace.window
    for block in range(20, 60):
        peer.line.take_back(key(block), BLOCK_BYTES)
    for block in range(20, 60):
        peer.answers(block, 0.05)
    assert after_the_burst > 20
    assert peer.line.pace.window < 8


def test_jump_when_libtorrent_waits_for_blocks_then_they_are_rejected_and_taken_back() -> None:
    peer = Peer()
    request = wire.request(Kind.REQUEST, PIECE, 0, BLOCK_BYTES)
    assert peer.line.requested(request) is False
    peer.line.ask_next()
    peer.line.turn_away(())
    assert peer.to_peer == [request, wire.request(Kind.CANCEL, PIECE, 0, BLOCK_BYTES)]
    assert peer.to_libtorrent == [wire.request(Kind.REJECT, PIECE, 0, BLOCK_BYTES)]
    assert peer.line.asked == {}
    assert peer.line.sent == {}
