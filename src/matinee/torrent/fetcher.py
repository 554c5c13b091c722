"""Who fetches what is wanted: libtorrent, told of priorities and deadlines, and the lane."""

from typing import Protocol

import libtorrent as lt

from matinee.torrent import schedule
from matinee.torrent.lane.lane import Lane
from matinee.types import PieceIndex, Priority

LINGERING = Priority(1)
"""Of a piece that is wanted only so that something is."""


class Fetcher(Protocol):
    """Who fetches wanted pieces."""

    @property
    def by_lane(self) -> bool:
        """Whether what is urgent is gathered by a lane."""

    def apply(self, change: schedule.Change) -> None:
        """Take over what is wanted from now on. Must not wait."""


class SwarmFetcher:
    """Leaves the fetching to libtorrent: priorities do the work, a deadline only cancels what is in flight.

    What is urgent is gathered by the lane where there is one; libtorrent is told of it all the same, takes it from
    there, and fetches it where the lane cannot.
    """

    def __init__(self, handle: lt.torrent_handle, lane: Lane | None = None) -> None:
        self._handle = handle
        self._lane = lane
        self.deadline: PieceIndex | None = None
        """The piece that everything was cancelled for, while a reader wants it."""

    @property
    def by_lane(self) -> bool:
        """Whether what is urgent is gathered by a lane."""
        return self._lane is not None and self._lane.able

    def apply(self, change: schedule.Change) -> None:
        """Tell libtorrent, and the lane."""
        by_lane = self.by_lane
        if change.cancel_for is not None and not by_lane:
            # With an empty list of time-critical pieces, the first deadline makes libtorrent CANCEL everything
            # outstanding: the only way to clear what is in flight for the old place. It stays until the piece is
            # here: while it does, every peer may send again what another one holds, one block at a time.
            self._handle.clear_piece_deadlines()
            self._handle.set_piece_deadline(int(change.cancel_for), 0, 0)
            self.deadline = change.cancel_for
        elif (
            self.deadline is not None
            and dict(change.priorities).get(self.deadline, schedule.TOP) <= LINGERING
        ):
            # Not wanted any more, and libtorrent would go on asking for it, whatever its priority: this way of
            # setting one leaves a deadline where it is. It also resets the priority, which is said again below.
            self._handle.reset_piece_deadline(int(self.deadline))
            self.deadline = None
        if change.drop is not None:
            # A player of another film waits for this line. See above: nothing else makes libtorrent send CANCELs.
            self._handle.clear_piece_deadlines()
            self._handle.set_piece_deadline(int(change.drop), 0, 0)
            self._handle.clear_piece_deadlines()
            self.deadline = None
        if change.priorities:
            self._handle.prioritize_pieces(
                [(int(piece), int(priority)) for piece, priority in change.priorities]
            )
        if self._lane is not None:
            self._lane.want(change.urgent, jumped=change.cancel_for is not None)
