"""Whether the disk on which films are kept is there: what is written into an empty mount point fills another disk."""

import logging
from pathlib import Path

from matinee.data_folder import FILMS_MARK, mark_films
from matinee.errors import DiskFailed

log = logging.getLogger(__name__)


class FilmsFolder:
    """The folder of films, and the disk that it was on when it was opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._device: int | None = None

    def open(self) -> None:
        """Mark it as ours and note its disk. One that cannot be written is found out when a film is to come."""
        try:
            mark_films(self.path)
        except OSError as error:
            log.warning("The folder of films cannot be written error=%s", error.strerror)
        self._device = _device_of(self.path)

    def check(self) -> None:
        """Make sure that it is still where it was.

        Raises:
            DiskFailed: its disk is gone.
        """
        if self._device is None or (self.path / FILMS_MARK).exists() or _device_of(self.path) == self._device:
            return
        raise DiskFailed(
            f"The disk on which films are kept is not there any more ({self.path}). "
            "Connect it: all goes on by itself then."
        )


def _device_of(path: Path) -> int:
    """Give the device on which a path lies, or would lie."""
    for one in (path, *path.parents):
        if one.exists():
            return one.stat().st_dev
    return -1
