"""Says by what the titles that are shown may be narrowed: which answers there are at all."""

from typing import TYPE_CHECKING

from matinee.catalogue.entries import SUBTITLED
from matinee.models.catalogue import Filters
from matinee.storage.bulk import statement

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LANGUAGE = "language:"
_AFTER = "language;"
"""After every tag of a language."""


def filters(connection: "Connection", judged: str, *, children: bool) -> Filters:
    """Look which languages, lengths and subtitles there are.

    Args:
        connection: to the database.
        judged: for which country and year what is shown was judged.
        children: of what a child may see alone.
    """
    shown = f"t.shown AND t.judged = :judged{' AND t.children' if children else ''}"
    asked = {"judged": judged}
    least, most = connection.execute(
        statement(f"SELECT min(t.minutes), max(t.minutes) FROM titles t WHERE {shown}"),  # noqa: S608 - ours
        asked,
    ).one()
    some = statement(
        f"SELECT 1 FROM title_tags g JOIN titles t ON t.row = g.row WHERE g.tag = :tag AND {shown} LIMIT 1"  # noqa: S608 - ours
    )

    def is_there(tag: str) -> bool:
        return connection.execute(some, {**asked, "tag": tag}).first() is not None

    # From one tag to the next by the index: each language has thousands of rows.
    following = statement("SELECT min(tag) FROM title_tags WHERE tag > :tag AND tag < :after")
    languages, tag = list[str](), _LANGUAGE
    while (found := connection.scalar(following, {"tag": tag, "after": _AFTER})) is not None:
        tag = str(found)
        if is_there(tag):
            languages.append(tag.removeprefix(_LANGUAGE))
    return Filters(tuple(languages), (least, most), is_there(SUBTITLED))
