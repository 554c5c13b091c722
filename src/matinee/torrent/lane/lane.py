"""The lane of one torrent: peers that are called by us, and the pieces that somebody waits for.

While nothing is urgent, libtorrent decides what is asked of whom, and the lane only keeps each peer's queue as
short as its line. A piece that a picture waits for is gathered by the lane itself: each block is asked of the
peer that would bring it first, a late one of a second peer as well. A gathered piece is proved by its hash before
anybody sees it; then the reader has it at once, and libtorrent gets it as the answer to its own requests.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import Protocol

from matinee.tasks import Tasks
from matinee.torrent.hashes import PieceHashes
from matinee.torrent.lane.askable import askable
from matinee.torrent.lane.line import SLOTS, Key
from matinee.torrent.lane.part import Part
from matinee.torrent.lane.peer import Address, LanePeer
from matinee.torrent.layout import Layout
from matinee.types import BLOCK_BYTES, PieceIndex

log = logging.getLogger(__name__)

LARGEST_PIECE_BYTES = 4 * 1024 * 1024
"""Larger pieces are left to libtorrent, which would think that peers are silent while they are gathered."""
INLINE_HASH_BYTES = 1024 * 1024
"""A hash of so much takes a millisecond: less than a thread's wait for its turn."""
OVERTAKEN_S = 0.02
OVERTAKEN_PART = 1.15
"""A second peer is asked when it beats the first by this much."""
COPIES = 2
"""Of how many peers that are not silent a block is asked at once, unless a free one is far sooner."""
FAR_SOONER = 3
"""So many times: two slow peers that sat on one block held up a film for three seconds, beside six idle fast ones."""
SILENT_S = 10.0
"""What a block counts for that a silent peer owes us."""


class Owner(Protocol):
    """Who keeps proved pieces until libtorrent has them."""

    def proved(self, piece: PieceIndex, data: bytearray) -> None:
        """Take a piece that is here and right; libtorrent does not have it yet."""

    def early(self, piece: PieceIndex) -> bytearray | None:
        """Give a piece that was proved and that libtorrent does not have yet."""

    def lane_changed(self) -> None:
        """The lane became able to gather, or no longer is."""


class Lane:
    """The peers of one torrent that are called by us. Everything runs on the loop's thread."""

    def __init__(
        self,
        info_hash: bytes,
        peer_id: bytes,
        *,
        v2: bool,
        pool: Executor,
        opened: Callable[[LanePeer], None],
        left: "Callable[[Lane, LanePeer], None]",
        deserted: "Callable[[Lane], None]",
        hears_dht: Callable[[Address], None],
    ) -> None:
        self.info_hash, self.answers = info_hash, [info_hash]
        """20 bytes, as our handshakes have it, and as a peer's may: a hybrid has two hashes that it may answer by."""
        self.peer_id = peer_id
        self.v2 = v2
        self.urgent = False
        self.limited = False
        """Whether the user limits what may come: then nothing may come past libtorrent, which keeps to the limit."""
        self.peers: list[LanePeer] = []
        self.called: dict[Address, int] = {}
        """Who was called, and how often."""
        self._pool = pool
        self._on_opened = opened
        self._on_left = left
        self._on_deserted = deserted
        self.hears_dht = hears_dht
        self._loop = asyncio.get_running_loop()
        self._wanted: tuple[PieceIndex, ...] = ()
        self._parts: dict[PieceIndex, Part[LanePeer]] = {}
        self._proving: set[PieceIndex] = set()
        self._layout: Layout | None = None
        self._hashes: PieceHashes | None = None
        self._sizes: Callable[[PieceIndex], int] = lambda _: 0
        self._owner: Owner | None = None
        self._due: asyncio.Handle | None = None
        self._late: asyncio.TimerHandle | None = None
        self._tasks = Tasks()

    def begin(
        self, layout: Layout, hashes: PieceHashes | None, runs: Sequence[tuple[int, int]], owner: Owner
    ) -> None:
        """Take over what the metadata says: from now on pieces can be gathered. ``runs``: see ``askable``."""
        self._layout, self._hashes, self._owner = layout, hashes, owner
        self._sizes = askable(layout, runs, v2=self.v2)

    @property
    def able(self) -> bool:
        """Whether pieces can be gathered here, or soon could."""
        return (
            not self.limited
            and self._layout is not None
            and self._hashes is not None
            and self._layout.piece_length <= LARGEST_PIECE_BYTES
            and any(peer.line.fast or not peer.spoke for peer in self.peers)
        )

    # -- what is wanted

    def want(self, pieces: tuple[PieceIndex, ...], *, jumped: bool) -> None:
        """Gather these pieces, the first first. Others that have begun are finished, but not after a jump."""
        self._wanted = pieces
        wanted = [piece for piece in pieces if self._gatherable(piece)]
        before = self._parts
        begun = [
            piece
            for piece, part in before.items()
            if piece in self._proving or (part.sources and not jumped and self.able)
        ]
        kept = {*wanted, *begun}
        for piece in before:
            if piece not in kept:
                self._let_go(piece)
        self._parts = {piece: before.get(piece) or self._part(piece) for piece in (*wanted, *begun)}
        if self.urgent != bool(pieces):
            self.urgent = bool(pieces)
            for peer in self.peers:
                peer.show_interest()
        if jumped:
            for peer in self.peers:
                peer.line.turn_away(kept)
        if pieces and not self.peers and self.called:
            self._on_deserted(self)
        self.turn()

    def finished(self, piece: PieceIndex) -> None:
        """Note that libtorrent has a piece."""
        part = self._parts.get(piece)
        if part is None:
            return
        part.obsolete = True
        for peer in self.peers:
            peer.line.turn_down(piece)
        if piece not in self._proving:
            self._let_go(piece)
            del self._parts[piece]

    def _gatherable(self, piece: PieceIndex) -> bool:
        return (
            self.able
            and self._sizes(piece) > 0
            and self._owner is not None
            and self._owner.early(piece) is None
        )

    def _part(self, piece: PieceIndex) -> Part[LanePeer]:
        part: Part[LanePeer] = Part(piece, self._sizes(piece))
        for peer in self.peers:
            for key in peer.line.sent:
                if key // SLOTS == piece:
                    part.ask(key % SLOTS, peer)
        return part

    def _let_go(self, piece: PieceIndex) -> None:
        """Stop gathering: what libtorrent did not ask for is taken back, what it did is left to the peer it asked."""
        part = self._parts[piece]
        for peer in self.peers:
            for key in [
                key for key in peer.line.sent if key // SLOTS == piece and key not in peer.line.asked
            ]:
                peer.line.take_back(key, part.length(key % SLOTS))
            peer.line.queue_again(piece)

    # -- the peers' home

    def gathers(self, piece: PieceIndex) -> bool:
        """Whether the lane gathers this piece itself."""
        return piece in self._parts

    def slice_of(self, piece: PieceIndex, offset: int, length: int) -> memoryview | None:
        """Give bytes of a piece that is gathered and proved."""
        data = self._owner.early(piece) if self._owner is not None else None
        if data is None or offset + length > len(data):
            return None
        return memoryview(data)[offset : offset + length]

    def length(self, key: Key) -> int:
        """Give a block's length in bytes."""
        return min(BLOCK_BYTES, self._sizes(PieceIndex(key // SLOTS)) - key % SLOTS * BLOCK_BYTES)

    def came(self, peer: LanePeer, key: Key, data: memoryview) -> None:
        """Take a block of a gathered piece."""
        piece, block = PieceIndex(key // SLOTS), key % SLOTS
        part = self._parts[piece]
        for other in part.put(block, peer, data):
            if key not in other.line.asked:
                other.line.take_back(key, part.length(block))
        if part.complete and piece not in self._proving:
            self._prove(part)

    def taken_back(self, peer: LanePeer, key: Key) -> None:
        """A peer will not send a block."""
        part = self._parts.get(PieceIndex(key // SLOTS))
        if part is not None:
            part.take_back(key % SLOTS, peer)

    def join(self, peer: LanePeer) -> None:
        """Take a peer that is being called."""
        self.peers.append(peer)
        self._changed()

    def opened(self, peer: LanePeer) -> None:
        """Have libtorrent called for a peer whose handshake is here."""
        self._on_opened(peer)
        self._changed()

    def left(self, peer: LanePeer) -> None:
        """Forget a peer."""
        if peer in self.peers:
            self.peers.remove(peer)
        for part in self._parts.values():
            part.leave(peer)
        self._on_left(self, peer)
        self._changed()
        self.turn()

    def _changed(self) -> None:
        if self._owner is not None:
            self.want(self._wanted, jumped=False)
            self._owner.lane_changed()

    def turn(self) -> None:
        """Send requests before the loop's next turn."""
        if self._due is None:
            self._due = self._loop.call_soon(self._ask)

    def close(self) -> None:
        """Hang up on every peer."""
        for timer in (self._due, self._late):
            if timer is not None:
                timer.cancel()
        self._tasks.cancel()
        self._parts, self._owner = {}, None
        for peer in list(self.peers):
            peer.close()

    # -- proving

    def _prove(self, part: Part[LanePeer]) -> None:
        self._proving.add(part.piece)
        data = part.data
        if self._hashes is not None and len(data) <= INLINE_HASH_BYTES:
            self._proved(part, data, self._hashes.matches(part.piece, data))
            return
        self._tasks.begin(self._prove_aside(part, data))

    async def _prove_aside(self, part: Part[LanePeer], data: bytearray) -> None:
        assert self._hashes is not None  # noqa: S101 - nothing is gathered without
        right = await self._loop.run_in_executor(self._pool, self._hashes.matches, part.piece, data)
        self._proved(part, data, right)

    def _proved(self, part: Part[LanePeer], data: bytearray, right: bool) -> None:
        self._proving.discard(part.piece)
        if not right:
            self._wrong(part)
            return
        for liar in set(part.liars()):
            _leave(liar)
        self._parts.pop(part.piece, None)
        if part.obsolete:
            return
        if self._owner is not None:
            self._owner.proved(part.piece, data)
        for peer in self.peers:
            peer.line.answer(part.piece)
        self.turn()

    def _wrong(self, part: Part[LanePeer]) -> None:
        """Somebody lied: one peer alone sends the piece again, so that its hash says who."""
        senders = set(part.sources.values())
        if len(senders) == 1:
            _leave(senders.pop())
        able = [peer for peer in self.peers if not peer.line.choked and peer.has(part.piece)]
        part.begin_again(min(able, key=lambda peer: peer.line.pace.ahead_s(0), default=None))
        self.turn()

    # -- asking

    def _ask(self) -> None:
        self._due = None
        now_s = self._loop.time()
        for peer in self.peers:
            if peer.line.sent and now_s > peer.line.pace.gives_up_at_s():
                peer.line.give_up(now_s)
        if self._parts:
            self._ask_urgently(now_s)
        for peer in self.peers:
            peer.line.ask_next()
        self._watch(now_s)

    def _ask_urgently(self, now_s: float) -> None:
        usable = [peer for peer in self.peers if not peer.line.choked and not peer.line.stalled(now_s)]
        queued = {peer: len(peer.line.sent) for peer in usable}
        free = {peer: peer.line.room for peer in usable if peer.line.room > 0}
        for part in self._parts.values():
            self._ask_open(part, usable, queued, free)
            if free and not part.open:
                self._overtake(part, now_s, queued, free)
            if not free:
                break

    def _ask_open(
        self,
        part: Part[LanePeer],
        usable: Iterable[LanePeer],
        queued: dict[LanePeer, int],
        free: dict[LanePeer, int],
    ) -> None:
        """Ask for the open blocks, each of the peer that would bring it first; it may be worth to wait for one."""
        able = [peer for peer in usable if peer.has(part.piece) and part.only in (None, peer)]
        for block in list(part.open):
            if not able or not free:
                return
            best = min(able, key=lambda peer: peer.line.pace.ahead_s(queued[peer]))
            queued[best] += 1
            if best in free:
                self._ask_of(best, part, block, free)

    def _overtake(
        self, part: Part[LanePeer], now_s: float, queued: dict[LanePeer, int], free: dict[LanePeer, int]
    ) -> None:
        """Ask a second peer for the blocks that come last, as long as it is clearly faster."""
        if part.only is not None:
            return
        places = {peer: {key: place for place, key in enumerate(peer.line.sent)} for peer in self.peers}
        late = sorted(
            ((self._left_s(part, block, now_s, places), block) for block in part.asked), reverse=True
        )
        for left_s, block in late:
            asked = part.asked[block]
            able = [peer for peer in free if peer.has(part.piece) and peer not in asked]
            if not able:
                continue
            best = min(able, key=lambda peer: peer.line.pace.ahead_s(queued[peer]))
            ahead_s = best.line.pace.ahead_s(queued[best])
            if left_s < ahead_s * OVERTAKEN_PART + OVERTAKEN_S:
                return
            copies = sum(not peer.line.stalled(now_s) for peer in asked)
            if copies >= COPIES and left_s < ahead_s * FAR_SOONER + OVERTAKEN_S:
                continue
            queued[best] += 1
            self._ask_of(best, part, block, free)

    def _left_s(
        self, part: Part[LanePeer], block: int, now_s: float, places: dict[LanePeer, dict[Key, int]]
    ) -> float:
        key = part.piece * SLOTS + block
        return min(
            (
                SILENT_S
                if peer.line.stalled(now_s)
                else peer.line.pace.left_s(now_s, peer.line.sent[key], places[peer][key])
                for peer in part.asked[block]
                if key in peer.line.sent
            ),
            default=SILENT_S,
        )

    def _ask_of(self, peer: LanePeer, part: Part[LanePeer], block: int, free: dict[LanePeer, int]) -> None:
        part.ask(block, peer)
        peer.line.ask(part.piece * SLOTS + block, part.length(block))
        free[peer] -= 1
        if free[peer] <= 0:
            del free[peer]

    def _watch(self, now_s: float) -> None:
        """Look again when the next peer would count as stalled, or be given up."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        moments = [
            peer.line.pace.gives_up_at_s() if peer.line.stalled(now_s) else peer.line.pace.stalls_at_s()
            for peer in self.peers
            if peer.line.sent
        ]
        if moments:
            self._late = self._loop.call_at(min(moments) + 0.001, self.turn)


def _leave(liar: LanePeer) -> None:
    log.warning("A peer sent wrong bytes and is left peer=%s", liar.address[0])
    liar.lied = True
    liar.close()
