"""What one reader wants: a window that grows with contiguous reading and collapses on a seek. Pure."""

from dataclasses import dataclass, replace

FIRST_REACH_BYTES = 4 * 1024 * 1024
"""How far a reader that has not read yet looks ahead: a header, an index and the first seconds."""
GROWTH = 8
"""Bytes of readahead for each byte read since the last seek: the reach doubles as TCP's slow start does."""
BEHIND_BYTES = 2 * 1024 * 1024
"""Kept wanted behind the playhead, after everything ahead: 'back ten seconds' must not wait."""


@dataclass(frozen=True, slots=True)
class Window:
    """A reader's wish, in bytes of the torrent's byte space."""

    first: int
    """The first byte of the file that is read."""
    last: int
    """One past the file's last byte."""
    position: int
    """The playhead: the next byte the reader will be asked for."""
    contiguous: int = 0
    """Bytes read without a gap since the reader was opened or sought."""
    waiting: bool = False
    """Whether somebody waits for the byte at the playhead now."""

    @property
    def stop(self) -> int:
        """One past the last byte wanted ahead."""
        reach = FIRST_REACH_BYTES + GROWTH * self.contiguous
        return min(self.last, self.position + reach)

    @property
    def behind(self) -> int:
        """The first byte still wanted behind the playhead."""
        return max(self.first, self.position - min(BEHIND_BYTES, self.contiguous))

    def read(self, start: int, stop: int) -> "Window":
        """Give the window after ``[start, stop)`` was handed out: grown, or collapsed when ``start`` is a jump."""
        contiguous = self.contiguous if start == self.position else 0
        return replace(self, position=stop, contiguous=contiguous + stop - start, waiting=False)

    def sought(self, position: int) -> "Window":
        """Give the window with its playhead at ``position`` and somebody waiting there."""
        contiguous = self.contiguous if position == self.position else 0
        return replace(self, position=position, contiguous=contiguous, waiting=True)
