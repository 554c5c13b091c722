"""``MediaInfo`` on its way out of the confined process, which may have been taken over by the film. Pure."""

import math
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from matinee.confined.frames import Head, WireError
from matinee.models.media import MediaInfo

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MOST_TRACKS = 64
MOST_CHAPTERS = 500


def info_to_wire(info: MediaInfo) -> Head:
    """Write what a film is made of."""
    return asdict(info)


def info_from_wire(head: Head) -> MediaInfo:
    """Read what a film is made of.

    Raises:
        WireError: it is not a MediaInfo, or one with more or other than films have.
    """
    try:
        info: MediaInfo = _adapter().validate_python(head)
    except ValueError as exc:
        raise WireError("not a description of a film") from exc
    if not _is_finite(info) or max(len(info.video), len(info.audio), len(info.subtitles)) > MOST_TRACKS:
        raise WireError("a description of no film")
    if info.duration_s is not None and info.duration_s <= 0:
        raise WireError("a film without time")
    return info


@cache
def _adapter() -> "TypeAdapter[MediaInfo]":
    from pydantic import TypeAdapter

    return TypeAdapter(MediaInfo)


def _is_finite(value: Any) -> bool:
    if is_dataclass(value):
        return all(_is_finite(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return all(_is_finite(part) for part in value)
    return not isinstance(value, float) or math.isfinite(value)
