"""What came lately, and how fast. Pure: the clock is the caller's."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Arrivals:
    """Sizes and times of pieces that arrived lately."""

    span_s: float
    recent: deque[tuple[float, int]] = field(default_factory=deque)
    total: int = 0

    def add(self, now_s: float, size: int) -> None:
        """Note that so many bytes came."""
        self.recent.append((now_s, size))
        self.total += size

    def rate(self, now_s: float) -> float:
        """Give bytes a second since the first of them: what is known a moment after a start."""
        self._forget(now_s)
        return self.total / max(now_s - self.recent[0][0], 0.25) if self.recent else 0.0

    def mean(self, now_s: float) -> float:
        """Give bytes a second over the whole span: never more than came."""
        self._forget(now_s)
        return self.total / self.span_s

    def _forget(self, now_s: float) -> None:
        while self.recent and self.recent[0][0] < now_s - self.span_s:
            self.total -= self.recent.popleft()[1]
