"""Pictures on the disk: files of WebP that can be fetched again, so the oldest go when they are too many.

Everything here blocks, and is called on threads, one call at a time but for ``read``.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

MOST_BYTES = 256 * 1024 * 1024
ROOM = 0.9
"""How full it is after the oldest have gone: not one at a time."""
TOUCH_EACH_S = 86_400.0
NONE_FOR_S = 30 * 86_400.0
"""A host that had no picture is asked again after so long."""
_NONE = ".none"


class PictureCache:
    """A folder of pictures by name.

    Args:
        folder: of its own; made when first written.
        most_bytes: what all of them may take.
        clock: seconds since 1970. Where it jumps a picture may be thought young or old, and is only kept or fetched.
    """

    def __init__(
        self, folder: Path, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._clock = clock
        self._bytes: int | None = None
        """None until it was counted."""

    def read(self, name: str) -> bytes | None:
        """Give a picture, and note that it was looked at; None when it is not here."""
        path = self._folder / name
        try:
            data = path.read_bytes()
            if abs(self._clock() - path.stat().st_mtime) > TOUCH_EACH_S:
                os.utime(path, (self._clock(), self._clock()))
        except OSError:
            return None
        return data or None

    def has(self, name: str) -> bool:
        """Tell whether a picture is here."""
        return (self._folder / name).is_file()

    def has_none(self, name: str) -> bool:
        """Tell whether a host was asked not long ago and had none. What was noted in the future does not count."""
        try:
            noted = (self._folder / (name + _NONE)).stat().st_mtime
        except OSError:
            return False
        return 0 <= self._clock() - noted < NONE_FOR_S

    def note_none(self, name: str) -> None:
        """Note that a host has none. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / (name + _NONE)
        path.touch(mode=0o600)
        os.utime(path, (self._clock(), self._clock()))

    def put(self, pictures: Sequence[tuple[str, bytes]]) -> None:
        """Keep pictures; the ones not looked at for longest go where they are too many. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._bytes is None:
            self._bytes = sum(size for _, _, size in self._all())
        for name, data in pictures:
            new = self._folder / f"{name}.new"
            new.unlink(missing_ok=True)
            new.write_bytes(data)
            os.utime(new, (self._clock(), self._clock()))
            new.replace(self._folder / name)
            self._bytes += len(data)
        if self._bytes > self._most_bytes:
            self._make_room()

    def _make_room(self) -> None:
        kept = sorted(self._all())
        left = sum(size for _, _, size in kept)
        for _, name, size in kept:
            if left <= self._most_bytes * ROOM:
                break
            (self._folder / name).unlink(missing_ok=True)
            left -= size
        self._bytes = left

    def _all(self) -> list[tuple[float, str, int]]:
        """Give every file: when it was looked at, its name, its size."""
        with os.scandir(self._folder) as entries:
            files = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries if entry.is_file()]
        return [(stat.st_mtime, name, stat.st_size) for name, stat in files]
