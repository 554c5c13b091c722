"""What the Internet Archive says of an item: its files, and whether it says anything of rights that counts. Pure.

Fields are entered by whoever uploaded it: one value or a list, numbers as texts, or nothing of the kind. What
cannot be is as if it were not there. Field names: archive.org/developers/metadata-schema.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from matinee.catalogue.providers import claim, reading
from matinee.models.licences import find_licence
from matinee.models.rights import Evidence, Licensed

MOST_FILES = 20_000
MOST_REVIEWS = 20_000
MOST_STARS = 5
_AGAINST = re.compile(
    r"all rights reserved|\bcopyright(ed)?\b(?! (free|expired))|©|\(c\)|in[_ ]copyright|do not (share|distribute)",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"not[_ ]in[_ ]copyright|no (known )?copyright|public domain|creative commons|copyright (free|expired)",
    re.IGNORECASE,
)
_HASH = {
    "md5": re.compile(r"[0-9a-f]{32}"),
    "sha1": re.compile(r"[0-9a-f]{40}"),
    "btih": re.compile(r"[0-9a-f]{40}"),
}


class Made(StrEnum):
    """Where a file of an item comes from."""

    ORIGINAL = "original"
    """Somebody uploaded it."""
    DERIVATIVE = "derivative"
    """The Archive made it of another one."""
    METADATA = "metadata"
    """The Archive's own books; they change whenever something happens to the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFile:
    """A file of an item. What the Archive does not say is None."""

    name: str
    """Its path in the item, as in the address: never cleaned, never shown."""
    made: Made
    format: str
    """The Archive's own word, such as ``h.264 IA``."""
    length_bytes: int | None = None
    md5: str | None = None
    """32 hex digits."""
    sha1: str | None = None
    """40 hex digits."""
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    original: str | None = None
    """The file it was made of."""
    info_hash: str | None = None
    """Of the item's own .torrent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item that may be opened by anybody."""

    identifier: str
    metadata: Mapping[str, Any]
    """As it came."""
    files: tuple[ItemFile, ...]
    """Those that anybody may have."""
    stars: tuple[float, int] | None = None
    """What its reviews give it, from 0 to 5, and how many they are; None where there are none."""


def read_item(answer: Any) -> Item | None:
    """Read the answer of ``/metadata/ITEM``; None for no such item, one that is lent or dark, or nonsense."""
    match answer:
        case {"metadata": {"identifier": str(identifier)} as metadata, "files": list(listed)}:
            if restricted(metadata) or answer.get("is_dark"):
                return None
            files = (_file(one) for one in reading.objects(listed, MOST_FILES))
            found = tuple(one for one in files if one is not None)
            return Item(identifier=identifier, metadata=metadata, files=found, stars=_stars(answer, metadata))
    return None


def stars(said: Mapping[str, Any]) -> tuple[float, int] | None:
    """Read what reviews give, from 0 to 5, and how many they are, where their sum is told."""
    mean, count = reading.number(said.get("avg_rating")), reading.whole(said.get("num_reviews"), 10**9)
    return (mean, count) if mean is not None and 0 < mean <= MOST_STARS and count else None


def _stars(answer: Mapping[str, Any], metadata: Mapping[str, Any]) -> tuple[float, int] | None:
    """Read an item's reviews: their sum, in the metadata or beside the reviews, or else the reviews one by one."""
    said = answer.get("reviews")
    info = said.get("info") if isinstance(said, dict) else None
    told = stars(metadata) or (stars(info) if isinstance(info, dict) else None)
    if told is not None or not isinstance(said, list):
        return told
    given = (reading.number(one.get("stars")) for one in reading.objects(said, MOST_REVIEWS))
    counted = [one for one in given if one is not None and 0 < one <= MOST_STARS]
    return (sum(counted) / len(counted), len(counted)) if counted else None


def restricted(metadata: Mapping[str, Any]) -> bool:
    """Tell whether an item is lent, or for some people only."""
    return any(
        reading.text(metadata.get(key)).strip().lower() == "true" or metadata.get(key) is True
        for key in ("access-restricted-item", "access-restricted", "noindex")
    )


def _file(said: Mapping[str, Any]) -> ItemFile | None:
    name = said.get("name")
    if not isinstance(name, str) or not _is_path(name) or reading.text(said.get("private")).lower() == "true":
        return None
    source = said.get("source")
    return ItemFile(
        name=name,
        made=Made(source) if source in tuple(Made) else Made.ORIGINAL,
        format=reading.text(said.get("format"))[:100],
        length_bytes=reading.whole(said.get("size"), reading.MAX_BYTES),
        md5=_hash(said, "md5"),
        sha1=_hash(said, "sha1"),
        duration_s=reading.seconds(said.get("length")),
        width=reading.whole(said.get("width"), 65_535) or None,
        height=reading.whole(said.get("height"), 65_535) or None,
        original=reading.text(said.get("original")) or None,
        info_hash=_hash(said, "btih"),
    )


def _is_path(name: str) -> bool:
    """Tell whether a name is a plain path in the item: it becomes part of an address."""
    parts = name.split("/")
    return 0 < len(name) <= 1024 and name.isprintable() and not any(part in ("", ".", "..") for part in parts)


def _hash(said: Mapping[str, Any], kind: str) -> str | None:
    found = reading.text(said.get(kind)).lower()
    return found if _HASH[kind].fullmatch(found) else None


def evidence(metadata: Mapping[str, Any], home: str, checked: date) -> tuple[Evidence, ...]:
    """Give what an item says of rights, where it counts.

    That the Archive has it says nothing, nor does a collection, nor the year, which whoever uploads it types. A licence
    counts as ``claim.stated`` says, unless the item's own words say the opposite.

    Args:
        metadata: of the item.
        home: where a person can see it.
        checked: today.
    """
    if _says_otherwise(metadata):
        return ()
    people = reading.names(metadata.get("creator")) or reading.names(metadata.get("uploader"))
    return claim.stated(
        reading.texts(metadata.get("licenseurl")),
        people,
        into="the Internet Archive",
        source=home,
        year=reading.year(metadata.get("year"), metadata.get("date")),
        checked=checked,
    )


def contradicts(metadata: Mapping[str, Any], free: Iterable[Evidence]) -> bool:
    """Tell whether an item claims rights in a film that is free for other reasons.

    A licence is such a claim, for who gives one says that the film is theirs: but for a mark of the public domain, and
    for the very licence under which the film is known to be. So is a licence that nobody can read.

    Args:
        metadata: of the item.
        free: what speaks for the film.
    """
    given = {one.licence for one in free if isinstance(one, Licensed)} | claim.MARKS
    stated = (find_licence(one) for one in reading.texts(metadata.get("licenseurl")))
    return _says_otherwise(metadata) or any(one is None or one.id not in given for one in stated)


def _says_otherwise(metadata: Mapping[str, Any]) -> bool:
    """Tell whether the item's words on rights are against sharing, and none of them for it."""
    said = " ".join(
        one[:2000]
        for key in ("rights", "possible-copyright-status")
        for one in reading.texts(metadata.get(key))
    )
    return bool(_AGAINST.search(_FOR.sub("", said)))
