"""Keeps what was promised of films, and what came of it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from matinee.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

    # Records cost a millisecond each to make, and the start waits for none of these.
    from matinee.models.promise import Outcome

log = logging.getLogger(__name__)

MOST = 1000
"""Outcomes that are kept: some 300 kB."""


class PromiseStore:
    """The table of promises. Every call has reached the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, most: int) -> list[Outcome]:
        """Give those kept last, the newest last; a row that is damaged is left out.

        Raises:
            StorageFailed: the database refused.
        """

        def work(connection: Connection) -> list[str]:
            from sqlalchemy import select

            from matinee.storage.tables import promises

            newest = select(promises.c.outcome).order_by(promises.c.id.desc()).limit(most)
            return list(connection.scalars(newest))

        return [one for text in reversed(await self._database.run(work)) if (one := _outcome(text))]

    async def add(self, outcome: Outcome) -> None:
        """Keep one; the oldest goes when there are too many.

        Raises:
            StorageFailed: the database refused.
        """

        def work(connection: Connection) -> None:
            from sqlalchemy import delete, func, insert, select

            from matinee.storage.tables import promises

            connection.execute(insert(promises).values(outcome=json.dumps(asdict(outcome))))
            newest = connection.scalar(select(func.max(promises.c.id))) or 0
            connection.execute(delete(promises).where(promises.c.id <= newest - MOST))

        await self._database.run(work)


def _outcome(text: str) -> Outcome | None:
    from matinee.models.promise import Basis, Outcome, Plays, Promise

    try:
        fields: dict[str, Any] = json.loads(text)
        said = fields.pop("promise")
        said["plays"], said["basis"] = Plays(said["plays"]), Basis(said["basis"])
        return Outcome(**fields, promise=Promise(**said))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("What was kept of a promise cannot be read error=%r", error)
        return None
