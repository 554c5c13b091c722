"""Keeps the swarm working on what the readers of one torrent need next.

Holds the readers' windows, asks ``schedule`` (pure) for the wish, and hands the difference to the fetcher, at
most once a turn of the loop. Also judges the swarm: what its rate is, whether peers let us down, and whether there
is room for what nobody waits for.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from matinee.torrent import governor, schedule, taking
from matinee.torrent.arrivals import Arrivals
from matinee.torrent.fetcher import LINGERING, Fetcher
from matinee.torrent.layout import FileLayout, Layout
from matinee.torrent.space import Share
from matinee.torrent.spare import Line, Wanted
from matinee.torrent.window import Window
from matinee.types import PieceIndex, Priority

RATE_SPAN_S = 2.0
ROOM_SPAN_S = 10.0
"""Over so long it is judged whether the swarm brings more than is needed: two pieces of 4 MiB say nothing."""
TROUBLE_S = 8.0
"""For how long after a peer let us down the guarded way is kept."""
LATE_S = 0.6
"""A wanted piece that takes this much longer than the rate promises is late: somebody sits on its blocks."""
SILENT_S = 0.6
"""Allowed in addition before the first piece: connections have to be made, and the first round trips."""
INDEX_BYTES = 4 * 1024 * 1024
"""An index at a film's end is rarely longer."""
CHEAP_PIECE_BYTES = 1024 * 1024
"""A larger piece takes the line for longer than a round trip: the last but one of a film is fetched when the player,
who knows where the index begins as soon as the head is here, asks for it. Measured with 16 MiB: 3.3 s became 2.0."""
LINGER_S = 0.5
"""For how long after the last reader left one piece stays wanted. A seek closes one connection and opens the next;
with nothing wanted libtorrent tells every peer that it is not interested, and each of them chokes it. A client that
has really gone has freed everything within a second."""


@dataclass(slots=True)
class Seat:
    """A reader's place in the steering: its window, moved by the reader alone."""

    window: Window
    pending_bytes: int = 0
    """Bytes read since the last seek; below a limit its picture is still being waited for."""
    since_s: float = 0.0
    """When that was, by the loop's clock."""


class Steering:
    """One torrent's readers and what they want together."""

    def __init__(
        self,
        layout: Layout,
        have: bytearray,
        fetcher: Fetcher,
        early: Callable[[], Sequence[PieceIndex]] = tuple,
        *,
        line: Line | None = None,
        may_spare: Callable[[], bool] = lambda: True,
    ) -> None:
        """Begin with nobody reading.

        Args:
            layout: the torrent's pieces.
            have: one byte a piece, kept up to date by its owner: 1 where it can be read.
            fetcher: who is told what is wanted.
            early: which of the pieces that can be read libtorrent does not have yet.
            line: what it shares with other torrents.
            may_spare: whether anything may be fetched for which nobody waits.
        """
        self._layout = layout
        self._have = have
        self._early = early
        self._fetcher = fetcher
        self._loop = asyncio.get_running_loop()
        self._seats: dict[int, Seat] = {}
        self._openings: list[Window] = []
        self._ids = 0
        self._wish: dict[PieceIndex, Priority] = {}
        self._urgent: tuple[PieceIndex, ...] = ()
        self._wished_at_s: dict[PieceIndex, float] = {}
        self._arrivals, self._lately = Arrivals(RATE_SPAN_S), Arrivals(ROOM_SPAN_S)
        self.share: Share | None = None
        """Of the disk: what has no room there is not asked for. None where nobody counts."""
        self._line = Line() if line is None else line
        self._may_spare = may_spare
        self._spares: dict[object, Wanted] = {}
        self._taken: taking.Runs = ()
        self._trouble_until_s = 0.0
        self._last_arrival_s = 0.0
        self._due: asyncio.Handle | None = None
        self._late: asyncio.TimerHandle | None = None
        self._linger: asyncio.TimerHandle | None = None
        self._last: Window | None = None
        """Of the reader that left last."""
        self._paused = False
        self._ended = False

    @property
    def readers(self) -> int:
        """How many readers there are."""
        return len(self._seats)

    @property
    def wanted(self) -> Collection[PieceIndex]:
        """The pieces that are wanted now."""
        return self._wish.keys()

    @property
    def waiting(self) -> bool:
        """Whether any reader waits for a missing piece."""
        return any(seat.window.waiting for seat in self._seats.values())

    def open(self, file: FileLayout, position: int) -> tuple[int, Seat]:
        """Give a reader a seat; nothing is wanted until it waits for something."""
        self._ids += 1
        seat = Seat(Window(first=file.offset, last=file.stop, position=position), since_s=self._loop.time())
        self._seats[self._ids] = seat
        return self._ids, seat

    def close(self, seat_id: int) -> None:
        """Withdraw a reader's wishes."""
        seat = self._seats.pop(seat_id, None)
        if seat is not None:
            self._last = seat.window
            self._keep_interest()
            self.touch()

    def want_opening(self, file: FileLayout, tail_bytes: int) -> None:
        """Want a film's head and tail before anybody reads: its header and its index."""
        if file.length == 0:
            return
        head = Window(
            file.offset, min(file.offset + governor.OPENING_BYTES, file.stop), file.offset, waiting=True
        )
        tail_start = max(file.offset, file.stop - tail_bytes)
        if self._layout.piece_length > CHEAP_PIECE_BYTES:
            tail_start = max(tail_start, self._layout.bounds(self._layout.piece_at(file.stop - 1))[0])
        self._openings = [head, Window(tail_start, file.stop, tail_start, waiting=True)]
        self.touch()

    def spare(self, owner: object, wanted: Wanted | None) -> None:
        """Want what nobody waits for, as long as there is room; None withdraws it."""
        if wanted is not None and not self._ended:
            self._spares[owner] = wanted
        elif self._spares.pop(owner, None) is None:
            return
        self._share_line()

    def take(self, wanted: taking.Runs) -> None:
        """Fetch these though nobody waits for them, the first first, whenever no player needs the line."""
        if wanted != self._taken and not self._ended:
            self._taken = wanted
            self._share_line()

    def _share_line(self) -> None:
        self._line.register(self, self.touch if self._spares or self._taken else None)
        self.touch()

    def wait(self, seat: Seat, position: int) -> None:
        """Note that a reader waits for the byte at ``position``; a jump cancels what is in flight elsewhere."""
        jumped = position != seat.window.position or seat.window.contiguous == 0
        seat.window = seat.window.sought(position)
        if jumped:
            seat.pending_bytes, seat.since_s = 0, self._loop.time()
            if not any(_is_about(opening, position) for opening in self._openings):
                # Somebody went elsewhere: what was fetched for nobody yet would only be in the way.
                self._openings = []
        self._apply(self._jump_target(position) if jumped else None)

    def advance(self, seat: Seat, start: int, stop: int) -> None:
        """Note that a reader took ``[start, stop)``."""
        if start != seat.window.position:
            seat.pending_bytes, seat.since_s = 0, self._loop.time()
        seat.window = seat.window.read(start, stop)
        seat.pending_bytes += stop - start
        self.touch()

    def arrived(self, piece: PieceIndex) -> None:
        """Note that a piece came."""
        for arrivals in (self._arrivals, self._lately):
            arrivals.add(self._loop.time(), self._layout.size(piece))
        self._wished_at_s.pop(piece, None)
        self._last_arrival_s = self._loop.time()
        self._apply(None)

    def peer_failed(self) -> None:
        """Note that a peer was snubbed, timed out or broke off."""
        if self.waiting or self._openings:
            self._trouble_until_s = self._loop.time() + TROUBLE_S
            self.touch()

    def pause(self, paused: bool) -> None:
        """Want nothing while paused."""
        self._paused = paused
        self._line.tell(self, needs=False)
        self.touch()

    def touch(self) -> None:
        """Plan anew before the loop's next turn."""
        if self._due is None and not self._ended:
            self._due = self._loop.call_soon(self._apply, None)

    def reset(self) -> None:
        """Say the whole wish again: libtorrent has forgotten it."""
        self._wish = {}
        self.touch()

    def stop(self) -> None:
        """Cancel every timer."""
        for timer in (self._due, self._late, self._linger):
            if timer is not None:
                timer.cancel()
        self._ended = True
        self._seats.clear()
        self._spares.clear()
        self._line.register(self, None)
        self._line.tell(self, needs=False)

    def _apply(self, jump_to: PieceIndex | None) -> None:
        if self._ended:
            return  # a reader that has not heard of it yet: libtorrent has forgotten the torrent
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._openings = [opening for opening in self._openings if self._missing(opening)]
        urgent, wish = ((), self._with_room({})) if self._paused else self._plan()
        if jump_to not in wish:
            jump_to = None  # there is no room for it: a deadline would have it come all the same
        if jump_to is not None:
            # Clearing a deadline resets its piece's priority: everything is said again.
            self._wish = {piece: priority for piece, priority in self._wish.items() if piece not in wish}
        change = schedule.change(self._wish, wish, jump_to, urgent)
        if not wish:
            change = replace(change, drop=self._in_background())
        if change.priorities or change.cancel_for is not None or urgent != self._urgent:
            self._fetcher.apply(change)
        self._urgent = urgent
        now_s = self._loop.time()
        self._wished_at_s = {piece: self._wished_at_s.get(piece, now_s) for piece in wish}
        self._wish = wish
        self._watch_for_late_pieces(now_s)

    def _plan(self) -> tuple[tuple[PieceIndex, ...], dict[PieceIndex, Priority]]:
        """Give what is urgent, and the whole wish."""
        seats = sorted(self._seats.values(), key=lambda seat: seat.window.contiguous)
        now_s = self._loop.time()
        pending = bool(self._openings) or any(
            seat.window.waiting and seat.pending_bytes < governor.PENDING_BYTES for seat in seats
        )
        swarm = governor.Swarm(self._arrivals.rate(now_s), now_s < self._trouble_until_s)
        reach = governor.reach(swarm, pending=pending, by_lane=self._fetcher.by_lane)
        demands = [schedule.Demand(seat.window, reach) for seat in seats]
        opening_reach = reach if swarm.troubled else governor.EVERYTHING
        demands += [schedule.Demand(opening, opening_reach) for opening in self._openings]
        wish = schedule.plan(self._layout, self._have, demands)
        urgent = tuple(wish) if pending or (swarm.troubled and self.waiting) else ()
        provided = self._provided(pending=pending)
        spare = self._spare(swarm, provided=provided, idle=not wish)
        if not wish and provided and self._taken and not self._line.is_needed_by_others(self):
            wish = self._background(swarm)
        elif spare and wish:
            wish = schedule.plan(
                self._layout, self._have, [schedule.Demand(seat.window, governor.BESIDE) for seat in seats]
            )
        wish = self._with_room(wish)
        if not wish and self._linger is not None and self._last is not None:
            anchor = self._next_missing(self._last.position)
            spare |= {anchor: LINGERING} if anchor is not None else {}
        spare = self._with_room(spare, must=False)
        urgent = tuple(piece for piece in urgent if piece in wish)
        return urgent, spare | wish | dict.fromkeys(self._early(), schedule.TOP)

    def _with_room(
        self, wish: dict[PieceIndex, Priority], *, must: bool = True
    ) -> dict[PieceIndex, Priority]:
        """Give what of a wish there is room for on the disk."""
        if self.share is None:
            return wish
        self.share.hold(self._early())
        if must:
            self.share.is_patient = not self._seats and not self._openings
        booked = self.share.book(wish, must=must)
        return wish if len(booked) == len(wish) else {piece: wish[piece] for piece in booked}

    def _background(self, swarm: governor.Swarm) -> dict[PieceIndex, Priority]:
        """Give what comes next of the files that are taken."""
        reach_bytes = governor.background(swarm)
        return dict.fromkeys(
            taking.next_missing(self._layout, self._have, self._taken, reach_bytes), schedule.BACKGROUND
        )

    def _provided(self, *, pending: bool) -> bool:
        """Tell whether those who play have enough, and tell other torrents when they do not."""
        now_s, film_bytes_per_s = self._loop.time(), self._film_bytes_per_s
        windows = [
            seat.window
            for seat in self._seats.values()
            if not governor.holds_enough(seat.pending_bytes, now_s - seat.since_s, film_bytes_per_s)
        ]
        ahead_bytes = governor.spare_ahead(film_bytes_per_s)
        provided = not pending and schedule.provided(self._layout, self._have, windows, ahead_bytes)
        self._line.tell(self, needs=not provided)
        return provided

    @property
    def _film_bytes_per_s(self) -> float:
        return max((wanted.film_bytes_per_s for wanted in self._spares.values()), default=0.0)

    def _spare(self, swarm: governor.Swarm, *, provided: bool, idle: bool) -> dict[PieceIndex, Priority]:
        """Give what may be wanted besides."""
        if not self._spares or self._linger is not None or not self._may_spare():
            return {}
        if not self._seats:
            if self._last is None:
                return {}
            # Who left may come back: a player that has enough closes its connection.
            ahead_bytes = governor.spare_ahead(self._film_bytes_per_s)
            provided = provided and schedule.provided(self._layout, self._have, [self._last], ahead_bytes)
        if self._line.is_needed_by_others(self):
            return {}
        lately = governor.Swarm(self._lately.mean(self._loop.time()), swarm.troubled)
        if not governor.has_room(lately, self._film_bytes_per_s, provided=provided, idle=idle):
            return {}
        return schedule.spare(self._layout, self._have, [wanted.pieces for wanted in self._spares.values()])

    def _in_background(self) -> PieceIndex | None:
        """Find a piece that was being fetched for nobody, as long as it is not here."""
        wished = (piece for piece, priority in self._wish.items() if priority == schedule.BACKGROUND)
        return next((piece for piece in wished if not self._have[piece]), None)

    def _missing(self, window: Window) -> bool:
        return any(not self._have[piece] for piece in self._layout.covering(window.position, window.last))

    def _next_missing(self, position: int) -> PieceIndex | None:
        index = self._have.find(0, self._layout.piece_at(min(position, max(self._layout.length - 1, 0))))
        return PieceIndex(index) if index >= 0 else None

    def _jump_target(self, position: int) -> PieceIndex | None:
        """Give the piece to cancel everything for: only when nobody else waits for what is in flight."""
        piece = self._layout.piece_at(position)
        others = sum(1 for seat in self._seats.values() if seat.window.waiting) - 1
        in_flight_elsewhere = any(wished != piece for wished in self._wish)
        return (
            piece
            if others == 0 and not self._openings and in_flight_elsewhere and not self._is_asked(piece)
            else None
        )

    def _is_asked(self, piece: PieceIndex) -> bool:
        """Tell whether a piece is on its way for a player: what nobody waited for stands behind much else."""
        return self._wish.get(piece, schedule.BACKGROUND) != schedule.BACKGROUND

    def _keep_interest(self) -> None:
        if self._seats:
            return
        if self._linger is not None:
            self._linger.cancel()
        self._linger = self._loop.call_later(LINGER_S, self._end_linger)

    def _end_linger(self) -> None:
        self._linger = None
        self.touch()

    def _watch_for_late_pieces(self, now_s: float) -> None:
        """Wake up when the piece wanted most is overdue, to switch to the guarded way."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if not (self.waiting or self._openings) or now_s < self._trouble_until_s:
            return
        top = [piece for piece, priority in self._wish.items() if priority == schedule.TOP]
        if not top:
            return
        rate = self._arrivals.rate(now_s)
        oldest = min(top, key=lambda piece: self._wished_at_s[piece])
        since_s = max(self._wished_at_s[oldest], self._last_arrival_s)
        due_s = since_s + LATE_S + (2 * self._layout.size(oldest) / rate if rate > 0 else SILENT_S)
        self._late = self._loop.call_at(max(due_s, now_s + 0.05), self._overdue)

    def _overdue(self) -> None:
        self._late = None
        self._trouble_until_s = self._loop.time() + TROUBLE_S
        self._apply(None)


def _is_about(opening: Window, position: int) -> bool:
    """Tell whether a place is a film's head or its index, which may be longer than what was wanted of it."""
    return opening.position - INDEX_BYTES <= position < opening.last
