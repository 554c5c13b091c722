"""Remembers browsers that were let in, by the hash of their cookie."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from matinee.errors import Starting, StorageFailed
from matinee.storage.database import Database
from matinee.tasks import Tasks

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)


MOST = 1000
"""So many are kept, expired or not, and the oldest go: a clock that is ahead forgets nobody, however far."""


class CookieStore:
    """Answers from memory, and keeps what it is told in the database.

    Args:
        database: where they are kept.
        now: Unix seconds, by which a cookie's time is over.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._expires_at: dict[bytes, float] = {}
        self._loaded = False
        self._writes = Tasks()

    async def load(self) -> None:
        """Read what is kept, and forget the oldest of too many."""

        def work(connection: "Connection") -> dict[bytes, float]:
            from sqlalchemy import delete, select

            from matinee.storage.tables import cookies

            newest = select(cookies.c.hash).order_by(cookies.c.expires_at.desc()).limit(MOST)
            connection.execute(delete(cookies).where(cookies.c.hash.not_in(newest)))
            return {bytes(row.hash): row.expires_at for row in connection.execute(select(cookies))}

        kept = await self._database.run(work)
        self._expires_at = {**kept, **self._expires_at}
        self._loaded = True

    async def remember(self, cookie_hash: bytes, expires_at: float) -> None:
        """Let a cookie in until ``expires_at``, in Unix seconds: on the disk when this returns.

        Where the disk refuses, it is let in all the same, until the program ends: who is locked out makes no room.

        Raises:
            Starting: the database is not open, and that takes very long; it is not let in then.
        """
        await self._database.opened()
        self._expires_at[cookie_hash] = expires_at
        await self._keep(cookie_hash, expires_at)

    def renew(self, cookie_hash: bytes, expires_at: float) -> None:
        """Let in until then, and never for shorter, one that is let in already.

        A clock that is behind would end it before its time. A write that is lost only has it renewed again.
        """
        expires_at = max(expires_at, self._expires_at.get(cookie_hash, 0.0))
        self._expires_at[cookie_hash] = expires_at
        self._writes.begin(self._keep(cookie_hash, expires_at))

    def known(self, cookie_hash: bytes) -> bool:
        """Tell whether a cookie is let in now.

        Raises:
            Starting: what is kept has not been read yet.
        """
        if cookie_hash not in self._expires_at and not self._loaded:
            raise Starting("Matinee is still starting. Try again in a moment.")
        return self._expires_at.get(cookie_hash, 0.0) > self._now()

    async def close(self) -> None:
        """Wait until everything is kept."""
        await self._writes.done()

    async def _keep(self, cookie_hash: bytes, expires_at: float) -> None:
        def work(connection: "Connection") -> None:
            from sqlalchemy import delete, insert

            from matinee.storage.tables import cookies

            connection.execute(delete(cookies).where(cookies.c.hash == cookie_hash))
            connection.execute(insert(cookies).values(hash=cookie_hash, expires_at=expires_at))

        try:
            await self._database.run(work)
        except StorageFailed as error:
            log.warning("A browser will have to be let in again after a restart error=%s", error.message)
