"""Which hardware encoders work on this computer: each is tried, for what is there says nothing of whether it works."""

import asyncio
import glob
import logging
from collections.abc import Awaitable, Callable, Sequence

from matinee.confined.frames import WireError
from matinee.confined.process import kill, receive, spawn

log = logging.getLogger(__name__)

ENCODERS = ("h264_nvenc", "h264_qsv", "h264_amf", "h264_v4l2m2m")
"""What the bundled library has for Linux: NVIDIA, Intel, AMD's own driver, small boards. It has no VAAPI."""
DEVICES = {
    "h264_nvenc": ("/dev/nvidiactl", "/dev/dxg"),
    "h264_qsv": ("/dev/dri/renderD*",),
    "h264_amf": ("/dev/dri/renderD*", "/dev/dxg"),
    "h264_v4l2m2m": ("/dev/video*",),
}
"""Without any of which an encoder need not be tried: most computers have none, and start no process for it."""
TRY_S = 10.0
"""A driver that has not encoded a second of film by then is none."""
MOST_FAILURES = 3
"""An encoder that failed in so many films is not used again until the program is started anew."""

_MODULE = "matinee.media.hardware_child"

Find = Callable[[Sequence[str]], Awaitable[dict[str, float]]]


async def working_encoders(names: Sequence[str] = ENCODERS, *, try_s: float = TRY_S) -> dict[str, float]:
    """Give those that work, and how many pictures of 720 lines they encode in a second.

    Args:
        names: FFmpeg's.
        try_s: for each; they are tried side by side.
    """
    speeds = await asyncio.gather(*(_tried(name, try_s) for name in names))
    return {name: speed for name, speed in zip(names, speeds, strict=True) if speed is not None}


class Hardware:
    """The encoder that is used, as far as it is known yet: films that must start meanwhile start without."""

    def __init__(self, find: Find = working_encoders, names: Sequence[str] | None = None) -> None:
        """``names`` are to be tried; None for those whose devices are there."""
        self._find = find
        self._names = names
        self._best: str | None = None
        self._failures = 0

    @property
    def best(self) -> str | None:
        """The fastest encoder that works, by FFmpeg's name; None where none does, or it is not known yet."""
        return self._best if self._failures < MOST_FAILURES else None

    async def look(self) -> None:
        """Find out, once."""
        names = self._names if self._names is not None else [name for name in ENCODERS if _may_work(name)]
        found = await self._find(names) if names else {}
        self._best = max(found, key=lambda name: found[name], default=None)
        log.info("Hardware encoders that work found=%s", found)

    def failed(self, why: str) -> None:
        """Note that it failed in a film."""
        self._failures += 1
        log.warning("A hardware encoder failed name=%s failures=%d why=%s", self._best, self._failures, why)


def _may_work(name: str) -> bool:
    return any(glob.glob(pattern) for pattern in DEVICES[name])  # noqa: PTH207 - absolute patterns


async def _tried(name: str, try_s: float) -> float | None:
    try:
        child = await spawn(_MODULE, name)
    except (OSError, EOFError, WireError, TimeoutError):
        return None
    try:
        async with asyncio.timeout(try_s):
            head, _ = await receive(child)
    except (EOFError, WireError, TimeoutError):
        return None
    finally:
        await kill(child)
    match head:
        case {"frames_per_s": float(speed)}:
            return speed
    return None
