"""Keeps what providers answered last, in the database: the ``AnswerCache`` of ``ports``."""

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from matinee.catalogue.title_data import title_data, title_from
from matinee.models.provider import Kept
from matinee.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

MOST_ANSWERS = 500
"""Of all providers together; each has at most 400 titles, most of them some dozens: 20 MB in all."""


class Answers:
    """The table of answers."""

    def __init__(self, database: Database, most: int = MOST_ANSWERS) -> None:
        self._database = database
        self._most = most

    async def find(self, provider: str, question: str) -> Kept | None:
        """Give the last answer; None when there never was one, or it cannot be read any more."""

        def work(connection: "Connection") -> tuple[str, str] | None:
            from sqlalchemy import select

            from matinee.storage.tables import provider_answers as table

            row = connection.execute(
                select(table.c.kept_at, table.c.titles).where(
                    table.c.provider == provider, table.c.question == question
                )
            ).first()
            return None if row is None else (str(row.kept_at), str(row.titles))

        found = await self._database.read(work)
        if found is None:
            return None
        try:
            titles = tuple(map(title_from, json.loads(found[1])))
            return Kept(titles, datetime.fromisoformat(found[0]))
        except (KeyError, TypeError, ValueError) as error:
            # An older program wrote it, of titles that had other fields.
            log.warning("A kept answer cannot be read any more provider=%s error=%r", provider, error)
            return None

    async def keep(self, provider: str, question: str, kept: Kept) -> None:
        """Keep an answer in the place of the last; the oldest of too many are let go."""
        whole = json.dumps(list(map(title_data, kept.titles)), ensure_ascii=False)
        kept_at = kept.at.astimezone(UTC).isoformat(timespec="microseconds")

        def work(connection: "Connection") -> None:
            from sqlalchemy import case, delete, insert, select

            from matinee.storage.tables import provider_answers as table

            connection.execute(
                delete(table).where(table.c.provider == provider, table.c.question == question)
            )
            row = {"provider": provider, "question": question, "kept_at": kept_at, "titles": whole}
            connection.execute(insert(table).values(row))
            # Those from before the clock was set back count as the oldest: none that comes now would be kept else.
            age = case((table.c.kept_at > kept_at, ""), else_=table.c.kept_at)
            last = connection.scalar(select(age).order_by(age.desc()).offset(self._most).limit(1))
            if last is not None:
                connection.execute(delete(table).where(age <= last))

        await self._database.run(work)
