"""The lower bound of a swarm: what no client can beat, by the round trips and the rates alone. Pure.

First frame = 2 tracker round trips (TCP, request) + 4 round trips to each seed (TCP, handshake and bitfield,
interested and unchoke, request to data) + the time in which all seeds together, each along its slow start,
deliver the whole pieces that cover what the player must have. A seek = 1 round trip + the whole pieces of one
second of media.

A magnet link adds no round trip: the metadata is asked for as soon as the seed's extended handshake is here
(BEP 9, 10), and its answer travels while 'interested' waits for 'unchoke'. It adds the metadata's bytes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bench.swarms import Peer

SEGMENT_BYTES = 1460
INITIAL_WINDOW_BYTES = 10 * SEGMENT_BYTES
"""RFC 6928: ten segments, doubling each round trip."""

SETUP_ROUND_TRIPS = 4
TRACKER_ROUND_TRIPS = 2

Span = tuple[int, int]
"""Half-open byte range [start, stop)."""


def covering_pieces(spans: Iterable[Span], piece_bytes: int) -> set[int]:
    """Give the indices of the pieces that the byte ranges touch."""
    return {
        piece
        for start, stop in spans
        if stop > start
        for piece in range(start // piece_bytes, (stop - 1) // piece_bytes + 1)
    }


def pieces_length_bytes(pieces: Iterable[int], piece_bytes: int, film_bytes: int) -> int:
    """Give the total size of the pieces; the last piece of the film may be short."""
    return sum(min((piece + 1) * piece_bytes, film_bytes) - piece * piece_bytes for piece in pieces)


def slow_start_bytes(peer: Peer, elapsed_s: float) -> float:
    """Give the most a fresh connection can have delivered `elapsed_s` after its first byte arrived."""
    if elapsed_s <= 0 or peer.rate_bytes_per_s <= 0:
        return 0.0
    per_round_bytes = peer.rate_bytes_per_s * peer.rtt_s
    window_bytes = float(INITIAL_WINDOW_BYTES)
    delivered_bytes = 0.0
    round_start_s = 0.0
    while window_bytes < per_round_bytes and elapsed_s > round_start_s:
        # A round's burst leaves at the uplink's rate, then the sender waits for the acknowledgements.
        delivered_bytes += min(window_bytes, (elapsed_s - round_start_s) * peer.rate_bytes_per_s)
        window_bytes *= 2
        round_start_s += peer.rtt_s
    delivered_bytes += max(elapsed_s - round_start_s, 0.0) * peer.rate_bytes_per_s
    return min(delivered_bytes, peer.first_bytes)


def first_frame_s(
    peers: Sequence[Peer], *, tracker_rtt_s: float, payload_bytes: int, metadata_bytes: int = 0
) -> float:
    """Give the bound from the first announce to the first frame.

    Args:
        peers: The swarm; peers that never deliver count for nothing.
        tracker_rtt_s: Round trip to the tracker.
        payload_bytes: The whole pieces that cover header, index and the first two seconds.
        metadata_bytes: Size of the info dictionary where a magnet link makes the client fetch it, else 0.
    """
    announce_s = TRACKER_ROUND_TRIPS * tracker_rtt_s

    def delivered_bytes(now_s: float) -> float:
        return sum(
            slow_start_bytes(peer, now_s - announce_s - SETUP_ROUND_TRIPS * peer.rtt_s) for peer in peers
        )

    return _earliest_s(delivered_bytes, payload_bytes + metadata_bytes)


def seek_s(peers: Sequence[Peer], payload_bytes: int) -> float:
    """Give the bound of a seek: connections are warm, and peers that stall or cut have done so before."""

    def delivered_bytes(now_s: float) -> float:
        return sum(peer.rate_bytes_per_s * max(now_s - peer.rtt_s, 0.0) for peer in peers if peer.delivers)

    return _earliest_s(delivered_bytes, payload_bytes)


def _earliest_s(delivered_bytes: Callable[[float], float], wanted_bytes: float) -> float:
    """Find by bisection the first moment at which enough was delivered."""
    low_s, high_s = 0.0, 1.0
    while delivered_bytes(high_s) < wanted_bytes:
        low_s, high_s = high_s, high_s * 2
        if high_s > 1e5:
            return float("inf")
    for _ in range(60):
        middle_s = (low_s + high_s) / 2
        if delivered_bytes(middle_s) < wanted_bytes:
            low_s = middle_s
        else:
            high_s = middle_s
    return high_s
