"""Small files straight from a torrent's web seeds, past the swarm and its hashes (BEP 19).

Archives change the files beside a film after the torrent was made; their pieces never verify again. What comes this
way nobody has verified, so it is only ever asked for what is parsed with care, such as subtitles, and is said to be so.
"""

from __future__ import annotations

import logging
from urllib.parse import quote

from matinee.errors import BadSource, SourceUnreachable, TooLarge
from matinee.models.torrent import FileEntry
from matinee.outside.fetch import Fetcher
from matinee.torrent.adding import web_seeds_of
from matinee.torrent.torrent import Torrent

log = logging.getLogger(__name__)

MOST_BYTES = 8 * 1024 * 1024
"""Of a file that is fetched this way."""
MOST_HOSTS = 3
"""That are asked, one after the other."""


class WebHosts:
    """Fetches files from web seeds. Keeps nothing.

    Args:
        fetcher: judges every address and redirect; None where nobody may be asked straight.
    """

    def __init__(self, fetcher: Fetcher | None) -> None:
        self._fetcher = fetcher

    def may_ask(self, torrent: Torrent, file: FileEntry) -> bool:
        """Tell whether there is somebody who may be asked for a file."""
        seeds = web_seeds_of(torrent.record.magnet) if self._fetcher is not None else ()
        return bool(seeds) and not torrent.record.paused and file.length <= MOST_BYTES

    async def fetch(self, torrent: Torrent, file: FileEntry) -> bytes:
        """Give a file as a web seed has it now; its length may be another one than the torrent says.

        Raises:
            BadSource, SourceUnreachable, TooLarge: none of them gives it.
        """
        if self._fetcher is None or not self.may_ask(torrent, file):
            raise BadSource("Nobody may be asked for this file but the swarm.")
        path = (await torrent.metadata()).contents.disk_files.path(file.index)
        failure: BadSource | SourceUnreachable | TooLarge | None = None
        for seed in web_seeds_of(torrent.record.magnet)[:MOST_HOSTS]:
            try:
                data = await self._fetcher.fetch(address_of(seed, path))
            except (BadSource, SourceUnreachable, TooLarge) as error:
                failure = error
                continue
            log.info(
                "A file came from a web seed, not verified info_hash=%s file=%d bytes=%d",
                torrent.record.info_hash,
                file.index,
                len(data),
            )
            return data
        raise failure or BadSource("The torrent names no web host.")


def address_of(web_seed: str, path: str) -> str:
    """Say where a web seed has a file.

    Args:
        web_seed: as the torrent names it, cleaned.
        path: as libtorrent has it: of a torrent of one file its name, else the torrent's name and the path in it.
    """
    if "/" not in path and not web_seed.endswith("/"):
        return web_seed
    return f"{web_seed.removesuffix('/')}/{quote(path)}"
