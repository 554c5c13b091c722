"""What a command gets from the program it starts: a port that ``app.py`` fills."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from matinee.config import Config
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
    failed: asyncio.Future[None]
    """Ends with the error that makes going on useless."""


Serving: TypeAlias = Callable[[Config], AbstractAsyncContextManager[Running]]
"""Runs the program as long as its context lasts."""
