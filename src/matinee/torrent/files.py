"""The files a torrent lists, as people see them, and which of them are not offered. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from matinee.errors import BadTorrent, TooLarge
from matinee.models.healing import BOOKKEEPING_SUFFIXES
from matinee.names import clean_path

MAX_FILES = 100_000
"""More are refused. As many, in one folder, take libtorrent 0.07 s and us 1.0 s in the child (2026-11-26)."""

MAX_FOLDER_STEPS = 20_000_000
"""How much searching for folders a torrent may cause in libtorrent, in folders looked at.

libtorrent compares every file's folder with the list of those it has seen, from the newest back, holding
the GIL: 3 to 6 ns each and as much again for every 64 bytes of their paths, so this is about 0.1 s
(2026-11-23). It allows 6 300 folders of one file each.
"""
STEP_BYTES = 64
"""So many bytes of a folder's path cost as much as looking at one more."""


class HiddenReason(StrEnum):
    """Why a file of a torrent is not offered."""

    PADDING = "padding"
    """Zeros that align the next file to a piece (BEP 47)."""
    BOOKKEEPING = "bookkeeping"
    """Lists and reviews that an archive keeps beside the film."""
    SYMLINK = "symlink"
    """A link: libtorrent would follow what waits in its place."""


def hidden_reason(path: str, attr: str = "") -> HiddenReason | None:
    """Say why a file is not offered, or None when it is.

    Args:
        path: as cleaned for people, ``/`` between the parts.
        attr: the letters of the file's ``attr`` entry (BEP 47): ``p`` padding, ``l`` link.
    """
    if "l" in attr:
        return HiddenReason.SYMLINK
    if "p" in attr or "____padding_file" in path or "/.pad/" in f"/{path}":
        return HiddenReason.PADDING
    if path.endswith(BOOKKEEPING_SUFFIXES):
        return HiddenReason.BOOKKEEPING
    return None


@dataclass(frozen=True, slots=True)
class MetainfoFile:
    """One file of a torrent, in the order and with the index that libtorrent gives it."""

    index: int
    """Its index, padding included. libtorrent counts the padding that v2 implies, and so do we."""
    path: str
    """Cleaned for people, ``/`` between the parts; the torrent's name first when it has a folder. Never used to
    open anything."""
    length: int
    """Bytes."""
    offset: int
    """Where it begins in the torrent's byte space, in bytes."""
    hidden: HiddenReason | None
    """Why it is not offered, or None."""


class FileList:
    """Collects a torrent's files in order and keeps count of what they will cost libtorrent."""

    def __init__(self, root: str | None) -> None:
        self._root = () if root is None else clean_path((root,))
        self._files: list[MetainfoFile] = []
        self._folders: dict[tuple[bytes, ...], tuple[int, int, tuple[str, ...]]] = {}
        """For each folder its place in libtorrent's list, what comparing it costs, and its cleaned parts."""
        self._steps = 0
        self.length = 0
        """Bytes of all files so far: where the next one begins."""
        self.tail_padding = 0
        """Bytes of padding after the last file that has content."""

    def add(self, parts: tuple[bytes, ...], length: int, attr: str) -> None:
        """Add a file by its path below the root.

        Raises:
            BadTorrent: the path leaves the folder.
            TooLarge: too many files, or files in too many folders.
        """
        folder = self._folder(parts[:-1])
        _check_part(parts[-1])
        path = "/".join((*self._root, *folder, *clean_path(parts[-1:])))
        self.tail_padding = 0 if length else self.tail_padding
        self._append(path, length, hidden_reason(path, attr))

    def add_padding(self, length: int) -> None:
        """Add the padding that libtorrent puts between the files of a v2 torrent."""
        self._folder((b".pad",))
        self.tail_padding = length
        self._append("/".join((*self._root, ".pad", str(length))), length, HiddenReason.PADDING)

    def drop_tail_padding(self) -> None:
        """Take back the padding after the last file that has content: a hybrid may end without it."""
        at = next(index for index in reversed(range(len(self._files))) if self._files[index].length)
        self.length -= self._files.pop(at).length
        for index in range(at, len(self._files)):
            self._files[index] = replace(self._files[index], index=index, offset=self.length)

    def done(self) -> tuple[MetainfoFile, ...]:
        """Give the files."""
        return tuple(self._files)

    def _append(self, path: str, length: int, hidden: HiddenReason | None) -> None:
        if len(self._files) >= MAX_FILES:
            raise TooLarge(f"This torrent lists more than {MAX_FILES} files. Ask for one with fewer.")
        self._files.append(MetainfoFile(len(self._files), path, length, self.length, hidden))
        self.length += length

    def _folder(self, parts: tuple[bytes, ...]) -> tuple[str, ...]:
        known = self._folders.get(parts)
        if known is None:
            for part in parts:
                _check_part(part)
            known = (len(self._folders), 1 + sum(map(len, parts)) // STEP_BYTES, clean_path(parts))
            self._folders[parts] = known
            self._steps += known[0] * known[1]
        self._steps += (len(self._folders) - known[0]) * known[1]
        if self._steps > MAX_FOLDER_STEPS:
            raise TooLarge("This torrent spreads its files over too many folders. Ask for one with fewer.")
        return known[2]


def _check_part(part: bytes) -> None:
    if b".." in part and b".." in part.replace(b"\\", b"/").split(b"/"):
        raise BadTorrent(
            "This torrent names a file outside its own folder, so it was made to do harm or by a faulty"
            " program. Get the film from another source."
        )
