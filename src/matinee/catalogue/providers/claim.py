"""What a service says of a film's licence, where it counts as evidence. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from matinee.models.licences import find_licence
from matinee.models.rights import Evidence, Licensed
from matinee.names import clean_name

FIRST_LICENCES_YEAR = 2002
"""In which Creative Commons published its first: whoever puts one on an older film is hardly who made it."""
MARKS = frozenset({"CC-PDM-1.0", "CC-PDDC", "CC0-1.0"})
"""Say that a work is free already, whoever made it: they may stand on old ones."""
MOST_CHARS = 20_000
LONGEST_NAME = 60

_ADDRESS = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:creativecommons|artlibre)\.org/[^\s\"'<>\])]+", re.IGNORECASE
)
_NAME = re.compile(r"(cc|lal)[ 0-9-]", re.IGNORECASE)
_RESERVED = re.compile(r"all rights reserved|alle rechte vorbehalten|tous droits réservés", re.IGNORECASE)


def licences_in(text: str) -> tuple[str, ...]:
    """Give what of a text may name a licence: the addresses in it, and all of it where it is a short name of one.

    Creative Commons' licences are also written with spaces, ``CC BY-SA 4.0``, which is no identifier yet. "Public
    domain" is not a licence: nobody says by it who freed the work, or where.
    """
    found = tuple(one.rstrip(".,;)") for one in _ADDRESS.findall(text[:MOST_CHARS]))
    short = " ".join(text.split()) if len(text) <= LONGEST_NAME else ""
    return (*found, short.replace(" ", "-")) if _NAME.match(short) else found


def says_all_reserved(text: str) -> bool:
    """Tell whether a text says that nothing is allowed."""
    return bool(_RESERVED.search(text[:MOST_CHARS]))


def stated(
    licences: Iterable[str], people: Sequence[str], *, into: str, source: str, year: int | None, checked: date
) -> tuple[Evidence, ...]:
    """Give a stated licence as evidence, or nothing.

    It counts when it is one that we know, and one alone; when whoever gives it is named; and when it can be: no licence
    of Creative Commons on a film older than they are, unless it says that the film is free already.

    Args:
        licences: identifiers and addresses, as they were stated; what is none that we know is passed over.
        people: who states it, fit to be shown.
        into: what they put the film into, for people.
        source: the https address where a person can see it.
        year: of the film; None when nobody says.
        checked: today.
    """
    found = {licence.id: licence for one in licences if (licence := find_licence(one))}
    if len(found) != 1:
        return ()
    (licence,) = found.values()
    if licence.id not in MARKS and (not people or year is None or year < FIRST_LICENCES_YEAR):
        return ()
    who = clean_name(", ".join(people[:2]), "nobody by name", 120)
    by = f"Whoever put it into {into}: {who}"
    return (Licensed(licence=licence.id, url=licence.url, by=by, source=source, checked=checked),)
