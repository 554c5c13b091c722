"""What is remembered of people who watch, and told to every screen as soon as it is.

Quick to import: the database's part comes on first need (docs/decisions/0002-start.md).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from matinee.errors import BadRequest, Conflict
from matinee.events import LibraryChanged
from matinee.storage.database import Database
from matinee.types import ProfileId

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from matinee.events import Bus
    from matinee.library.lock import Lock
    from matinee.models.library import Kept, Kind, Profile, Progress, Record, Seen, Taken, Work

T = TypeVar("T")

NIGHT = timedelta(hours=5)
"""An evening ends so long after midnight: what is watched over it is one viewing."""


def now_ms() -> int:
    """Give Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


class Library:
    """Profiles and their records.

    Every method waits for the database to be open, raises ``StorageFailed`` when it refuses, and ``ProfileNotFound``
    when there is no such profile.

    Args:
        database: where they are kept.
        bus: whom changes are told.
        clock: gives Unix time in milliseconds.
    """

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], int] = now_ms) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._lock: Lock | None = None

    async def profiles(self) -> tuple[Profile, ...]:
        """Give all profiles, the first one first."""

        def work(connection: Connection) -> tuple[Profile, ...]:
            from matinee.library import store

            return tuple(store.all_profiles(connection, self._clock()))

        return await self._run(work)

    async def add_profile(self, name: str, colour: str, *, child: bool) -> Profile:
        """Make a profile.

        Raises:
            BadRequest: its name is empty.
            Conflict: there are enough.
        """
        from matinee.library.document import MOST_PROFILES
        from matinee.models.library import Profile as Made

        made = Made(
            ProfileId(secrets.token_urlsafe(9)), _named(name), colour, child, keeps_history=True,
            created_ms=self._clock(),
        )  # fmt: skip

        def work(connection: Connection) -> None:
            from matinee.library import store

            if len(store.all_profiles(connection, self._clock())) >= MOST_PROFILES:
                raise Conflict(f"There are {MOST_PROFILES} profiles already. Remove one first.")
            store.put_profile(connection, made)

        await self._run(work)
        self._tell_profiles()
        return made

    async def change_profile(
        self,
        profile_id: ProfileId,
        *,
        name: str | None = None,
        colour: str | None = None,
        child: bool | None = None,
        keeps_history: bool | None = None,
    ) -> Profile:
        """Change a profile; None leaves a field as it is. One that keeps no history any more has none at once.

        Raises:
            BadRequest: its name is empty.
            Conflict: the first one cannot be a child's.
        """
        from matinee.models.library import FIRST, Kind

        if child and profile_id == FIRST:
            raise Conflict("The first profile cannot be a child's: nobody could manage the others.")
        wanted = {"name": None if name is None else _named(name), "colour": colour, "child": child}
        fields = {
            key: value
            for key, value in {**wanted, "keeps_history": keeps_history}.items()
            if value is not None
        }

        def work(connection: Connection) -> Profile:
            from matinee.library import store

            changed = replace(store.a_profile(connection, profile_id, self._clock()), **fields)  # type: ignore[arg-type]  # each field was given its own type above
            store.put_profile(connection, changed)
            if not changed.keeps_history:
                store.drop(connection, profile_id, Kind.HISTORY)
            return changed

        changed = await self._run(work)
        self._tell_profiles()
        return changed

    async def remove_profile(self, profile_id: ProfileId) -> None:
        """Forget a profile and all that is remembered of it.

        Raises:
            Conflict: it is the first, which is always there.
        """
        from matinee.models.library import FIRST

        if profile_id == FIRST:
            raise Conflict("The first profile is always there. Rename it, or forget what it remembers.")

        def work(connection: Connection) -> None:
            from matinee.library import store

            store.a_profile(connection, profile_id, self._clock())
            store.drop_profile(connection, profile_id)

        await self._run(work)
        self._tell_profiles()

    async def records(
        self, profile_id: ProfileId, kind: Kind, most: int, before_ms: int | None = None
    ) -> list[Record]:
        """Give records of a kind, the newest first; of those before a moment, where one is given."""

        def work(connection: Connection) -> list[Record]:
            from matinee.library import store

            store.a_profile(connection, profile_id, self._clock())
            return store.newest(connection, profile_id, kind, most, before_ms)

        return await self._run(work)

    async def left(self, keys: Sequence[str]) -> list[Progress]:
        """Say where anybody left these works, in no order."""

        def work(connection: Connection) -> list[Progress]:
            from matinee.library import store
            from matinee.models.library import Kind
            from matinee.models.library import Progress as Left

            return [
                one for one in store.of_everybody(connection, Kind.PROGRESS, keys) if isinstance(one, Left)
            ]

        return await self._run(work)

    async def put(
        self, profile_id: ProfileId, kind: Kind, key: str, make: Callable[[int, Record | None], Record]
    ) -> Record:
        """Keep a record, made of the moment in Unix milliseconds and of what was there."""
        moment = self._clock()

        def work(connection: Connection) -> Record:
            from matinee.library import store

            store.a_profile(connection, profile_id, moment)
            record = make(moment, store.find(connection, profile_id, kind, key))
            store.put(connection, profile_id, [record])
            return record

        record = await self._run(work)
        self._tell(profile_id, record)
        return record

    async def see(self, profile_id: ProfileId, work: Work, seen: Seen) -> Progress:
        """Keep where somebody is in a work, and that they watched it this evening."""
        from matinee.library.seeing import progress_of, viewing_of
        from matinee.models.library import Kind
        from matinee.models.library import Progress as Made

        moment = self._clock()
        day = _evening(moment)

        def keep(connection: Connection) -> tuple[Progress, Record | None]:
            from matinee.library import store

            profile = store.a_profile(connection, profile_id, moment)
            before = store.find(connection, profile_id, Kind.PROGRESS, work.key)
            progress = progress_of(work, seen, before if isinstance(before, Made) else None, moment)
            viewing = viewing_of(progress, seen, day) if profile.keeps_history else None
            store.put(connection, profile_id, [progress, *([viewing] if viewing is not None else [])])
            return progress, viewing

        progress, viewing = await self._run(keep)
        self._tell(profile_id, progress)
        if viewing is not None:
            self._tell(profile_id, viewing)
        return progress

    async def forget(self, profile_id: ProfileId, kind: Kind, keys: Sequence[str] | None = None) -> None:
        """Forget records of a kind, or all of them; what is not there is no error."""

        def work(connection: Connection) -> None:
            from matinee.library import store

            store.a_profile(connection, profile_id, self._clock())
            store.drop(connection, profile_id, kind, keys)

        await self._run(work)
        for key in ["*"] if keys is None else keys:
            self._bus.publish(LibraryChanged(profile_id, kind.value, key, None))

    async def clear(self, profile_id: ProfileId) -> None:
        """Forget everything that is remembered of a profile; the profile itself stays."""

        def work(connection: Connection) -> None:
            from matinee.library import store

            store.a_profile(connection, profile_id, self._clock())
            store.drop_all(connection, profile_id)

        await self._run(work)
        self._bus.publish(LibraryChanged(profile_id, "*", "*", None))

    async def export(self) -> dict[str, Any]:
        """Give everything that is remembered of everybody, as ``document`` writes it."""

        def work(connection: Connection) -> list[Kept]:
            from matinee.library import store
            from matinee.models.library import Kept as Whole

            return [
                Whole(profile, tuple(store.every(connection, profile.id).values()))
                for profile in store.all_profiles(connection, self._clock())
            ]

        from matinee.library.document import written

        kept = await self._run(work)
        return written(kept, datetime.fromtimestamp(self._clock() / 1000, UTC).isoformat(timespec="seconds"))

    async def take(self, coming: Sequence[Kept]) -> Taken:
        """Bring in another library: what is not here is added, of each record the newest stays, nothing goes.

        All of it, or, when the database refuses, nothing.

        Raises:
            Conflict: it has more profiles than there is room for.
        """

        def work(connection: Connection) -> Taken:
            from matinee.library.taking import take

            return take(connection, coming, self._clock())

        taken = await self._run(work)
        self._tell_profiles()
        for one in coming:
            self._bus.publish(LibraryChanged(one.profile.id, "*", "*", None))
        return taken

    async def lock(self) -> Lock:
        """Give what keeps the way out of a child's profile."""
        await self._database.opened()
        if self._lock is None:
            from matinee.library.lock import Lock

            self._lock = Lock(self._database, self._tell_profiles)
        return self._lock

    async def _run(self, work: Callable[[Connection], T]) -> T:
        await self._database.opened()
        return await self._database.run(work)

    def _tell(self, profile_id: ProfileId, record: Record) -> None:
        from matinee.library.records import kind_of

        self._bus.publish(LibraryChanged(profile_id, kind_of(record).value, record.key, record))

    def _tell_profiles(self) -> None:
        self._bus.publish(LibraryChanged(ProfileId("*"), "profiles", "*", None))


def _named(name: str) -> str:
    from matinee.library.records import PROFILE_CHARS
    from matinee.names import clean_name

    cleaned = clean_name(name, "", PROFILE_CHARS)
    if not cleaned:
        raise BadRequest("Give the profile a name.")
    return cleaned


def _evening(moment_ms: int) -> str:
    """Name the evening of a moment, where this computer is."""
    return (datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone() - NIGHT).date().isoformat()
