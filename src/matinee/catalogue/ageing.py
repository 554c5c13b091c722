"""Finds the titles that nobody has given for a long time, and that nothing of the user's holds: they may go.

What comes from a source that says all it has, each time, is none of them: that is forgotten when it no longer gives it.
"""

from typing import TYPE_CHECKING

from matinee.catalogue.words_index import having_word
from matinee.models.catalogue import FOLDER, OWN, SHELF
from matinee.models.library import Kind, title_in
from matinee.storage.bulk import as_rows, given, item, statement
from matinee.types import TitleId

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEPT_DAYS = 365
"""Since a provider last gave it: whoever looks for the same each year finds it here."""
MOST_AT_ONCE = 10_000
"""So many go in one day: what is more waits for the next."""
_SAYS_ALL = (SHELF, FOLDER, OWN)


def old_titles(connection: "Connection", before: str) -> list[TitleId]:
    """Find what may go, of titles and of parts of them.

    Args:
        connection: to the database.
        before: RFC 3339, UTC: it was given last before this moment.
    """
    from sqlalchemy import func, select

    from matinee.storage.tables import titles

    lead = func.coalesce(titles.c.lead, titles.c.id).label("of")
    old = select(titles.c.id, lead).where(titles.c.source.not_in(_SAYS_ALL), titles.c.seen_at < before)
    found = connection.execute(old.order_by(titles.c.row).limit(MOST_AT_ONCE)).all()
    held = _held(connection) if found else set()
    return [TitleId(one.id) for one in found if one.of not in held]


def forget_words(connection: "Connection", after: str, most: int) -> str | None:
    """Forget some words of the vocabulary that are of no title any more.

    Args:
        connection: to the database.
        after: the last word that was looked at.
        most: so many are looked at.

    Returns:
        The last of them; None when there was none.
    """
    next_ones = "SELECT word FROM title_vocabulary WHERE word > :after ORDER BY word LIMIT :most"
    found = list(connection.scalars(statement(next_ones), {"after": after, "most": most}))
    if not found:
        return None
    sql = f"""
        DELETE FROM title_vocabulary WHERE word > :after AND word <= :last
        AND NOT EXISTS ({having_word(connection.dialect.name, "title_vocabulary.word")})"""  # noqa: S608 - ours
    connection.execute(statement(sql), {"after": after, "last": found[-1]})
    return str(found[-1])


def _held(connection: "Connection") -> set[str]:
    """Give what the user's lists, history, progress and torrents hold, each by who leads it: all of it stays then."""
    from sqlalchemy import select, text

    from matinee.storage.tables import library, title_torrents

    named = {
        title_in(Kind(row.kind), row.key) for row in connection.execute(select(library.c.kind, library.c.key))
    }
    named.update(connection.scalars(select(title_torrents.c.title)))
    dialect = connection.dialect.name
    leads = f"""
        SELECT COALESCE(t.lead, t.id) FROM {given(dialect)} JOIN titles t ON t.id = {item(dialect, 0)}"""  # noqa: S608 - no data in it
    return set(connection.scalars(text(leads), {"rows": as_rows([(one,) for one in named])}))
