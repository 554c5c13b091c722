"""Records as JSON, and back: what comes from a file, a page or a database that somebody damaged is checked. Pure."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from matinee.errors import BadLibrary
from matinee.models.library import (
    COLOURS,
    KIND_OF,
    Kind,
    Profile,
    Progress,
    Rating,
    Record,
    Taste,
    Thumb,
    Viewing,
    Wish,
    Work,
)
from matinee.names import clean_name
from matinee.types import FileIndex, InfoHash, ProfileId

NAME_CHARS = 120
PROFILE_CHARS = 40
SERIES_CHARS = 200
LOOK_CHARS = 400
MOST_SECONDS = 1_000_000.0
MOST_DELAY_S = 3600.0
MOST_INDEX = 10**9
MOST_NUMBER = 100_000
LATEST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999."""

_TITLE = re.compile(r"(?=.{1,200}\Z)[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*")
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PROFILE = re.compile(r"[A-Za-z0-9_-]{1,22}")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{0,40}")


class Reader:
    """Takes fields out of an object, one by one; what is left at the end should not be there."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, dict):
            raise BadLibrary(f"{where} must be an object.")
        self._left = dict(data)
        self._where = where

    def take(self, name: str, expected: str, is_right: Callable[[Any], bool], default: Any = None) -> Any:
        """Take a field; a default of None has it be required."""
        value = self._left.pop(name, default)
        if not is_right(value):
            raise BadLibrary(f"{self._where}: {name} must be {expected}.")
        return value

    def maybe(self, name: str, expected: str, is_right: Callable[[Any], bool]) -> Any:
        """Take a field that may be null or not there."""
        value = self._left.pop(name, None)
        if value is not None and not is_right(value):
            raise BadLibrary(f"{self._where}: {name} must be {expected}, or null.")
        return value

    def text(self, name: str, most: int) -> str:
        """Take a text and make it fit to be shown."""
        return clean_name(self.take(name, "a text", _is_text, ""), "", most)

    def flag(self, name: str) -> bool:
        """Take a boolean."""
        return bool(self.take(name, "true or false", lambda value: isinstance(value, bool)))

    def seconds(self, name: str) -> float:
        """Take a duration, in seconds."""
        return float(self.take(name, "a number of seconds", lambda value: _is_within(value, 0, MOST_SECONDS)))

    def moment(self, name: str) -> int:
        """Take a moment, in milliseconds."""
        return int(self.take(name, "a moment in milliseconds", lambda value: _is_index(value, LATEST_MS)))

    def end(self) -> None:
        """Refuse what has not been taken."""
        if self._left:
            raise BadLibrary(f"{self._where}: {str(next(iter(self._left)))[:40]!r} is not known.")


def read_record(kind: Kind, data: Any, where: str = "record") -> Record:
    """Give the record that an object says.

    Args:
        kind: of which kind.
        data: as ``data_of`` writes it.
        where: how an error names it.

    Raises:
        BadLibrary: it is none; the message says which field is wrong.
    """
    reader = Reader(data, where)
    record = _READERS[kind](reader)
    reader.end()
    return record


def data_of(record: Record) -> dict[str, Any]:
    """Give a record as JSON has it."""
    data = asdict(record)
    work = data.pop("work", None)
    return {**work, **data} if work is not None else data


def read_profile(data: Any, where: str = "profile") -> Profile:
    """Give the profile that an object says.

    Raises:
        BadLibrary: it is none.
    """
    reader = Reader(data, where)
    profile = Profile(
        id=ProfileId(reader.take("id", "an id", lambda value: _is_like(value, _PROFILE))),
        name=reader.text("name", PROFILE_CHARS),
        colour=reader.take("colour", f"one of {', '.join(COLOURS)}", lambda value: value in COLOURS),
        child=reader.flag("child"),
        keeps_history=reader.flag("keeps_history"),
        created_ms=reader.moment("created_ms"),
    )
    reader.end()
    return profile


def profile_data(profile: Profile) -> dict[str, Any]:
    """Give a profile as JSON has it."""
    return asdict(profile)


def kind_of(record: Record) -> Kind:
    """Say of which kind a record is."""
    return KIND_OF[type(record)]


def _work(reader: Reader) -> Work:
    title = reader.take("title", "a title's id or an info hash", lambda value: _is_like(value, _TITLE))
    season = reader.maybe("season", "a number", lambda value: _is_index(value, MOST_NUMBER))
    number = reader.maybe("number", "a number", lambda value: _is_index(value, MOST_NUMBER))
    file = reader.maybe("file", "a file's index", lambda value: _is_index(value, MOST_INDEX))
    if (season is None) != (number is None) or (season is not None and file is not None):
        raise BadLibrary(f"{title}: season and number belong together, and not to a file.")
    return Work(title, season, number, None if file is None else FileIndex(file))


def _progress(reader: Reader) -> Record:
    info_hash = reader.maybe("info_hash", "an info hash", lambda value: _is_like(value, _HASH))
    index = reader.maybe("file_index", "a file's index", lambda value: _is_index(value, MOST_INDEX))
    return Progress(
        work=_work(reader),
        position_s=reader.seconds("position_s"),
        duration_s=reader.seconds("duration_s"),
        watched=reader.flag("watched"),
        info_hash=None if info_hash is None else InfoHash(info_hash),
        file_index=None if index is None else FileIndex(index),
        name=reader.text("name", NAME_CHARS),
        changed_ms=reader.moment("changed_ms"),
    )


def _viewing(reader: Reader) -> Record:
    return Viewing(
        day=reader.take("day", "a day, as 2026-11-26", lambda value: _is_like(value, _DAY)),
        work=_work(reader),
        position_s=reader.seconds("position_s"),
        duration_s=reader.seconds("duration_s"),
        watched=reader.flag("watched"),
        name=reader.text("name", NAME_CHARS),
        changed_ms=reader.moment("changed_ms"),
    )


def _wish(reader: Reader) -> Record:
    return Wish(
        title=reader.take("title", "a title's id or an info hash", lambda value: _is_like(value, _TITLE)),
        name=reader.text("name", NAME_CHARS),
        changed_ms=reader.moment("changed_ms"),
    )


def _rating(reader: Reader) -> Record:
    return Rating(
        title=reader.take("title", "a title's id or an info hash", lambda value: _is_like(value, _TITLE)),
        thumb=Thumb(reader.take("thumb", "up or down", lambda value: value in ("up", "down"))),
        name=reader.text("name", NAME_CHARS),
        changed_ms=reader.moment("changed_ms"),
    )


def _taste(reader: Reader) -> Record:
    def language(name: str) -> str | None:
        found = reader.maybe(name, "a language", lambda value: _is_like(value, _LANGUAGE))
        return None if found is None else str(found)

    def number(name: str, low: float, high: float) -> float | None:
        found = reader.maybe(name, f"from {low} to {high}", lambda value: _is_within(value, low, high))
        return None if found is None else float(found)

    return Taste(
        series=reader.take(
            "series",
            f"a text of at most {SERIES_CHARS} characters",
            lambda value: _is_plain(value, SERIES_CHARS),
        ),
        subtitles=language("subtitles"),
        second=language("second"),
        audio=language("audio"),
        look=reader.maybe("look", "a short text", lambda value: _is_plain(value, LOOK_CHARS)),
        delay_s=number("delay_s", -MOST_DELAY_S, MOST_DELAY_S),
        stretch=number("stretch", 0.1, 10.0),
        changed_ms=reader.moment("changed_ms"),
    )


_READERS: Mapping[Kind, Callable[[Reader], Record]] = {
    Kind.PROGRESS: _progress,
    Kind.HISTORY: _viewing,
    Kind.WATCHLIST: _wish,
    Kind.RATING: _rating,
    Kind.TASTE: _taste,
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_plain(value: Any, most: int) -> bool:
    """Tell whether a text can be a key in any database: no controls, nothing that UTF-8 cannot say."""
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()


def _is_like(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_index(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_within(value: Any, low: float, high: float) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and low <= value <= high
