"""Where a title's pictures are, and what they are called here. Pure."""

import hashlib
import re
from dataclasses import dataclass

from matinee.models.title import ArchiveItem, PictureKind, Title
from matinee.types import TitleId

ARCHIVE = "https://archive.org/services/img/"
"""Where the Internet Archive has a small picture of each item."""
VERSION = 1
"""Another number when pictures are made in another way: each is called otherwise then, and made anew."""


WIDTHS = {PictureKind.POSTER: (240, 480), PictureKind.BACKDROP: (1280,)}
"""Pixels, of each kind in which it is made; one that is narrower is kept as it is."""

_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a title, by what it is called here: it is another one when it comes from elsewhere."""

    title: TitleId
    kind: PictureKind
    url: str
    """Where it is."""
    key: str
    """16 hex digits."""

    @property
    def path(self) -> str:
        """Where the page finds it, up to its width: ``-240.webp`` follows."""
        return f"/pictures/{self.title}/{self.kind}-{self.key}"


def picture_of(title: Title, kind: PictureKind) -> Picture | None:
    """Give a title's picture; None where nobody is known to have one."""
    url = title.poster if kind is PictureKind.POSTER else title.backdrop
    if url is None and kind is PictureKind.POSTER:
        item = next(
            (one.place.identifier for one in title.releases if isinstance(one.place, ArchiveItem)), None
        )
        url = None if item is None or not _ITEM.fullmatch(item) else ARCHIVE + item
    if url is None:
        return None
    key = hashlib.blake2b(f"{VERSION} {kind} {url}".encode(), digest_size=8).hexdigest()
    return Picture(title.id, kind, url, key)


def paths_of(title: Title) -> dict[str, str | None]:
    """Give where the page finds each kind of picture; None where nobody has one."""
    found = {kind: picture_of(title, kind) for kind in PictureKind}
    return {kind.value: None if one is None else one.path for kind, one in found.items()}
