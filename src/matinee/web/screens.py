"""Other screens: while they are let in, the page is served on this computer's addresses in its own networks too.

Addresses are followed as they come and go. Who is not on the same wire is refused before a byte of theirs is read, so
that a router that passes a port on opens nothing to the internet. Where there is a certificate TLS is spoken there, and
where one is wanted that cannot be had, nobody is let in: nothing goes on in plain text without a word (decision 0048).
"""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from matinee.config import Config
from matinee.errors import MatineeError
from matinee.outside.interfaces import OwnAddress, changes, own_addresses
from matinee.tls.keeper import LOOK_S, Keeper
from matinee.tls.names import names_here
from matinee.web.arrivals import Encryption
from matinee.web.asgi import App
from matinee.web.routes.authority import PAGE
from matinee.web.security import Gate
from matinee.web.server import Entrance, Listening

log = logging.getLogger(__name__)

KEY = "other_screens"


class Called(Protocol):
    """Has a name of this computer known in its networks; ``mdns`` has the one that is used."""

    async def go_by(self, addresses: list[str], *, secure: bool) -> str | None:
        """Have the name stand for these addresses, and for https there; gives it, or None where there is none."""

    async def close(self) -> None:
        """Take it back."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a device installs to trust this computer."""

    fingerprint: str
    """SHA-256 of it, in pairs of hex digits."""
    page: str
    """The address, in plain http, where a device finds it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How other screens find this computer now."""

    on: bool
    urls: tuple[str, ...]
    """With a slash at the end; the one that is best first, by a name where there is one last."""
    trouble: str | None
    """Why there is none, or not all, for a person."""
    encrypted: bool = False
    authority: Trusted | None = None
    """None where there is nothing to install."""


class OtherScreens:
    """Opens and shuts the entrances for other screens.

    Args:
        listening: the server.
        gate: told at which addresses nobody is the owner.
        changed: told when something of ``now`` has changed.
        shut: told when other screens are turned off.
        called: makes what has a name known; nobody is told one when None.
        keeper: has the certificates; nothing is encrypted when None.
        plain: answers who does not speak TLS where it is spoken.
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
        keeper: Keeper | None = None,
        plain: App | None = None,
        addresses: Callable[[], list[OwnAddress]] = own_addresses,
        news: Callable[[], AsyncIterator[None]] = changes,
    ) -> None:
        self._listening = listening
        self._gate = gate
        self._changed = changed
        self._shut = shut
        self._make_called = called
        self._called: Called | None = None
        self._keeper = keeper
        self._plain = plain
        self._encrypted = False
        self._addresses = addresses
        self._news = news
        self._entrances: dict[OwnAddress, Entrance] = {}
        self._task: asyncio.Task[None] | None = None
        self._naming: asyncio.Task[None] | None = None
        self._to_name = asyncio.Event()
        self._silent = False
        self._looking: asyncio.Task[None] | None = None
        self._order: list[OwnAddress] = []
        self._changing = asyncio.Lock()
        self._name: str | None = None
        self._trouble: str | None = None

    @property
    def now(self) -> Reached:
        """How other screens find this computer."""
        urls = [self._url(_host(one), one in self._entrances) for one in self._fitting()]
        named = [*self._certified(), *([self._name] if self._name and self._fits(self._name) else [])]
        if urls:
            urls += [self._url(name, self._encrypted) for name in dict.fromkeys(named)]
        return Reached(
            self._task is not None, tuple(urls), self._trouble, self._encrypted, self._installs(bool(urls))
        )

    def _url(self, host: str, entrance: bool) -> str:
        return f"http{'s' if self._encrypted and entrance else ''}://{host}:{self._listening.port}/"

    def _fits(self, host: str) -> bool:
        """Whether a client that asks for this name or address would take what it is shown."""
        shown = self._keeper.shown if self._keeper is not None and self._encrypted else None
        return shown is None or shown.fits(host)

    def _fitting(self) -> list[OwnAddress]:
        """Give the addresses at which somebody is let in; only those that a certificate names, if it names any."""
        open_here = [one for one in self._order if one in self._entrances or self._is_served(one)]
        return [one for one in open_here if self._fits(str(one.address))] or open_here

    def _certified(self) -> list[str]:
        """Give the names that stand in a certificate of the user's own: by those this computer is found then."""
        if self._keeper is None or self._keeper.shown is None or self._keeper.authority is not None:
            return []
        return sorted(name for name in self._keeper.shown.names if not name.startswith("*"))

    def _installs(self, found: bool) -> Trusted | None:
        authority = self._keeper.authority if self._keeper is not None and self._encrypted else None
        first = next((one for one in self._order if one in self._entrances), None)
        if authority is None or first is None or not found:
            return None
        page = f"http://{_host(first)}:{self._listening.port}{PAGE}"
        return Trusted(authority.fingerprint, page)

    async def go_by(self, config: Config, changed: frozenset[str]) -> None:
        """Go by the setting: listening, or not, when this returns."""
        async with self._changing:
            if config.other_screens and self._task is None:
                await self._reconcile()
                self._task = asyncio.create_task(self._follow(), name="other screens")
                self._looking = asyncio.create_task(self._look_daily(), name="certificates")
            elif not config.other_screens and self._task is not None:
                await self.close()
                self._shut()
            else:
                return
        self._changed()

    async def close(self) -> None:
        """Shut every entrance. Harmless when called twice."""
        tasks = [task for task in (self._task, self._naming, self._looking) if task is not None]
        self._task = self._naming = self._looking = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._shut_all()
        self._gate.entrances = frozenset()
        self._gate.hosts.also(())
        self._trouble = self._name = None
        self._silent = False
        if self._called is not None:
            called, self._called = self._called, None
            await called.close()

    async def renew(self) -> None:
        """Go by the certificates that there are now."""
        async with self._changing:
            if self._task is not None:
                await self._go_on()

    async def _look_daily(self) -> None:
        """See to it that certificates are made anew in time."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self.renew()

    async def _go_on(self) -> None:
        if await self._reconcile():
            self._be_called()
            self._changed()

    async def _shut_all(self) -> None:
        closing = list(self._entrances.values())
        self._entrances.clear()
        for entrance in closing:
            entrance.close()
        for entrance in closing:
            await entrance.closed()

    async def _follow(self) -> None:
        try:
            self._be_called()
            async for _ in self._news():
                await self.renew()
        except OSError as error:
            self._trouble = f"Matinee is not told when this computer's addresses change ({error.strerror})."
            log.warning("%s", self._trouble)
            self._changed()

    async def _reconcile(self) -> bool:
        """Listen on every address that there is, and on no other; tell whether anything changed."""
        before, self._trouble = self._state(), None
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
        if await self._certify():
            for own in self._order:
                if own not in self._entrances and not self._is_served(own):
                    await self._open(own)
        self._gate.entrances = frozenset(map(_bare, self._entrances))
        self._answer_to()
        return self._state() != before

    def _state(self) -> tuple[object, ...]:
        authority = self._keeper.authority if self._keeper is not None else None
        return (
            set(self._entrances), set(self._heard()), self._trouble, self._encrypted, authority, self._certified(),
        )  # fmt: skip

    def _heard(self) -> list[str]:
        """Give the addresses that somebody else may reach now: their wires are there."""
        return [_bare(one) for one in self._order if one in self._entrances and one.connected]

    async def _certify(self) -> bool:
        """Have certificates for the addresses that there are; tell whether anybody may be let in."""
        if self._keeper is None:
            return True
        wanted = True
        names = names_here()
        try:
            await self._keeper.look(names, [str(one.address) for one in self._order])
        except MatineeError as error:
            log.warning("%s", error.message)
            self._trouble = error.message
            wanted = self._keeper.shown is not None
        encrypted = self._keeper.shown is not None
        if encrypted is not self._encrypted or not wanted:
            await self._shut_all()
        self._encrypted = encrypted
        if encrypted and any(map(self._is_served, self._order)):
            self._trouble = (
                "The setting 'host' has the page served here without encryption. Leave it at 127.0.0.1, and other "
                "screens come in encrypted."
            )
        elif encrypted and self._order and not any(map(self._fits, [*names, *map(_bare, self._order)])):
            log.warning(
                "The certificate names neither this computer nor an address of it names=%s", self._certified()
            )
        return wanted

    def _is_served(self, own: OwnAddress) -> bool:
        """Whether the setting 'host' has the page served there anyway: by whose word everybody may knock."""
        return self._listening.host in (str(own.address), "0.0.0.0", "::")  # noqa: S104 - compared, not bound

    async def _open(self, own: OwnAddress) -> None:
        try:
            # What arrives first must find the gate knowing that nobody is the owner here.
            self._gate.entrances |= {str(own.address)}
            self._entrances[own] = await self._listening.also(
                str(own.address), own.is_on_link, self._encryption()
            )
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

    def _encryption(self) -> Encryption | None:
        keeper, plain = self._keeper, self._plain
        if keeper is None or keeper.shown is None or plain is None:
            return None
        shown = keeper.shown
        return Encryption(lambda: (keeper.shown or shown).context, plain)

    def _be_called(self) -> None:
        """Have the name known beside everything else: it takes a second or two, and zeroconf is imported for it."""
        if self._make_called is None:
            return
        self._to_name.set()
        if self._naming is None or self._naming.done():
            self._naming = asyncio.create_task(self._be_named(self._make_called), name="name in the network")

    async def _be_named(self, make: Callable[[int], Called]) -> None:
        while True:
            await self._to_name.wait()
            self._to_name.clear()
            await self._name_it(make)

    async def _name_it(self, make: Callable[[int], Called]) -> None:
        if not any(one.connected for one in self._order):
            # The name stays ours, and answered to: whoever plays a film by it goes on when the wire is there again.
            if self._name is not None and not self._silent:
                self._silent = True
                log.warning(
                    "The name is not announced for the moment, no network is there name=%s", self._name
                )
            return
        if self._called is None:
            self._called = await asyncio.to_thread(make, self._listening.port)
        try:
            self._name = await self._called.go_by(self._heard(), secure=self._encrypted)
        except OSError as error:
            self._name = None
            log.warning("No name could be made known in the network error=%s", error)
        if self._silent and self._name is not None:
            log.info("the name is announced again name=%s", self._name)
        self._silent = False
        self._answer_to()
        self._changed()

    def _answer_to(self) -> None:
        self._gate.hosts.also([*self._certified(), *([self._name] if self._name else [])])


def _bare(own: OwnAddress) -> str:
    return str(own.address)


def _host(own: OwnAddress) -> str:
    return f"[{own.address}]" if own.address.version == 6 else str(own.address)
