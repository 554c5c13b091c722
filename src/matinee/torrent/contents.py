"""What is in a torrent, once its metadata is here: files for people, places on the disk, hashes of pieces."""

import mimetypes
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

import libtorrent as lt

from matinee.models.healing import ItemTorrent
from matinee.models.torrent import FileEntry
from matinee.torrent.disk import DiskFile, DiskFiles
from matinee.torrent.hashes import PieceHashes, V1Hashes, V2File, V2Hashes
from matinee.torrent.item_torrent import read_item_torrent
from matinee.torrent.layout import FileLayout, Layout
from matinee.torrent.metainfo import Metainfo
from matinee.types import FileIndex, PieceIndex

MEDIA_TYPES = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
    ".mkv": "video/x-matroska", ".avi": "video/x-msvideo", ".ogv": "video/ogg", ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg", ".ts": "video/mp2t", ".m2ts": "video/mp2t", ".wmv": "video/x-ms-wmv",
    ".flv": "video/x-flv", ".mka": "audio/x-matroska", ".mp3": "audio/mpeg", ".m4a": "audio/mp4",
    ".flac": "audio/flac", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav",
    ".srt": "application/x-subrip", ".vtt": "text/vtt", ".ass": "text/x-ssa", ".ssa": "text/x-ssa",
    ".txt": "text/plain", ".nfo": "text/plain", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
    ".gif": "image/gif", ".webp": "image/webp", ".pdf": "application/pdf", ".zip": "application/zip",
}  # fmt: skip
"""By suffix, ours first: the system's table differs from machine to machine."""

_SERVED_AS_DATA = ("html", "script", "svg", "xml")
"""A type that has one of these in its name is never served as itself: a stranger's markup must not run under our
origin, and a system's list names types of all kinds that are XML underneath."""


class Shown:
    """How many bytes of shown files each piece holds: at four bytes a piece, for there may be 262 144."""

    def __init__(self, layout: Layout, spans: Iterable[tuple[int, int]]) -> None:
        """Count them.

        Args:
            layout: the torrent's pieces.
            spans: where the shown files lie, as ``[start, stop)`` of the torrent's byte space; none overlap.
        """
        self._bytes = array("I", bytes(4 * layout.piece_count))
        for start, stop in spans:
            pieces = layout.covering(start, stop)
            # All between the two at its ends are of this span alone: a loop over 3000 pieces takes 1.5 ms.
            inner = range(pieces.start + 1, pieces.stop - 1)
            if inner:
                self._bytes[inner.start : inner.stop] = array("I", [layout.piece_length]) * len(inner)
            for index in {*pieces[:1], *pieces[-1:]}:
                first, last = layout.bounds(PieceIndex(index))
                self._bytes[index] += min(last, stop) - max(first, start)

    def __getitem__(self, piece: PieceIndex) -> int:
        return self._bytes[piece]

    def here(self, have: Sequence[int]) -> int:
        """Add up the bytes of the pieces that are marked in ``have``, one entry a piece."""
        return sum(compress(self._bytes, have))


@dataclass(frozen=True, slots=True)
class Contents:
    """A torrent's files, pieces and hashes."""

    layout: Layout
    files: tuple[FileEntry, ...]
    """Those that are shown to people, in the order of the metainfo."""
    length: int
    """Bytes of the shown files."""
    shown: Shown
    disk_files: DiskFiles
    hashes: PieceHashes | None
    """None when the torrent does not carry them for us: a v2 magnet."""
    name: str
    private: bool
    item: ItemTorrent | None = None
    """What the Internet Archive wrote into it; None where it did not make it."""

    @property
    def main_file(self) -> FileEntry | None:
        """The largest film, or the largest file where there is no film; None when nothing is shown."""
        films = [file for file in self.files if file.media_type.startswith("video/")]
        return max(films or self.files, key=lambda file: file.length, default=None)

    def file(self, index: FileIndex) -> FileEntry | None:
        """Find a shown file."""
        at = bisect_left(self.files, index, key=_index)
        found = self.files[at] if at < len(self.files) else None
        return found if found is not None and found.index == index else None

    def place(self, file: FileEntry) -> FileLayout:
        """Say where a shown file lies."""
        return FileLayout(self.layout, file.offset, file.length)


def read_contents(info: lt.torrent_info, metainfo: Metainfo) -> Contents:
    """Join what our own reader found in the metainfo with libtorrent's layout of the same torrent.

    100 000 files take 0.5 s: for a thread.
    """
    storage = info.layout()
    layout = Layout(storage.piece_length(), storage.total_size())
    files = tuple(
        FileEntry(FileIndex(file.index), path := file.path, file.length, file.offset, media_type(path))
        for file in metainfo.files
        if file.hidden is None
    )
    return Contents(
        layout=layout,
        files=files,
        length=sum(file.length for file in files),
        shown=Shown(layout, ((file.offset, file.offset + file.length) for file in files)),
        disk_files=DiskFiles(_disk_files(storage), storage.file_path),
        hashes=_hashes(info, metainfo, layout),
        name=metainfo.name,
        private=metainfo.private,
        item=read_item_torrent(info.info_section()),
    )


def _index(file: FileEntry) -> FileIndex:
    return file.index


def _disk_files(storage: lt.file_storage) -> Iterator[DiskFile]:
    for index in range(storage.num_files()):
        padding = bool(storage.file_flags(index) & lt.file_storage.flag_pad_file)
        yield DiskFile(storage.file_offset(index), storage.file_size(index), padding)


def media_type(path: str) -> str:
    """Guess from the name; ``application/octet-stream`` when unknown or when a browser would run it."""
    return _type_of_suffix("." + path.rpartition(".")[2].lower())


@lru_cache(maxsize=100)
def _type_of_suffix(suffix: str) -> str:
    guess = MEDIA_TYPES.get(suffix) or mimetypes.guess_type("x" + suffix, strict=True)[0]
    if guess is None or any(word in guess for word in _SERVED_AS_DATA):
        return "application/octet-stream"
    return guess


def _hashes(info: lt.torrent_info, metainfo: Metainfo, layout: Layout) -> PieceHashes | None:
    if info.info_hashes().has_v1():
        # libtorrent has them in any case, and they are asked for one at a time: copied they are 20 bytes a piece.
        return V1Hashes(info.hash_for_piece)
    storage = info.layout()
    layers = _piece_layers(info, metainfo.rebuilt)
    files = []
    for index in range(storage.num_files()):
        length = storage.file_size(index)
        if length == 0 or storage.file_flags(index) & lt.file_storage.flag_pad_file:
            continue
        root = storage.root(index).to_bytes()
        layer = layers.get(root, b"")
        if length > layout.piece_length and not layer:
            return None
        files.append(V2File(storage.file_offset(index), length, root, layer))
    return V2Hashes(layout, tuple(files))


def _piece_layers(info: lt.torrent_info, metainfo: bytes) -> dict[bytes, bytes]:
    """Give the outer ``piece layers`` of a .torrent that our own reader made (BEP 52)."""
    # They are behind the info dictionary, which is the long part and is left out.
    document: Any = lt.bdecode(b"d" + metainfo.partition(info.info_section())[2])
    layers: dict[bytes, bytes] = document.get(b"piece layers", {})
    return layers
