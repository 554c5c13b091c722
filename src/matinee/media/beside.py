"""The encoder's process beside a film's: two pipes between them, and its life. Runs in the parent.

The parent keeps the encoder's ends until it is wanted: the film's process can be given none later. Pictures go from
the one to the other without passing here.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
from asyncio.subprocess import Process

from matinee.confined.frames import WireError
from matinee.confined.process import kill, spawn

log = logging.getLogger(__name__)

PIPE_BYTES = 1024 * 1024
"""What may lie in a pipe: a picture of 720 lines has 1.4 MB."""

_MODULE = "matinee.media.encoder_child"


class Beside:
    """At most one process; closing twice is harmless."""

    def __init__(self, module: str = _MODULE) -> None:
        """Open the pipes. Raises OSError."""
        self._module = module
        self._encoders: tuple[int, ...] = ()
        self._films: tuple[int, ...] = ()
        self._starting: asyncio.Task[Process] | None = None
        pixels, to_encoder = os.pipe()
        self._films, self._encoders = (to_encoder,), (pixels,)
        try:
            from_encoder, packets = os.pipe()
        except OSError:
            self._let_go()
            raise
        self._films, self._encoders = (to_encoder, from_encoder), (pixels, packets)
        for end in self._films:
            os.set_blocking(end, False)
        with contextlib.suppress(OSError):  # it may be more than one may have; then it goes more slowly
            fcntl.fcntl(to_encoder, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    async def start_film(self, module: str, *arguments: str) -> Process:
        """Start the film's process with its ends."""
        try:
            return await spawn(module, *arguments, pipes=self._films)
        finally:
            _close(self._films)
            self._films = ()

    @property
    def is_open(self) -> bool:
        """Whether an encoder can work, or may be begun."""
        return bool(self._encoders) or (self._starting is not None and not _has_ended(self._starting))

    def begin(self) -> None:
        """Begin to start the encoder's process where there is none, and do not wait for it: what is sent waits."""
        if self._starting is None and self._encoders:
            self._starting = asyncio.create_task(self._start(), name="encoder-spawn")

    async def close(self) -> None:
        """End the process; the film's sees the end of its pipes."""
        starting, self._starting = self._starting, None
        if starting is not None:
            starting.cancel()
            with contextlib.suppress(OSError, EOFError, WireError, TimeoutError, asyncio.CancelledError):
                await kill(await starting)
        self._let_go()

    async def _start(self) -> Process:
        try:
            return await spawn(self._module, pipes=self._encoders)
        except (OSError, EOFError, WireError, TimeoutError) as exc:
            log.warning("The encoder's process could not be started error=%r", exc)
            raise
        finally:
            _close(self._encoders)
            self._encoders = ()

    def _let_go(self) -> None:
        _close((*self._films, *self._encoders))
        self._films = self._encoders = ()


def _has_ended(starting: asyncio.Task[Process]) -> bool:
    if not starting.done():
        return False
    return (
        starting.cancelled() or starting.exception() is not None or starting.result().returncode is not None
    )


def _close(ends: tuple[int, ...]) -> None:
    for end in ends:
        os.close(end)
