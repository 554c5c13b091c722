"""Tells when something in a folder changes: by inotify where the system has it, else by looking now and then."""

import asyncio
import ctypes
import ctypes.util
import logging
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""Between looks where the system tells nothing: another system than Linux, or a folder that is not there yet."""
CALM_S = 0.2
"""What comes together is told once."""

_CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _DELETE = 0x08, 0x40, 0x80, 0x200
_SELF_GONE = 0x400 | 0x800
_ONLY_FOLDER = 0x01000000
_WANTED = _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _DELETE | _SELF_GONE | _ONLY_FOLDER


async def changes(folder: Path, *, look_s: float = LOOK_S) -> AsyncGenerator[None, None]:
    """Give at once, and whenever something in the folder may have changed; never ends."""
    while True:
        # Watched before it is looked at, so that nothing falls between the two.
        watched = _watch(folder)
        yield
        if watched is None:
            await asyncio.sleep(look_s)
            continue
        try:
            while await _told(watched):
                yield
        finally:
            os.close(watched)


def _watch(folder: Path) -> int | None:
    """Open an inotify of a folder; None where there is none."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    handle = int(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    if handle < 0:
        log.warning("The folder is looked at now and then: %s", os.strerror(ctypes.get_errno()))
        return None
    if libc.inotify_add_watch(handle, os.fsencode(folder), ctypes.c_uint32(_WANTED)) < 0:
        os.close(handle)
        return None
    return handle


async def _told(handle: int) -> bool:
    """Wait for a change; False when the folder itself is gone."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(handle, arrived.set)
    try:
        await arrived.wait()
        await asyncio.sleep(CALM_S)
    finally:
        loop.remove_reader(handle)
    told = b""
    with suppress(BlockingIOError):
        told = os.read(handle, 65_536)
    return not _gone(told)


def _gone(told: bytes) -> bool:
    """Tell whether any of inotify's records says that the folder was deleted or moved, or is no longer watched."""
    at = 0
    while at + 16 <= len(told):
        mask = int.from_bytes(told[at + 4 : at + 8], sys.byteorder)
        if mask & (_SELF_GONE | 0x8000 | 0x2000):
            return True
        at += 16 + int.from_bytes(told[at + 12 : at + 16], sys.byteorder)
    return False
