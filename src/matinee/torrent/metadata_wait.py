"""The wait for a magnet's metadata.

STATES: idle -> running (``begin``) -> came, or late -> running again with the next ``begin``; ended from any of them.
What is late may still come.
"""

import asyncio
from collections.abc import Callable

from matinee.errors import MatineeError


class MetadataWait:
    """A clock, and all who wait. Everything runs on the loop's thread.

    Args:
        limit_s: how long it may take.
        on_late: told when it has taken longer; then ``give_up`` says what whoever waits is told.
    """

    def __init__(self, limit_s: float, on_late: Callable[[], None]) -> None:
        self._limit_s = limit_s
        self._on_late = on_late
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Future[None] = self._loop.create_future()
        self._clock: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Start the clock, if it does not run."""
        if self._clock is None:
            self._clock = self._loop.call_later(self._limit_s, self._late)

    async def wait(self) -> None:
        """Wait until it has come. Raises what ``give_up`` or ``end`` is given."""
        await asyncio.shield(self._news)

    def came(self) -> None:
        """Tell everybody that it is here."""
        self._stop_clock()
        if not self._news.done():
            self._news.set_result(None)

    def give_up(self, error: MatineeError) -> None:
        """Tell whoever waits why it did not come; whoever asks from now on waits anew."""
        self._refuse(error)
        self._news = self._loop.create_future()

    def end(self, error: MatineeError) -> None:
        """Tell everybody, for good, that it will not come."""
        self._stop_clock()
        self._refuse(error)

    def _refuse(self, error: MatineeError) -> None:
        if not self._news.done():
            self._news.set_exception(error)
            self._news.exception()  # perhaps nobody waits

    def _late(self) -> None:
        self._clock = None
        self._on_late()

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
