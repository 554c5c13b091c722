"""The way from a film's process to its encoder's, and back. Runs inside the confined process.

Two pipes that it was born with: it can open nothing, and need not. The other side may crash or hang, so every call
has a limit of time.
"""

import os
import select
import time
from collections import deque
from collections.abc import Callable

from matinee.confined.frames import LENGTHS, Head, WireError, unpack_head, unpack_lengths

PATIENCE_S = 5.0
"""How long one picture may take, or the last ones; less than the film's process may be silent."""

_READ_BYTES = 1 << 18


class EncoderFailed(Exception):
    """It crashed, hung, or gave what is no H.264 of these pictures."""


class Line:
    """The two pipes to the encoder's process; see ``order.py``.

    Attributes:
        broken: why it is not used any more.
    """

    def __init__(
        self,
        pixels: int,
        packets: int,
        *,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the numbers of two open pipes, to write to and to read from, that do not block."""
        self._pixels = pixels
        self._packets = packets
        self._patience_s = patience_s
        self._clock = clock
        self._heard = bytearray()
        self._job = 0
        self.broken: str | None = None

    def begin(self) -> int:
        """Give another job's number."""
        self._job += 1
        return self._job

    def limit_s(self) -> float:
        """Give until when, by the clock, something that begins now may take."""
        return self._clock() + self._patience_s

    def exchange(
        self, *parts: bytes, wait: bool = False, until_s: float | None = None
    ) -> list[tuple[Head, bytes]]:
        """Write, and give what has come meanwhile; with ``wait`` at least one message.

        Raises:
            EncoderFailed: the other end is gone, does not take it in time or speaks nonsense.
        """
        until_s = self.limit_s() if until_s is None else until_s
        rest = deque(memoryview(part) for part in parts if part)
        found: list[tuple[Head, bytes]] = []
        try:
            while rest or (wait and not found):
                if (left_s := until_s - self._clock()) <= 0:
                    raise EncoderFailed("it hangs")
                if self._can_write(left_s, wanted=bool(rest)):
                    written = os.write(self._pixels, rest[0])
                    rest[0] = rest[0][written:]
                    if not rest[0]:
                        rest.popleft()
                found += self._messages()
        except (OSError, WireError) as exc:
            raise EncoderFailed(f"it is gone: {exc}") from exc
        return found

    def _can_write(self, most_s: float, *, wanted: bool) -> bool:
        """Wait for either pipe, and read what has come."""
        poll = select.poll()
        poll.register(self._packets, select.POLLIN)
        if wanted:
            poll.register(self._pixels, select.POLLOUT)
        ready = {number for number, _ in poll.poll(most_s * 1000)}
        if self._packets in ready:
            data = os.read(self._packets, _READ_BYTES)
            if not data:
                raise EncoderFailed("it has ended")
            self._heard += data
        return self._pixels in ready

    def _messages(self) -> list[tuple[Head, bytes]]:
        found = []
        while len(self._heard) >= LENGTHS.size:
            head, body = unpack_lengths(bytes(self._heard[: LENGTHS.size]))
            stop = LENGTHS.size + head + body
            if len(self._heard) < stop:
                break
            text = bytes(self._heard[LENGTHS.size : LENGTHS.size + head])
            found.append((unpack_head(text), bytes(self._heard[LENGTHS.size + head : stop])))
            del self._heard[:stop]
        return found
