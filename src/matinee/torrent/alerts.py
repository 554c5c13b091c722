"""Brings libtorrent's alerts into the event loop: no thread of ours, no polling.

libtorrent writes a byte to a socket when its queue goes from empty to non-empty; the loop reads the other end,
drains the queue and hands each alert to the handlers of its type.
"""

import asyncio
import logging
import socket
from collections import defaultdict
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


class AlertPump:
    """Dispatches alerts by type on the loop's thread, in the order in which libtorrent posted them."""

    def __init__(self, session: lt.session) -> None:
        self._session = session
        self._handlers: dict[type[lt.alert], list[Callable[[Any], None]]] = defaultdict(list)
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
                    log.exception("An alert could not be handled kind=%s", type(alert).__name__)
