"""Publishing for whom the start does not wait: made, and imported, when somebody first asks for it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from matinee.types import InfoHash

if TYPE_CHECKING:
    from matinee.playback.publishing import Publishing

UPLOADS = ".uploads"
"""The folder beneath the folder of films in which films lie that are sent here."""


class PublishingLater:
    """An async context manager: leaving it gives up what is not published.

    Args:
        films: where films are kept.
        make: makes it.
    """

    def __init__(self, films: Path, make: Callable[[], Publishing]) -> None:
        self._films = films
        self._make = make
        self._made: Publishing | None = None

    def __call__(self) -> Publishing:
        """Give it."""
        if self._made is None:
            self._made = self._make()
        return self._made

    async def forget(self, info_hash: InfoHash) -> None:
        """Have the title of a torrent that was removed go with it."""
        await self().forget(info_hash)

    async def sweep(self) -> None:
        """Delete what was being sent when an earlier run was killed; called before anything is sent."""
        await asyncio.to_thread(shutil.rmtree, self._films / UPLOADS, ignore_errors=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._made is not None:
            await self._made.close()
