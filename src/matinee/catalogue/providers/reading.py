"""Reads what services say of films: fields that may be one value or a list, numbers that are texts, markup. Pure.

Nothing here raises: what is not of the kind that is wanted is as if it were not there.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from matinee.languages import UNKNOWN, tag_of
from matinee.names import clean_name
from matinee.types import TitleId

FIRST_FILM = 1874
LAST_YEAR = 2200
MOST_VALUES = 64
"""Of one field."""
TEXT_MAX_CHARS = 20_000
"""Of a description, markup and all, before it is read."""
SYNOPSIS_MAX_CHARS = 900
ADDRESS_MAX_CHARS = 2048
MAX_BYTES = 2**48
MAX_SECONDS = 7 * 24 * 3600.0

_SAFE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,126}[A-Za-z0-9_])?")
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?][^\s\"'<>\\^`{|}\x00-\x1f\x7f]*)?")
_SPECIAL = re.compile(r"[^\w\s]|_")
_NUMBER = re.compile(r"\s*([0-9]{1,18}(?:\.[0-9]{0,18})?)\s*")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{2})(?:\.[0-9]*)?")
_YEAR = re.compile(r"([0-9]{4})(?![0-9])")
_IMDB = re.compile(r"(?:urn:imdb:)?(tt[0-9]{7,10})", re.IGNORECASE)
_WIKIDATA = re.compile(r"(?:urn:wikidata:)?(Q[1-9][0-9]{0,11})", re.IGNORECASE)

_GENRE_WORDS: Mapping[str, str] = {
    "action": "action", "adventure": "adventure", "animation": "animation", "animated": "animation",
    "cartoon": "animation", "cartoons": "animation", "comedy": "comedy", "slapstick": "comedy", "crime": "crime",
    "gangster": "crime", "documentary": "documentary", "documentaries": "documentary", "drama": "drama",
    "family": "family", "fantasy": "fantasy", "history": "history", "historical": "history", "horror": "horror",
    "music": "music", "musical": "musical", "mystery": "mystery", "detective": "mystery", "film noir": "noir",
    "noir": "noir", "romance": "romance", "science fiction": "science-fiction", "sci-fi": "science-fiction",
    "scifi": "science-fiction", "short": "short", "short film": "short", "sport": "sport", "sports": "sport",
    "talk": "talk", "lecture": "talk", "conference": "talk", "thriller": "thriller", "suspense": "thriller",
    "war": "war", "western": "western", "westerns": "western",
}  # fmt: skip


def title_id(provider: str, own: str) -> TitleId:
    """Name a title by its provider and the name that it has there; a name unfit for an address by its hash."""
    name = own if _SAFE_NAME.fullmatch(own) else sha256(own.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return TitleId(f"{provider}.{name}")


def texts(value: Any) -> tuple[str, ...]:
    """Give the texts of a field that may be one or a list; numbers are texts too, empty ones are left out."""
    many = value if isinstance(value, list) else [value]
    found = (one if isinstance(one, str) else _as_text(one) for one in many[:MOST_VALUES])
    return tuple(one for one in found if one and not one.isspace())


def _as_text(value: Any) -> str:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def text(value: Any) -> str:
    """Give the first text of a field; empty when there is none."""
    return next(iter(texts(value)), "")


def names(value: Any) -> tuple[str, ...]:
    """Give a field's texts as names for people, none twice."""
    cleaned = (clean_name(one, "", 200) for one in texts(value))
    return tuple(dict.fromkeys(one for one in cleaned if one))


def words(typed: str) -> list[str]:
    """Give at most ten of the words that somebody typed, in lower case, which mean nothing to a query's grammar."""
    return [word.lower() for word in _SPECIAL.sub(" ", typed[:200]).split()[:10]]


def number(value: Any) -> float | None:
    """Read a number that is not negative, which may be a text."""
    found = _NUMBER.fullmatch(text(value)[:40])
    return float(found[1]) if found else None


def whole(value: Any, most: int) -> int | None:
    """Read a whole number in ``[0, most]``, which may be a text; digits are not lost on the way."""
    found = _NUMBER.fullmatch(text(value)[:40])
    read = int(found[1].partition(".")[0]) if found else None
    return read if read is not None and read <= most else None


def seconds(value: Any) -> float | None:
    """Read a length of time: seconds, ``M:SS`` or ``H:MM:SS``."""
    said = text(value).strip()[:40]
    clock = _CLOCK.fullmatch(said)
    if clock:
        found: float | None = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    else:
        found = number(said)
    return found if found is not None and 0 < found <= MAX_SECONDS else None


def year(*values: Any) -> int | None:
    """Find the first year in which a film can be, in the order of the values."""
    for value in values:
        for said in texts(value):
            found = _YEAR.match(said.strip())
            if found and FIRST_FILM <= int(found[1]) <= LAST_YEAR:
                return int(found[1])
    return None


def languages(value: Any) -> tuple[str, ...]:
    """Give the languages that are known, BCP 47; several may stand in one text."""
    words = (word for one in texts(value) for word in re.split(r"[,;/&]| and ", one[:200]))
    return tuple(dict.fromkeys(tag for word in words if (tag := tag_of(word)) != UNKNOWN))


def genres(value: Any) -> tuple[str, ...]:
    """Give the genres of ours that a field of keywords names."""
    words = (word.strip().lower() for one in texts(value) for word in re.split(r"[,;]", one[:500]))
    return tuple(dict.fromkeys(_GENRE_WORDS[word] for word in words if word in _GENRE_WORDS))


def identifiers(value: Any) -> tuple[str | None, str | None]:
    """Find IMDb's and Wikidata's identifiers among a film's, as ``urn:imdb:tt...`` or bare."""
    said = texts(value)
    imdb = next((found[1].lower() for one in said if (found := _IMDB.fullmatch(one.strip()))), None)
    wikidata = next((found[1].upper() for one in said if (found := _WIKIDATA.fullmatch(one.strip()))), None)
    return imdb, wikidata


def plain_text(markup: str, most: int = SYNOPSIS_MAX_CHARS) -> str:
    """Give the words of a text that may have HTML in it, on one line, cut at a word."""
    reader = _Words()
    reader.feed(markup[:TEXT_MAX_CHARS])
    reader.close()
    words = clean_name("".join(reader.parts), "", most + 1)
    if len(words) <= most:
        return words
    return words[: most - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


class _Words(HTMLParser):
    """Collects what a browser would show as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.parts.append(" ")
        self._unseen += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(" ")
        self._unseen = max(0, self._unseen - (tag in ("script", "style")))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def web_address(value: Any) -> str | None:
    """Give an https address as it stands; None for what is not plainly one. Whether it may be contacted is not said."""
    found = text(value).strip()
    return found if len(found) <= ADDRESS_MAX_CHARS and _ADDRESS.fullmatch(found) else None


def objects(value: Any, most: int) -> Iterator[Mapping[str, Any]]:
    """Give the objects in a list, or the one that stands alone; what is something else is left out."""
    many = value if isinstance(value, list) else [value]
    return (one for one in many[:most] if isinstance(one, dict))
