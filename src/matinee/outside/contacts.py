"""Remembers whom this program has asked since it was started: each of them saw this computer's address."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Records cost a millisecond each to make, and nobody looks at these while the program starts.
    from matinee.models.overview import Contact, Contacts, Purpose

MOST_HOSTS = 500
"""Whoever was asked longest ago is only counted."""


class _Host:
    __slots__ = ("bytes_down", "last_at", "purposes", "requests")

    def __init__(self, now: datetime) -> None:
        self.purposes: set[Purpose] = set()
        self.requests = 0
        self.bytes_down = 0
        self.last_at = now


class Note:
    """Notes what is asked for one purpose. Call it on the loop's thread."""

    def __init__(self, book: "ContactBook", purpose: "Purpose") -> None:
        self._book = book
        self._purpose = purpose

    def asked(self, host: str) -> None:
        """Note that a host is asked now."""
        self._book.asked(self._purpose, host)

    def came(self, host: str, count: int) -> None:
        """Note how many bytes it sent."""
        self._book.came(host, count)


class ContactBook:
    """All of them. Everything runs on the loop's thread."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._more = 0
        self.on_asked: Callable[[], None] = _nobody
        """Told each time that a host is asked."""

    def note(self, purpose: "Purpose") -> Note:
        """Give what notes for a purpose."""
        return Note(self, purpose)

    def asked(self, purpose: "Purpose", host: str) -> None:
        """Note that a host is asked now."""
        # The last one last: whoever has to go is the first.
        known = self._hosts.pop(host, None) or _Host(self._clock())
        self._hosts[host] = known
        known.purposes.add(purpose)
        known.requests += 1
        known.last_at = self._clock()
        if len(self._hosts) > MOST_HOSTS:
            del self._hosts[next(iter(self._hosts))]
            self._more += 1
        self.on_asked()

    def came(self, host: str, count: int) -> None:
        """Note how many bytes it sent."""
        if (known := self._hosts.get(host)) is not None:
            known.bytes_down += count

    def all(self) -> "Contacts":
        """Give whoever was asked, the last one first."""
        from matinee.models.overview import Contacts

        found = [_contact(host, known) for host, known in reversed(self._hosts.items())]
        return Contacts(tuple(found), self._more)


def _contact(host: str, known: _Host) -> "Contact":
    from matinee.models.overview import Contact

    moment = known.last_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Contact(host, tuple(sorted(known.purposes)), known.requests, known.bytes_down, moment)


def _nobody() -> None:
    """Nobody wants to know."""
