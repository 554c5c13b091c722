"""Which title a person means who names one. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from matinee.catalogue.folding import fold, without_article
from matinee.errors import BadInput, BadSetting, TitleNotFound
from matinee.models.catalogue import Wanted

MOST = 10
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9]{4}|[a-z0-9-]+\.[A-Za-z0-9_.-]+")
"""As the shelf has them, or providers: their own name first."""
_EPISODE = re.compile(r"(?:s?(?P<season>[0-9]{1,4})[xe])?(?P<number>[0-9]{1,4})", re.IGNORECASE)


def is_id(source: str) -> bool:
    """Tell whether this looks like a title's id rather than its name."""
    return _ID.fullmatch(source) is not None


def meant(words: str, cards: Sequence[Mapping[str, Any]]) -> str:
    """Give the id of the title that is meant.

    Args:
        words: as they were typed.
        cards: what a search found, as docs/api.md has it.

    Raises:
        TitleNotFound: nothing was found.
        BadInput: several may be meant; the message names them.
    """
    if not cards:
        raise TitleNotFound(
            f"Nothing here is called “{words}”. Name a title, a magnet link, a .torrent file or its address."
        )
    asked = without_article(fold(words))
    exact = [
        card
        for card in cards
        if asked in {without_article(fold(name)) for name in (card["title"], *card["titles"].values())}
    ]
    found = exact or cards
    if len(found) == 1:
        return str(found[0]["id"])
    named = "\n".join(f"  {card['id']}  {card['title']} ({card['year']})" for card in found[:MOST])
    raise BadInput(f"Several titles may be meant. Name one of them by its id:\n{named}")


def wanted(episode: str | None) -> Wanted:
    """Read which episode is wanted: ``3``, ``1x03`` or ``s01e03``.

    Raises:
        BadSetting: it is none of these.
    """
    if episode is None:
        return Wanted()
    found = _EPISODE.fullmatch(episode)
    if found is None:
        raise BadSetting("--episode must be a number, or season and number such as 1x03.")
    return Wanted(int(found["season"] or 1), int(found["number"]))
