"""Pictures and extras of titles, for whom the start does not wait: made, and imported, when first asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self, TypeAlias

from matinee.types import TitleId

if TYPE_CHECKING:
    from matinee.models.catalogue import JudgedTitle
    from matinee.models.extras import Extras
    from matinee.models.title import PictureKind
    from matinee.playback.extras import TitleExtras
    from matinee.playback.posters import Posters

    _Shop: TypeAlias = tuple[Posters, TitleExtras]


class PostersLater:
    """The ``Pictures`` of ``ports``. An async context manager."""

    def __init__(self, make: Callable[[], _Shop]) -> None:
        self._make = make
        self._making: asyncio.Future[_Shop] | None = None

    async def get(self, title_id: TitleId, kind: PictureKind, key: str, width: int) -> bytes | None:
        """Give a picture."""
        return await (await self._made())[0].get(title_id, kind, key, width)

    async def extras(self, title_id: TitleId, *, ask: bool) -> Extras:
        """Say what there is of a title beside the film."""
        return await (await self._made())[1].get(title_id, ask=ask)

    async def trailer(self, judged: JudgedTitle) -> JudgedTitle:
        """Give a title's trailer alone, as far as it is known. Raises FileNotFound."""
        return await (await self._made())[1].trailer(judged)

    async def keep(self, title_id: TitleId, stills: Sequence[bytes]) -> None:
        """Keep stills that were made here of a film. Raises OSError."""
        await (await self._made())[1].keep(title_id, stills)

    async def renew(self) -> None:
        """Have them made anew when one is asked for next: what they are made of has changed."""
        making, self._making = self._making, None
        if making is not None:
            posters, extras = await making
            await extras.close()
            await posters.close()

    async def _made(self) -> _Shop:
        if self._making is None:
            self._making = asyncio.get_running_loop().run_in_executor(None, self._make)
        return await asyncio.shield(self._making)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.renew()
