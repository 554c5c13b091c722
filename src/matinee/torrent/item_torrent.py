"""Reads what the Internet Archive writes into the torrents it makes: the item, and the hash of each file. Pure.

Seen in its torrents: ``name`` is the item, ``collections`` has ``org.archive.ITEM``, each file has ``sha1``, ``md5``,
``crc32`` and ``mtime`` in hex and digits. They are of version 1 only.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from matinee.models.healing import HashedFile, ItemTorrent
from matinee.torrent.bencode import Value, decode
from matinee.types import FileIndex

MAX_INFO_BYTES = 1024 * 1024
"""20 000 files and 25 000 pieces; a larger one is not read twice."""
WEB_SEED = "https://archive.org/download/"
"""Items move from host to host: this is the only address of theirs that stays."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_HASHES = {b"sha1": re.compile(rb"[0-9a-f]{40}"), b"md5": re.compile(rb"[0-9a-f]{32}")}


def read_item_torrent(info: bytes) -> ItemTorrent | None:
    """Read the info dictionary of a torrent that is in the engine; None where no archive made it.

    Raises:
        BadTorrent: it is not one; it never came in then.
    """
    if len(info) > MAX_INFO_BYTES or b"org.archive." not in info:
        return None
    match decode(info).fields:
        case {
            b"name": bytes(name),
            b"collections": list(collections),
            b"files": list(files),
            b"piece length": int(piece_length),
        }:
            identifier = name.decode("utf-8", "replace")
            if (
                not _IDENTIFIER.fullmatch(identifier)
                or f"org.archive.{identifier}".encode() not in collections
            ):
                return None
            return ItemTorrent(identifier, piece_length, tuple(_files(files)))
    return None


def _files(listed: list[Value]) -> Iterable[HashedFile]:
    offset = 0
    for index, entry in enumerate(listed):
        if not isinstance(entry, dict):
            continue
        match entry:
            case {b"length": int(length), b"path": list(parts)}:
                path = "/".join(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))
                sha1, md5 = _hash(entry, b"sha1"), _hash(entry, b"md5")
                yield HashedFile(FileIndex(index), path, offset, length, sha1, md5)
                offset += length


def _hash(entry: Mapping[bytes, Value], kind: bytes) -> str | None:
    found = entry.get(kind)
    return found.decode() if isinstance(found, bytes) and _HASHES[kind].fullmatch(found) else None


def lasting(web_seeds: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the archive's single hosts where its lasting address is there: they are of the day of the making.

    A host that no longer has the item answers with a redirect for each file, or not at all.
    """
    if WEB_SEED not in web_seeds:
        return web_seeds
    return tuple(one for one in web_seeds if one == WEB_SEED or not _is_archives(one))


def _is_archives(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "archive.org" or host.endswith(".archive.org")
