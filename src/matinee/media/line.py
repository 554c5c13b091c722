"""Samples in a row. Pure."""

from collections.abc import Sequence

SAMPLE_BYTES = 4


class Line:
    """Floats, one row a channel, from a place on: gaps are silence, and what overlaps is left out."""

    def __init__(self, channels: int, start: int) -> None:
        self._rows = [bytearray() for _ in range(channels)]
        self.start = start

    @property
    def stop(self) -> int:
        """Where the next sample goes."""
        return self.start + len(self._rows[0]) // SAMPLE_BYTES

    def put(self, place: int, rows: Sequence[bytes]) -> None:
        """Add samples that begin at a place; those before what is there already are left out."""
        gap = place - self.stop
        for row, data in zip(self._rows, rows, strict=True):
            row.extend(bytes(max(0, gap) * SAMPLE_BYTES))
            row.extend(data[max(0, -gap) * SAMPLE_BYTES :])

    def take(self, place: int, count: int) -> list[bytes]:
        """Give samples from a place on; silence where there are none."""
        at = (place - self.start) * SAMPLE_BYTES
        parts = [bytes(row[max(0, at) : max(0, at + count * SAMPLE_BYTES)]) for row in self._rows]
        lead = bytes(min(max(0, -at), count * SAMPLE_BYTES))
        return [(lead + part).ljust(count * SAMPLE_BYTES, b"\0") for part in parts]
