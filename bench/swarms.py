"""The swarms on which clients are compared, and the kinds of peers they are made of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["good", "slow", "stalling", "cutting", "silent", "black-hole", "refusing"]
"""How an address behaves: see `bench.link`; the last two have no listener at all."""

Version = Literal["v1", "hybrid", "v2"]
"""Which metainfo the torrent carries (BEP 3, both, BEP 52)."""

FilmKind = Literal["mp4", "mp4-fast-start", "mkv", "mkv-ac3", "mp4-large"]
"""The container, and where its index lies; sound that no browser plays; a larger picture at five times the rate."""

KIB = 1024
MIB = 1024 * KIB

TRACKER_RTT_S = 0.050
"""Round trip to the tracker; a first announce costs two of them (TCP, then the request)."""

STALLS_AFTER_BYTES = 150_000
CUTS_AFTER_BYTES = 300_000
"""Small, so that both fall into the opening: a peer that stalls later holds back no first frame."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One address of the swarm and how it behaves."""

    kind: Kind
    rate_bytes_per_s: float = 0.0
    rtt_s: float = 0.060

    @property
    def delivers(self) -> bool:
        """Whether it goes on delivering as long as somebody asks."""
        return self.kind in ("good", "slow")

    @property
    def first_bytes(self) -> float:
        """How much it delivers over its first connection."""
        if self.delivers:
            return float("inf")
        return {"stalling": STALLS_AFTER_BYTES, "cutting": CUTS_AFTER_BYTES}.get(self.kind, 0)


@dataclass(frozen=True, slots=True)
class Swarm:
    """A swarm, the torrent it shares, and how long the player plays before it seeks."""

    name: str
    peers: tuple[Peer, ...]
    piece_bytes: int = MIB
    version: Version = "v1"
    film: FilmKind = "mp4"
    by_magnet: bool = False
    play_s: float = 3.0
    tracker_rtt_s: float = field(default=TRACKER_RTT_S)


def _spread(count: int, rate_bytes_per_s: float, rtt_from_s: float, rtt_to_s: float) -> tuple[Peer, ...]:
    """Give `count` good seeds whose round trips are spread evenly over the span."""
    step_s = (rtt_to_s - rtt_from_s) / max(count - 1, 1)
    return tuple(Peer("good", rate_bytes_per_s, rtt_from_s + step_s * index) for index in range(count))


_FAST = _spread(8, 2.5e6, 0.040, 0.080)
_MIDDLING = _spread(8, 1.5e6, 0.040, 0.080)
_HOSTILE = (
    _spread(4, 2.5e6, 0.040, 0.080)
    + (Peer("slow", 30e3, 0.250),) * 4
    + (Peer("stalling", 2.5e6, 0.060),) * 2
    + (Peer("cutting", 2.5e6, 0.060),) * 2
    + (Peer("silent"),) * 3
    + (Peer("black-hole"),) * 6
    + (Peer("refusing"),) * 3
)

SWARMS: dict[str, Swarm] = {
    swarm.name: swarm
    for swarm in (
        # Short plays where the swarm is much faster than the film: otherwise a greedy client has the whole film
        # before the first seek, and the seek measures the disk.
        Swarm("fast", _FAST),
        Swarm("typical", _spread(8, 0.5e6, 0.030, 0.120), play_s=6.0),
        Swarm("hostile", _HOSTILE, play_s=6.0),
        Swarm("magnet", _FAST, by_magnet=True),
        Swarm("far", _spread(8, 1.5e6, 0.200, 0.200)),
        Swarm("one", (Peer("good", 4e6, 0.050),), play_s=6.0),
        Swarm("pieces-4", _MIDDLING, piece_bytes=4 * MIB),
        Swarm("pieces-16", _MIDDLING, piece_bytes=16 * MIB),
        Swarm("v2", _FAST, version="v2"),
        Swarm("tight", _spread(5, 0.3e6, 0.040, 0.120), play_s=30.0),
    )
}
"""Every swarm by name, in the order in which the table shows them."""

LOCAL = Swarm("local", _spread(4, 25e6, 0.005, 0.008))
"""Fast enough that the client, not the swarm, is what is measured."""

LOCAL_PIECES_4 = replace(LOCAL, name="local-4-mib", piece_bytes=4 * MIB)
