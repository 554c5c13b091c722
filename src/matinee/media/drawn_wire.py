"""Picture subtitles on their way out of the confined process, which may have been taken over by the film. Pure."""

import math
from typing import Any

from matinee.confined.frames import Head, WireError
from matinee.models.subtitles import DrawnEvent, DrawnExcerpt

MOST_EVENTS = 4000
MOST_BYTES = 4 * 1024 * 1024
"""Of one excerpt; a usual picture has 10 kB."""
CODECS = ("hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub")


def drawn_to_wire(excerpt: DrawnExcerpt) -> tuple[Head, bytes]:
    """Write a stretch of a track of pictures; what is beyond measure is left out."""
    body = bytearray(excerpt.setup[:MOST_BYTES])
    events: list[list[object]] = []
    for event in excerpt.events[:MOST_EVENTS]:
        if len(body) + len(event.data) > MOST_BYTES:
            break
        body += event.data
        events.append([event.start_s, event.stop_s, len(event.data)])
    return {"codec": excerpt.codec, "setup": len(excerpt.setup[:MOST_BYTES]), "events": events}, bytes(body)


def drawn_from_wire(head: Head, body: bytes) -> DrawnExcerpt:
    """Read a stretch of a track of pictures.

    Raises:
        WireError: it is none, or has more or other than tracks have.
    """
    match head:
        case {"codec": str(codec), "setup": int(setup), "events": list(events), **rest} if not rest:
            if codec not in CODECS or len(events) > MOST_EVENTS or not 0 <= setup <= len(body):
                raise WireError("an excerpt beyond measure")
            found, at = [], setup
            for value in events:
                event, at = _event(value, body, at)
                found.append(event)
            if at == len(body):
                return DrawnExcerpt(codec, body[:setup], tuple(found))
    raise WireError("not an excerpt of pictures")


def _event(value: Any, body: bytes, at: int) -> tuple[DrawnEvent, int]:
    match value:
        case [float(start_s), float() | None as stop_s, int(length)] if 0 <= length <= len(body) - at:
            if math.isfinite(start_s) and (stop_s is None or start_s < stop_s < math.inf):
                return DrawnEvent(start_s, stop_s, body[at : at + length]), at + length
    raise WireError("not an event")
