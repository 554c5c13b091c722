"""This program, through the interface that docs/api.md promises."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from bench import metainfo
from bench.clients.base import Client, Running, Task, spawn, wait_for_line
from bench.process import cpu_s

_START_LIMIT_S = 30.0
_REST_S = 0.5
_RIGHTS = json.dumps({"basis": "own-work"})


class Matinee(Client):
    """Runs as a server; the click is the POST that adds the torrent."""

    name = "matinee"
    versions = ("v1", "hybrid", "v2")

    def prepare(self, cache: Path) -> None:
        """Nothing to install: it runs from the environment that runs the bench."""

    def start(self, cache: Path, task: Task) -> Running:
        """Start the server, wait until it answers, then hand it the film."""
        token = secrets.token_urlsafe(24)
        spawned_s = time.monotonic()
        process = spawn(
            [
                sys.executable,
                "-m",
                "matinee",
                "serve",
                "--host",
                "127.0.0.1",
                "--port",
                str(task.port),
                "--data-dir",
                str(task.folder / "data"),
                "--no-dht",
                "--allow-private-sources",
                "--no-open",
            ],
            task.folder,
            {"MATINEE_TOKEN": token, "PYTHONUNBUFFERED": "1", **self._settings(task)},
        )
        running = Running(process, "", 0.0, {"Authorization": f"Bearer {token}"})
        try:
            running.start_s = _first_answer_s(task.port, process, spawned_s)
            running.page_s = _home_page_s(task.port, running.headers)
            wait_for_line(task.folder, process, "Matinee is at ", timeout_s=30)
            _await_ready(task.port)
            _await_rest(process.pid)
            running.click_s = time.monotonic()
            self._add(task, running)
        except BaseException:
            running.stop()
            raise
        return running

    def _settings(self, task: Task) -> dict[str, str]:
        """Give what else its environment says."""
        del task
        return {}

    def _add(self, task: Task, running: Running) -> None:
        if task.by_magnet:
            kind = "application/json"
            body = json.dumps({"magnet": task.magnet, "rights": json.loads(_RIGHTS)}).encode()
        else:
            kind, body = _form(Path(task.torrent_path))
        connection = HTTPConnection("127.0.0.1", task.port, timeout=30)
        connection.request("POST", "/api/v1/torrents", body, {"Content-Type": kind, **running.headers})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        if answer.status not in (200, 201):
            words = said[:400].decode(errors="replace")
            raise RuntimeError(f"matinee answered {answer.status} to the torrent: {words}")
        added = json.loads(said)
        # The files of a magnet link appear later; the address of the only one is known all the same.
        path = f"/stream/{added['info_hash']}/0"
        running.url = f"http://127.0.0.1:{task.port}{path}"


class MatineeSegments(Matinee):
    """The same, played in HLS segments as by a browser that cannot decode the sound."""

    name = "segments"

    def start(self, cache: Path, task: Task) -> Running:
        """Start as always; the player then opens a playback."""
        running = super().start(cache, task)
        running.segments_of = task.info_hash
        return running


class MatineeOpened(Matinee):
    """The same, opened as the page does: what it promises is held against what happens."""

    name = "opened"

    def start(self, cache: Path, task: Task) -> Running:
        """Start as always; the player then opens a playback."""
        running = super().start(cache, task)
        running.opens = task.info_hash
        return running


class MatineeClicked(Matinee):
    """The same, with its page before it in Chromium; the film hangs in the programme, and somebody presses Play."""

    name = "clicked"

    def _settings(self, task: Task) -> dict[str, str]:
        folder = task.folder / "torrents"
        metainfo.license_copy(Path(task.torrent_path), folder / "film.torrent")
        return {"MATINEE_TORRENTS_DIR": str(folder), "MATINEE_COUNTRY": "US", "MATINEE_PICTURES": "never"}

    def _add(self, task: Task, running: Running) -> None:
        running.url = f"http://127.0.0.1:{task.port}/"
        running.clicks = True


def _first_answer_s(port: int, process: subprocess.Popen[bytes], spawned_s: float) -> float:
    """Knock until the health route answers 200; give the seconds since the process was started."""
    while time.monotonic() < spawned_s + _START_LIMIT_S and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=_START_LIMIT_S)
        try:
            connection.request("GET", "/api/v1/health")
            if connection.getresponse().status == 200:
                return time.monotonic() - spawned_s
        except ConnectionError:
            time.sleep(0.002)
        finally:
            connection.close()
    raise RuntimeError(f"matinee did not answer within {_START_LIMIT_S:.0f} s; its words are in client.log")


def _home_page_s(port: int, headers: dict[str, str]) -> float:
    """Fetch what the home page shows; give the seconds that took."""
    asked_s = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=_START_LIMIT_S)
    connection.request("GET", "/api/v1/shelves", headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"matinee answered {answer.status} to its home page")
    return time.monotonic() - asked_s


def _await_ready(port: int) -> None:
    """Wait until the health route says 'ok': who clicks does so after the program came up, not while it does."""
    until_s = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < until_s:
        connection = HTTPConnection("127.0.0.1", port, timeout=_START_LIMIT_S)
        connection.request("GET", "/api/v1/health")
        said = json.loads(connection.getresponse().read())
        connection.close()
        if said.get("status") == "ok":
            return
        time.sleep(0.02)
    raise RuntimeError(f"matinee was not ready within {_START_LIMIT_S:.0f} s")


def _await_rest(pid: int) -> None:
    """Wait until it has done what follows a start: who clicks on a program that runs does not pay for that."""
    spent_s, until_s = cpu_s(pid), time.monotonic() + _START_LIMIT_S
    while time.monotonic() < until_s:
        time.sleep(_REST_S)
        before_s, spent_s = spent_s, cpu_s(pid)
        if spent_s - before_s < _REST_S / 20:
            return
    raise RuntimeError(f"matinee did not come to rest within {_START_LIMIT_S:.0f} s")


def _form(torrent: Path) -> tuple[str, bytes]:
    """Give content type and body of the upload (RFC 7578)."""
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="rights"\r\n\r\n{_RIGHTS}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{torrent.name}"\r\n'
        "Content-Type: application/x-bittorrent\r\n\r\n"
    )
    body = head.encode() + torrent.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body
