"""What web and command line ask of what is remembered of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from matinee.types import ProfileId

if TYPE_CHECKING:
    from matinee.models.library import Going, Kind, Profile, Progress, Record, Seen, Taken, Work
    from matinee.models.title import Title


class ChildLock(Protocol):
    """What keeps the way out of a child's profile: ``library/lock.py``."""

    async def is_set(self) -> bool:
        """Whether there is a number."""

    async def set(self, number: str | None, old: str | None, *, is_owner: bool = False) -> None:
        """Choose a number, or have none; an owner need not know the old one. Raises BadRequest, Refused."""

    async def open(self, number: str) -> None:
        """Let somebody out who knows it. Raises Refused."""


class Library(Protocol):
    """What is remembered of people: ``library/service.py`` is the one that answers.

    Every method may raise ``ProfileNotFound`` and ``StorageFailed``.
    """

    async def profiles(self) -> tuple[Profile, ...]:
        """All profiles, the first one first."""

    async def add_profile(self, name: str, colour: str, *, child: bool) -> Profile:
        """Make a profile. Raises BadRequest, Conflict."""

    async def change_profile(
        self,
        profile_id: ProfileId,
        *,
        name: str | None = None,
        colour: str | None = None,
        child: bool | None = None,
        keeps_history: bool | None = None,
    ) -> Profile:
        """Change a profile. Raises BadRequest, Conflict."""

    async def remove_profile(self, profile_id: ProfileId) -> None:
        """Forget a profile and all that is remembered of it. Raises Conflict."""

    async def records(
        self, profile_id: ProfileId, kind: Kind, most: int, before_ms: int | None = None
    ) -> list[Record]:
        """Records of a kind, the newest first."""

    async def put(
        self, profile_id: ProfileId, kind: Kind, key: str, make: Callable[[int, Record | None], Record]
    ) -> Record:
        """Keep a record, made of the moment in Unix milliseconds and of what was there."""

    async def forget(self, profile_id: ProfileId, kind: Kind, keys: Sequence[str] | None = None) -> None:
        """Forget records of a kind, or all of them; what is not there is no error."""

    async def clear(self, profile_id: ProfileId) -> None:
        """Forget everything that is remembered of a profile."""

    async def export(self) -> Mapping[str, Any]:
        """Everything that is remembered of everybody."""

    async def lock(self) -> ChildLock:
        """What keeps the way out of a child's profile."""


class Watching(Protocol):
    """What people watch: ``playback/watching.py`` is the one that answers."""

    @property
    def library(self) -> Library:
        """What is remembered."""

    async def see(self, profile: ProfileId, work: Work, seen: Seen) -> Progress:
        """Keep where somebody is in a work; of a torrent's file, in the film or episode that it is."""

    async def name_of(self, title: str) -> str:
        """What a title, or a torrent, is called; empty when nobody here knows it."""

    async def cards(self, titles: Iterable[str]) -> Mapping[str, Title]:
        """Those of these titles that are shown here."""

    async def going_on(self, profile: ProfileId) -> tuple[Sequence[Going], Mapping[str, Title]]:
        """What to go on with, the last first, and the titles of it."""

    async def take(self, text: bytes) -> Taken:
        """Bring in an exported library. Raises BadLibrary, TooLarge, Conflict; then nothing of it was taken."""
