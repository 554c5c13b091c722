"""Tells the C library's allocator to give back what is not needed any more."""

import asyncio
import ctypes
import gc
import sys
from concurrent.futures import Executor

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""From glibc's ``malloc.h``."""
LARGE_BYTES = 3 * 1024 * 1024
"""Larger blocks, the pieces of most films, come from the system and go back to it. What a reader is handed at once,
a mebibyte, must not: to map and clear its pages each time halves what one reader gets."""
KEPT_BYTES = 2 * 1024 * 1024
"""What may lie free at the heap's end."""
ARENAS = 2
QUIET_S = 5.0
"""Who seeks hangs up and comes again; who has gone for so long has left."""


def keep_small() -> None:
    """Call before threads are started. Does nothing where the C library is not glibc.

    Pieces come and go by megabytes, on libtorrent's threads and ours. By itself glibc keeps what was freed: an
    arena for each thread, and after the first freed piece blocks of that size are never given back. With both
    thresholds at 256 KiB a download with pieces of 4 MiB peaked at 141 MB instead of 165, but one reader of a
    finished film got 1.0 GB/s instead of 2.2, and of 200 viewers 124 were late; so that of the system is above what a
    reader is handed at once (November 2026).
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(ARENA_MAX, ARENAS)
    mallopt(MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(TRIM_THRESHOLD, KEPT_BYTES)


def give_back() -> None:
    """Give the system what is free in the middle of the heap too: after something large was done once. Blocks some
    milliseconds; those of the C library without Python's lock."""
    # By itself the collector looks at what is old so seldom that a tenth of all objects are garbage (2026-11-27).
    gc.collect()
    if not sys.platform.startswith("linux"):
        return
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return
    trim(0)


class Tidy:
    """Gives back what is free once nobody reads any more: pieces of all sizes that came and went leave holes.

    After some minutes of twenty players 25 MB of the heap were in use and 52 were holes, which grew from evening to
    evening; given back, the program was as small as when it began (`make torture ARGS=soak`, 2026-11-27). ``pool`` has
    threads that may be held up for some milliseconds.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._timer: asyncio.TimerHandle | None = None

    def note(self, *, reading: bool) -> None:
        """Note that somebody has begun or ended to read: whether anybody does now."""
        self.close()
        if not reading:
            self._timer = asyncio.get_running_loop().call_later(QUIET_S, self._pool.submit, give_back)

    def close(self) -> None:
        """Give nothing back any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
