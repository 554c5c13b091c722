"""What an item of the Internet Archive has beside its film: stills, subtitles, a trailer. Pure.

Only what its own list of files names is taken: no address is ever guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matinee.catalogue.archive_choice import Film, beside, films
from matinee.catalogue.archive_item import Item, ItemFile, Made
from matinee.catalogue.film_file import stem
from matinee.languages import UNKNOWN
from matinee.models.extras import Beside, ItemExtras

MOST_STILLS = 5
FIRST_S = 60
"""Before that are titles and logos."""
TRAILER_S = 360.0
"""None is longer."""
_FRAME = re.compile(r"(?P<film>.+)_(?P<at_s>[0-9]{6})\.jpg")
_TRAILER = re.compile(r"(^|[/_ .-])trailer([/_ .-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """A still of a film."""

    path: str
    at_s: int
    length_bytes: int
    """The more there is to see, the more it has: a black one has next to none."""


def extras_of(item: Item, file: str | None, languages: Sequence[str]) -> ItemExtras:
    """Give what an item has beside a film.

    Args:
        item: as the archive describes it.
        file: path of the film; None for the item's own feature.
        languages: spoken in it, BCP 47: what a machine heard is in the first.
    """
    found = films(item)
    film = next((one for one in found if any(file == each.name for each in one.files)), None)
    if film is None:
        film = next((one for one in found if not _TRAILER.search(one.name)), None)
    if film is None:
        return ItemExtras()
    heard = languages[0] if len(languages) == 1 else UNKNOWN
    said = (
        Beside(heard, one.machine_made) if one.machine_made and one.language == UNKNOWN else one
        for one in beside((each.name for each in item.files), film.name)
    )
    stills = tuple(one.path for one in chosen(_frames(item, film)))
    return ItemExtras(stills, tuple(dict.fromkeys(said)), _trailer(found, film))


def chosen(frames: Sequence[Frame], most: int = MOST_STILLS) -> tuple[Frame, ...]:
    """Choose what shows a film without telling its end: from the middle third, evenly, see ``richest``.

    Of a film too short for that the first still after its first minute is taken.

    Args:
        frames: in any order.
        most: of them.
    """
    ordered = sorted(frames, key=lambda one: one.at_s)
    end_s = ordered[-1].at_s if ordered else 0
    later = [one for one in ordered if one.at_s >= FIRST_S]
    return richest([one for one in later if end_s <= 3 * one.at_s <= 2 * end_s] or later[:1], most)


def richest(frames: Sequence[Frame], most: int = MOST_STILLS) -> tuple[Frame, ...]:
    """Give the richest of each of so many even parts: of all first, the others in the film's order.

    Args:
        frames: in the film's order.
        most: of them.
    """
    parts = min(most, len(frames))
    steps = (frames[len(frames) * at // parts : len(frames) * (at + 1) // parts] for at in range(parts))
    best = [max(step, key=lambda one: one.length_bytes) for step in steps]
    first = max(best, key=lambda one: one.length_bytes, default=None)
    return () if first is None else (first, *(one for one in best if one is not first))


def _frames(item: Item, film: Film) -> list[Frame]:
    """Give the archive's stills of a film: ``ITEM.thumbs/FILM_000060.jpg``, one a minute."""
    folder = f"{item.identifier}.thumbs/"
    found = []
    for one in item.files:
        named = _FRAME.fullmatch(one.name.removeprefix(folder)) if one.name.startswith(folder) else None
        if named is not None and _shows(one, named["film"], film):
            found.append(Frame(one.name, int(named["at_s"]), one.length_bytes or 0))
    return found


def _shows(frame: ItemFile, named: str, film: Film) -> bool:
    made_of = film.name if frame.original is None else stem(frame.original)
    return frame.made is not Made.METADATA and made_of == film.name and named == film.name.rpartition("/")[2]


def _trailer(found: Sequence[Film], film: Film) -> str | None:
    """Give the film's trailer: the one film of the item that is called so, and much shorter. Two are none."""
    named = [one for one in found if one is not film and _TRAILER.search(one.name)]
    if len(named) != 1:
        return None
    lasts_s = _longest_s(named[0])
    short = 0 < lasts_s <= min(TRAILER_S, _longest_s(film) / 2)
    return named[0].files[0].name if short else None


def _longest_s(film: Film) -> float:
    return max((one.duration_s or 0.0 for one in film.files), default=0.0)
