"""Which pieces are wanted now, and in which order: all readers of a torrent merged fairly. Pure.

The result is a whole wish, piece to priority; ``change`` gives the difference to the wish before it, and only
that difference is told to the engine. Nothing else in the program touches priorities or deadlines.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from matinee.torrent.governor import NEAR_BYTES, SPARE_BYTES, Reach
from matinee.torrent.layout import Layout
from matinee.torrent.window import Window
from matinee.types import PieceIndex, Priority

TOP, NEXT, REST = Priority(7), Priority(6), Priority(5)
SPARE = NEXT
"""Where there is room. Nothing is urgent then, and behind what is read ahead, which has no end, it would never come."""

BACKGROUND = Priority(4)
"""Of a file that is taken though nobody plays it."""

Wish = Mapping[PieceIndex, Priority]
"""What is wanted; a piece that is not in it has priority 0."""


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be told to the engine."""

    priorities: tuple[tuple[PieceIndex, Priority], ...]
    """New priorities, raised ones first, so that the torrent is never without a wish in between."""
    cancel_for: PieceIndex | None = None
    """A jump: everything in flight is to be cancelled in favour of this piece."""
    urgent: tuple[PieceIndex, ...] = ()
    """What a picture waits for, the first first: the whole of it, not a difference."""
    drop: PieceIndex | None = None
    """Nothing is wanted any more, and of what was in flight for nobody this is one: all of it is to be cancelled."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A window, and how far ahead of its playhead pieces may be wanted now."""

    window: Window
    reach: Reach


def plan(layout: Layout, have: Sequence[int], demands: Sequence[Demand]) -> dict[PieceIndex, Priority]:
    """Merge the demands into one wish.

    Readers that wait, or soon will, come first, in turn piece by piece; the others' readahead only fills what is
    left.

    Args:
        layout: the torrent's pieces.
        have: one entry a piece, true where the piece is here.
        demands: one a reader, in the order in which they are served.
    """
    if all(have):
        return {}  # hundreds may watch a whole film
    urgent = [demand for demand in demands if demand.window.waiting or _is_near(layout, have, demand.window)]
    wish: dict[PieceIndex, Priority] = {}
    for group in (urgent, [demand for demand in demands if demand not in urgent]):
        _rank(wish, [_next_missing(layout, have, demand) for demand in group])
        if wish:
            return wish
    _rank(wish, [_behind(layout, have, demand.window) for demand in demands])
    return wish


def provided(layout: Layout, have: bytearray, windows: Iterable[Window], ahead_bytes: int) -> bool:
    """Tell whether every reader has so much ahead of it, or all that its window wants, and none waits.

    Asked with each piece that comes: ``have`` is searched, not walked.
    """
    if have.find(0) < 0:
        return not any(window.waiting for window in windows)
    for window in windows:
        ahead = layout.covering(window.position, min(window.position + ahead_bytes, window.stop))
        if window.waiting or have.find(0, ahead.start, ahead.stop) >= 0:
            return False
    return True


def spare(
    layout: Layout, have: Sequence[int], queues: Sequence[Sequence[PieceIndex]]
) -> dict[PieceIndex, Priority]:
    """Choose what comes next of that for which nobody waits: from each queue in turn, and little at once."""
    wish: dict[PieceIndex, Priority] = {}
    wanted_bytes = 0
    missing = [[piece for piece in queue if not have[piece]] for queue in queues]
    for row in zip_longest(*missing):
        for piece in row:
            if piece is None or piece in wish:
                continue
            if wanted_bytes >= SPARE_BYTES:
                return wish
            wish[piece] = SPARE
            wanted_bytes += layout.size(piece)
    return wish


def change(
    before: Wish,
    after: Wish,
    cancel_for: PieceIndex | None = None,
    urgent: tuple[PieceIndex, ...] = (),
) -> Change:
    """Give what differs between two wishes."""
    raised = [(piece, priority) for piece, priority in after.items() if before.get(piece) != priority]
    dropped = [(piece, Priority(0)) for piece in before if piece not in after]
    return Change((*raised, *dropped), cancel_for, urgent)


def _rank(wish: dict[PieceIndex, Priority], queues: Sequence[Iterator[PieceIndex]]) -> None:
    """Add the queues' pieces, one from each in turn: the first of all is top, the second row next, the rest rest."""
    for row, pieces in enumerate(zip_longest(*queues)):
        priority = (TOP, NEXT, REST)[min(row, 2)]
        for piece in pieces:
            if piece is not None:
                wish.setdefault(piece, priority)


def _is_near(layout: Layout, have: Sequence[int], window: Window) -> bool:
    """Tell whether a reader that does not wait yet soon will: otherwise its next piece would come and go."""
    ahead = layout.covering(window.position, min(window.position + NEAR_BYTES, window.last))
    return any(not have[piece] for piece in ahead)


def _next_missing(layout: Layout, have: Sequence[int], demand: Demand) -> Iterator[PieceIndex]:
    """Give the missing pieces ahead of a playhead until their bytes make up the reach."""
    window, reach = demand.window, demand.reach
    critical_stop = min(window.position + reach.critical_bytes, window.stop)
    missing_bytes = 0
    for index in layout.covering(window.position, window.stop):
        piece = PieceIndex(index)
        if have[piece]:
            continue
        start, stop = layout.bounds(piece)
        held_back = start >= critical_stop and any(
            not have[near] for near in layout.covering(window.position, critical_stop)
        )
        if held_back or missing_bytes >= reach.window_bytes:
            return
        yield piece
        missing_bytes += stop - max(start, window.position)


def _behind(layout: Layout, have: Sequence[int], window: Window) -> Iterator[PieceIndex]:
    """Give the missing pieces a little behind a playhead, the nearest first."""
    for index in reversed(layout.covering(window.behind, window.position)):
        if not have[index]:
            yield PieceIndex(index)
            return
