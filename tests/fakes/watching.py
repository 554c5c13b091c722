"""``Watching`` and its ``Library`` in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from matinee.errors import Conflict, ProfileNotFound, Refused
from matinee.library.document import read, written
from matinee.library.going_on import going_on
from matinee.library.merge import Place, merged, place_of
from matinee.library.records import kind_of
from matinee.library.seeing import progress_of, viewing_of
from matinee.models.library import FIRST, Going, Kept, Kind, Profile, Progress, Record, Seen, Taken, Work
from matinee.models.title import Title
from matinee.types import FileIndex, InfoHash, ProfileId
from tests.catalogue.made import SERIES
from tests.fakes.titles import FILM

NOW_MS = 1_800_000_000_000


@dataclass
class FakeLock:
    """``ChildLock``; any number but the right one is refused."""

    number: str | None = None

    async def is_set(self) -> bool:
        return self.number is not None

    async def set(self, number: str | None, old: str | None, *, is_owner: bool = False) -> None:
        if not is_owner:
            await self.open(old or "")
        self.number = number

    async def open(self, number: str) -> None:
        if self.number is not None and number != self.number:
            raise Refused("That is not the number.")


@dataclass
class FakeLibrary:
    """Remembers as the real one does, until it is thrown away."""

    people: dict[ProfileId, Profile] = field(
        default_factory=lambda: {
            FIRST: Profile(FIRST, "", "amber", child=False, keeps_history=True, created_ms=NOW_MS)
        }
    )
    remembered: dict[ProfileId, dict[Place, Record]] = field(default_factory=dict)
    now_ms: int = NOW_MS
    door: FakeLock = field(default_factory=FakeLock)

    async def profiles(self) -> tuple[Profile, ...]:
        return tuple(self.people.values())

    async def add_profile(self, name: str, colour: str, *, child: bool) -> Profile:
        made = Profile(ProfileId(f"p{len(self.people)}"), name, colour, child, True, self._now())
        self.people[made.id] = made
        return made

    async def change_profile(self, profile_id: ProfileId, **fields: Any) -> Profile:
        self._of(profile_id)
        given = {key: value for key, value in fields.items() if value is not None}
        self.people[profile_id] = replace(self.people[profile_id], **given)
        return self.people[profile_id]

    async def remove_profile(self, profile_id: ProfileId) -> None:
        self._of(profile_id)
        if profile_id == FIRST:
            raise Conflict("The first profile is always there.")
        del self.people[profile_id]

    async def records(
        self, profile_id: ProfileId, kind: Kind, most: int, before_ms: int | None = None
    ) -> list[Record]:
        found = [one for one in self._of(profile_id).values() if kind_of(one) is kind]
        newest = sorted(found, key=lambda one: (-one.changed_ms, one.key))
        return [one for one in newest if before_ms is None or one.changed_ms < before_ms][:most]

    async def put(
        self, profile_id: ProfileId, kind: Kind, key: str, make: Callable[[int, Record | None], Record]
    ) -> Record:
        there = self._of(profile_id)
        record = make(self._now(), there.get((kind, key)))
        there[place_of(record)] = record
        return record

    async def forget(self, profile_id: ProfileId, kind: Kind, keys: Sequence[str] | None = None) -> None:
        there = self._of(profile_id)
        for place in list(there):
            if place[0] is kind and (keys is None or place[1] in keys):
                del there[place]

    async def clear(self, profile_id: ProfileId) -> None:
        self._of(profile_id).clear()

    async def export(self) -> Mapping[str, Any]:
        kept = [Kept(one, tuple(self._of(one.id).values())) for one in self.people.values()]
        return written(kept, "2027-01-15T08:00:00+00:00")

    async def lock(self) -> FakeLock:
        return self.door

    def _of(self, profile_id: ProfileId) -> dict[Place, Record]:
        if profile_id not in self.people:
            raise ProfileNotFound("There is no such profile any more.", profile=profile_id)
        return self.remembered.setdefault(profile_id, {})

    def _now(self) -> int:
        self.now_ms += 1000
        return self.now_ms


@dataclass
class FakeWatching:
    """Knows two titles; a torrent's first file is the film of ``FILM`` when ``films`` says so."""

    library: FakeLibrary = field(default_factory=FakeLibrary)
    films: set[str] = field(default_factory=set)

    async def see(self, profile: ProfileId, work: Work, seen: Seen) -> Progress:
        if work.file is not None:
            seen = replace(seen, info_hash=InfoHash(work.title), file_index=FileIndex(work.file))
            work = Work(FILM.id) if work.title in self.films else work
        seen = replace(seen, name=await self.name_of(work.title))

        def make(now: int, before: Record | None) -> Record:
            return progress_of(work, seen, before if isinstance(before, Progress) else None, now)

        progress = await self.library.put(profile, Kind.PROGRESS, work.key, make)
        assert isinstance(progress, Progress)
        viewing = viewing_of(progress, seen, "2027-01-15")
        if viewing is not None:
            await self.library.put(profile, Kind.HISTORY, viewing.key, lambda now, _: viewing)
        return progress

    async def name_of(self, title: str) -> str:
        found = (await self.cards([title])).get(title)
        return "" if found is None else found.title

    async def cards(self, titles: Iterable[str]) -> Mapping[str, Title]:
        return {one.id: one for one in (FILM, SERIES) if one.id in set(titles)}

    async def going_on(self, profile: ProfileId) -> tuple[Sequence[Going], Mapping[str, Title]]:
        records = await self.library.records(profile, Kind.PROGRESS, 100)
        left = [one for one in records if isinstance(one, Progress)]
        parts = {
            str(SERIES.id): [
                (season.number, one.number) for season in SERIES.seasons for one in season.episodes
            ]
        }
        return going_on(left, parts), await self.cards([one.work.title for one in left])

    async def take(self, text: bytes) -> Taken:
        added = 0
        for one in read(text, self.library.now_ms):
            self.library.people.setdefault(one.profile.id, one.profile)
            there = self.library.remembered.setdefault(one.profile.id, {})
            taken = merged(there, one.records)
            added += len(taken)
            there.update(taken)
        return Taken(0, added, 0, 0)
