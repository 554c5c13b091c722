"""What a command gets from the program it starts: a port that ``app.py`` fills."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from matinee.config import Config
from matinee.events import Subscription
from matinee.models.torrent import TorrentView
from matinee.ports import Films, Further, Report, Sources, Titles
from matinee.ports.library import Watching
from matinee.types import FileIndex, InfoHash


@dataclass(frozen=True, slots=True)
class Running:
    """The program while it runs."""

    address: str
    """Where the page is, with a slash at its end."""
    films: Films
    titles: Titles
    further: Further
    sources: Sources
    watching: Watching
    mint_link: Callable[[], str]
    """Make the secret of a one-time link for a browser."""
    sign_stream: Callable[[InfoHash, FileIndex], str]
    """Give the signed path of a file's stream."""
    share: Callable[
        [Path, str | None, str | None, Sequence[str], Sequence[str], Report],
        Awaitable[tuple[TorrentView, bytes]],
    ]
    """Publish one's own files: path, licence or none for one's own work, title, web seeds, trackers, who is told.

    Gives the torrent and its .torrent.
    """
    news: Callable[[], AbstractContextManager[Subscription]]
    """Listen to what happens while the context lasts."""
    failed: asyncio.Future[None]
    """Ends with the error that makes going on useless."""

    async def ended(self) -> None:
        """Wait for what makes going on useless, and raise it."""
        await asyncio.shield(self.failed)


Serving: TypeAlias = Callable[[Config], AbstractAsyncContextManager[Running]]
"""Runs the program as long as its context lasts."""
