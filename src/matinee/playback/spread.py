"""Which bytes show places of a film where nobody has been: one picture in each of even steps, coarse first. Pure."""

from bisect import bisect_right
from collections.abc import Sequence

from matinee.media.tiles import Moment
from matinee.models.torrent import Ranges

STEPS = 32
MOST_BYTES = 4 * 1024 * 1024
"""No key frame is larger: who names so much does not know where it is, and nothing is fetched for that."""


def is_in(moment: Moment, here: Ranges) -> bool:
    """Tell whether all bytes that a moment's picture needs are here."""
    at = bisect_right(here.spans, moment.first, key=lambda span: span[0]) - 1
    return at >= 0 and moment.last <= here.spans[at][1]


def spread(moments: Sequence[Moment], here: Ranges, steps: int = STEPS) -> list[tuple[int, int]]:
    """Give the bytes of one moment a step, in the order in which they make a bar useful.

    Steps are taken as halves, quarters, eighths: wherever it breaks off, the pictures lie evenly. A step that has a
    moment which is here gives that one, so that the answer stays the same while the film arrives, and whoever cuts it
    short at so many bytes always cuts at the same place.

    Args:
        moments: all of the film, in order.
        here: what has arrived.
        steps: at most so many.
    """
    count = min(steps, len(moments))
    chosen = []
    for step in coarse_first(count):
        within = moments[step * len(moments) // count : (step + 1) * len(moments) // count]
        moment = next((one for one in within if is_in(one, here)), within[len(within) // 2])
        if moment.last - moment.first <= MOST_BYTES:
            chosen.append((moment.first, moment.last))
    return chosen


def coarse_first(count: int) -> list[int]:
    """Order the numbers below ``count``: the first, that of the half, those of the quarters, of the eighths, ..."""
    bits = max(count - 1, 0).bit_length()
    mirrored = (int(f"{number:0{bits}b}"[::-1], 2) if bits else 0 for number in range(1 << bits))
    return [number for number in mirrored if number < count]
