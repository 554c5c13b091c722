"""A plain libtorrent streamer: what priorities alone reach, without any steering of ours.

The window is the next 8 MB from the reader on, in sequence; the head and the index come first. It is the
yardstick that shows how much of a figure is libtorrent's and how much is the steering's.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bench.clients.base import Client, Running, Task, spawn


class Plain(Client):
    """Runs `bench.clients.plain_streamer` in a process of its own."""

    name = "plain"
    versions = ("v1", "hybrid", "v2")

    def prepare(self, cache: Path) -> None:
        """Nothing to install."""

    def start(self, cache: Path, task: Task) -> Running:
        """Start it with the film on the command line."""
        repository = Path(__file__).parents[2]
        click_s = time.monotonic()
        process = spawn(
            [
                sys.executable,
                "-m",
                "bench.clients.plain_streamer",
                task.source,
                str(task.folder / "data"),
                str(task.port),
            ],
            task.folder,
            {"PYTHONPATH": str(repository)},
        )
        return Running(process, f"http://127.0.0.1:{task.port}/", click_s)
