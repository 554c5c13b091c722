"""Where a list of titles goes on, as a text that others hand back. Pure."""

import base64
import binascii
import json
from dataclasses import dataclass

from matinee.errors import BadRequest

LIMIT = 1000
LARGEST = 1 << 31


@dataclass(frozen=True, slots=True)
class Place:
    """The last title of the part before."""

    tier: int
    """Which kind of hit it was; 0 in a sorted list."""
    key: str | float
    """What it was sorted by; empty where that is the row."""
    row: int


def write(place: Place) -> str:
    """Write a place."""
    packed = json.dumps([place.tier, place.key, place.row], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read(cursor: str, tiers: int, key: type[str] | type[float]) -> Place:
    """Read what ``write`` wrote.

    Args:
        cursor: as it was handed back.
        tiers: how many kinds of hits there are.
        key: what such a list is sorted by.

    Raises:
        BadRequest: it was not written here, or for another list.
    """
    try:
        if len(cursor) > LIMIT:
            raise ValueError("too long")
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        tier, found, row = json.loads(packed)
        if type(tier) is not int or type(row) is not int or not (0 <= tier < tiers and 0 <= row < LARGEST):
            raise ValueError("out of range")
        if key is float and type(found) is int and abs(found) < LARGEST:
            found = float(found)
        if type(found) is not key or found != found or "\0" in str(found):
            raise ValueError("another key")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadRequest("This cursor is not of this list. Ask without one for its beginning.") from error
    return Place(tier, found, row)
