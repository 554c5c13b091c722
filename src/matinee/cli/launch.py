"""What a command gets from the program it starts: a port that ``app.py`` fills."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from matinee.config import Config
from matinee.models.torrent import TorrentView
from matinee.ports import Films
from matinee.types import FileIndex, InfoHash


@dataclass(frozen=True, slots=True)
class Running:
    """The program while it runs."""

    address: str
    """Where the page is, with a slash at its end."""
    films: Films
    mint_link: Callable[[], str]
    """Make the secret of a one-time link for a browser."""
    sign_stream: Callable[[InfoHash, FileIndex], str]
    """Give the signed path of a file's stream."""
    share: Callable[
        [Path, str, str | None, Sequence[str], Sequence[str]], Awaitable[tuple[TorrentView, bytes]]
    ]
    """Publish one's own files: path, licence, title, web seeds, trackers; gives the torrent and its .torrent."""
    failed: asyncio.Future[None]
    """Ends with the error that makes going on useless."""


Serving: TypeAlias = Callable[[Config], AbstractAsyncContextManager[Running]]
"""Runs the program as long as its context lasts."""
