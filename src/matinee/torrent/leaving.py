"""What is saved of torrents when the program ends."""

import asyncio
import logging
from collections.abc import Iterable

from matinee.torrent.torrent import Torrent

log = logging.getLogger(__name__)


async def hand_over(torrents: Iterable[Torrent]) -> None:
    """Give libtorrent what only we have: it will not ask any more."""
    handing = [torrent.film.pieces.hand_over() for torrent in torrents if torrent.film is not None]
    for outcome in await asyncio.gather(*handing, return_exceptions=True):
        if isinstance(outcome, BaseException):
            log.warning("Some pieces were not taken in time; the next start fetches them again")


async def save(torrents: Iterable[Torrent], limit_s: float) -> None:
    """Save the resume data of all of them, within so many seconds."""
    saves = [torrent.film.saver.save(last=True) for torrent in torrents if torrent.film is not None]
    try:
        async with asyncio.timeout(limit_s):
            for outcome in await asyncio.gather(*saves, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    log.warning("Resume data could not be saved at the end error=%s", outcome)
    except TimeoutError:
        log.warning("The engine took too long to save; the next start fetches a little again")
