"""Brings a library that came as a file into the database. Imported with SQLAlchemy, on first need."""

from collections.abc import Sequence

from sqlalchemy import Connection

from matinee.errors import Conflict
from matinee.library import store
from matinee.library.document import MOST_PROFILES
from matinee.library.merge import merged
from matinee.library.records import kind_of
from matinee.models.library import Kept, Kind, Taken


def take(connection: Connection, coming: Sequence[Kept], now_ms: int) -> Taken:
    """Merge it in; a profile that is here keeps its name, and none of its records that is newer.

    Raises:
        Conflict: there would be too many profiles.
    """
    here = {one.id: one for one in store.all_profiles(connection, now_ms)}
    new = [one.profile for one in coming if one.profile.id not in here]
    if len(here) + len(new) > MOST_PROFILES:
        raise Conflict(f"There would be more than {MOST_PROFILES} profiles. Remove some first.")
    added = changed = same = 0
    for profile in new:
        store.put_profile(connection, profile)
    for one in coming:
        mine = here.get(one.profile.id)
        kept = store.every(connection, one.profile.id)
        without = mine is not None and not mine.keeps_history
        records = [record for record in one.records if not (without and kind_of(record) is Kind.HISTORY)]
        taken = merged(kept, records)
        fresh = sum(place not in kept for place in taken)
        added += fresh
        changed += len(taken) - fresh
        same += len(one.records) - len(taken)
        store.put(connection, one.profile.id, taken.values())
    return Taken(len(new), added, changed, same)
