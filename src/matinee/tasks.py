"""Work that goes on beside its owner: kept until it is done, for the loop alone would let the collector take it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """What an owner has begun and nobody waits for. What fails is logged, and told to whoever waits after all."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None], name: str | None = None) -> asyncio.Task[None]:
        """Begin some work."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._over)
        return task

    def cancel(self) -> None:
        """Have everything give up."""
        for task in self._running:
            task.cancel()

    async def done(self) -> None:
        """Wait until everything is over, with what it begins meanwhile."""
        while self._running:
            await asyncio.wait(self._running)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("A task failed task=%s", task.get_name(), exc_info=error)
