"""What libtorrent is told of a peer on a lane."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from matinee.torrent import bencode
from matinee.torrent.lane import wire
from matinee.torrent.lane.lane import Lane
from matinee.torrent.lane.peer import MOST_ASKED, LanePeer

INFO_HASH = bytes(range(20))


class Hearer(asyncio.Transport):
    """The connection to libtorrent: keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.told += data

    def abort(self) -> None:
        """Nothing to end."""


def _lane(pool: ThreadPoolExecutor) -> Lane:
    return Lane(
        INFO_HASH, bytes(20), v2=False, pool=pool,
        opened=lambda peer: None, left=lambda of, peer: None, deserted=lambda of: None, hears_dht=lambda address: None,
    )  # fmt: skip


@pytest.mark.parametrize("known", [True, False])
async def test_hybrid_when_answered_by_its_other_hash_then_is_shown_by_ours_and_a_strange_one_is_left(
    pool: ThreadPoolExecutor, *, known: bool
) -> None:
    lane, other = _lane(pool), b"o" * 20
    lane.answers = [INFO_HASH, other] if known else [INFO_HASH]
    peer = LanePeer(lane, ("198.18.0.1", 6881), "127.0.1.1")
    lane.join(peer)
    peer.from_far(wire.handshake(other, bytes(20), v2=True))
    near = Hearer()
    peer.near_connected(near)
    assert (peer.spoke, peer in lane.peers, near.told[28:48]) == (known, known, INFO_HASH if known else b"")
    peer.close()
    lane.close()


@pytest.mark.parametrize(
    ("says", "is_told"),
    [
        ({b"reqq": 2000, b"p": 6881}, {b"reqq": MOST_ASKED}),
        ({b"reqq": 16}, {b"reqq": 16}),
        ({b"reqq": -1}, {b"reqq": MOST_ASKED}),
        ({b"reqq": b"many"}, {b"reqq": MOST_ASKED}),
        ({}, {b"reqq": MOST_ASKED}),
    ],
)
async def test_introduction_when_shown_to_libtorrent_then_names_no_port_and_a_queue_that_has_an_end(
    says: dict[bytes, object], is_told: dict[bytes, object], pool: ThreadPoolExecutor
) -> None:
    lane = _lane(pool)
    peer = LanePeer(lane, ("198.18.0.1", 6881), "127.0.1.1")
    peer.from_far(
        wire.handshake(INFO_HASH, bytes(20), v2=False) + wire.extended(bencode.encode({b"m": {}, **says}))
    )
    near = Hearer()
    peer.near_connected(near)
    introduction = near.told[wire.HANDSHAKE_BYTES :]
    assert bencode.decode(introduction[len(wire.extended(b"")) :]).fields == {b"m": {}, **is_told}
    peer.close()
    lane.close()
