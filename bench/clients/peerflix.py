"""peerflix: the small one that everybody tried first."""

from __future__ import annotations

import time
from pathlib import Path

from bench.clients import node
from bench.clients.base import Client, Running, Task, spawn


class Peerflix(Client):
    """Serves the largest file at the root of its server."""

    name = "peerflix"

    def prepare(self, cache: Path) -> None:
        """Install it."""
        node.install(cache)

    def start(self, cache: Path, task: Task) -> Running:
        """Start it with the film on the command line."""
        command = [
            node.node(),
            str(cache / "npm/node_modules/peerflix/app.js"),
            task.source,
            "--quiet",
            f"--port={task.port}",
            "--hostname=127.0.0.1",
            f"--path={task.folder / 'data'}",
        ]
        click_s = time.monotonic()
        process = spawn(command, task.folder)
        return Running(process, f"http://127.0.0.1:{task.port}/", click_s)
