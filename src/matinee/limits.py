"""Which limits hold now: those of the day, or those of the quiet hours. One timer wakes when that changes next."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

from matinee.config import Config
from matinee.hours import Hours, Local, read_hours
from matinee.models.limits import LimitsNow

LONGEST_WAIT_S = 24 * 3600.0
"""A timer further away may be off by as much as the computer has slept meanwhile."""


def here(now_s: float) -> datetime:
    """Give the local time of a moment in seconds since 1970."""
    return datetime.fromtimestamp(now_s).astimezone()


class Limits:
    """The limits of a running program.

    Args:
        config: gives the settings as they are now.
        apply: told when other limits begin to hold.
        local: the zone whose clocks are meant.
        now: gives seconds since 1970.
    """

    def __init__(
        self,
        config: Callable[[], Config],
        apply: Callable[[], Awaitable[None]],
        local: Local = here,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._config = config
        self._apply = apply
        self._local = local
        self._now = now
        self._timer: asyncio.TimerHandle | None = None
        self._work: asyncio.Task[None] | None = None

    def of(self, config: Config) -> Config:
        """Give settings with those limits in the place of the day's that hold now."""
        hours = _hours(config)
        if hours is None or not hours.hold(self._local(self._now())):
            return config
        return replace(
            config,
            down_limit_bytes_per_s=config.quiet_down_limit_bytes_per_s,
            up_limit_bytes_per_s=config.quiet_up_limit_bytes_per_s,
        )

    def view(self) -> LimitsNow:
        """Say what holds now, and until when."""
        config = self._config()
        hours, now_s = _hours(config), self._now()
        held = self.of(config)
        until_s = None if hours is None else hours.next_look_s(now_s, self._local)
        until = None if until_s is None else datetime.fromtimestamp(until_s, UTC)
        return LimitsNow(
            held.down_limit_bytes_per_s,
            held.up_limit_bytes_per_s,
            hours is not None and hours.hold(self._local(now_s)),
            None if until is None else until.isoformat(timespec="seconds").replace("+00:00", "Z"),
        )

    def watch(self) -> None:
        """Wake when other limits begin to hold; to be called again whenever settings have changed."""
        self.close()
        hours, now_s = _hours(self._config()), self._now()
        next_s = None if hours is None else hours.next_look_s(now_s, self._local)
        if next_s is not None:
            wait_s = min(next_s - now_s, LONGEST_WAIT_S)
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._wake)

    def close(self) -> None:
        """Wake no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._work = asyncio.ensure_future(self._apply())
        self.watch()


def _hours(config: Config) -> Hours | None:
    return read_hours(config.quiet_from, config.quiet_until, config.quiet_days)
