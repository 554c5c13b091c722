"""webtorrent-cli: the most used one."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import quote

from bench.clients import node
from bench.clients.base import Client, Running, Task, spawn


class WebTorrent(Client):
    """Serves each file below the info hash."""

    name = "webtorrent"

    def prepare(self, cache: Path) -> None:
        """Install it."""
        node.install(cache)

    def start(self, cache: Path, task: Task) -> Running:
        """Start it with the film on the command line."""
        command = [
            node.node(),
            str(cache / "npm/node_modules/webtorrent-cli/bin/cmd.js"),
            "download",
            task.source,
            "--quiet",
            "--keep-seeding",
            "--port",
            str(task.port),
            "--out",
            str(task.folder / "data"),
        ]
        click_s = time.monotonic()
        process = spawn(command, task.folder)
        url = f"http://127.0.0.1:{task.port}/webtorrent/{task.info_hash}/{quote(task.film_name)}"
        return Running(process, url, click_s)
