"""A film as the library that opens it sees it: a file without a name, whose bytes come from the parent process.

Without a name on purpose: by a name's ending the library would choose playlists and follow what they point at.
Runs inside the confined process.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping

ASKED_BYTES = 1024 * 1024
"""What is asked for at once; the parent answers with what is there of it."""
KEPT_BYTES = 8 * 1024 * 1024
"""What was read last: a container's header is read again and again."""
LEAST_BYTES = 64
"""Enough for what is looked at in one place."""


class Gone(Exception):
    """The parent does not want the answer any more, or cannot give the bytes for it."""


class FilmSource:
    """Reads by a function that gives a non-empty prefix of ``[start, stop)``, waiting for it.

    Attributes:
        length: the film's bytes.
        asked_bytes: see ``ASKED_BYTES``.
    """

    def __init__(
        self,
        fetch: Callable[[int, int], bytes],
        length: int,
        alive: Callable[[], None] = lambda: None,
        peek: Callable[[int, int], bytes] | None = None,
    ) -> None:
        """Make one.

        Args:
            fetch: see above.
            length: the film's bytes.
            alive: called whenever a job has got on: when it reads, and by those that read little and work long.
            peek: reads as ``fetch`` does and waits for nothing: it gives nothing then.
        """
        self._fetch = fetch
        self._peek = peek or fetch
        self.alive = alive
        self.length = length
        self.asked_bytes = ASKED_BYTES
        self._position = 0
        self._chunks: OrderedDict[int, bytes] = OrderedDict()
        self._hidden: dict[int, bytes] = {}

    def beside(self, hidden: Mapping[int, bytes]) -> "FilmSource":
        """Give the same film to somebody else who reads at a place of his own, with more of it hidden."""
        other = FilmSource(self._fetch, self.length, self.alive, self._peek)
        other.asked_bytes, other._chunks = self.asked_bytes, self._chunks
        other._hidden = {**self._hidden, **hidden}
        return other

    def hide(self, position: int, shown: bytes) -> None:
        """Have these bytes read in place of those that stand there."""
        self._hidden[position] = shown

    def read(self, size: int = -1) -> bytes:
        """Give up to ``size`` bytes; none at the end."""
        self.alive()
        if self._position >= self.length or size == 0:
            return b""
        stop = self.length if size < 0 else min(self.length, self._position + size)
        start, chunk = self._chunk_at(self._position)
        data = chunk[self._position - start : stop - start]
        for place, shown in self._hidden.items():
            data = _overlaid(data, place - self._position, shown)
        self._position += len(data)
        return data

    def here(self, start: int) -> bytes:
        """Give some of what is here from a place on, without waiting; nothing where less than ``LEAST_BYTES`` are."""
        self.alive()
        data = b""
        while len(data) < LEAST_BYTES and start + len(data) < self.length:
            at = start + len(data)
            more = self._peek(at, min(self.length, at + self.asked_bytes))
            if not more:
                return b""
            data += more
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go elsewhere."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.length}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        """Say where the next read begins."""
        return self._position

    def seekable(self) -> bool:
        """Every place can be read."""
        return True

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def writable(self) -> bool:
        """It is not for writing."""
        return False

    def _chunk_at(self, position: int) -> tuple[int, bytes]:
        for start, chunk in self._chunks.items():
            if start <= position < start + len(chunk):
                self._chunks.move_to_end(start)
                return start, chunk
        chunk = self._fetch(position, min(self.length, position + self.asked_bytes))
        self._chunks[position] = chunk
        self._chunks.move_to_end(position)
        kept = sum(map(len, self._chunks.values()))
        while kept > KEPT_BYTES:
            kept -= len(self._chunks.popitem(last=False)[1])
        return position, chunk


def _overlaid(data: bytes, at: int, shown: bytes) -> bytes:
    """Put what is shown over bytes, as far as it lies among them; ``at`` is where, and may be before or behind."""
    first, last = max(0, -at), min(len(shown), len(data) - at)
    if first >= last:
        return data
    return data[: at + first] + shown[first:last] + data[at + last :]
