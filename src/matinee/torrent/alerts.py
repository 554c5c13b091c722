"""Brings libtorrent's alerts into the event loop: no thread of ours, no polling.

libtorrent writes a byte to a socket when its queue goes from empty to non-empty; the loop reads the other end,
drains the queue and hands each alert to the handlers of its type.
"""

import asyncio
import logging
import math
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import libtorrent as lt

log = logging.getLogger(__name__)

A = TypeVar("A", bound=lt.alert)

CATEGORIES = (
    lt.alert_category.error
    | lt.alert_category.status
    | lt.alert_category.storage
    | lt.alert_category.tracker
    | lt.alert_category.piece_progress
    | lt.alert_category.peer
    | lt.alert_category.connect
)

TELL_EACH_S = 10.0
"""How often it is told that alerts of one kind fail: 25 000 at once held up the loop for six seconds (2026-11-27)."""


class AlertPump:
    """Dispatches alerts by type on the loop's thread, in the order in which libtorrent posted them."""

    def __init__(self, session: lt.session, now_s: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._now_s = now_s
        self._handlers: dict[type[lt.alert], list[Callable[[Any], None]]] = defaultdict(list)
        self._untold: Counter[type[lt.alert]] = Counter()
        self._told_s: dict[type[lt.alert], float] = {}
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)

    def on(self, kind: type[A], handler: Callable[[A], None]) -> None:
        """Have ``handler`` called with every alert of exactly this type."""
        self._handlers[kind].append(handler)

    def start(self) -> None:
        """Begin to dispatch on the running loop."""
        asyncio.get_running_loop().add_reader(self._ours, self._drain)
        self._session.set_alert_fd(self._theirs.fileno())
        self.dispatch()

    def stop(self) -> None:
        """Stop dispatching. Harmless when called twice."""
        if self._ours.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self._ours)
        self._session.set_alert_fd(-1)
        del self._session
        self._ours.close()
        self._theirs.close()

    def _drain(self) -> None:
        try:
            while self._ours.recv(4096):
                pass
        except BlockingIOError:
            pass
        self.dispatch()

    def dispatch(self) -> None:
        """Hand every queued alert to its handlers. One bad alert does not stop the others."""
        for alert in self._session.pop_alerts():
            for handler in self._handlers.get(type(alert), ()):
                try:
                    handler(alert)
                except Exception:
                    untold = self._untold_of(type(alert))
                    if untold is not None:
                        log.exception(
                            "An alert could not be handled kind=%s more_before=%d",
                            type(alert).__name__,
                            untold,
                        )

    def _untold_of(self, kind: type[lt.alert]) -> int | None:
        """Count a failure: give how many of its kind were not told of, or None when one was told of just now."""
        now_s = self._now_s()
        if now_s - self._told_s.get(kind, -math.inf) < TELL_EACH_S:
            self._untold[kind] += 1
            return None
        self._told_s[kind] = now_s
        return self._untold.pop(kind, 0)
