"""The swarm's side of a run, a process of its own in its own namespace: seeds, lines and tracker.

Started as `python -m bench.seeds SPEC.json`; prints one line of JSON when everybody listens, answers each line on
standard input with one line of JSON about what happened so far, and ends when standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import libtorrent as lt
import uvloop

from bench.link import Line
from bench.metainfo import TRACKER_ADDRESS
from bench.swarms import Peer
from bench.tracker import Tracker

PEER_PORT = 6881
_SEED_PORT = 20_000
_HAS_SEED = ("good", "slow", "stalling", "cutting")


@dataclass(frozen=True, slots=True)
class Spec:
    """What a swarm process needs to know."""

    peers: list[dict[str, Any]]
    tracker_rtt_s: float
    torrent_path: str
    film_folder: str

    def save(self, path: Path) -> None:
        """Write it for the process."""
        path.write_text(json.dumps(asdict(self)))


def peer_address(index: int, peer: Peer) -> str:
    """Give the address of a peer; each has a /24 of its own, since clients rank peers by network."""
    # Nobody owns 198.19.0.0/16: what is sent there is lost without an answer.
    return f"198.{19 if peer.kind == 'black-hole' else 18}.{10 + index}.7"


def _seed(peer: Peer, port: int, spec: Spec) -> lt.session:
    """Start one seed on loopback; it knows nobody and nobody but its line calls it."""
    rate = peer.rate_bytes_per_s
    session = lt.session(
        {
            "listen_interfaces": f"127.0.0.1:{port}",
            "enable_dht": False,
            "enable_lsd": False,
            "enable_upnp": False,
            "enable_natpmp": False,
            "enable_incoming_utp": False,
            "enable_outgoing_utp": False,
            "alert_mask": 0,
            # Two threads a seed are enough to read a file from the page cache; the default is ten.
            "aio_threads": 1,
            "hashing_threads": 1,
            # What a kernel would hold for a line of this rate; the loopback's own megabytes would be seconds of it.
            "send_socket_buffer_size": max(16 * 1024, int(rate * 0.06)),
        }
    )
    parameters = lt.load_torrent_file(spec.torrent_path)
    parameters.save_path = spec.film_folder
    parameters.trackers = []
    parameters.flags |= lt.torrent_flags.seed_mode
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    session.add_torrent(parameters)
    while not session.is_listening():
        time.sleep(0.005)
    return session


async def _main(spec: Spec) -> None:
    peers = [Peer(**raw) for raw in spec.peers]
    sessions: list[lt.session] = []
    lines: list[Line] = []
    for index, peer in enumerate(peers):
        port = _SEED_PORT + index if peer.kind in _HAS_SEED else None
        if port is not None:
            sessions.append(_seed(peer, port, spec))
        line = Line(peer, port)
        lines.append(line)
        if peer.kind not in ("black-hole", "refusing"):
            await line.listen(peer_address(index, peer), PEER_PORT)
    addresses = [(peer_address(at, peer), PEER_PORT) for at, peer in enumerate(peers)]
    tracker = Tracker(addresses, spec.tracker_rtt_s)
    await tracker.listen(*TRACKER_ADDRESS)
    print(json.dumps({"ready": True}), flush=True)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    while await orders.readline():
        print(
            json.dumps(
                {
                    "first_announce_s": tracker.first_announce_s,
                    "delivered_bytes": sum(line.delivered_bytes for line in lines),
                    "by_peer": [[line.peer.kind, line.connections, line.delivered_bytes] for line in lines],
                }
            ),
            flush=True,
        )
    for line in lines:
        await line.close()
    for session in sessions:
        session.pause()


if __name__ == "__main__":
    uvloop.run(_main(Spec(**json.loads(Path(sys.argv[1]).read_text()))))
