"""``MediaInfo`` on its way out of the confined process, which may have been taken over by the film. Pure."""

import math
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, NewType, cast, get_args, get_origin, get_type_hints

from matinee.confined.frames import Head, WireError
from matinee.models.media import Attachment, MediaInfo

MOST_TRACKS = 64
MOST_PICTURES = 16
MOST_CHAPTERS = 500
MOST_SECONDS = 1_000_000.0
"""Eleven days."""
_MOST_OF_ALL = 2**63


def info_to_wire(info: MediaInfo) -> Head:
    """Write what a film is made of."""
    return asdict(info)


def info_from_wire(head: Head) -> MediaInfo:
    """Read what a film is made of.

    Raises:
        WireError: it is not a MediaInfo, or one with more or other than films have.
    """
    info = cast(MediaInfo, _read(MediaInfo, head))
    tracks = max(map(len, (info.video, info.audio, info.subtitles, info.attachments)))
    if tracks > MOST_TRACKS or len(info.chapters) > MOST_CHAPTERS or len(info.pictures) > MOST_PICTURES:
        raise WireError("a description of more than a film")
    if info.duration_s is not None and not 0 < info.duration_s <= MOST_SECONDS:
        raise WireError("a film without time")
    return info


def attachments_from_wire(head: Head) -> tuple[Attachment, ...]:
    """Read which files lie in a film. Raises WireError."""
    found = cast(tuple[Attachment, ...], _read(tuple[Attachment, ...], head.get("attachments")))
    if len(found) > MOST_TRACKS:
        raise WireError("more files than a film has")
    return found


def _read(kind: Any, value: Any) -> Any:
    """Make a value of a type out of what JSON gave; nothing is taken for what it is not."""
    if isinstance(kind, NewType):
        kind = kind.__supertype__
    if is_dataclass(kind):
        return _read_record(kind, value)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise WireError("not a list")
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if options := get_args(kind):
        (some,) = (option for option in options if option is not NoneType)
        return None if value is None and NoneType in options else _read(some, value)
    if issubclass(kind, StrEnum) and value in list(kind):
        return kind(value)
    if kind is float and type(value) is int:
        value = float(value) if abs(value) < _MOST_OF_ALL else math.inf
    if type(value) is not kind or (kind is float and not math.isfinite(value)):
        raise WireError("not a description of a film")
    if kind is int and abs(value) >= _MOST_OF_ALL:
        raise WireError("a number is out of range")
    return value


def _read_record(kind: Any, value: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise WireError("not a description of a film")
    return kind(**{name: _read(hint, value[name]) for name, hint in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
