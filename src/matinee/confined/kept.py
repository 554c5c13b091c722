"""A confined process that is kept ready: started ahead, so that nobody waits for it, and replaced when it fails."""

import asyncio
import contextlib
from asyncio.subprocess import Process
from collections.abc import Coroutine
from typing import Any, Protocol

from matinee.confined.frames import WireError
from matinee.confined.process import kill, spawn
from matinee.errors import Unavailable
from matinee.tasks import Tasks


class Start(Protocol):
    """Starts a process and waits until it is ready; raises what ``spawn`` does."""

    def __call__(self, module: str, *arguments: str) -> Coroutine[Any, Any, Process]: ...


class Kept:
    """One process at a time. Closing twice is harmless."""

    def __init__(self, module: str, *arguments: str, does: str, start: Start | None = None) -> None:
        """Make it without a process.

        Args:
            module: whose ``main`` is run.
            arguments: for it.
            does: says in two words what the process does, for people to read.
            start: starts it, where that takes more than ``spawn`` does.
        """
        self._module = module
        self._arguments = arguments
        self._does = does
        self._start = start
        self._child: asyncio.Task[Process] | None = None
        self._ending = Tasks()
        self.closed = False
        """Whether no process is started any more."""

    def begin(self) -> None:
        """Begin to start the process where there is none; does not wait for it."""
        if self._child is None and not self.closed:
            spawning = (self._start or spawn)(self._module, *self._arguments)
            self._child = asyncio.create_task(spawning, name=f"{self._module}-spawn")

    async def ready(self) -> Process:
        """Give a process that waits for a request.

        Raises:
            Unavailable: none can be started, or no more.
        """
        if self.closed:
            raise _closing()
        if self._child is not None and self._child.done() and not _alive(self._child):
            self.retire()
        self.begin()
        assert self._child is not None  # noqa: S101 - begun just now; for mypy
        try:
            # A request that is given up must not take the process with it that others wait for.
            return await asyncio.shield(self._child)
        except asyncio.CancelledError:
            if not self.closed:
                raise
            raise _closing() from None
        except (OSError, EOFError, WireError, TimeoutError) as exc:
            self.retire()
            raise Unavailable(
                f"The process that {self._does} could not be started. Free some memory and try again."
            ) from exc

    def retire(self) -> None:
        """Kill the process; ``ready`` and ``begin`` make another."""
        child, self._child = self._child, None
        if child is not None:
            self._ending.begin(_end(child), f"{self._module}-end")

    async def close(self) -> None:
        """End the process and wait until it is reaped; whoever talks to it sees its end."""
        self.closed = True
        self.retire()
        await self._ending.done()


async def _end(child: asyncio.Task[Process]) -> None:
    child.cancel()
    with contextlib.suppress(OSError, EOFError, WireError, TimeoutError, asyncio.CancelledError):
        await kill(await child)


def _alive(child: asyncio.Task[Process]) -> bool:
    return not child.cancelled() and child.exception() is None and child.result().returncode is None


def _closing() -> Unavailable:
    return Unavailable("Matinee is closing. Start it again and try once more.")
