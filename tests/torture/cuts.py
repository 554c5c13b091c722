"""Power cuts: what a disk would have held is copied while the program writes, and the program goes on with the copy.

The data folder lies on an ext4 in an image, which lies on an ext4 in an image. The outer one is frozen for as long as
the inner image is copied, so that the copy is of one instant; what the inner one still held in memory is not in it, as
after a cut. A file that is written and not synced before each cut shows whether cuts cut. Needs root and loop mounts.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.torture.rounds import Lives

INNER_MB = 320
OUTER_MB = 400
CANARY_BYTES = 256 * 1024


class NoLoopMounts(Exception):
    """This computer does not let us mount images."""


class Disk:
    """A disk that can lose its power."""

    def __init__(self, folder: Path) -> None:
        self.point = folder / "disk"
        self._outer, self._outer_point = folder / "outer.img", folder / "outer"
        self._inner = self._outer_point / "inner.img"
        self._copy = folder / "copy.img"
        self.cuts = 0
        self.cuts_that_cut = 0
        """Of the cuts, those that took what was not synced."""

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Have the disk there while the context lasts."""
        self.point.mkdir()
        self._outer_point.mkdir()
        _make(self._outer, OUTER_MB)
        _mount(self._outer, self._outer_point)
        try:
            _make(self._inner, INNER_MB)
            _mount(self._inner, self.point)
            try:
                yield
            finally:
                _unmount(self.point)
        finally:
            _unmount(self._outer_point)

    async def over(self, lives: Lives) -> None:
        """Keep what the disk holds at this moment. What was confirmed before must be on it."""
        (self.point / f"canary-{self.cuts}").write_bytes(os.urandom(CANARY_BYTES))
        self._known = lives.ledger.copy()
        _run("fsfreeze", "--freeze", self._outer_point)
        try:
            # On purpose in the loop: nothing may be confirmed that this test does not know of.
            shutil.copyfile(self._inner, self._copy)
        finally:
            _run("fsfreeze", "--unfreeze", self._outer_point)
        self._after = lives

    def cut(self) -> None:
        """Go on with what was kept: the program has ended by now."""
        _unmount(self.point)
        shutil.copyfile(self._copy, self._inner)
        _mount(self._inner, self.point)
        canary = self.point / f"canary-{self.cuts}"
        self.cuts_that_cut += not canary.exists() or canary.stat().st_size < CANARY_BYTES
        canary.unlink(missing_ok=True)
        self.cuts += 1
        self._after.ledger.confirmed = self._known.confirmed
        self._after.ledger.open = self._known.open


def _make(image: Path, size_mb: int) -> None:
    with image.open("wb") as file:
        file.truncate(size_mb * 2**20)
    _run("mkfs.ext4", "-q", "-F", image)


def _mount(image: Path, point: Path) -> None:
    try:
        _run("mount", "-o", "loop", image, point)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise NoLoopMounts(
            "Power cuts need root and loop mounts, which this computer does not allow."
        ) from error


def _unmount(point: Path) -> None:
    for wait_s in (0.1, 0.5, 1.0, 2.0, 0.0):
        if subprocess.run(["umount", point], check=False, capture_output=True).returncode == 0:
            return
        time.sleep(wait_s)
    _run("umount", "--lazy", point)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)
