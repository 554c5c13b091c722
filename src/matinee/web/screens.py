"""Other screens: while they are let in, the page is served on this computer's addresses in its own networks too.

Addresses are followed as they come and go. Who is not on the same wire is refused before a byte of theirs is read, so
that a router that passes a port on opens nothing to the internet.
"""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from matinee.config import Config
from matinee.outside.interfaces import OwnAddress, changes, own_addresses
from matinee.web.security import Gate
from matinee.web.server import Entrance, Listening

log = logging.getLogger(__name__)

KEY = "other_screens"


class Called(Protocol):
    """Has a name of this computer known in its networks; ``mdns`` has the one that is used."""

    async def go_by(self, addresses: list[str]) -> str | None:
        """Have the name stand for these addresses; gives it, or None where there is none."""

    async def close(self) -> None:
        """Take it back."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How other screens find this computer now."""

    on: bool
    urls: tuple[str, ...]
    """With a slash at the end; the one that is best first, by a name where there is one last."""
    trouble: str | None
    """Why there is none, or not all, for a person."""


class OtherScreens:
    """Opens and shuts the entrances for other screens.

    Args:
        listening: the server.
        gate: told at which addresses nobody is the owner.
        changed: told when something of ``now`` has changed.
        shut: told when other screens are turned off.
        called: makes what has a name known; nobody is told one when None.
        addresses: gives the addresses of this computer; blocks for a moment.
        news: gives one for each change of them.
    """

    def __init__(
        self,
        listening: Listening,
        gate: Gate,
        changed: Callable[[], None],
        shut: Callable[[], None],
        *,
        called: Callable[[int], Called] | None = None,
        addresses: Callable[[], list[OwnAddress]] = own_addresses,
        news: Callable[[], AsyncIterator[None]] = changes,
    ) -> None:
        self._listening = listening
        self._gate = gate
        self._changed = changed
        self._shut = shut
        self._make_called = called
        self._called: Called | None = None
        self._addresses = addresses
        self._news = news
        self._entrances: dict[OwnAddress, Entrance] = {}
        self._task: asyncio.Task[None] | None = None
        self._naming: asyncio.Task[None] | None = None
        self._order: list[OwnAddress] = []
        self._changing = asyncio.Lock()
        self._name: str | None = None
        self._trouble: str | None = None

    @property
    def now(self) -> Reached:
        """How other screens find this computer."""
        hosts = [_host(one) for one in self._order if one in self._entrances or self._is_served(one)]
        if self._name and hosts:
            hosts.append(self._name)
        urls = tuple(f"http://{host}:{self._listening.port}/" for host in hosts)
        return Reached(self._task is not None, urls, self._trouble)

    async def go_by(self, config: Config, changed: frozenset[str]) -> None:
        """Go by the setting: listening, or not, when this returns."""
        async with self._changing:
            if config.other_screens and self._task is None:
                await self._reconcile()
                self._task = asyncio.create_task(self._follow(), name="other screens")
            elif not config.other_screens and self._task is not None:
                await self.close()
                self._shut()
            else:
                return
        self._changed()

    async def close(self) -> None:
        """Shut every entrance. Harmless when called twice."""
        tasks = [task for task in (self._task, self._naming) if task is not None]
        self._task = self._naming = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for entrance in self._entrances.values():
            entrance.close()
        self._entrances.clear()
        self._gate.entrances = frozenset()
        self._gate.hosts.also(())
        self._trouble = self._name = None
        if self._called is not None:
            called, self._called = self._called, None
            await called.close()

    async def _follow(self) -> None:
        try:
            self._be_called()
            async for _ in self._news():
                if await self._reconcile():
                    self._be_called()
                    self._changed()
        except OSError as error:
            self._trouble = f"Matinee is not told when this computer's addresses change ({error.strerror})."
            log.warning("%s", self._trouble)
            self._changed()

    async def _reconcile(self) -> bool:
        """Listen on every address that there is, and on no other; tell whether anything changed."""
        before, self._trouble = (set(self._entrances), self._trouble), None
        try:
            self._order = await asyncio.to_thread(self._addresses)
        except OSError as error:
            self._order = []
            self._trouble = f"The addresses of this computer cannot be read: {error.strerror}."
        if not self._order and self._trouble is None:
            self._trouble = (
                "This computer is in no network of its own. Connect it to the same one as the other screen."
            )
        for gone in self._entrances.keys() - set(self._order):
            self._entrances.pop(gone).close()
        for own in self._order:
            if own not in self._entrances and not self._is_served(own):
                await self._open(own)
        self._gate.entrances = frozenset(str(own.address) for own in self._entrances)
        return (set(self._entrances), self._trouble) != before

    def _is_served(self, own: OwnAddress) -> bool:
        """Whether the setting 'host' has the page served there anyway: by whose word everybody may knock."""
        return self._listening.host in (str(own.address), "0.0.0.0", "::")  # noqa: S104 - compared, not bound

    async def _open(self, own: OwnAddress) -> None:
        try:
            # What arrives first must find the gate knowing that nobody is the owner here.
            self._gate.entrances |= {str(own.address)}
            self._entrances[own] = await self._listening.also(str(own.address), own.is_on_link)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                return  # gone again already: the kernel tells
            self._trouble = (
                f"Port {self._listening.port} on {own.address} cannot be used: {error.strerror}. Stop the program that "
                "has it, or choose another port in the settings."
            )
            log.warning("%s", self._trouble)
        else:
            log.info("other screens come in address=%s port=%d", own.address, self._listening.port)

    def _be_called(self) -> None:
        """Have the name known beside everything else: it takes a second or two, and zeroconf is imported for it."""
        if self._make_called is None:
            return
        if self._naming is not None:
            self._naming.cancel()
        self._naming = asyncio.create_task(self._name_it(self._make_called), name="name in the network")

    async def _name_it(self, make: Callable[[int], Called]) -> None:
        if self._called is None:
            self._called = await asyncio.to_thread(make, self._listening.port)
        try:
            self._name = await self._called.go_by([str(own.address) for own in self._entrances])
        except OSError as error:
            self._name = None
            log.warning("No name could be made known in the network error=%s", error)
        self._gate.hosts.also([self._name] if self._name else [])
        self._changed()


def _host(own: OwnAddress) -> str:
    return f"[{own.address}]" if own.address.version == 6 else str(own.address)
