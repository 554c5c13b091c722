"""Which files of an archive's torrent are stale, and what becomes of those that share a piece with them. Pure.

The archive changes its own books, reviews and subtitles after it has made a torrent, and never makes that one anew;
whatever they share a piece with does not verify any more. The torrent names the hash of each file, the item says what
it has today: a file that is the same there can be completed from there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matinee.catalogue.archive_item import Item, ItemFile
from matinee.models.healing import BOOKKEEPING_SUFFIXES, Diagnosis, Freshness, HashedFile, ItemTorrent, Mend
from matinee.types import FileIndex, PieceIndex

PADDING = "____padding_file"


def diagnose(torrent: ItemTorrent, item: Item) -> Diagnosis:
    """Hold a torrent against its item as it is today."""
    known = {one.name: one for one in item.files}
    freshness = {file.index: _freshness(file, known.get(file.path)) for file in torrent.files}
    stale = [file for file in torrent.files if freshness[file.index] in (Freshness.CHANGED, Freshness.GONE)]
    lost = frozenset(PieceIndex(piece) for file in stale for piece in _pieces(file, torrent.piece_length))
    good = (
        file
        for file in torrent.files
        if freshness[file.index] is Freshness.SAME
        and not _is_book(file)
        and file.sha1 is not None
        and _sha1(known.get(file.path)) == file.sha1
    )
    mends = tuple(mend for file in good for mend in _mends(file, torrent.piece_length, lost))
    return Diagnosis(freshness, mends, lost)


def _freshness(file: HashedFile, today: ItemFile | None) -> Freshness:
    if PADDING in file.path or file.length == 0:
        return Freshness.SAME
    if today is None:
        # Its own .torrent and some books are never listed with a hash, or at all: they are stale as soon as made.
        return Freshness.GONE
    if today.length_bytes not in (None, file.length):
        return Freshness.CHANGED
    for then, now in ((file.sha1, today.sha1), (file.md5, today.md5)):
        if then is not None and now is not None:
            return Freshness.SAME if then == now else Freshness.CHANGED
    return Freshness.CHANGED if _is_book(file) else Freshness.NOT_KNOWN


def _sha1(file: ItemFile | None) -> str | None:
    return None if file is None else file.sha1


def _is_book(file: HashedFile) -> bool:
    return file.path.endswith(BOOKKEEPING_SUFFIXES)


def _pieces(file: HashedFile, piece_length: int) -> range:
    if file.length == 0:
        return range(0)
    return range(file.offset // piece_length, (file.offset + file.length - 1) // piece_length + 1)


def _mends(file: HashedFile, piece_length: int, lost: frozenset[PieceIndex]) -> Iterator[Mend]:
    """Give the file's parts in lost pieces: its first piece and its last at most, for others are all its own."""
    pieces = _pieces(file, piece_length)
    for piece in dict.fromkeys((pieces[0], pieces[-1])) if pieces else ():
        if PieceIndex(piece) in lost:
            start = max(piece * piece_length, file.offset) - file.offset
            stop = min((piece + 1) * piece_length, file.offset + file.length) - file.offset
            yield Mend(file.index, PieceIndex(piece), start, stop)


def carried_over(old: Sequence[HashedFile], new: Iterable[HashedFile]) -> Mapping[FileIndex, FileIndex]:
    """Find what need not be fetched again when an item's torrent is made anew: each new file, and the old one like it.

    By content, not by name: a file that was renamed is carried over too, and one that was changed is not.
    """
    by_content = {_content(one): one.index for one in old if one.sha1 is not None}
    return {one.index: by_content[_content(one)] for one in new if _content(one) in by_content}


def _content(file: HashedFile) -> tuple[str | None, int]:
    return file.sha1, file.length


def state_key(identifier: str, file: HashedFile) -> str | None:
    """Name a film by what does not change when its torrent is made anew; None where its hash is not known."""
    return None if file.sha1 is None else f"{identifier}/{file.sha1}"
