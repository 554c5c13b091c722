"""Stills of a film that is played here, for its backdrop: made beside its seek bar's, of what is here anyway."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from matinee.catalogue.archive_extras import MOST_STILLS, Frame, richest
from matinee.catalogue.pictures import STILL_WIDTH
from matinee.media.tiles import Moment, sprite_from_wire
from matinee.media.worker import MediaWorker
from matinee.models.torrent import Ranges
from matinee.playback.spread import is_in
from matinee.types import FileIndex, InfoHash

LOOKED_AT = 10
"""Of so many the richest are kept."""
ENOUGH = 6
"""With so many of a film that is not all here nothing more is waited for."""

Keep: TypeAlias = Callable[[InfoHash, FileIndex, Sequence[bytes]], Awaitable[None]]
"""Keeps the stills of a file: WebP, the best first."""


def moments_for(moments: Sequence[Moment], here: Ranges) -> list[Moment]:
    """Choose moments of the middle third, evenly, whose bytes are here; none while there are too few of them."""
    end_s = moments[-1].stop_s if moments else 0.0
    middle = [one for one in moments if end_s <= 3 * one.start_s and 3 * one.stop_s <= 2 * end_s] or moments
    count = min(LOOKED_AT, len(middle))
    steps = (middle[len(middle) * at // count : len(middle) * (at + 1) // count] for at in range(count))
    found = (next((one for one in step if is_in(one, here)), None) for step in steps)
    possible = [one for one in found if one is not None]
    return possible if len(possible) >= min(ENOUGH, count) else []


async def take(worker: MediaWorker, moments: Sequence[Moment], *, whole: bool) -> list[bytes]:
    """Have stills made, and give the richest as WebP, the best first. Raises WireError, BadFilm, NotHere."""
    made: dict[str, bytes] = {}
    frames = []
    for moment in moments:
        middle_s = (moment.start_s + moment.stop_s) / 2
        head, body = await worker.ask(
            "pictures", stamps=[moment.stamp], at_s=[middle_s], whole=whole, side=STILL_WIDTH
        )
        if sprite_from_wire(head, body, 1).made:
            name = str(moment.stamp)
            made[name] = body
            frames.append(Frame(name, int(moment.start_s), len(body)))
    return [made[one.path] for one in richest(frames, MOST_STILLS)]
