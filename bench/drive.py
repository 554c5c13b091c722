"""The client's side of a run, a process of its own in the client's namespace: starts the client and plays the film.

Started as `python -m bench.drive ORDER.json`; its last line on standard output is the outcome as JSON.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import film as films
from bench import process
from bench.clients import CLIENTS
from bench.clients.base import Task
from bench.player import Player, Story


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be played, by whom, and how long."""

    client: str
    cache: str
    film_path: str
    task: dict[str, Any]
    play_s: float
    patience_s: float
    whole: bool = False
    """Read the film from end to end instead of playing it."""

    def save(self, path: Path) -> None:
        """Write it for the process."""
        path.write_text(json.dumps(asdict(self)))


@dataclass(slots=True)
class Outcome:
    """What the run gave; moments are on the monotonic clock that all processes share."""

    click_s: float = 0.0
    story: Story = field(default_factory=Story)
    whole_s: float | None = None
    cpu_s: float = 0.0
    rss_peak_bytes: int = 0
    trouble: str | None = None


def load_outcome(line: str) -> Outcome:
    """Read an outcome back."""
    raw = json.loads(line)
    return Outcome(**{**raw, "story": Story(**raw["story"])})


def _drive(order: Order) -> Outcome:
    outcome = Outcome()
    cache = Path(order.cache)
    task = Task(**{**order.task, "folder": Path(order.task["folder"])})
    try:
        running = CLIENTS[order.client].start(cache, task)
    except (OSError, RuntimeError) as error:
        outcome.trouble = str(error)
        return outcome
    try:
        outcome.click_s = running.click_s
        film = films.load(Path(order.film_path))
        player = Player(film, running.url, running.headers, patience_s=order.patience_s)
        if order.whole:
            began_s = time.monotonic()
            player.read_all()
            outcome.whole_s = time.monotonic() - began_s
        else:
            outcome.story = player.play(order.play_s)
            outcome.trouble = outcome.story.trouble
        if running.process.poll() is not None:
            outcome.trouble = f"the client ended by itself (exit code {running.process.returncode})"
        outcome.cpu_s = process.cpu_s(running.process.pid)
        outcome.rss_peak_bytes = process.rss_peak_bytes(running.process.pid)
    except (OSError, RuntimeError) as error:
        outcome.trouble = str(error)
    finally:
        running.stop()
    return outcome


if __name__ == "__main__":
    # The parent ends us by SIGTERM; the client must go with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    order = Order(**json.loads(Path(sys.argv[1]).read_text()))
    print(json.dumps(asdict(_drive(order))), flush=True)
