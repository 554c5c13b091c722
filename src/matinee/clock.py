"""The time of day beside the time since this computer was started: a wrong clock locks nobody out."""

import time
from collections.abc import Callable

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux' other clock stands still while the computer sleeps, that of macOS does not."""


def since_boot() -> float:
    """Give the seconds since this computer was started, those that it slept included."""
    return time.clock_gettime(_SINCE_BOOT)


class Clock:
    """Two answers to what time it is: what the computer says, and what it would say had nobody set it since.

    Whoever is let in until a moment is let in by the later and judged by the earlier: a clock that is set, by a person,
    by a server of the time or by a broken one, ends nothing before its time while the program runs. The price is that
    what was let in while the clock was ahead lasts so much longer.

    Args:
        wall: Unix seconds.
        steady: seconds that only grow, from any moment on.
    """

    def __init__(
        self, wall: Callable[[], float] | None = None, steady: Callable[[], float] = since_boot
    ) -> None:
        self._wall = wall or _wall
        self._steady = steady
        self._ahead = self._wall() - steady()

    def later(self) -> float:
        """Give the later, in Unix seconds: from it on somebody is let in for so long."""
        return max(self._both())

    def earlier(self) -> float:
        """Give the earlier, in Unix seconds: by it somebody's time is over."""
        return min(self._both())

    def _both(self) -> tuple[float, float]:
        return self._wall(), self._steady() + self._ahead


def _wall() -> float:
    return time.time()
