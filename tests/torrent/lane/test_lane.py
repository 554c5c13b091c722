"""Which peer an urgent block is asked of, when those that were asked first are slow."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from matinee.torrent.hashes import V1Hashes
from matinee.torrent.lane.lane import Lane
from matinee.torrent.lane.line import SLOTS
from matinee.torrent.lane.peer import LanePeer
from matinee.torrent.lane.wire import Kind
from matinee.torrent.layout import Layout
from matinee.types import BLOCK_BYTES, PieceIndex

PIECE = PieceIndex(0)
BLOCKS = 4


class Nobody:
    """Who would keep what is proved; nothing comes here."""

    def proved(self, piece: PieceIndex, data: bytearray) -> None:
        raise AssertionError("no block came")

    def early(self, piece: PieceIndex) -> bytearray | None:
        return None

    def lane_changed(self) -> None:
        """Nothing hangs on it."""


async def _joins(lane: Lane, rate_bytes_per_s: float, rtt_s: float) -> LanePeer:
    """A peer that has everything and was measured before; gives it once requests were sent."""
    number = len(lane.peers) + 1
    peer = LanePeer(lane, (f"198.18.0.{number}", 6881), f"127.0.1.{number}")
    peer.line.fast, peer.line.choked = True, False
    peer.heard_far(Kind.HAVE_ALL, b"")
    pace = peer.line.pace
    pace.rtt_s, pace.rate_bytes_per_s, pace.window = rtt_s, rate_bytes_per_s, BLOCKS
    lane.join(peer)
    # One turn of the loop for the plan, one for what it set going.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return peer


def _asked(peer: LanePeer) -> set[int]:
    return {key % SLOTS for key in peer.line.sent}


async def test_urgent_block_when_two_slow_peers_sit_on_it_then_a_fast_one_is_asked_and_one_as_slow_is_not(
    pool: ThreadPoolExecutor,
) -> None:
    lane = Lane(
        bytes(20), bytes(20), v2=False, pool=pool,
        opened=lambda peer: None, left=lambda of, peer: None, deserted=lambda of: None, hears_dht=lambda address: None,
    )  # fmt: skip
    layout = Layout(BLOCKS * BLOCK_BYTES, BLOCKS * BLOCK_BYTES)
    lane.begin(layout, V1Hashes(lambda _: bytes(20)), [(0, layout.length)], Nobody())
    slow = await _joins(lane, 8e3, 0.25)
    lane.want((PIECE,), jumped=False)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert _asked(slow) == set(range(BLOCKS))
    second = await _joins(lane, 32e3, 0.25)
    assert _asked(second) == {1, 2, 3}
    as_slow = await _joins(lane, 36e3, 0.25)
    assert _asked(as_slow).isdisjoint({1, 2, 3})
    fast = await _joins(lane, 2.5e6, 0.05)
    assert _asked(fast) == set(range(BLOCKS))
    lane.close()
