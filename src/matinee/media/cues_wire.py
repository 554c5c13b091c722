"""Subtitles inside a film on their way out of the confined process, which may have been taken over by it. Pure."""

import math
from typing import Any

from matinee.confined.frames import Head, WireError
from matinee.models.subtitles import Event, Excerpt, Syntax

MOST_EVENTS = 20_000
"""Of one excerpt: karaoke has some hundred a second, for a minute."""
TEXT_MAX_CHARS = 64 * 1024
HEADER_MAX_CHARS = 1024 * 1024


def excerpt_to_wire(excerpt: Excerpt) -> Head:
    """Write a stretch of a text track; what is beyond measure is cut."""
    return {
        "syntax": excerpt.syntax.value,
        "header": excerpt.header[:HEADER_MAX_CHARS],
        "events": [
            [event.start_s, event.stop_s, event.text[:TEXT_MAX_CHARS]]
            for event in excerpt.events[:MOST_EVENTS]
        ],
    }


def excerpt_from_wire(head: Head) -> Excerpt:
    """Read a stretch of a text track.

    Raises:
        WireError: it is none, or has more or other than tracks have.
    """
    match head:
        case {"syntax": str(syntax), "header": str(header), "events": list(events), **rest} if not rest:
            if len(events) > MOST_EVENTS or len(header) > HEADER_MAX_CHARS or syntax not in list(Syntax):
                raise WireError("an excerpt beyond measure")
            return Excerpt(Syntax(syntax), header, tuple(map(_event, events)))
    raise WireError("not an excerpt")


def _event(value: Any) -> Event:
    match value:
        case [float() | int() as start_s, float() | int() as stop_s, str(text)] if not (
            isinstance(start_s, bool) or isinstance(stop_s, bool)
        ):
            if -math.inf < start_s < stop_s < math.inf and len(text) <= TEXT_MAX_CHARS:
                return Event(float(start_s), float(stop_s), text)
    raise WireError("not an event")
