"""Who asks, and how what they have open is ended."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from matinee.models.device import Role
from matinee.types import DeviceId
from matinee.web.asgi import RESET, Scope

logger = logging.getLogger(__name__)

NOBODY = DeviceId("")

PASSED = "matinee.passed"
"""Key in the scope: who was let pass."""

ASKING: ContextVar[DeviceId] = ContextVar("asking", default=NOBODY)
"""Which device the request that is answered comes from; empty for the owner. Addresses are signed for whoever asks."""


@dataclass(frozen=True, slots=True)
class Pass:
    """The request may go on."""

    role: Role | None = None
    """None for what is open to everybody."""
    device: DeviceId = NOBODY
    set_cookie: str | None = None
    """A ``Set-Cookie`` to send along: the cookie's ninety days begin anew."""


class Visits:
    """The requests of devices that are being answered: streams, events, whatever lasts."""

    def __init__(self) -> None:
        self._open: dict[DeviceId, list[Callable[[], None]]] = {}

    @contextmanager
    def of(self, passed: Pass, scope: Scope) -> Iterator[None]:
        """Answer a request of whoever was let pass."""
        if not passed.device:
            yield
            return
        asking = ASKING.set(passed.device)
        drop: Callable[[], None] = scope.get("extensions", {}).get(RESET) or (lambda: None)
        here = self._open.setdefault(passed.device, [])
        here.append(drop)
        try:
            yield
        finally:
            ASKING.reset(asking)
            here.remove(drop)
            if not here and self._open.get(passed.device) is here:
                del self._open[passed.device]

    def end(self, device: DeviceId) -> None:
        """Drop every connection on which a device is being answered: at once, unsent bytes included."""
        drops = self._open.pop(device, [])
        for drop in list(drops):
            drop()
        if drops:
            logger.info("a device was cut off device=%s answers=%d", device, len(drops))
