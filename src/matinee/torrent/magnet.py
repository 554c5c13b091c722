"""Reads a magnet link strictly and writes it anew from what was understood. Pure. BEP 9, BEP 52, BEP 53.

The text of a link never goes on: one with ``dn=%ff%fe`` makes libtorrent's names unreadable for good, and
``x.pe`` and ``tr`` let a link scan ports (docs/security.md). What is not understood is dropped; what
contradicts itself is refused.
"""

import re
from base64 import b32decode
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from matinee.errors import BadMagnet
from matinee.names import clean_name
from matinee.outside.addresses import AddressPolicy, UrlKind
from matinee.torrent.item_torrent import lasting
from matinee.types import InfoHash

MAX_MAGNET_CHARS = 16 * 1024
MAX_TRACKERS = 64
MAX_WEB_SEEDS = 16
MAX_PEERS = 50
"""Each is a host that will be told this computer's address."""

_HEX_V1 = re.compile(r"[0-9a-fA-F]{40}")
_BASE32_V1 = re.compile(r"[a-zA-Z2-7]{32}")
_HEX_V2 = re.compile(r"1220([0-9a-fA-F]{64})")
"""A multihash: 0x12 is SHA-256, 0x20 its length (BEP 52)."""
_PEER = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")
_KEY_NUMBER = re.compile(r"\.[0-9]+$")


@dataclass(frozen=True, slots=True)
class Magnet:
    """A magnet link, checked."""

    info_hash: str | None
    """v1, 40 lower-case hex digits, or None."""
    info_hash_v2: str | None
    """64 lower-case hex digits, or None."""
    name: str
    """Cleaned for people; made of the info hash when the link has none."""
    trackers: tuple[str, ...]
    web_seeds: tuple[str, ...]
    peers: tuple[tuple[str, int], ...]
    """Numeric addresses and ports of peers the link names (``x.pe``)."""

    @property
    def identity(self) -> InfoHash:
        """The info hash this program knows the torrent by: v1 if it has any."""
        return InfoHash(self.info_hash or self.info_hash_v2 or "")

    def render(self) -> str:
        """Write the link anew; parsing that gives this magnet again."""
        fields = []
        if self.info_hash is not None:
            fields.append(f"xt=urn:btih:{self.info_hash}")
        if self.info_hash_v2 is not None:
            fields.append(f"xt=urn:btmh:1220{self.info_hash_v2}")
        if self.name != _fallback(self.identity):
            fields.append(f"dn={quote(self.name, safe='')}")
        fields += [f"tr={quote(url, safe='')}" for url in self.trackers]
        fields += [f"ws={quote(url, safe='')}" for url in self.web_seeds]
        fields += [f"x.pe={_peer_text(peer)}" for peer in self.peers]
        return f"magnet:?{'&'.join(fields)}"


def parse_magnet(text: str, policy: AddressPolicy) -> Magnet:
    """Read a magnet link.

    Raises:
        BadMagnet: it does not name a torrent, or names two.
    """
    text = text.strip()
    if len(text) > MAX_MAGNET_CHARS:
        raise BadMagnet("This magnet link is too long to be right. Copy it again from its page.")
    if text[:8].lower() != "magnet:?":
        raise BadMagnet("This is not a magnet link: one begins with magnet:? followed by the film's hash.")
    fields = _fields(text[8:])
    v1, v2 = _hashes(fields.get("xt", []))
    identity = InfoHash(v1 or v2 or "")
    names = fields.get("dn", [b""])
    return Magnet(
        info_hash=v1,
        info_hash_v2=v2,
        name=clean_name(names[0], _fallback(identity)),
        trackers=policy.keep_urls(_texts(fields.get("tr", [])), UrlKind.TRACKER, MAX_TRACKERS),
        web_seeds=lasting(policy.keep_urls(_texts(fields.get("ws", [])), UrlKind.WEB_SEED, MAX_WEB_SEEDS)),
        peers=_peers(_texts(fields.get("x.pe", [])), policy),
    )


def _fields(query: str) -> dict[str, list[bytes]]:
    """Split the fields; ``tr.1`` counts as ``tr``, as some programs number them."""
    fields: dict[str, list[bytes]] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        key = _KEY_NUMBER.sub("", key.lower())
        data = unquote_to_bytes(value.replace("+", " ").encode("utf-8", "replace"))
        fields.setdefault(key, []).append(data)
    return fields


def _texts(values: list[bytes]) -> list[str]:
    return [value.decode("utf-8", "replace") for value in values]


def _hashes(topics: list[bytes]) -> tuple[str | None, str | None]:
    v1: set[str] = set()
    v2: set[str] = set()
    for topic in _texts(topics):
        kind, _, value = topic.rpartition(":")
        if kind.lower() == "urn:btih":
            v1.add(_hash_v1(value))
        elif kind.lower() == "urn:btmh":
            v2.add(_hash_v2(value))
    if not v1 and not v2:
        raise BadMagnet("This magnet link names no torrent: xt=urn:btih: is missing. Copy all of it.")
    if len(v1) > 1 or len(v2) > 1:
        raise BadMagnet("This magnet link names more than one torrent. Use a link for one film.")
    return next(iter(v1), None), next(iter(v2), None)


def _hash_v1(value: str) -> str:
    if _HEX_V1.fullmatch(value):
        return _not_zero(value.lower())
    if _BASE32_V1.fullmatch(value):
        return _not_zero(b32decode(value.upper()).hex())
    raise BadMagnet(
        "The info hash of this magnet link is not 40 hex digits or 32 letters and digits; part of it is"
        " missing. Copy all of it."
    )


def _hash_v2(value: str) -> str:
    match = _HEX_V2.fullmatch(value)
    if match is None:
        raise BadMagnet(
            "The info hash of this magnet link is not 1220 and 64 hex digits; part of it is missing."
            " Copy all of it."
        )
    return _not_zero(match[1].lower())


def _not_zero(digits: str) -> str:
    if not digits.strip("0"):
        raise BadMagnet("The info hash of this magnet link is all zeros. Copy the link again from its page.")
    return digits


def _peers(texts: list[str], policy: AddressPolicy) -> tuple[tuple[str, int], ...]:
    peers: dict[tuple[str, int], None] = {}
    for text in texts:
        match = _PEER.fullmatch(text)
        if match is None:
            continue
        address, port = match[1] or match[2], int(match[3])
        if 0 < port <= 65535 and policy.may_contact(address) and len(peers) < MAX_PEERS:
            peers.setdefault((address, port))
    return tuple(peers)


def _peer_text(peer: tuple[str, int]) -> str:
    address, port = peer
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _fallback(identity: InfoHash) -> str:
    return f"Torrent {identity[:8]}"
