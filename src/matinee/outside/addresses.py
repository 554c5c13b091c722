"""Which hosts and URLs may be contacted on a stranger's word. Pure: parses and judges, resolves nothing.

A torrent or magnet link names trackers, web seeds and peers. libtorrent's own protection lets eleven of
fourteen forms of a loopback address through, an ``ip_filter`` none (docs/security.md); so URLs are taken
apart and rebuilt here, and the same tables give the ranges for that filter. A name that resolves to a private
address passes ``clean_url`` and is stopped where it is connected to: by the filter, or by ``fetch.py``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from urllib.parse import quote, urlsplit

URL_MAX_CHARS = 2048
"""A longer address is refused; passkeys and paths of real trackers and archives stay far below."""

NEVER_V4 = ("0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32")
"""Unspecified ("this host", which Linux takes for loopback), multicast, broadcast: no peer is ever there."""

PRIVATE_V4 = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
)
"""The IANA special-purpose registry for IPv4, less what is in ``NEVER_V4``."""

NEVER_V6 = ("::/128", "::ffff:0.0.0.0/104", "::ffff:224.0.0.0/100", "::ffff:255.255.255.255/128", "ff00::/8")
"""Unspecified and multicast, also as IPv4-mapped addresses."""

PRIVATE_V6 = (
    # Everything but global unicast, 2000::/3: loopback, mapped, NAT64, unique local, link local, ...
    "::/3",
    "4000::/2",
    "8000::/1",
    # Within global unicast: Teredo and other protocol assignments, documentation, 6to4. The transitional
    # ones carry an IPv4 address that no rule of ours would see.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
)
"""What in IPv6 is not the public internet, less what is in ``NEVER_V6``."""

PRIVATE_SUFFIXES = frozenset(
    {
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "arpa",
        "invalid",
    }
)
"""Last labels that name something in the house (RFC 6761, RFC 6762, RFC 9476 and common routers)."""

OTHER_NETWORKS = frozenset({"onion", "i2p"})
"""Last labels of networks we do not speak; libtorrent would change its mode for ``i2p``."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ALLOWED = re.compile(r"[!-~\u00a1-\ud7ff\ue000-\U0010ffff]+")
"""No control character, no space, nothing that could end a line of a request or that UTF-8 cannot hold."""
_NETLOC = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z.-]+))(?::([0-9]{1,5}))?")
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?[]|{}"


class UrlKind(StrEnum):
    """What an address is for."""

    TRACKER = "tracker"
    WEB_SEED = "web seed"
    TORRENT = "torrent"
    """A .torrent to fetch."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an address is not used."""

    reason: str
    """The end of a sentence, such as ``it names a host in a private network``."""


_SCHEMES = {
    UrlKind.TRACKER: ("https", "http", "udp"),
    UrlKind.WEB_SEED: ("https", "http"),
    UrlKind.TORRENT: ("https",),
}


_V4 = {
    True: tuple(IPv4Network(text) for text in NEVER_V4),
    False: tuple(IPv4Network(text) for text in NEVER_V4 + PRIVATE_V4),
}
_V6 = {
    True: tuple(IPv6Network(text) for text in NEVER_V6),
    False: tuple(IPv6Network(text) for text in NEVER_V6 + PRIVATE_V6),
}


def blocked_ranges(allow_private: bool) -> tuple[tuple[str, str], ...]:
    """Give the ranges that must never be connected to, as ``(first, last)``, for libtorrent's ip_filter."""
    v4 = [(str(network[0]), str(network[-1])) for network in _V4[allow_private]]
    v6 = [(str(network[0]), str(network[-1])) for network in _V6[allow_private]]
    return (*v4, *v6)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be contacted. One for the whole program, from its settings."""

    allow_private: bool = False
    """Loopback, private, link-local and benchmarking addresses are allowed too: only by the user's word."""

    def may_contact(self, address: str | IPv4Address | IPv6Address) -> bool:
        """Judge one numeric address; what is not a plain numeric address may not be contacted."""
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        if isinstance(ip, IPv4Address):
            return not any(ip in network for network in _V4[self.allow_private])
        if ip.scope_id is not None:
            return False
        return not any(ip in network for network in _V6[self.allow_private])

    def clean_url(self, text: str, kind: UrlKind) -> str | Refusal:
        """Take an address apart and rebuild it from the parts that were understood, or say why not.

        User names, fragments and anything not in our grammar are not carried over; the host comes out in
        lower case, a numeric one in its canonical form.
        """
        if not 0 < len(text) <= URL_MAX_CHARS:
            return Refusal("it is empty or too long")
        if not _ALLOWED.fullmatch(text) or "\\" in text:
            return Refusal("it has characters that do not belong in an address")
        try:
            parts = urlsplit(text)
        except ValueError:
            return Refusal("it is not a well-formed address")
        if parts.scheme not in self._schemes(kind):
            return Refusal(f"a {kind} must begin with {' or '.join(self._schemes(kind))}")
        authority = self._clean_authority(parts.netloc, needs_port=parts.scheme == "udp")
        if isinstance(authority, Refusal):
            return authority
        query = f"?{quote(parts.query, safe=_QUERY_SAFE)}" if parts.query else ""
        url = f"{parts.scheme}://{authority}{quote(parts.path, safe=_PATH_SAFE)}{query}"
        # Quoted it may be longer than it was: what is kept must be taken again after a restart.
        return url if len(url) <= URL_MAX_CHARS else Refusal("it is too long")

    def keep_urls(self, texts: Iterable[str], kind: UrlKind, most: int) -> tuple[str, ...]:
        """Clean many addresses: drop the refused and the repeated, keep the order, stop after ``most``."""
        kept: dict[str, None] = {}
        for text in texts:
            if len(kept) >= most:
                break
            url = self.clean_url(text.strip(" \t\r\n"), kind)
            if isinstance(url, str):
                kept.setdefault(url)
        return tuple(kept)

    def _schemes(self, kind: UrlKind) -> tuple[str, ...]:
        if kind is UrlKind.TORRENT and self.allow_private:
            return ("https", "http")
        return _SCHEMES[kind]

    def _clean_authority(self, netloc: str, *, needs_port: bool) -> str | Refusal:
        if "@" in netloc:
            return Refusal("it carries a user name or password")
        match = _NETLOC.fullmatch(netloc)
        if match is None:
            return Refusal("its host is not a plain host name")
        bracketed, plain, port = match.groups()
        if (port is None and needs_port) or (port is not None and not 0 < int(port) <= 65535):
            return Refusal("it has no usable port")
        host = self._clean_host(plain) if bracketed is None else self._clean_v6(bracketed)
        if isinstance(host, Refusal) or port is None:
            return host
        return f"{host}:{int(port)}"

    def _clean_host(self, text: str) -> str | Refusal:
        host = text.lower().removesuffix(".")
        labels = host.split(".")
        if _NUMBER_LABEL.fullmatch(labels[-1]):
            # Browsers and resolvers read 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1; only four plain
            # decimal numbers are read here, so that nobody reads another address than we did.
            return self._clean_v4(host)
        if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
            return Refusal("its host is not a plain host name")
        if labels[-1] in OTHER_NETWORKS:
            return Refusal("its host is in a network that Matinee does not speak")
        if not self.allow_private and (len(labels) == 1 or labels[-1] in PRIVATE_SUFFIXES):
            return Refusal("its host is in a private network")
        return host

    def _clean_v4(self, host: str) -> str | Refusal:
        try:
            ip = IPv4Address(host)
        except AddressValueError:
            return Refusal("its host is a number in an unusual form")
        return str(ip) if self.may_contact(ip) else Refusal("its host is in a private network")

    def _clean_v6(self, host: str) -> str | Refusal:
        try:
            ip = IPv6Address(host)
        except AddressValueError:
            return Refusal("its host is not a plain IPv6 address")
        return f"[{ip}]" if self.may_contact(ip) else Refusal("its host is in a private network")
