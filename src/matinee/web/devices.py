"""Other screens, as routes ask of them: who is in, who wants in, how they find this computer."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from matinee.errors import Conflict
from matinee.models.device import MOST_NAME_CHARS, Ask, Code, Device, Role
from matinee.names import clean_name
from matinee.types import DeviceId
from matinee.web.pairing import FALLBACK_NAME, Asked, Pairing
from matinee.web.screens import Reached
from matinee.web.security import COOKIE_LIFE_S, Jar, cookie_hash, new_cookie
from matinee.web.visits import Visits

MOST_DEVICES = 100


class Store(Protocol):
    """Keeps devices; ``storage/devices`` is it."""

    def all(self) -> list[Device]:
        """Give every device that is let in."""

    async def add(self, device: Device, cookie_hash: bytes) -> None:
        """Let one in."""

    async def change(self, device: DeviceId, name: str | None, may: Role | None) -> Device:
        """Change one."""

    async def remove(self, device: DeviceId) -> None:
        """Send one away."""

    async def remove_all(self) -> list[DeviceId]:
        """Send all away."""


class Doors(Protocol):
    """Lets other screens find this computer; ``screens.OtherScreens`` is it."""

    @property
    def now(self) -> Reached:
        """How they find it now."""

    async def renew(self) -> None:
        """Go by the certificates that there are now."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page of other screens shows."""

    reached: Reached
    devices: list[Device]
    asks: list[Ask]
    locked: bool


class Devices:
    """Lets other screens in and sends them away.

    Args:
        store: keeps them.
        visits: ends what those who are sent away have open.
        changed: told when something of ``all`` has changed.
        doors: by which other screens find this computer.
        clock: Unix seconds.
        monotonic: seconds, for codes and questions.
    """

    def __init__(
        self,
        store: Store,
        visits: Visits,
        changed: Callable[[], None],
        doors: Callable[[], Doors],
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._visits = visits
        self._changed = changed
        self._doors = doors
        self._clock = clock
        self.pairing = Pairing(changed, monotonic)

    def all(self) -> Overview:
        """Say who is in, who asks, and how this computer is found."""
        return Overview(self._doors().now, self._store.all(), self.pairing.asks(), self.pairing.locked)

    async def look_again(self) -> Reached:
        """Go by the certificates that there are now; says how this computer is found then."""
        await self._doors().renew()
        return self._doors().now

    def open_code(self) -> tuple[Code, tuple[str, ...]]:
        """Make a code, and the addresses at which its secret lets a device in.

        Raises:
            Conflict: other screens are not let in, or this computer is in no network.
        """
        reached = self._doors().now
        if not reached.on:
            raise Conflict("Other screens are off. Turn them on first.")
        if not reached.urls:
            raise Conflict(reached.trouble or "This computer is in no network.")
        code = self.pairing.open()
        self._changed()
        return code, tuple(f"{url}#/pair={code.secret}" for url in reached.urls)

    def ask(self, name: str, address: str, number: str | None) -> Asked:
        """Have a device wait for somebody's yes. Raises as ``Pairing.ask`` does, and Conflict while they are off."""
        self._check_on()
        return self.pairing.ask(name, address, number)

    async def scan(self, secret: str, name: str, address: str, jar: Jar) -> str:
        """Let the device in that saw the code; gives its ``Set-Cookie``. Raises as ``Pairing.scan`` does."""
        self._check_on()
        self.pairing.scan(secret)
        return await self._let_in(clean_name(name, FALLBACK_NAME, MOST_NAME_CHARS), Role.WATCH, address, jar)

    async def wait(self, secret: str, address: str, jar: Jar) -> str | None:
        """Wait for the answer to a device; gives its ``Set-Cookie``, None while there is none."""
        found = await self.pairing.wait(secret)
        return None if found is None else await self._let_in(found.name, found.may, address, jar)

    async def change(self, device: DeviceId, name: str | None, may: Role | None) -> Device:
        """Give a device another name, or have it do more or less: what it has open begins anew then."""
        cleaned = None if name is None else clean_name(name, FALLBACK_NAME, MOST_NAME_CHARS)
        changed = await self._store.change(device, cleaned, may)
        if may is not None:
            self._visits.end(device)
        self._changed()
        return changed

    async def remove(self, device: DeviceId) -> None:
        """Send a device away, and end its streams now, before that is on the disk: the store forgets it at once."""
        self._visits.end(device)
        try:
            await self._store.remove(device)
        finally:
            self._changed()

    async def remove_all(self) -> None:
        """Send every device away, and end its streams now."""
        for device in self._store.all():
            self._visits.end(device.id)
        try:
            await self._store.remove_all()
        finally:
            self._changed()

    def _check_on(self) -> None:
        if not self._doors().now.on:
            raise Conflict(
                "Other screens are not let in now. They are turned on at the computer, in its settings."
            )

    async def _let_in(self, name: str, may: Role, address: str, jar: Jar) -> str:
        if len(self._store.all()) >= MOST_DEVICES:
            raise Conflict(f"{MOST_DEVICES} devices are let in already. Send one away first.")
        value, now = new_cookie(), self._clock()
        device = Device(
            DeviceId(secrets.token_urlsafe(16)), name, may, now, now, now + COOKIE_LIFE_S, address
        )
        await self._store.add(device, cookie_hash(value))
        self._changed()
        return jar.line(value)
