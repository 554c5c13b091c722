"""Torrents made for tests, good and hostile, without libtorrent."""

from hashlib import sha256
from typing import Any

from matinee.torrent.bencode import encode

PIECE = 16384
"""Bytes of a piece in all of them."""

Fields = dict[bytes, Any]


def pieces(length: int) -> bytes:
    """Give as many v1 hashes as a torrent of this length has."""
    return b"\1" * 20 * -(-length // PIECE)


def file_v1(length: int, *path: str, **more: Any) -> Fields:
    """Make one entry of a v1 list of files; ``more`` are further fields, ``_`` for a space."""
    extra = {key.replace("_", " ").encode(): value for key, value in more.items()}
    return {b"length": length, b"path": [part.encode() for part in path], **extra}


def single_v1(length: int = 50_000, name: bytes = b"film.mkv", **more: Any) -> Fields:
    """Make the info dictionary of one file."""
    extra = {key.replace("_", " ").encode(): value for key, value in more.items()}
    fields = {b"length": length, b"name": name, b"piece length": PIECE, b"pieces": pieces(length)}
    return {**fields, **extra}


def folder_v1(*files: Fields, name: bytes = b"folder") -> Fields:
    """Make the info dictionary of several files."""
    length = sum(file.get(b"length", 0) for file in files if b"l" not in file.get(b"attr", b""))
    return {b"files": list(files), b"name": name, b"piece length": PIECE, b"pieces": pieces(length)}


def root(content: bytes) -> bytes:
    """Compute the v2 root of a file's content (BEP 52)."""
    leaves = [sha256(content[at : at + PIECE]).digest() for at in range(0, len(content), PIECE)]
    while len(leaves) & (len(leaves) - 1):
        leaves.append(bytes(32))
    while len(leaves) > 1:
        leaves = [sha256(a + b).digest() for a, b in zip(leaves[::2], leaves[1::2], strict=True)]
    return leaves[0]


def layer(content: bytes) -> bytes:
    """Compute the v2 piece layer of a file's content, where a piece is one block."""
    return b"".join(sha256(content[at : at + PIECE]).digest() for at in range(0, len(content), PIECE))


def leaf(content: bytes, **more: Any) -> Fields:
    """Make a file's node of a v2 file tree."""
    extra = {key.replace("_", " ").encode(): value for key, value in more.items()}
    hashed = {b"pieces root": root(content)} if content else {}
    return {b"": {b"length": len(content), **hashed, **extra}}


def tree_v2(tree: Fields, name: bytes = b"folder", **more: Any) -> Fields:
    """Make the info dictionary of a v2 torrent."""
    extra = {key.replace("_", " ").encode(): value for key, value in more.items()}
    return {b"file tree": tree, b"meta version": 2, b"name": name, b"piece length": PIECE, **extra}


def torrent(info: Fields, **outer: Any) -> bytes:
    """Make the bytes of a .torrent; ``outer`` are the fields beside the info dictionary, ``_`` for ``-``."""
    extra = {key.replace("_", "-").encode(): value for key, value in outer.items()}
    return encode({b"info": info, **extra})
