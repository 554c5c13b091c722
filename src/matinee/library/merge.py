"""Two libraries become one: of each record the newest stays, and nothing is lost that only one of them has. Pure."""

import json
from collections.abc import Iterable, Mapping

from matinee.library.records import data_of
from matinee.models.library import KIND_OF, Kind, Record

Place = tuple[Kind, str]
"""A kind and a key: there is one record at each."""


def place_of(record: Record) -> Place:
    """Say where a record belongs."""
    return KIND_OF[type(record)], record.key


def merged(kept: Mapping[Place, Record], coming: Iterable[Record]) -> dict[Place, Record]:
    """Give what of ``coming`` takes a place: new ones, and those newer than what is there.

    Whichever way two libraries are merged, and however often, the same comes of it: of two that are equally old the one
    stays whose text is greater.
    """
    taken: dict[Place, Record] = {}
    for record in coming:
        place = place_of(record)
        there = taken.get(place, kept.get(place))
        if there is None or _rank(record) > _rank(there):
            taken[place] = record
    return taken


def _rank(record: Record) -> tuple[int, str]:
    return record.changed_ms, json.dumps(data_of(record), sort_keys=True)
