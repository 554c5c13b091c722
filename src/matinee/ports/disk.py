"""What web and command line ask of the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matinee.models.space import SpaceView


class Disk(Protocol):
    """What films take of the disk: ``playback/freeing.py`` is the one that answers."""

    async def view(self) -> SpaceView:
        """What films take, what they may take, and which of them would make room. Raises Starting."""
