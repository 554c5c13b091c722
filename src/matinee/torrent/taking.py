"""Which pieces are fetched though nobody plays them, and in which order: those of the files that are taken. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from matinee.models.torrent import FileEntry, Progress, Take, Takes
from matinee.torrent.layout import Layout
from matinee.types import PieceIndex

ORDER = (Take.HIGH, Take.NORMAL, Take.LOW)

Runs = tuple[range, ...]
"""Pieces in the order in which they are wanted; a piece that two files share may stand in two of them."""


def runs(layout: Layout, files: Sequence[FileEntry], takes: Takes) -> Runs:
    """Give the pieces of the files that are taken: what is wanted most first, and then as the torrent has them."""
    if not takes.files:
        return tuple(_joined(_pieces(layout, files if takes.rest is not Take.NOT else ())))
    return tuple(
        one
        for take in ORDER
        for one in _joined(_pieces(layout, (file for file in files if takes.of(file.index) is take)))
    )


def next_missing(layout: Layout, have: bytearray, wanted: Runs, most_bytes: int) -> Iterator[PieceIndex]:
    """Give missing pieces until they make up so many bytes. ``have`` is searched, not walked.

    Args:
        layout: the torrent's pieces.
        have: one byte a piece, 1 where it is here.
        wanted: where to look.
        most_bytes: so many at once; at least one piece is given where one is missing.
    """
    for run in wanted:
        at = have.find(0, run.start, run.stop)
        while at >= 0:
            yield PieceIndex(at)
            most_bytes -= layout.size(PieceIndex(at))
            if most_bytes <= 0:
                return
            at = have.find(0, at + 1, run.stop)


def lacks(have: bytearray, wanted: Runs) -> bool:
    """Tell whether any of them is missing."""
    return any(have.find(0, run.start, run.stop) >= 0 for run in wanted)


def progress(layout: Layout, have: bytearray, wanted: Runs) -> Progress:
    """Say how much of them is here, in whole pieces."""
    done = total = 0
    for run in _joined(sorted(wanted, key=lambda run: run.start)):
        here, last = have.count(1, run.start, run.stop), PieceIndex(run.stop - 1)
        short = layout.piece_length - layout.size(last)
        done += here * layout.piece_length - (short if have[last] else 0)
        total += len(run) * layout.piece_length - short
    return Progress(done, total)


def _pieces(layout: Layout, files: Iterable[FileEntry]) -> Iterator[range]:
    for file in files:
        pieces = layout.covering(file.offset, file.offset + file.length)
        if pieces:
            yield pieces


def _joined(found: Iterable[range]) -> Iterator[range]:
    """Make one of those that touch: a hundred thousand files beside each other are one."""
    whole: range | None = None
    for one in found:
        if whole is not None and whole.start <= one.start <= whole.stop:
            whole = range(whole.start, max(whole.stop, one.stop))
            continue
        if whole is not None:
            yield whole
        whole = one
    if whole is not None:
        yield whole
