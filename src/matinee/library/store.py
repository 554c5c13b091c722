"""The tables of the library. Each function is work for one transaction.

Imported with SQLAlchemy, on first need.
"""

import json
import logging
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from matinee.errors import BadLibrary, ProfileNotFound
from matinee.library.merge import Place, place_of
from matinee.library.records import data_of, kind_of, profile_data, read_record
from matinee.models.library import COLOURS, FIRST, Kind, Profile, Record
from matinee.storage.tables import library, library_state, profiles
from matinee.types import ProfileId

log = logging.getLogger(__name__)

MOST = {
    Kind.PROGRESS: 5_000,
    Kind.HISTORY: 5_000,
    Kind.WATCHLIST: 2_000,
    Kind.RATING: 5_000,
    Kind.TASTE: 1_000,
}
"""So many of a kind are kept for one profile; the oldest go."""


def all_profiles(connection: Connection, now_ms: int) -> list[Profile]:
    """Give every profile, the first one first; it is made when it is not there yet."""
    rows = connection.execute(select(profiles).order_by(profiles.c.created_ms, profiles.c.id))
    found = [_profile(row) for row in rows]
    first = [one for one in found if one.id == FIRST]
    if not first:
        first = [Profile(FIRST, "", COLOURS[0], child=False, keeps_history=True, created_ms=now_ms)]
        put_profile(connection, first[0])
    return first + [one for one in found if one.id != FIRST]


def a_profile(connection: Connection, profile_id: ProfileId, now_ms: int) -> Profile:
    """Give a profile.

    Raises:
        ProfileNotFound: there is none of this id.
    """
    row = connection.execute(select(profiles).where(profiles.c.id == profile_id)).first()
    if row is not None:
        return _profile(row)
    found = [one for one in all_profiles(connection, now_ms) if one.id == profile_id]
    if not found:
        raise ProfileNotFound("There is no such profile any more. Choose another one.", profile=profile_id)
    return found[0]


def put_profile(connection: Connection, profile: Profile) -> None:
    """Keep a profile, new or changed; what is remembered of it stays."""
    fields = profile_data(profile)
    changed = connection.execute(update(profiles).where(profiles.c.id == profile.id).values(fields))
    if changed.rowcount == 0:
        connection.execute(insert(profiles).values(fields))


def drop_profile(connection: Connection, profile_id: ProfileId) -> None:
    """Forget a profile and everything that is remembered of it."""
    drop_all(connection, profile_id)
    connection.execute(delete(profiles).where(profiles.c.id == profile_id))


def find(connection: Connection, profile_id: ProfileId, kind: Kind, key: str) -> Record | None:
    """Give one record."""
    asked = select(library.c.value).where(_at(profile_id, kind), library.c.key == key)
    value = connection.scalar(asked)
    return None if value is None else _record(kind, value)


def newest(
    connection: Connection, profile_id: ProfileId, kind: Kind, most: int, before_ms: int | None = None
) -> list[Record]:
    """Give records of a kind, the newest first; one that is damaged is left out."""
    asked = select(library.c.value).where(_at(profile_id, kind))
    if before_ms is not None:
        asked = asked.where(library.c.changed_ms < before_ms)
    rows = connection.scalars(asked.order_by(library.c.changed_ms.desc(), library.c.key).limit(most))
    return [one for value in rows if (one := _record(kind, value)) is not None]


def of_everybody(connection: Connection, kind: Kind, keys: Sequence[str]) -> list[Record]:
    """Give what all profiles have of a kind under some keys."""
    asked = select(library.c.value).where(library.c.kind == kind.value, library.c.key.in_(keys))
    return [one for value in connection.scalars(asked) if (one := _record(kind, value)) is not None]


def every(connection: Connection, profile_id: ProfileId) -> dict[Place, Record]:
    """Give all records of a profile."""
    rows = connection.execute(select(library.c.kind, library.c.value).where(library.c.profile == profile_id))
    found = [_record(Kind(kind), value) for kind, value in rows if kind in set(Kind)]
    return {place_of(one): one for one in found if one is not None}


def put(connection: Connection, profile_id: ProfileId, records: Iterable[Record]) -> None:
    """Keep records, in the place of those that were there; the oldest of a kind go when there are too many."""
    kinds = set()
    for record in records:
        kind = kind_of(record)
        kinds.add(kind)
        fields = {"changed_ms": record.changed_ms, "value": json.dumps(data_of(record))}
        there = (_at(profile_id, kind), library.c.key == record.key)
        if connection.execute(update(library).where(*there).values(fields)).rowcount == 0:
            connection.execute(
                insert(library).values(profile=profile_id, kind=kind.value, key=record.key, **fields)
            )
    for kind in kinds:
        _prune(connection, profile_id, kind)


def drop(connection: Connection, profile_id: ProfileId, kind: Kind, keys: Sequence[str] | None = None) -> int:
    """Forget records, or all of a kind; gives how many."""
    which = delete(library).where(_at(profile_id, kind))
    if keys is not None:
        which = which.where(library.c.key.in_(keys))
    return connection.execute(which).rowcount


def drop_all(connection: Connection, profile_id: ProfileId) -> None:
    """Forget everything that is remembered of a profile."""
    connection.execute(delete(library).where(library.c.profile == profile_id))


def state(connection: Connection, key: str) -> str | None:
    """Give a single value."""
    found = connection.scalar(select(library_state.c.value).where(library_state.c.key == key))
    return None if found is None else str(found)


def put_state(connection: Connection, key: str, value: str | None) -> None:
    """Keep a single value; None forgets it."""
    connection.execute(delete(library_state).where(library_state.c.key == key))
    if value is not None:
        connection.execute(insert(library_state).values(key=key, value=value))


def _prune(connection: Connection, profile_id: ProfileId, kind: Kind) -> None:
    count = connection.scalar(select(func.count()).select_from(library).where(_at(profile_id, kind))) or 0
    if count <= MOST[kind]:
        return
    oldest = (
        select(library.c.key)
        .where(_at(profile_id, kind))
        .order_by(library.c.changed_ms, library.c.key)
        .limit(count - MOST[kind])
    )
    drop(connection, profile_id, kind, list(connection.scalars(oldest)))


def _at(profile_id: ProfileId, kind: Kind) -> ColumnElement[bool]:
    return and_(library.c.profile == profile_id, library.c.kind == kind.value)


def _profile(row: "Row[tuple[object, ...]]") -> Profile:
    fields = row._mapping
    colour = fields["colour"] if fields["colour"] in COLOURS else COLOURS[0]
    return Profile(
        ProfileId(fields["id"]), fields["name"], colour, bool(fields["child"]), bool(fields["keeps_history"]),
        int(fields["created_ms"]),
    )  # fmt: skip


def _record(kind: Kind, value: str) -> Record | None:
    """Read a record as it is kept; None when it is damaged, which must not hide every other."""
    try:
        return read_record(kind, json.loads(value))
    except (BadLibrary, ValueError) as error:
        log.warning("What is remembered cannot be read kind=%s error=%s", kind.value, error)
        return None
