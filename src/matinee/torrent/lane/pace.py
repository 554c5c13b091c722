"""How much to ask of one peer at a time, and when a block asked of it now would be here. Pure.

A queue as long as the way: enough that the line is never idle, no more, so that what is asked for next does not
stand behind what was asked for before. The rate is sampled as BBR does it: what was delivered between sending a
request and its answer. Some peers send in bursts, transmission each half second: then the way is as long as the
silence between two of them.
"""

from dataclasses import dataclass
from math import ceil

from matinee.types import BLOCK_BYTES

FIRST_BLOCKS = 4
LEAST_BLOCKS = 2
MOST_BLOCKS = 500
STANDING_S = 0.04
"""What may wait at the peer, so that its line does not run dry between our messages."""
GAP_KEPT_S = 2.0
"""The longest silence counts for so long, and once more for as long."""
GROWS_BY = 1.25
"""A rate that grows by less in a round trip, twice, has found its height."""
PATIENCE_S = 0.1
"""Silence beyond what the rate promises that makes a peer a stalled one."""
GIVEN_UP_S = 2.0
UNKNOWN_S = 0.35
"""A peer that has not sent a block yet counts as late by so much."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What was known when a request was sent."""

    sent_s: float
    delivered_bytes: int
    delivered_s: float


class Pace:
    """What is known of one peer. Every moment is on the loop's clock."""

    __slots__ = (
        "_best_rate",
        "_delivered_bytes",
        "_delivered_s",
        "_gap_before_s",
        "_gap_kept_until_s",
        "_gap_s",
        "_growing",
        "_round_stop_s",
        "_stale",
        "rate_bytes_per_s",
        "rtt_s",
        "window",
    )  # fmt: skip

    def __init__(self, rtt_s: float) -> None:
        self.rtt_s = rtt_s
        """The shortest answer so far; before the first block, what the handshake took."""
        self.rate_bytes_per_s = 0.0
        """0 before the first block."""
        self.window = FIRST_BLOCKS
        """Blocks that may be asked for at once."""
        self._growing = True
        self._delivered_bytes = 0
        self._delivered_s = 0.0
        self._round_stop_s = 0.0
        self._best_rate = 0.0
        self._stale = 0
        self._gap_s = self._gap_before_s = 0.0
        self._gap_kept_until_s = 0.0

    def sent(self, now_s: float, outstanding: int) -> Ticket:
        """Note a request, with so many sent before it and unanswered."""
        if outstanding == 0:
            self._delivered_s = now_s
        return Ticket(now_s, self._delivered_bytes, self._delivered_s)

    def arrived(self, now_s: float, ticket: Ticket | None, size: int) -> None:
        """Note a block; without a ticket nobody knows when it was asked for, and it measures nothing."""
        self._delivered_bytes += size
        if now_s > self._gap_kept_until_s:
            self._gap_before_s, self._gap_s = self._gap_s, 0.0
            self._gap_kept_until_s = now_s + GAP_KEPT_S
        self._gap_s = max(self._gap_s, now_s - self._delivered_s)
        self._delivered_s = now_s
        if ticket is None:
            return
        first = self.rate_bytes_per_s == 0.0
        response_s = max(now_s - ticket.sent_s, 1e-4)
        self.rtt_s = response_s if first else min(self.rtt_s, response_s)
        span_s = max(now_s - ticket.delivered_s, 1e-3)
        sample = (self._delivered_bytes - ticket.delivered_bytes) / span_s
        rate = self.rate_bytes_per_s
        self.rate_bytes_per_s = sample if sample > rate else rate + (sample - rate) * 0.1
        self._grow(now_s)

    def _grow(self, now_s: float) -> None:
        rate, way_s = self.rate_bytes_per_s, self.rtt_s if self._growing else self._way_s
        if self._growing and now_s >= self._round_stop_s:
            self._stale = 0 if rate > GROWS_BY * self._best_rate else self._stale + 1
            self._best_rate = max(self._best_rate, rate)
            self._round_stop_s = now_s + way_s
            self._growing = self._stale < 2
        if self._growing:
            # The sender's TCP doubles each round trip: twice what it needs for that.
            wanted = max(self.window, 4 * ceil(rate * way_s / BLOCK_BYTES) + 3)
        else:
            wanted = ceil(rate * (way_s + STANDING_S) / BLOCK_BYTES) + 1
        self.window = max(LEAST_BLOCKS, min(MOST_BLOCKS, wanted))

    @property
    def _way_s(self) -> float:
        return max(self.rtt_s, self._gap_s, self._gap_before_s)

    def gives_up_at_s(self) -> float:
        """Give the moment from which what is asked of a silent peer is taken back, to try again with little."""
        return max(self.stalls_at_s(), self._delivered_s + GIVEN_UP_S)

    def given_up(self, now_s: float) -> None:
        """Begin again, with as little as counts."""
        self.window = LEAST_BLOCKS
        self._growing = True
        self._best_rate = self.rate_bytes_per_s = 0.0
        self._stale = 0
        self._delivered_s = now_s

    def ahead_s(self, queued: int) -> float:
        """Give how long a block would take that is asked for behind ``queued`` others."""
        if self.rate_bytes_per_s == 0.0:
            return self.rtt_s + UNKNOWN_S + 0.1 * queued
        return max(self.rtt_s, (queued + 1) * BLOCK_BYTES / self.rate_bytes_per_s)

    def left_s(self, now_s: float, ticket: Ticket, position: int) -> float:
        """Give how long a block will still take that is the ``position``-th of those outstanding."""
        if self.rate_bytes_per_s == 0.0:
            return self.rtt_s + UNKNOWN_S
        by_queue_s = (position + 1) * BLOCK_BYTES / self.rate_bytes_per_s - (now_s - self._delivered_s)
        by_way_s = ticket.sent_s + self.rtt_s - now_s
        return max(by_queue_s, by_way_s, 0.0)

    def stalls_at_s(self) -> float:
        """Give the moment from which silence means that the peer stalls, while something is asked of it."""
        if self.rate_bytes_per_s == 0.0:
            return self._delivered_s + 2 * self.rtt_s + 2 * PATIENCE_S
        return self._delivered_s + self._way_s + 3 * BLOCK_BYTES / self.rate_bytes_per_s + PATIENCE_S
