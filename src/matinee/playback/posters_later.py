"""Posters for whom the start does not wait: made, and imported, on a thread when the first is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from matinee.types import TitleId

if TYPE_CHECKING:
    from matinee.models.title import PictureKind
    from matinee.playback.posters import Posters


class PostersLater:
    """The ``Pictures`` of ``ports``. An async context manager."""

    def __init__(self, make: Callable[[], Posters]) -> None:
        self._make = make
        self._making: asyncio.Future[Posters] | None = None

    async def get(self, title_id: TitleId, kind: PictureKind, key: str, width: int) -> bytes | None:
        """Give a picture."""
        if self._making is None:
            self._making = asyncio.get_running_loop().run_in_executor(None, self._make)
        return await (await asyncio.shield(self._making)).get(title_id, kind, key, width)

    async def renew(self) -> None:
        """Have them made anew when one is asked for next: what they are made of has changed."""
        making, self._making = self._making, None
        if making is not None:
            await (await making).close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.renew()
