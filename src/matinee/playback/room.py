"""Room on the disk, as those ask for it who write there themselves and not through the engine."""

from typing import Protocol


class Room(Protocol):
    """Who has room: ``freeing`` is the one that answers."""

    async def make_room(self, needed_bytes: int) -> None:
        """Have films go until there is room for so much. Raises CapReached, DiskFull."""

    def lies(self, name: str, taken_bytes: int) -> None:
        """Note how much lies in a folder among the films; 0 when it is gone."""


class Endless:
    """Room without end: where nobody counts."""

    async def make_room(self, needed_bytes: int) -> None:
        """There is room."""

    def lies(self, name: str, taken_bytes: int) -> None:
        """It does not matter."""
