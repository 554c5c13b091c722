"""What a new torrent of an archive's item takes over from an earlier one that is here: pieces, basis, and position.

The archive makes an item's torrent anew when its files change: another info hash, and mostly the same files. So what
belongs to a film is found by its item and its own hash (``state_key``), not by the info hash alone; a film that was
changed itself follows its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from matinee.catalogue.healing import carried_over, state_key
from matinee.errors import BadSource
from matinee.models.healing import BOOKKEEPING_SUFFIXES, HashedFile, ItemTorrent
from matinee.torrent.carrying import Carried
from matinee.torrent.contents import Contents
from matinee.torrent.torrent import Torrent
from matinee.types import FileIndex, InfoHash


class Keeper(Protocol):
    """Keeps by what a film of an item is remembered: ``storage/item_files.py``."""

    async def keep(self, info_hash: InfoHash, keys: Mapping[FileIndex, str]) -> None:
        """Note the keys of a torrent's files; whoever had one first is what is remembered. Raises StorageFailed."""

    async def follow(
        self, info_hash: InfoHash, places: Mapping[FileIndex, tuple[InfoHash, FileIndex]]
    ) -> None:
        """Note that files are what others were. Raises StorageFailed."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What a new torrent must hold: the archive said so a moment ago."""

    identifier: str
    path: str
    sha1: str


@dataclass(slots=True)
class Renewal:
    """One torrent that is being added, and what is here of its item.

    Args:
        torrents: those that are here, the newest first.
        promised: what it must hold; None where a person brought it.
    """

    torrents: Sequence[Torrent]
    promised: Promised | None = None
    item: ItemTorrent | None = None
    """What it is of; None where no archive made it."""
    old: Torrent | None = None
    """The torrent it follows, if there is one."""
    places: dict[FileIndex, FileIndex] = field(default_factory=dict)
    """Each of its files that the old one had too, changed or not, and which that was."""

    def carry(self, contents: Contents) -> Sequence[Carried]:
        """Say which files come from the old torrent; asked once its contents are known.

        Raises:
            BadSource: it does not hold what was promised.
        """
        self.item = contents.item
        if self.promised is not None and not _holds(contents.item, self.promised):
            raise BadSource(
                "The archive has not made the torrent of this item anew yet. Try again in some days."
            )
        if contents.item is None:
            return ()
        self.old, before = _earlier(self.torrents, contents.item)
        if self.old is None or before is None:
            return ()
        self.places = _places(before.files, contents.item.files)
        return [Carried(self.old, old, new) for new, old in self.places.items()]

    @property
    def keys(self) -> dict[FileIndex, str]:
        """By what its films are remembered."""
        if self.item is None:
            return {}
        found = ((one.index, state_key(self.item.identifier, one)) for one in _films(self.item.files))
        return {index: key for index, key in found if key is not None}


def _holds(item: ItemTorrent | None, promised: Promised) -> bool:
    return (
        item is not None
        and item.identifier == promised.identifier
        and any((one.path, one.sha1) == (promised.path, promised.sha1) for one in item.files)
    )


def _earlier(torrents: Iterable[Torrent], item: ItemTorrent) -> tuple[Torrent | None, ItemTorrent | None]:
    for one in torrents:
        made = one.film.contents.item if one.film is not None else None
        if made is not None and made.identifier == item.identifier:
            return one, made
    return None, None


def _places(old: Sequence[HashedFile], new: Sequence[HashedFile]) -> dict[FileIndex, FileIndex]:
    """Pair new files with old ones: by content, and those that changed by name. Books change always."""
    films = _films(new)
    found = dict(carried_over(_films(old), films))
    by_name = {one.path: one.index for one in old}
    for one in films:
        if one.index not in found and one.path in by_name:
            found[one.index] = by_name[one.path]
    return found


def _films(files: Iterable[HashedFile]) -> list[HashedFile]:
    return [one for one in files if one.length and not one.path.endswith(BOOKKEEPING_SUFFIXES)]
