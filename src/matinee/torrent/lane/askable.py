"""Which bytes of a piece every peer has alike, so that they can be asked for and proved."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from matinee.torrent.layout import Layout
from matinee.types import PieceIndex


def askable(layout: Layout, runs: Sequence[tuple[int, int]], *, v2: bool) -> Callable[[PieceIndex], int]:
    """Give what may be asked for of each piece: 0 for one that holds padding of a v1 torrent.

    That padding is in no peer's files, or in every peer's own way. Behind the end of a v2 file a piece just ends:
    the padding there is libtorrent's own idea.

    Args:
        layout: the torrent's pieces.
        runs: what is no padding, as ``[start, stop)`` of the torrent's byte space, merged.
        v2: whether the torrent is one of v2 alone.
    """
    starts = [first for first, _ in runs]

    def size(piece: PieceIndex) -> int:
        start, stop = layout.bounds(piece)
        at = bisect_right(starts, start) - 1
        if at < 0 or start >= runs[at][1]:
            return 0
        last = runs[at][1]
        if last >= stop:
            return stop - start
        return last - start if v2 else 0

    return size
