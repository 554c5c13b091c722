"""What is remembered, as the JSON of ``docs/api.md``."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from matinee.catalogue.title_data import card_data
from matinee.events import LibraryChanged
from matinee.library.records import data_of, profile_data
from matinee.library.watched import resume_s
from matinee.models.library import Going, Kind, Profile, Progress, Record
from matinee.models.title import Title

Cards = Mapping[str, Title]


def record_data(record: Record) -> dict[str, Any]:
    """Give a record; of progress also where one goes on."""
    data = {"key": record.key, **data_of(record)}
    if isinstance(record, Progress):
        data["resume_s"] = resume_s(record.position_s, record.duration_s)
    return data


def records_data(kinds: Mapping[Kind, Iterable[Record]]) -> dict[str, Any]:
    """Give records by their kinds."""
    return {kind.value: [record_data(one) for one in those] for kind, those in kinds.items()}


def profiles_data(profiles: Iterable[Profile], *, locked: bool) -> dict[str, Any]:
    """Give the profiles, and whether a number keeps children in theirs."""
    return {"profiles": [profile_data(one) for one in profiles], "locked": locked}


def going_data(going: Iterable[Going], cards: Cards) -> list[dict[str, Any]]:
    """Give what to go on with."""
    return [
        {
            "key": one.work.key,
            "title": one.work.title,
            "season": one.work.season,
            "number": one.work.number,
            "file": one.work.file,
            "position_s": one.position_s,
            "duration_s": one.duration_s,
            "follows": one.follows,
            "name": one.name,
            "changed_ms": one.changed_ms,
            "info_hash": one.info_hash,
            "file_index": one.file_index,
            "card": _card(cards, one.work.title),
        }
        for one in going
    ]


def carded_data(records: Iterable[Record], cards: Cards) -> list[dict[str, Any]]:
    """Give records of titles, each with what a wall shows of its title."""
    return [{**record_data(one), "card": _card(cards, title_of(one))} for one in records]


def title_of(record: Record) -> str:
    """Say which title a record is about; of a taste none."""
    return str(data_of(record).get("title", ""))


def change_json(event: LibraryChanged) -> str:
    """Write a change."""
    record = None if event.record is None else record_data(event.record)
    return json.dumps({"profile": event.profile, "kind": event.kind, "key": event.key, "record": record})


def _card(cards: Cards, title: str) -> dict[str, Any] | None:
    found = cards.get(title)
    return None if found is None else card_data(found)
