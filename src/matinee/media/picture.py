"""Small pictures of what strangers sent, made in a process that may only compute, and nothing of what was sent kept.

The process is started with the first picture and ends when none has been asked for in a while.
"""

import asyncio
from dataclasses import dataclass

from matinee.confined.frames import Head, WireError, pack
from matinee.confined.kept import Kept
from matinee.confined.process import receive, send
from matinee.errors import BadSource

LIMIT_S = 30.0
"""By the clock, for a process that hangs; one that works ends itself long before."""
IDLE_S = 10.0
"""It takes 60 MB."""
MOST_BYTES = 8 * 1024 * 1024
"""Of a picture that is sent."""
_MOST_MADE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Small:
    """A picture that was made."""

    width: int
    height: int
    data: bytes
    """WebP."""


class Studio:
    """Makes small pictures, one at a time. Closing twice is harmless."""

    def __init__(self) -> None:
        self._process = Kept("matinee.media.picture_child", does="opens posters")
        self._turn = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None

    async def close(self) -> None:
        """End the process."""
        if self._idle is not None:
            self._idle.cancel()
        await self._process.close()

    async def develop(self, data: bytes, widths: tuple[int, ...]) -> tuple[Small, ...]:
        """Make a picture of each width in pixels; one that is narrower stays as wide as it is.

        Raises:
            BadSource: it is no picture that can be opened.
            Unavailable: no process can be started.
        """
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            child = await self._process.ready()
            try:
                async with asyncio.timeout(LIMIT_S):
                    await send(child, pack({"widths": list(widths)}, data))
                    head, body = await receive(child)
                return _made(head, body, widths)
            except (OSError, EOFError, WireError, TimeoutError) as exc:
                self._process.retire()
                raise BadSource("What came is no picture that can be opened.") from exc
            except asyncio.CancelledError:
                self._process.retire()
                raise
            finally:
                self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._process.retire)


def _made(head: Head, body: bytes, widths: tuple[int, ...]) -> tuple[Small, ...]:
    """Read what the process says: it may have been taken over, so every field is looked at."""
    if "no" in head:
        raise BadSource(f"What came is not shown: {str(head['no'])[:200]}.")
    sizes = head.get("sizes")
    if not isinstance(sizes, list) or len(sizes) != len(widths):
        raise WireError("other pictures than were asked for")
    made, at = [], 0
    for one, most in zip(sizes, widths, strict=True):
        width, height, length = (one.get(name) for name in ("width", "height", "bytes"))
        if not (type(width) is int and 0 < width <= most and type(height) is int and 0 < height <= 16_383):
            raise WireError("no size")
        if type(length) is not int or not 0 < length <= _MOST_MADE_BYTES:
            raise WireError("no length")
        data = body[at : at + length]
        at += length
        if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) != length:
            raise WireError("no WebP")
        made.append(Small(width, height, data))
    if at != len(body):
        raise WireError("more than was asked for")
    return tuple(made)
