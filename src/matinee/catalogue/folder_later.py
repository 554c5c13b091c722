"""The user's folder of torrents for whom the start does not wait: followed while one is named.

Imported and made when a folder is named, or when somebody first asks who has films.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.errors import MatineeError
from matinee.outside.folder import changes

if TYPE_CHECKING:
    from matinee.catalogue.providers.torrent_folder import TorrentFolder
    from matinee.catalogue.service import Catalogue

log = logging.getLogger(__name__)


class FolderLater:
    """It. Everything but asking for it runs on the loop's thread.

    Args:
        path: of the folder; empty where none is named.
        make: makes it, of where it is.
        catalogue: which has its films.
    """

    def __init__(self, path: str, make: Callable[[Path | None], TorrentFolder], catalogue: Catalogue) -> None:
        self._path = _whole(path)
        self._make = make
        self._catalogue = catalogue
        self._made: TorrentFolder | None = None
        self._making = threading.Lock()
        self._moved = asyncio.Event()

    def __call__(self) -> TorrentFolder:
        """Give it; from any thread."""
        with self._making:
            if self._made is None:
                self._made = self._make(self._path)
            return self._made

    async def move(self, path: str) -> None:
        """Follow another folder from now on, or none where none is named."""
        self._path = _whole(path)
        await self().move(self._path)
        self._moved.set()

    async def follow(self) -> None:
        """Have the catalogue follow the folder, whichever it is; never ends."""
        if self._path is None:
            await self._moved.wait()
        while True:
            self._moved.clear()
            following = asyncio.ensure_future(self._keep())
            try:
                await self._moved.wait()
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)

    async def _keep(self) -> None:
        from matinee.catalogue.folder_shelf import keep

        try:
            await keep(self(), self._catalogue, _once() if self._path is None else changes(self._path))
        except MatineeError as error:
            log.warning("The folder of torrents is not followed any more: %s", error.message)


async def _once() -> AsyncGenerator[None, None]:
    """Give once: what came of a folder that is named no more has gone, and nothing comes."""
    yield


def _whole(path: str) -> Path | None:
    return Path(path).absolute() if path else None
