"""The client's side of a run, a process of its own in the client's namespace: starts the client and plays the film.

Started as `python -m bench.drive ORDER.json`; its last line on standard output is the outcome as JSON.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from bench import film as films
from bench import process
from bench.clicked import ClickingPlayer
from bench.clients import CLIENTS
from bench.clients.base import Running, Task
from bench.crowd import Crowd, race, watch
from bench.film import Film
from bench.opened import OpenedPlayer
from bench.player import SEEKS, Player, Story
from bench.segments import SegmentPlayer

Mode = Literal["play", "open", "serve"]
"""Play and seek; stop at the first frame; or fetch the whole film, then serve it to one and to many."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be played, by whom, and how long."""

    client: str
    cache: str
    film_path: str
    task: dict[str, Any]
    play_s: float
    patience_s: float
    mode: Mode = "play"
    viewers: int = 0
    memory: str | None = None
    """A database to begin with, where it is there; where it is not, it is kept there for the next."""

    def save(self, path: Path) -> None:
        """Write it for the process."""
        path.write_text(json.dumps(asdict(self)))


SETTLE_S = 3.0
"""A finished download still hashes and flushes; what serving costs is measured after that."""


READINGS = 8


@dataclass(frozen=True, slots=True)
class Served:
    """The film read from end to end, once or several times."""

    lasted_s: float
    length_bytes: int
    cpu_s: float


@dataclass(slots=True)
class Outcome:
    """What the run gave; moments are on the monotonic clock that all processes share."""

    click_s: float = 0.0
    story: Story = field(default_factory=Story)
    start_s: float | None = None
    page_s: float | None = None
    fetched: Served | None = None
    """The film's first reading, while it downloads."""
    served: Served | None = None
    """Its readings from the finished file."""
    crowd: Crowd | None = None
    cpu_s: float = 0.0
    rss_peak_bytes: int = 0
    trouble: str | None = None


def load_outcome(line: str) -> Outcome:
    """Read an outcome back."""
    raw = json.loads(line)
    shapes: dict[str, type[Any]] = {"story": Story, "fetched": Served, "served": Served, "crowd": Crowd}
    shaped = {name: shape(**raw[name]) for name, shape in shapes.items() if raw[name] is not None}
    return Outcome(**{**raw, **shaped})


def _player(
    order: Order, running: Running, film: Film
) -> Player | SegmentPlayer | OpenedPlayer | ClickingPlayer:
    if running.clicks:
        return ClickingPlayer(running.url, running.headers, patience_s=order.patience_s)
    if running.opens is not None:
        return OpenedPlayer(film, running.url, running.opens, running.headers, patience_s=order.patience_s)
    if running.segments_of is None:
        return Player(film, running.url, running.headers, patience_s=order.patience_s)
    return SegmentPlayer(film, running.url, running.segments_of, running.headers, patience_s=order.patience_s)


def _read(player: Player, film: Film, pid: int) -> Served:
    """Read the film once from end to end and note what it cost the client."""
    before_s = process.cpu_s(pid)
    lasted_s = player.read_all()
    return Served(lasted_s, film.length_bytes, process.cpu_s(pid) - before_s)


def _race(running: Running, film: Film) -> Served:
    """Read the finished film a few times over: one reading is too short for the clock of /proc."""
    before_s = process.cpu_s(running.process.pid)
    lasted_s = sum(race(running.url, running.headers, film.length_bytes) for _ in range(READINGS))
    cpu_s = process.cpu_s(running.process.pid) - before_s
    return Served(lasted_s, film.length_bytes * READINGS, cpu_s)


def _drive(order: Order) -> Outcome:
    outcome = Outcome()
    cache = Path(order.cache)
    task = Task(**{**order.task, "folder": Path(order.task["folder"])})
    database = task.folder / "data" / "matinee.sqlite"
    memory = Path(order.memory) if order.memory else None
    if memory is not None and memory.exists():
        database.parent.mkdir(parents=True)
        shutil.copyfile(memory, database)
    try:
        running = CLIENTS[order.client].start(cache, task)
    except (OSError, RuntimeError) as error:
        outcome.trouble = str(error)
        return outcome
    try:
        outcome.click_s = running.click_s
        film = films.load(Path(order.film_path))
        player = _player(order, running, film)
        outcome.start_s, outcome.page_s = running.start_s, running.page_s
        pid = running.process.pid
        if order.mode == "serve" and isinstance(player, Player):
            outcome.fetched = _read(player, film, pid)
            time.sleep(SETTLE_S)
            outcome.served = _race(running, film)
            outcome.crowd = watch(running.url, running.headers, film.length_bytes, order.viewers, pid)
        else:
            outcome.story = player.play(order.play_s, seeks=() if order.mode == "open" else SEEKS)
            outcome.trouble = outcome.story.trouble
            if outcome.story.clicked_s is not None:
                outcome.click_s = outcome.story.clicked_s
        if running.process.poll() is not None:
            outcome.trouble = f"the client ended by itself (exit code {running.process.returncode})"
        outcome.cpu_s = process.cpu_s(running.process.pid)
        outcome.rss_peak_bytes = process.rss_peak_bytes(running.process.pid)
    except (OSError, RuntimeError) as error:
        outcome.trouble = str(error)
    finally:
        running.stop()
    if memory is not None and not memory.exists() and outcome.trouble is None:
        shutil.copyfile(database, memory)
    return outcome


if __name__ == "__main__":
    # The parent ends us by SIGTERM; the client must go with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    order = Order(**json.loads(Path(sys.argv[1]).read_text()))
    print(json.dumps(asdict(_drive(order))), flush=True)
