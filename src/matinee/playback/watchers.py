"""Tells the page who can see this computer, at a calm rate and only while somebody listens.

STATES: quiet -> (a torrent changed, or a host was asked) due -> told -> resting -> quiet.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from matinee.errors import MatineeError
from matinee.events import ActivityChanged, Bus, Event, TorrentChanged, TorrentGone

if TYPE_CHECKING:
    from matinee.models.overview import Glance

log = logging.getLogger(__name__)

CALM_S = 3.0
"""At most so often: each time every swarm's peers are asked for."""


class Watchers:
    """Looks again after each change.

    Args:
        bus: where changes are heard, and sums are told.
        glance: looks.
    """

    def __init__(self, bus: Bus, glance: "Callable[[], Awaitable[Glance]]") -> None:
        self._bus = bus
        self._glance = glance
        self._moved = asyncio.Event()
        self._told: Glance | None = None
        bus.overhear(self._hear)

    def moved(self) -> None:
        """Note that there may be something to tell."""
        self._moved.set()

    async def keep_telling(self) -> None:
        """Tell what has changed; never ends."""
        while True:
            await self._moved.wait()
            self._moved.clear()
            if self._bus.is_heard:
                await self._tell()
                await asyncio.sleep(CALM_S)

    async def _tell(self) -> None:
        try:
            now = await self._glance()
        except MatineeError as error:
            log.warning("Who sees this computer cannot be said now: %s", error.message)
            return
        if now != self._told:
            self._told = now
            self._bus.publish(ActivityChanged(now))

    def _hear(self, event: Event) -> None:
        if isinstance(event, TorrentChanged | TorrentGone):
            self._moved.set()
