"""Keeps which films went to make room, so that whoever misses one finds it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from matinee.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

    # Records cost a millisecond each to make, and the start waits for none of these.
    from matinee.models.space import Freed

log = logging.getLogger(__name__)

MOST = 20
"""Films that are kept on the list."""


class FreedStore:
    """The table of films that went. Every call has reached the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[Freed]:
        """Give them, the last first; a row that is damaged is left out.

        Raises:
            StorageFailed: the database refused.
        """

        def work(connection: Connection) -> list[str]:
            from sqlalchemy import select

            from matinee.storage.tables import freed

            return list(connection.scalars(select(freed.c.film).order_by(freed.c.id.desc()).limit(MOST)))

        return [one for text in await self._database.read(work) if (one := _freed(text))]

    async def add(self, film: Freed) -> None:
        """Keep one; the oldest goes when there are too many.

        Raises:
            StorageFailed: the database refused.
        """

        def work(connection: Connection) -> None:
            from sqlalchemy import delete, func, insert, select

            from matinee.storage.tables import freed

            connection.execute(insert(freed).values(film=json.dumps(asdict(film))))
            newest = connection.scalar(select(func.max(freed.c.id))) or 0
            connection.execute(delete(freed).where(freed.c.id <= newest - MOST))

        await self._database.run(work)


def _freed(text: str) -> Freed | None:
    from matinee.models.space import Freed, Standing

    try:
        fields: dict[str, Any] = json.loads(text)
        return Freed(**(fields | {"standing": Standing(fields["standing"])}))
    except (ValueError, TypeError, KeyError) as error:
        log.warning("What was kept of a film that went cannot be read error=%r", error)
        return None
