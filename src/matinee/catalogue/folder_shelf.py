"""Keeps the films of the user's folder of torrents in the catalogue, as they come and go."""

import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from matinee.catalogue.providers.torrent_folder import ID, Mark, TorrentFolder, is_link, link_in
from matinee.catalogue.service import Catalogue
from matinee.errors import DiskFailed
from matinee.models.title import Title

log = logging.getLogger(__name__)

KEY = "torrent-folder"


class TakenIn:
    """Takes torrents in once: one that its user removed does not come back with the next start.

    Args:
        catalogue: whose database keeps which were taken in.
        add: adds a torrent, by its bytes.
        add_link: adds one by a magnet link.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        add: Callable[[bytes], Awaitable[object]],
        add_link: Callable[[str], Awaitable[object]],
    ) -> None:
        self._catalogue = catalogue
        self._add = add
        self._add_link = add_link
        self._known: dict[str, Mark] | None = None

    async def __call__(self, name: str, mark: Mark, data: bytes) -> None:
        """Take a file of the folder in, unless it was as it is. Raises what ``add`` and ``add_link`` do, BadMagnet."""
        store = await self._catalogue.store()
        if self._known is None:
            self._known = _read(await store.state(KEY))
        if self._known.get(name) == mark:
            return
        await (self._add_link(link_in(data)) if is_link(name) else self._add(data))
        self._known[name] = mark
        await store.put_state(KEY, json.dumps(self._known))


def _read(kept: str | None) -> dict[str, Mark]:
    try:
        found = json.loads(kept or "{}")
        return {str(name): (int(size), int(changed)) for name, (size, changed) in found.items()}
    except (AttributeError, TypeError, ValueError) as error:
        log.warning("Which torrents of the folder were taken in cannot be read any more error=%r", error)
        return {}


async def keep(folder: TorrentFolder, catalogue: Catalogue, changes: AsyncGenerator[None, None]) -> None:
    """Take in what the folder holds, each time that it may have changed; never ends.

    Raises:
        Starting, StorageFailed: the catalogue is not to be had.
    """
    store = await catalogue.store()
    before: list[Title] | None = None
    async with aclosing(changes):
        async for _ in changes:
            try:
                titles = [one.title for one in await folder.scan() if one.title is not None]
            except DiskFailed as error:
                log.warning("%s", error.message)
                continue
            if titles != before:
                moment = await store.put(ID, titles)
                await store.forget(ID, moment)
                before = titles
