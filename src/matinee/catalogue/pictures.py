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


STILL_WIDTH = 960
WIDTHS = {PictureKind.POSTER: (240, 480), PictureKind.BACKDROP: (1280,), PictureKind.STILL: (STILL_WIDTH,)}
"""Pixels, of each kind in which it is made; one that is narrower is kept as it is."""

_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a title, by what it is called here: it is another one when it comes from elsewhere."""

    title: TitleId
    kind: PictureKind
    url: str
    """Where it is; empty for one that was made here of the film."""
    key: str
    """16 hex digits."""

    @property
    def path(self) -> str:
        """Where the page finds it, up to its width: ``-240.webp`` follows."""
        return f"/pictures/{self.title}/{self.kind}-{self.key}"


def picture_of(title: Title, kind: PictureKind) -> Picture | None:
    """Give a title's poster or backdrop; None where nobody is known to have one."""
    url = title.poster if kind is PictureKind.POSTER else title.backdrop
    if url is None and kind is PictureKind.POSTER:
        release = item_of(title)
        url = None if release is None else ARCHIVE + release[0]
    return None if url is None else Picture(title.id, kind, url, _key(f"{kind} {url}"))


def item_of(title: Title) -> tuple[str, str | None] | None:
    """Give the item of the Internet Archive that has a title, and the film's path there where that is known.

    Of a series that has none of its own it is the first episode's.
    """
    episodes = (one for season in title.seasons for episode in season.episodes for one in episode.releases)
    for one in (*title.releases, *episodes):
        if isinstance(one.place, ArchiveItem):
            name = one.place.identifier
            return (name, one.file) if _ITEM.fullmatch(name) else None
    return None


def still_of(title_id: TitleId, url: str) -> Picture:
    """Give a still that is at an address."""
    return Picture(title_id, PictureKind.STILL, url, _key(f"{PictureKind.STILL} {url}"))


def own_still(title_id: TitleId, key: str) -> Picture:
    """Give a still that was made here, by what it is called."""
    return Picture(title_id, PictureKind.STILL, "", key)


def key_of_still(data: bytes) -> str:
    """Say what a still that was made here is called: by what it shows."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _key(said: str) -> str:
    return hashlib.blake2b(f"{VERSION} {said}".encode(), digest_size=8).hexdigest()


def paths_of(title: Title) -> dict[str, str | None]:
    """Give where the page finds each kind of picture; None where nobody has one."""
    found = {kind: picture_of(title, kind) for kind in (PictureKind.POSTER, PictureKind.BACKDROP)}
    return {kind.value: None if one is None else one.path for kind, one in found.items()}
