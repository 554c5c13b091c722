"""What is in a torrent, once its metadata is here: files for people, places on the disk, hashes of pieces."""

import mimetypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import libtorrent as lt

from matinee.models.torrent import FileEntry
from matinee.torrent.disk import DiskFile
from matinee.torrent.hashes import PieceHashes, V1Hashes, V2File, V2Hashes
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

_SERVED_AS_DATA = frozenset(
    {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"}
)
"""Never served as themselves: a stranger's markup must not run under our origin."""


class PieceSet:
    """Some of a torrent's pieces, at a byte each: a set of 60 000 numbers would take 5 MB."""

    def __init__(self, count: int, spans: Iterable[range]) -> None:
        self._marks = bytearray(count)
        for span in spans:
            self._marks[span.start : span.stop] = b"\1" * len(span)

    def __contains__(self, piece: int) -> bool:
        return bool(self._marks[piece])

    def __iter__(self) -> Iterator[PieceIndex]:
        return (PieceIndex(piece) for piece, marked in enumerate(self._marks) if marked)


@dataclass(frozen=True, slots=True)
class Contents:
    """A torrent's files, pieces and hashes."""

    layout: Layout
    files: tuple[FileEntry, ...]
    """Those that are shown to people, in the order of the metainfo."""
    file_layouts: dict[FileIndex, FileLayout]
    """Of the shown files."""
    shown_pieces: PieceSet
    """Every piece that holds a byte of a shown file."""
    disk_files: tuple[DiskFile, ...]
    hashes: PieceHashes | None
    """None when the torrent does not carry them for us: a v2 magnet."""
    name: str
    private: bool

    @property
    def main_file(self) -> FileEntry | None:
        """The largest film, or the largest file where there is no film; None when nothing is shown."""
        films = [file for file in self.files if file.media_type.startswith("video/")]
        return max(films or self.files, key=lambda file: file.length, default=None)


def read_contents(info: lt.torrent_info, metainfo: Metainfo) -> Contents:
    """Join what our own reader found in the metainfo with libtorrent's layout of the same torrent."""
    storage = info.layout()
    layout = Layout(storage.piece_length(), storage.total_size())
    files: list[FileEntry] = []
    file_layouts: dict[FileIndex, FileLayout] = {}
    for file in metainfo.files:
        if file.hidden is not None:
            continue
        index = FileIndex(file.index)
        place = FileLayout(layout, file.offset, file.length)
        path = file.path
        files.append(FileEntry(index, path, file.length, file.offset, media_type(path)))
        file_layouts[index] = place
    disk_files = tuple(
        DiskFile(
            storage.file_path(index),
            storage.file_offset(index),
            storage.file_size(index),
            padding=bool(storage.file_flags(index) & lt.file_storage.flag_pad_file),
        )
        for index in range(storage.num_files())
    )
    return Contents(
        layout=layout,
        files=tuple(files),
        file_layouts=file_layouts,
        shown_pieces=PieceSet(layout.piece_count, (place.pieces for place in file_layouts.values())),
        disk_files=disk_files,
        hashes=_hashes(info, metainfo, layout),
        name=metainfo.name,
        private=metainfo.private,
    )


def media_type(path: str) -> str:
    """Guess from the name; ``application/octet-stream`` when unknown or when a browser would run it."""
    suffix = "." + path.rpartition(".")[2].lower()
    guess = MEDIA_TYPES.get(suffix) or mimetypes.guess_type("x" + suffix, strict=True)[0]
    if guess is None or guess in _SERVED_AS_DATA or "script" in guess:
        return "application/octet-stream"
    return guess


def _hashes(info: lt.torrent_info, metainfo: Metainfo, layout: Layout) -> PieceHashes | None:
    if info.info_hashes().has_v1():
        document: Any = lt.bdecode(metainfo.rebuilt)
        return V1Hashes(document[b"info"][b"pieces"])
    storage = info.layout()
    layers = _piece_layers(metainfo.rebuilt)
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


def _piece_layers(metainfo: bytes) -> dict[bytes, bytes]:
    """Give the outer ``piece layers`` of a .torrent that our own reader made (BEP 52)."""
    document: Any = lt.bdecode(metainfo)
    layers: dict[bytes, bytes] = document.get(b"piece layers", {})
    return layers
