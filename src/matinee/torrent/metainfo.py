"""Reads a .torrent before libtorrent sees it, and rebuilds it from what was understood. Pure.

A hostile .torrent of 1.3 MB held the whole process for five seconds in libtorrent's reader, and strangers'
trackers reached loopback (docs/security.md). So a linear reader with limits goes first, and libtorrent is
given ``rebuilt``: the info dictionary byte for byte, and beside it only addresses that may be contacted.
Sources: BEP 3, 12 (tiers of trackers), 19 (web seeds), 27 (private), 52 (v2).
"""

from dataclasses import dataclass, field

from matinee.errors import BadTorrent, TooLarge
from matinee.names import clean_name
from matinee.outside.addresses import AddressPolicy, UrlKind
from matinee.torrent.bencode import Raw, Value, decode, encode
from matinee.torrent.files import HiddenReason, MetainfoFile, hidden_reason
from matinee.torrent.info import Info, parse_info
from matinee.torrent.item_torrent import lasting
from matinee.types import InfoHash

__all__ = ["HiddenReason", "Metainfo", "MetainfoFile", "hidden_reason", "read_info", "read_metainfo"]

MAX_METAINFO_BYTES = 10 * 1024 * 1024
"""All pieces we take are 5 MiB of v1 hashes and 100 000 files 3 to 5 MiB; a film of 100 GB needs far less."""
MAX_TRACKERS = 64
MAX_WEB_SEEDS = 16
"""Each is a host that will be told this computer's address."""

COMMENT_MAX_CHARS = 1000
LICENCE_MAX_CHARS = 100


@dataclass(frozen=True, slots=True)
class Metainfo:
    """A torrent's description, checked."""

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
    """Every file in libtorrent's order, those that are not offered too."""
    private: bool
    """Whether its peers come from its tracker alone (BEP 27)."""
    trackers: tuple[str, ...]
    web_seeds: tuple[str, ...]
    title: str | None
    """What its maker called the film, from our own ``share``."""
    licence: str | None
    """What its maker stated, from our own ``share``: a claim, not evidence."""
    comment: str | None
    rebuilt: bytes = field(repr=False)
    """A .torrent: the info dictionary byte for byte, the kept addresses and v2's piece layers, no more."""

    @property
    def identity(self) -> InfoHash:
        """The info hash this program knows the torrent by: v1 if it has any."""
        return InfoHash(self.info_hash or self.info_hash_v2 or "")

    @property
    def length(self) -> int:
        """Bytes of the torrent's byte space, padding included."""
        return self.files[-1].offset + self.files[-1].length


def read_metainfo(data: bytes, policy: AddressPolicy) -> Metainfo:
    """Read the bytes of a .torrent.

    Raises:
        BadTorrent: it is damaged, contradicts itself or is of a kind we do not open.
        TooLarge: more bytes, files, folders or pieces than we take.
    """
    _check_size(data)
    # Some programs end the file with a line break; it never goes on, so it does no harm.
    outer = decode(data.rstrip(b"\r\n"))
    info = outer.fields.get(b"info")
    if not isinstance(info, dict):
        raise BadTorrent("This torrent file lists no film: its info part is missing. Download it again.")
    start, stop = outer.spans[b"info"]
    info_bytes = data[start:stop]
    return _metainfo(parse_info(info_bytes, info), info_bytes, outer.fields, policy)


def read_info(data: bytes) -> Metainfo:
    """Read an info dictionary that came by itself, as a magnet link's does from peers.

    Raises:
        BadTorrent, TooLarge: as ``read_metainfo``.
    """
    _check_size(data)
    return _metainfo(parse_info(data, decode(data).fields), data, {}, AddressPolicy())


def _check_size(data: bytes) -> None:
    if len(data) > MAX_METAINFO_BYTES:
        raise TooLarge(
            f"This torrent file is larger than {MAX_METAINFO_BYTES // 2**20} MiB. Look for a smaller release."
        )


def _metainfo(info: Info, info_bytes: bytes, fields: dict[bytes, Value], policy: AddressPolicy) -> Metainfo:
    trackers = policy.keep_urls(_tracker_texts(fields), UrlKind.TRACKER, MAX_TRACKERS)
    web_seeds = lasting(policy.keep_urls(_texts(fields.get(b"url-list")), UrlKind.WEB_SEED, MAX_WEB_SEEDS))
    ours = fields.get(b"matinee")
    if not isinstance(ours, dict):
        ours = {}
    return Metainfo(
        info_hash=info.info_hash,
        info_hash_v2=info.info_hash_v2,
        name=info.name,
        piece_length=info.piece_length,
        piece_count=info.piece_count,
        files=info.files,
        private=info.private,
        trackers=trackers,
        web_seeds=web_seeds,
        title=_text(ours, b"title"),
        licence=_text(ours, b"licence", LICENCE_MAX_CHARS),
        comment=_text(fields, b"comment.utf-8", COMMENT_MAX_CHARS)
        or _text(fields, b"comment", COMMENT_MAX_CHARS),
        rebuilt=_rebuild(info_bytes, trackers, web_seeds, _layers(fields, info)),
    )


def _tracker_texts(fields: dict[bytes, Value]) -> list[str]:
    """Give the trackers in the order of their tiers; ``announce`` counts only without a list (BEP 12)."""
    tiers = fields.get(b"announce-list")
    listed = [text for tier in tiers for text in _texts(tier)] if isinstance(tiers, list) else []
    return listed or _texts(fields.get(b"announce"))


def _texts(value: "Value | None") -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text.decode("utf-8", "replace") for text in values if isinstance(text, bytes)]


def _text(fields: dict[bytes, Value], key: bytes, most: int = 255) -> str | None:
    value = fields.get(key)
    return clean_name(value, "", most) or None if isinstance(value, bytes) else None


def _layers(fields: dict[bytes, Value], info: Info) -> dict[bytes, object]:
    """Keep the piece layers that belong to a file. libtorrent checks them and asks peers for the rest."""
    layers = fields.get(b"piece layers")
    if not isinstance(layers, dict):
        return {}
    kept: dict[bytes, object] = {}
    for root, size in info.layers.items():
        layer = layers.get(root)
        if layer is None:
            continue
        if not isinstance(layer, bytes) or len(layer) != size:
            raise BadTorrent("This torrent cannot be right: a piece layer has the wrong length.")
        kept[root] = layer
    return kept


def _rebuild(
    info: bytes, trackers: tuple[str, ...], web_seeds: tuple[str, ...], layers: dict[bytes, object]
) -> bytes:
    fields: dict[bytes, object] = {b"info": Raw(info)}
    if trackers:
        fields[b"announce-list"] = [[url] for url in trackers]
    if web_seeds:
        fields[b"url-list"] = list(web_seeds)
    if layers:
        fields[b"piece layers"] = layers
    return encode(fields)
