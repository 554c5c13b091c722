"""How much is asked of a peer follows what its line carries."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.lane.pace import LEAST_BLOCKS, MOST_BLOCKS, Pace, Ticket
from matinee.types import BLOCK_BYTES


class Line:
    """A peer behind a line of a fixed rate and way, and one who keeps its window full."""

    def __init__(self, rate_bytes_per_s: float, rtt_s: float, burst_s: float = 0.0) -> None:
        self.pace = Pace(rtt_s)
        self.now_s = 100.0
        self._rate = rate_bytes_per_s
        self._rtt_s = rtt_s
        self._burst_s = burst_s
        self._free_at_s = 0.0
        self._under_way: list[tuple[float, Ticket]] = []

    def _ask(self) -> None:
        ticket = self.pace.sent(self.now_s, len(self._under_way))
        at_peer_s = self.now_s + self._rtt_s / 2
        if self._burst_s:
            at_peer_s = (at_peer_s // self._burst_s + 1) * self._burst_s
        self._free_at_s = max(self._free_at_s, at_peer_s) + BLOCK_BYTES / self._rate
        self._under_way.append((self._free_at_s + self._rtt_s / 2, ticket))

    def run(self, blocks: int) -> float:
        """Bring so many blocks; give the rate at which they came, in bytes a second."""
        began_s = self.now_s
        for _ in range(blocks):
            while len(self._under_way) < self.pace.window:
                self._ask()
            self.now_s, ticket = self._under_way.pop(0)
            self.pace.arrived(self.now_s, ticket, BLOCK_BYTES)
        return blocks * BLOCK_BYTES / (self.now_s - began_s)


def test_window_when_the_line_is_steady_then_fills_it_and_little_more() -> None:
    """The way's worth and a few hundredths of a second, so that a seek finds little in front of it."""
    line = Line(2e6, 0.06)
    line.run(300)
    assert line.run(200) > 0.95 * 2e6
    assert 2e6 * 0.06 / BLOCK_BYTES <= line.pace.window <= 2e6 * 0.16 / BLOCK_BYTES + 2


def test_window_when_the_peer_sends_in_bursts_then_covers_the_silence() -> None:
    """Some peers look at their requests twice a second: asked for a round trip's worth, they would starve us."""
    line = Line(20e6, 0.002, burst_s=0.5)
    line.run(2000)
    assert line.run(2000) > 2e6


@given(st.lists(st.tuples(st.floats(0.0001, 3.0), st.booleans()), max_size=200))
def test_pace_when_anything_happens_then_stays_within_its_bounds(events: list[tuple[float, bool]]) -> None:
    """No order of events makes it ask for nothing, or for everything, or promise a moment in the past."""
    pace = Pace(0.05)
    now_s = 10.0
    ticket = pace.sent(now_s, 0)
    for step_s, answered in events:
        now_s += step_s
        pace.arrived(now_s, ticket if answered else None, BLOCK_BYTES)
        ticket = pace.sent(now_s, 1)
        assert LEAST_BLOCKS <= pace.window <= MOST_BLOCKS
        assert pace.ahead_s(3) > 0
        assert pace.left_s(now_s, ticket, 0) >= 0
        assert pace.gives_up_at_s() >= pace.stalls_at_s() > now_s


def test_ahead_when_more_is_queued_then_is_later() -> None:
    """Otherwise everything would be asked of the fastest peer."""
    line = Line(1e6, 0.05)
    line.run(100)
    moments = [line.pace.ahead_s(queued) for queued in range(30)]
    assert moments == sorted(moments)
    assert moments[-1] > moments[0]


def test_given_up_when_a_peer_was_silent_then_little_is_asked_of_it() -> None:
    """It counts as a peer of which nothing is known, until it sends again."""
    line = Line(2e6, 0.06)
    line.run(200)
    line.pace.given_up(line.now_s + 2)
    assert line.pace.window == LEAST_BLOCKS
    assert line.pace.rate_bytes_per_s == 0
