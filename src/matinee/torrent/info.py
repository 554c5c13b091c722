"""Reads a torrent's info dictionary: version, pieces, files. Pure. BEP 3, BEP 47, BEP 52.

Every rule here is libtorrent 2.1.1's own or stricter; ``intake_child.py`` checks each time that both readers
give the same files at the same offsets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha1, sha256

from matinee.errors import BadTorrent, TooLarge
from matinee.names import clean_name
from matinee.torrent.bencode import Value
from matinee.torrent.files import FileList, MetainfoFile
from matinee.types import BLOCK_BYTES

MIN_PIECE_BYTES = BLOCK_BYTES
"""Below a block every request would fetch less than it costs; BEP 52 forbids it too."""
MAX_PIECE_BYTES = 64 * 1024 * 1024
"""Nothing of a piece can be shown before all of it is here: at 8 Mbit/s this is a minute of film."""
MAX_PIECES = 262_144
"""4 GiB in the smallest pieces, 1 TiB in pieces of 4 MiB; libtorrent keeps a record for each."""

SHA1_BYTES = 20
SHA256_BYTES = 32


@dataclass(frozen=True, slots=True)
class Info:
    """What an info dictionary says."""

    info_hash: str | None
    """v1, 40 hex digits; None for a torrent of v2 alone."""
    info_hash_v2: str | None
    """64 hex digits; None for a torrent of v1 alone."""
    name: str
    """Cleaned for people."""
    piece_length: int
    """Bytes."""
    piece_count: int
    files: tuple[MetainfoFile, ...]
    private: bool
    """Whether its peers come from its tracker alone (BEP 27)."""
    layers: dict[bytes, int] = field(repr=False)
    """For each file of more than one piece: its v2 root, and how many bytes its piece layer has."""


def parse_info(data: bytes, fields: dict[bytes, Value]) -> Info:
    """Read an info dictionary.

    Args:
        data: its bytes, which the info hashes are of.
        fields: the same, decoded.

    Raises:
        BadTorrent: it is not one, or contradicts itself.
        TooLarge: more files, folders or pieces than we take.
    """
    version = fields.get(b"meta version", 1)
    if version not in (1, 2):
        raise BadTorrent("This torrent is of a kind that Matinee does not know. Look for another release.")
    if b"ssl-cert" in fields:
        raise BadTorrent("This torrent is for members with a certificate, which Matinee does not support.")
    v2 = version == 2
    v1 = not v2 or b"files" in fields or b"length" in fields
    info_hash = sha1(data, usedforsecurity=False).hexdigest() if v1 else None
    info_hash_v2 = sha256(data).hexdigest() if v2 else None
    raw_name = _name(fields)
    name = clean_name(raw_name, f"Torrent {(info_hash or info_hash_v2 or '')[:8]}")
    piece_length = _piece_length(fields, v2)
    layers: dict[bytes, int] = {}
    files = _files_v2(fields, name, piece_length, layers) if v2 else _files_v1(fields, raw_name, name)
    count = -(-files.length // piece_length)
    _check_pieces(fields, count, v1)
    private = fields.get(b"private", 0)
    return Info(
        info_hash,
        info_hash_v2,
        name,
        piece_length,
        count,
        files.done(),
        isinstance(private, int) and private != 0,
        layers,
    )


def _name(fields: dict[bytes, Value]) -> bytes:
    name = fields.get(b"name.utf-8", fields.get(b"name"))
    if not isinstance(name, bytes):
        raise _contradiction("it has no name")
    if not name.strip(b"./\\") and b"files" not in fields and b"file tree" not in fields:
        raise _contradiction("its file has no name")
    return name


def _piece_length(fields: dict[bytes, Value], v2: bool) -> int:
    length = fields.get(b"piece length")
    if not isinstance(length, int) or length <= 0:
        raise _contradiction("its piece length is missing")
    if not MIN_PIECE_BYTES <= length <= MAX_PIECE_BYTES:
        raise BadTorrent(
            f"This torrent is cut into pieces of {length} bytes; Matinee plays 16 KiB to 64 MiB."
            " Look for another release."
        )
    # v1 never asked for a power of two, and libtorrent, our layout and other programs do not need one.
    if v2 and length & (length - 1):
        raise _contradiction("its piece length is not a power of two")
    return length


def _check_pieces(fields: dict[bytes, Value], count: int, v1: bool) -> None:
    if count == 0:
        raise BadTorrent("This torrent holds no bytes at all. Look for another release.")
    if count > MAX_PIECES:
        raise TooLarge(f"This torrent has more than {MAX_PIECES} pieces. Look for a smaller release.")
    pieces = fields.get(b"pieces")
    if v1 and (not isinstance(pieces, bytes) or len(pieces) != count * SHA1_BYTES):
        raise _contradiction("its pieces do not match its length")


def _files_v1(fields: dict[bytes, Value], raw_name: bytes, name: str) -> FileList:
    listed = fields.get(b"files")
    if listed is None:
        files = FileList(None)
        attr = _attr(fields)
        files.add((raw_name,), _length(fields, attr), attr)
        return files
    if b"file tree" in fields or not isinstance(listed, list) or not listed:
        raise _contradiction("its list of files is malformed")
    files = FileList(name)
    for entry in listed:
        if not isinstance(entry, dict):
            raise _contradiction("its list of files is malformed")
        attr = _attr(entry)
        length = _length(entry, attr)
        files.add(_path(entry, length, attr), length, attr)
    return files


def _path(entry: dict[bytes, Value], length: int, attr: str) -> tuple[bytes, ...]:
    path = entry.get(b"path.utf-8", entry.get(b"path"))
    if path is None and "p" in attr:
        return (b".pad", b"%d" % length)
    if not isinstance(path, list) or not path:
        raise _contradiction("a file has no name")
    parts = []
    for part in path:
        if not isinstance(part, bytes):
            raise _contradiction("a file's name is not a text")
        parts.append(part)
    return tuple(parts)


def _attr(entry: dict[bytes, Value]) -> str:
    attr = entry.get(b"attr")
    return attr.decode("latin-1") if isinstance(attr, bytes) else ""


def _length(entry: dict[bytes, Value], attr: str) -> int:
    if "l" in attr:
        return 0  # BEP 47: a link takes no room, whatever it says.
    length = entry.get(b"length")
    # Many pieces are refused later; this keeps the sum in what libtorrent and a JSON reader can hold.
    if not isinstance(length, int) or not 0 <= length < 2**48:
        raise _contradiction("a file's length is missing or impossible")
    return length


def _files_v2(fields: dict[bytes, Value], name: str, piece_length: int, layers: dict[bytes, int]) -> FileList:
    tree = fields.get(b"file tree")
    if not isinstance(tree, dict) or not tree:
        raise _contradiction("it has no file tree")
    node = next(iter(tree.values()))
    alone = len(tree) == 1 and b"files" not in fields and isinstance(node, dict) and b"" in node
    files = FileList(None if alone else name)
    for parts, entry in _leaves(tree, ()):
        attr = _attr(entry)
        if "p" in attr:
            raise _contradiction("its file tree lists padding")
        length = _length(entry, attr)
        files.add(parts, length, attr)
        if length:
            _note_root(entry, length, piece_length, layers)
        if files.length % piece_length:
            files.add_padding(-files.length % piece_length)
    _fit_hybrid(fields, files)
    return files


def _leaves(
    tree: dict[bytes, Value], above: tuple[bytes, ...]
) -> Iterator[tuple[tuple[bytes, ...], dict[bytes, Value]]]:
    for name, node in tree.items():
        if not isinstance(node, dict) or not name:
            raise _contradiction("its file tree is malformed")
        leaf = node.get(b"")
        if leaf is None:
            yield from _leaves(node, (*above, name))
        elif isinstance(leaf, dict) and len(node) == 1:
            yield (*above, name), leaf
        else:
            raise _contradiction("its file tree is malformed")


def _note_root(entry: dict[bytes, Value], length: int, piece_length: int, layers: dict[bytes, int]) -> None:
    root = entry.get(b"pieces root")
    if not isinstance(root, bytes) or len(root) != SHA256_BYTES or not any(root):
        raise _contradiction("a file has no hash")
    if length > piece_length:
        layers[root] = -(-length // piece_length) * SHA256_BYTES


def _fit_hybrid(fields: dict[bytes, Value], files: FileList) -> None:
    """Make the v2 files as long as the v1 list of a hybrid: that one may end without padding."""
    listed = fields.get(b"files", [fields] if b"length" in fields else None)
    if listed is None:
        return
    if not isinstance(listed, list):
        raise _contradiction("its list of files is malformed")
    total = sum(_length(entry, _attr(entry)) for entry in listed if isinstance(entry, dict))
    if files.tail_padding and total == files.length - files.tail_padding:
        files.drop_tail_padding()
    if total != files.length:
        raise _contradiction("its two lists of files differ")


def _contradiction(what: str) -> BadTorrent:
    return BadTorrent(f"This torrent cannot be right: {what}. Look for another release.")
