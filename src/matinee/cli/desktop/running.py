"""A Matinee to speak to: the one that runs, else one that is started."""

import os
import select
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from matinee.cli import client
from matinee.cli.client import Remote
from matinee.errors import DiskFailed, Unavailable

LOG = "started.log"
START_S = 60.0
END_S = 20.0


@dataclass(frozen=True, slots=True)
class Reached:
    """A Matinee, and the process that was started for it; None when it ran already."""

    remote: Remote
    process: "subprocess.Popen[bytes] | None"

    def link(self, to: str = "") -> str:
        """Ask for an address that lets a browser in, once and within a minute; ``to`` is a film's page."""
        secret = self.remote.ask("POST", "/api/v1/access/links")["link"]
        return f"{self.remote.address}#t={secret}{f'&to={to}' if to else ''}"

    def end(self) -> None:
        """End what was started; a Matinee that ran already goes on."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def reach(data_dir: Path, more: Sequence[str] = ()) -> Reached:
    """Find the Matinee that uses a data folder, or start one that outlives this process.

    Raises:
        Unavailable: it cannot be started; the message has the last that it said, ``started.log`` all of it.
        DiskFailed: the data folder cannot be written.
        Conflict: one runs, but cannot be spoken to.
    """
    remote = client.find(data_dir)
    if remote is not None:
        return Reached(remote, None)
    log = _log(data_dir)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "matinee", "serve", "--no-open", *more],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
    )  # fmt: skip
    os.close(log)
    with cast(IO[bytes], process.stdout) as said:
        # It says one line, once it answers; or its end shows as the end of what it says.
        readable, _, _ = select.select([said], [], [], START_S)
        line = said.readline() if readable else b""
    # When two are started at once, one of them ends, and speaks to the other.
    remote = client.find(data_dir)
    if remote is None:
        process.kill()
        process.wait()
        said_last = (data_dir / LOG).read_text(errors="replace").strip().rpartition("\n")[2]
        raise Unavailable(
            f"Matinee could not be started: {said_last or 'it said nothing'} ({data_dir / LOG})"
        )
    return Reached(remote, process if line else None)


def _log(data_dir: Path) -> int:
    """Open what it says to, anew: whoever started it does not wait for it, and reads nothing."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(
            data_dir / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
    except OSError as error:
        raise DiskFailed(f"The data folder {data_dir} cannot be used: {error.strerror}.") from error
