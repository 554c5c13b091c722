"""What every client under test must be able to do."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.swarms import Version


@dataclass(frozen=True, slots=True)
class Task:
    """One film to play: where its torrent is and where the client may write."""

    torrent_path: str
    magnet: str
    info_hash: str
    film_name: str
    by_magnet: bool
    folder: Path
    port: int

    @property
    def source(self) -> str:
        """Give what a command line takes: the magnet link or the torrent's path."""
        return self.magnet if self.by_magnet else self.torrent_path


@dataclass(slots=True)
class Running:
    """A client at work."""

    process: subprocess.Popen[bytes]
    url: str
    click_s: float
    """Monotonic moment at which it was handed the film."""
    headers: dict[str, str] = field(default_factory=dict)
    segments_of: str | None = None
    """Whose film is to be played in segments, its info hash; None where its own bytes are."""
    opens: str | None = None
    """Whose film is to be opened as a playback, and played as that says."""
    clicks: bool = False
    """Whether it is opened by a person before a browser, from the film's own page."""
    start_s: float | None = None
    """From the start of the process to its first answer, where it is a server that runs before the click."""
    page_s: float | None = None
    """From its first answer to its home page, the shelf that comes with it, where it has one."""

    def stop(self) -> None:
        """End the client and everything it started: first politely, then not."""
        for sign, patience_s in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 3.0)):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(patience_s)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue
            else:
                return


class Client(ABC):
    """A program that plays a torrent while it downloads."""

    name: str
    versions: tuple[Version, ...] = ("v1", "hybrid")

    @abstractmethod
    def prepare(self, cache: Path) -> None:
        """Install what is missing; runs outside the namespaces, once."""

    @abstractmethod
    def start(self, cache: Path, task: Task) -> Running:
        """Start the program and hand it the film; runs inside the client's namespace."""


def spawn(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a client in a group of its own, its words in a file beside its data.

    Home and temporary folder are new with every run: peerflix keeps a magnet link's metadata in the latter,
    and its second run would then start from a torrent it never had to fetch.
    """
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    with (folder / "client.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "HOME": str(folder), "TMPDIR": str(temporary), **(environment or {})},
            start_new_session=True,
        )


def wait_for_line(folder: Path, process: subprocess.Popen[bytes], beginning: str, timeout_s: float) -> str:
    """Give the first line of the client's log that begins so.

    Raises:
        RuntimeError: The client ended, or did not say so in time.
    """
    until_s = time.monotonic() + timeout_s
    while time.monotonic() < until_s and process.poll() is None:
        for line in (folder / "client.log").read_text(errors="replace").splitlines():
            if line.startswith(beginning):
                return line
        time.sleep(0.005)
    tail = (folder / "client.log").read_text(errors="replace")[-800:]
    raise RuntimeError(f"{process.args!r} did not say {beginning!r} within {timeout_s} s; it said: {tail}")
