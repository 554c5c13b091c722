"""What the intake process and its parent say to each other. Pure.

The child reads what strangers wrote and may have been taken over by it, so the parent believes nothing: every
field is checked for its type and range.
"""

from collections.abc import Iterator
from typing import Any

from matinee.confined.frames import Head, WireError, pack
from matinee.errors import BadInput, BadMagnet, BadTorrent, MatineeError, TooLarge
from matinee.torrent.files import HiddenReason, MetainfoFile
from matinee.torrent.magnet import Magnet
from matinee.torrent.metainfo import Metainfo

FILES_A_FRAME = 1000
"""So many are decoded in 5 ms: the loop is free between frames."""

_ERRORS: dict[str, type[MatineeError]] = {
    kind.code: kind for kind in (BadInput, BadMagnet, BadTorrent, TooLarge)
}


def error_to_wire(error: MatineeError) -> Head:
    """Write an error of the input tree."""
    return {"error": error.code, "message": error.message}


def error_from_wire(head: Head) -> MatineeError:
    """Read an error; one of another tree becomes ``BadTorrent``."""
    kind = _ERRORS.get(_text(head, "error"), BadTorrent)
    return kind(_text(head, "message")[:500])


def magnet_to_wire(magnet: Magnet) -> Head:
    """Write a magnet link's parts."""
    return {
        "info_hash": magnet.info_hash,
        "info_hash_v2": magnet.info_hash_v2,
        "name": magnet.name,
        "trackers": magnet.trackers,
        "web_seeds": magnet.web_seeds,
        "peers": magnet.peers,
    }


def magnet_from_wire(head: Head) -> Magnet:
    """Read a magnet link's parts."""
    peers = _list(head, "peers")
    if not all(_is(peer, list) and len(peer) == 2 for peer in peers):
        raise WireError("peers")
    return Magnet(
        info_hash=_hash(head, "info_hash", 40),
        info_hash_v2=_hash(head, "info_hash_v2", 64),
        name=_text(head, "name"),
        trackers=_texts(head, "trackers"),
        web_seeds=_texts(head, "web_seeds"),
        peers=tuple((_checked(host, str), _natural(port)) for host, port in peers),
    )


def metainfo_to_wire(metainfo: Metainfo) -> Iterator[bytes]:
    """Write a torrent's description as frames: the first holds all but the files, which follow."""
    head = {
        "info_hash": metainfo.info_hash,
        "info_hash_v2": metainfo.info_hash_v2,
        "name": metainfo.name,
        "piece_length": metainfo.piece_length,
        "piece_count": metainfo.piece_count,
        "private": metainfo.private,
        "trackers": metainfo.trackers,
        "web_seeds": metainfo.web_seeds,
        "title": metainfo.title,
        "licence": metainfo.licence,
        "comment": metainfo.comment,
        "files": len(metainfo.files),
    }
    yield pack(head, metainfo.rebuilt)
    for start in range(0, len(metainfo.files), FILES_A_FRAME):
        files = metainfo.files[start : start + FILES_A_FRAME]
        yield pack({"files": [(file.path, file.length, file.hidden) for file in files]})


def file_count(head: Head) -> int:
    """Say how many files the frames after this one hold."""
    return _natural(head.get("files"))


def files_from_wire(head: Head, files: list[MetainfoFile]) -> None:
    """Read one frame of files and put them after those that came before."""
    offset = files[-1].offset + files[-1].length if files else 0
    for item in _list(head, "files"):
        if not _is(item, list) or len(item) != 3:
            raise WireError("files")
        path, length, hidden = item
        try:
            reason = None if hidden is None else HiddenReason(hidden)
        except ValueError as exc:
            raise WireError("hidden") from exc
        files.append(MetainfoFile(len(files), _checked(path, str), _natural(length), offset, reason))
        offset += length


def metainfo_from_wire(head: Head, files: list[MetainfoFile], rebuilt: bytes) -> Metainfo:
    """Put a torrent's description together from its first frame and its files."""
    if not files:
        raise WireError("no files")
    return Metainfo(
        info_hash=_hash(head, "info_hash", 40),
        info_hash_v2=_hash(head, "info_hash_v2", 64),
        name=_text(head, "name"),
        piece_length=_natural(head.get("piece_length")),
        piece_count=_natural(head.get("piece_count")),
        files=tuple(files),
        private=_checked(head.get("private"), bool),
        trackers=_texts(head, "trackers"),
        web_seeds=_texts(head, "web_seeds"),
        title=_text_or_none(head, "title"),
        licence=_text_or_none(head, "licence"),
        comment=_text_or_none(head, "comment"),
        rebuilt=rebuilt,
    )


def _is(value: object, kind: type) -> bool:
    return type(value) is kind


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WireError(f"{kind.__name__} expected")
    return value


def _natural(value: Any) -> int:
    number: int = _checked(value, int)
    if not 0 <= number < 2**63:
        raise WireError("a number is out of range")
    return number


def _list(head: Head, key: str) -> list[Any]:
    items: list[Any] = _checked(head.get(key), list)
    return items


def _text(head: Head, key: str) -> str:
    text: str = _checked(head.get(key), str)
    return text


def _text_or_none(head: Head, key: str) -> str | None:
    return None if head.get(key) is None else _text(head, key)


def _texts(head: Head, key: str) -> tuple[str, ...]:
    return tuple(_checked(text, str) for text in _list(head, key))


def _hash(head: Head, key: str, digits: int) -> str | None:
    text = _text_or_none(head, key)
    if text is not None and (len(text) != digits or text.strip("0123456789abcdef")):
        raise WireError("an info hash is malformed")
    return text
