"""What was made of a film and may be asked for again: each thing once for all who want it, within a limit of bytes."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from matinee.errors import PlaybackNotFound

Key: TypeAlias = tuple[str, int]
"""A rendition, and a segment's index in it."""
Make: TypeAlias = Callable[[], Coroutine[Any, Any, bytes]]


@dataclass(slots=True, eq=False)
class _Making:
    task: asyncio.Task[bytes]
    wanted: int = 0
    """How many wait for it."""


class Made:
    """Keeps what was made last, and what is being made.

    Args:
        most_bytes: of what is kept; what was made last is kept even if it is larger.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._making: dict[Key, _Making] = {}
        self._tasks: set[asyncio.Task[bytes]] = set()

    async def get(self, key: Key, make: Make) -> bytes:
        """Give a thing that is here, or wait until it is made. Whoever is the last to give up ends its making.

        Raises:
            PlaybackNotFound: everything was let go meanwhile.
        """
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return found
        making = self._making.get(key) or self._start(key, make)
        making.wanted += 1
        try:
            return await asyncio.shield(making.task)
        except asyncio.CancelledError:
            if making.task.cancelled() and not _is_cancelled():
                raise PlaybackNotFound("This playback has ended. Open the film again.") from None
            raise
        finally:
            making.wanted -= 1
            if making.wanted == 0:
                self._give_up(key, making)

    def knows(self, key: Key) -> bool:
        """Tell whether a thing is here or is being made."""
        return key in self._kept or key in self._making

    def make_ahead(self, key: Key, make: Make) -> None:
        """Begin to make a thing for which nobody waits yet."""
        if key not in self._kept and key not in self._making:
            self._start(key, make)

    def drop_ahead(self, keep: Callable[[Key], bool]) -> None:
        """Give up what is made and wanted by nobody, but for what is to be kept on."""
        for key, making in list(self._making.items()):
            if making.wanted == 0 and not keep(key):
                self._give_up(key, making)

    async def clear(self) -> None:
        """Let go of everything."""
        for key, making in list(self._making.items()):
            self._give_up(key, making)
        self._kept.clear()
        self._kept_bytes = 0
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, key: Key, make: Make) -> _Making:
        task = asyncio.create_task(self._make(key, make), name=f"make {key[0]} {key[1]}")
        making = self._making[key] = _Making(task)
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._ended(key, making))
        return making

    async def _make(self, key: Key, make: Make) -> bytes:
        data = await make()
        self._kept[key] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > self._most_bytes and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return data

    def _give_up(self, key: Key, making: _Making) -> None:
        # Forgotten at once: who asks while it is still ending gets a new one.
        if self._making.get(key) is making:
            del self._making[key]
        making.task.cancel()

    def _ended(self, key: Key, making: _Making) -> None:
        self._tasks.discard(making.task)
        if self._making.get(key) is making:
            del self._making[key]
        if not making.task.cancelled():
            making.task.exception()  # told to whoever waits; when nobody does, it will come again


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
