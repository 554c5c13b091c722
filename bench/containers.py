"""Where header, index and media lie in an MP4 (ISO/IEC 14496-12) or a Matroska file (RFC 9559)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

Span = tuple[int, int]
"""Half-open byte range [start, stop)."""

_SEGMENT = 0x18538067
_CLUSTER = 0x1F43B675
_CUES = 0x1C53BB6B


def layout(path: Path) -> tuple[Span, Span, int]:
    """Give header, index and the first byte of media."""
    return _matroska_layout(path) if path.suffix == ".mkv" else _mp4_layout(path)


def _mp4_layout(path: Path) -> tuple[Span, Span, int]:
    boxes = {kind: (start, stop) for kind, start, stop in _boxes(path)}
    moov, mdat = boxes["moov"], boxes["mdat"]
    media_start = mdat[0] + 8
    header = (0, media_start)
    return header, moov if moov[0] > mdat[0] else header, media_start


def _boxes(path: Path) -> Iterator[tuple[str, int, int]]:
    """Walk the boxes of the top level."""
    length_bytes = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at < length_bytes:
            file.seek(at)
            size = int.from_bytes(file.read(4), "big")
            kind = file.read(4).decode("latin-1")
            if size == 1:
                size = int.from_bytes(file.read(8), "big")
            stop = at + size if size else length_bytes
            yield kind, at, stop
            at = stop


def _matroska_layout(path: Path) -> tuple[Span, Span, int]:
    first_cluster = 0
    cues: Span | None = None
    for identity, start, stop in _elements(path):
        if identity == _CLUSTER and not first_cluster:
            first_cluster = start
        if identity == _CUES:
            cues = (start, stop)
    if not first_cluster or cues is None:
        raise ValueError(f"{path.name} has no clusters or no cues; delete it from the cache and run again")
    return (0, first_cluster), cues, first_cluster


def _elements(path: Path) -> Iterator[tuple[int, int, int]]:
    """Walk the children of the segment."""
    length_bytes = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at < length_bytes:
            file.seek(at)
            identity = _vint(file, keep_marker=True)
            size = _vint(file, keep_marker=False)
            if identity == _SEGMENT:
                at = file.tell()
                continue
            stop = file.tell() + size
            yield identity, at, stop
            at = stop


def _vint(file: BinaryIO, *, keep_marker: bool) -> int:
    """Read one variable-length integer (RFC 8794 section 4)."""
    first = file.read(1)[0]
    width = 9 - first.bit_length()
    value = first if keep_marker else first & ((1 << (8 - width)) - 1)
    return int.from_bytes(bytes([value]) + file.read(width - 1), "big")
