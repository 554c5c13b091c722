"""What of a film has come that may come in any order. Pure."""

from bisect import bisect_right


class Came:
    """Half-open byte ranges of one file, ascending and merged.

    Args:
        length: bytes of the file; more than none.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self._starts: list[int] = []
        self._stops: list[int] = []

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """What has come."""
        return tuple(zip(self._starts, self._stops, strict=True))

    @property
    def count(self) -> int:
        """Bytes that have come."""
        return sum(self._stops) - sum(self._starts)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self._starts == [0] and self._stops == [self.length]

    def add(self, start: int, stop: int) -> None:
        """Note that ``[start, stop)`` has come; what had come before may be in it."""
        if not 0 <= start < stop <= self.length:
            raise ValueError(f"[{start}, {stop}) is not in a file of {self.length} bytes")
        first = bisect_right(self._stops, start - 1)
        last = bisect_right(self._starts, stop)
        if first < last:
            start, stop = min(start, self._starts[first]), max(stop, self._stops[last - 1])
        self._starts[first:last], self._stops[first:last] = [start], [stop]

    def until(self, position: int) -> int:
        """Give where what is here from a position on ends: the position itself when nothing is."""
        at = bisect_right(self._starts, position) - 1
        return max(position, self._stops[at]) if at >= 0 else position

    def gap(self, position: int) -> tuple[int, int] | None:
        """Give the first range at or after a position of which nothing has come; None when there is none."""
        start = self.until(position)
        if start >= self.length:
            return None
        after = bisect_right(self._starts, start)
        return start, self._starts[after] if after < len(self._starts) else self.length
