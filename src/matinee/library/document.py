"""A whole library as one file: written, and read with distrust. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from matinee.errors import BadLibrary, TooLarge
from matinee.library.records import data_of, kind_of, profile_data, read_profile, read_record
from matinee.models.library import FIRST, Kept, Kind

FORMAT = "matinee-library"
VERSION = 1
MOST_BYTES = 32 * 1024 * 1024
MOST_PROFILES = 20
MOST_RECORDS = 100_000


def written(kept: Iterable[Kept], at: str) -> dict[str, Any]:
    """Give the document of a library.

    Args:
        kept: every profile with its records.
        at: the moment, RFC 3339; for people alone.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "at": at,
        "profiles": [
            {
                **profile_data(one.profile),
                **{
                    kind.value: [data_of(record) for record in one.records if kind_of(record) is kind]
                    for kind in Kind
                },
            }
            for one in kept
        ],
    }


def read(text: bytes, now_ms: int) -> tuple[Kept, ...]:
    """Read a file that somebody says is a library.

    Args:
        text: JSON.
        now_ms: what is newer than this is taken to be of now: it would win for ever.

    Raises:
        BadLibrary: it is none, or something in it cannot be right; the message says what.
        TooLarge: it has more than a household remembers.
    """
    if len(text) > MOST_BYTES:
        raise TooLarge(f"A library has at most {MOST_BYTES // 2**20} MiB.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadLibrary("This file is not a library: it is not JSON.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadLibrary("This file is not a library that Matinee has exported.")
    if found.get("version") != VERSION:
        raise BadLibrary("This library was exported by a newer Matinee. Import it there.")
    if unknown := set(found) - {"format", "version", "at", "profiles"}:
        raise BadLibrary(f"The file has a field that is not known: {min(unknown)[:40]!r}.")
    profiles = found.get("profiles")
    if not isinstance(profiles, list):
        raise BadLibrary("profiles must be a list.")
    if len(profiles) > MOST_PROFILES:
        raise TooLarge(f"A library has at most {MOST_PROFILES} profiles.")
    kept = tuple(_profile(one, number, now_ms) for number, one in enumerate(profiles))
    if len({one.profile.id for one in kept}) < len(kept):
        raise BadLibrary("The file has a profile twice.")
    if any(one.profile.id == FIRST and one.profile.child for one in kept):
        raise BadLibrary("The first profile cannot be a child's: nobody could manage the others.")
    if sum(len(one.records) for one in kept) > MOST_RECORDS:
        raise TooLarge(f"A library has at most {MOST_RECORDS} records.")
    return kept


def _profile(data: Any, number: int, now_ms: int) -> Kept:
    where = f"profiles[{number}]"
    if not isinstance(data, dict):
        raise BadLibrary(f"{where} must be an object.")
    rest: dict[str, Any] = dict(data)
    lists: Mapping[Kind, Any] = {kind: rest.pop(kind.value, []) for kind in Kind}
    profile = read_profile(rest, where)
    records = []
    for kind, those in lists.items():
        if not isinstance(those, list):
            raise BadLibrary(f"{where}.{kind.value} must be a list.")
        for nth, one in enumerate(those):
            record = read_record(kind, _not_later(one, now_ms), f"{where}.{kind.value}[{nth}]")
            records.append(record)
    return Kept(profile, tuple(records))


def _not_later(data: Any, now_ms: int) -> Any:
    moment = data.get("changed_ms") if isinstance(data, dict) else None
    return {**data, "changed_ms": now_ms} if isinstance(moment, int) and moment > now_ms else data
