"""Runs: one swarm, one client, once; and all of them, interleaved."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import film as films
from bench import limit, metainfo
from bench.clients import CLIENTS
from bench.drive import Mode, Order, Outcome, load_outcome
from bench.film import Film
from bench.network import Network
from bench.player import OPENING_S, SEEK_S, SEEKS
from bench.seeds import Spec
from bench.swarms import SWARMS, FilmKind, Swarm

REPOSITORY = Path(__file__).parents[1]
CACHE = REPOSITORY / ".cache" / "bench"
PORT = 8642
PATIENCE_S = 60.0
"""How long a player waits for one byte before it gives up."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The lower bound of a swarm with a film."""

    first_frame_s: float
    seek_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One client in one swarm, once."""

    swarm: str
    client: str
    number: int
    bound: Bound
    announce_s: float | None
    """From the click to the first announce."""
    first_frame_s: float | None
    """From the first announce to the first frame."""
    seek_s: tuple[float, ...]
    stalls: int
    stalled_s: float
    longest_stall_s: float
    cpu_s: float
    rss_peak_bytes: int
    delivered_bytes: int
    by_peer: list[Any]
    outcome: Outcome
    trouble: str | None

    @property
    def first_frame_ratio(self) -> float | None:
        """First frame over the limit."""
        return None if self.first_frame_s is None else self.first_frame_s / self.bound.first_frame_s

    @property
    def seek_ratio(self) -> float | None:
        """The three seeks together over their limits together."""
        if len(self.seek_s) < len(SEEKS):
            return None
        return sum(self.seek_s) / sum(self.bound.seek_s)


def sweep() -> None:
    """Take away what runs that have ended left behind."""
    for left in (CACHE / "runs").glob("*"):
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)


def swarm_addresses() -> list[str]:
    """Give every address on which some swarm's peer listens or refuses."""
    longest = max(len(swarm.peers) for swarm in SWARMS.values())
    return [f"198.18.{10 + index}.7" for index in range(longest)]


def bound_of(swarm: Swarm, film: Film, metadata_bytes: int) -> Bound:
    """Compute the lower bound of a swarm."""

    def whole_bytes(spans: list[tuple[int, int]]) -> int:
        pieces = limit.covering_pieces(spans, swarm.piece_bytes)
        return limit.pieces_length_bytes(pieces, swarm.piece_bytes, film.length_bytes)

    return Bound(
        first_frame_s=limit.first_frame_s(
            swarm.peers,
            tracker_rtt_s=swarm.tracker_rtt_s,
            payload_bytes=whole_bytes(film.opening_spans(OPENING_S)),
            metadata_bytes=metadata_bytes if swarm.by_magnet else 0,
        ),
        seek_s=tuple(
            limit.seek_s(swarm.peers, whole_bytes(film.seek_spans(fraction, SEEK_S))) for fraction in SEEKS
        ),
    )


def run_once(
    network: Network,
    swarm: Swarm,
    client: str,
    number: int,
    *,
    film_kind: FilmKind | None = None,
    play_s: float | None = None,
    mode: Mode = "play",
    viewers: int = 0,
    memory: Path | None = None,
) -> Run:
    """Start the swarm, let the client play, and put the two halves of the story together."""
    film = films.prepare(CACHE, film_kind or swarm.film)
    torrent = metainfo.prepare(CACHE, film, swarm.piece_bytes, swarm.version)
    bound = bound_of(swarm, film, torrent.metadata_bytes)
    folder = CACHE / "runs" / str(os.getpid()) / f"{swarm.name}-{client}-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    watch_s = swarm.play_s if play_s is None else play_s
    Spec(
        peers=[asdict(peer) for peer in swarm.peers],
        tracker_rtt_s=swarm.tracker_rtt_s,
        torrent_path=torrent.path,
        film_folder=str(Path(film.path).parent),
    ).save(folder / "swarm.json")
    Order(
        client=client,
        cache=str(CACHE),
        film_path=film.path,
        task={
            "torrent_path": torrent.path,
            "magnet": torrent.magnet,
            "info_hash": torrent.info_hash,
            "film_name": film.name,
            "by_magnet": swarm.by_magnet,
            "folder": str(folder / "client"),
            "port": PORT,
        },
        play_s=watch_s,
        patience_s=PATIENCE_S,
        mode=mode,
        viewers=viewers,
        memory=None if memory is None else str(memory),
    ).save(folder / "order.json")
    swarm_side = network.in_swarm([sys.executable, "-m", "bench.seeds", str(folder / "swarm.json")])
    client_side = network.in_client([sys.executable, "-m", "bench.drive", str(folder / "order.json")])
    with _Child(swarm_side, folder / "swarm.log") as seeds:
        seeds.line()
        with _Child(client_side, folder / "drive.log") as drive:
            outcome = load_outcome(drive.line())
        seeds.ask()
        swarm_said = json.loads(seeds.line())
    run = _joined(swarm, client, number, bound, outcome, swarm_said)
    if run.trouble is None:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()  # only once it is empty: what went wrong is kept until the next start
    return run


def _joined(
    swarm: Swarm, client: str, number: int, bound: Bound, outcome: Outcome, swarm_said: dict[str, Any]
) -> Run:
    announced_s: float | None = swarm_said["first_announce_s"]
    story = outcome.story
    frame_s = story.first_frame_s
    return Run(
        swarm=swarm.name,
        client=client,
        number=number,
        bound=bound,
        announce_s=None if announced_s is None else announced_s - outcome.click_s,
        first_frame_s=None if frame_s is None or announced_s is None else frame_s - announced_s,
        seek_s=tuple(story.seek_s),
        stalls=story.stalls,
        stalled_s=story.stalled_s,
        longest_stall_s=story.longest_stall_s,
        cpu_s=outcome.cpu_s,
        rss_peak_bytes=outcome.rss_peak_bytes,
        delivered_bytes=swarm_said["delivered_bytes"],
        by_peer=swarm_said["by_peer"],
        outcome=outcome,
        trouble=outcome.trouble,
    )


def run_all(
    network: Network,
    swarms: Sequence[Swarm],
    clients: Sequence[str],
    runs: int,
    *,
    film_kind: FilmKind | None = None,
    play_s: float | None = None,
) -> Iterator[Run]:
    """Run everything, clients in turn, so that a drift of the machine hits all alike."""
    for number in range(runs):
        for swarm in swarms:
            for client in clients:
                if swarm.version in CLIENTS[client].versions:
                    yield run_once(network, swarm, client, number, film_kind=film_kind, play_s=play_s)


class _Child:
    """A process of ours that speaks in lines; it never outlives the `with`."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._command = command
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> _Child:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=REPOSITORY,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                # A Ctrl-C reaches us alone; we end the children in order.
                start_new_session=True,
            )
        return self

    def line(self) -> str:
        """Wait for the next line."""
        assert self._process is not None
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"{self._command[-2]} ended without a word; see {self._log}")
        return said

    def ask(self) -> None:
        """Ask for the next line."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def __exit__(self, *_: object) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        for sign, patience_s in ((None, 0.5), (signal.SIGTERM, 8.0), (signal.SIGKILL, 5.0)):
            if sign is not None:
                process.send_signal(sign)
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue
            break
