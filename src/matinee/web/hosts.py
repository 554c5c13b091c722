"""Whose name a request was sent to: the guard against DNS rebinding (CVE-2018-5702)."""

import ipaddress
import re
from collections.abc import Iterable

_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?")


class Hosts:
    """The names we answer to.

    Args:
        names: what this computer is called, besides ``localhost`` and the address a connection came to.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._own = frozenset({"localhost", *(name.lower() for name in names)})
        self._names = self._own

    def also(self, names: Iterable[str]) -> None:
        """Answer to some more names, instead of those that were given here before."""
        self._names = self._own | {name.lower() for name in names}

    def is_ours(self, authority: str, local: tuple[str, int], *, secure: bool = False) -> bool:
        """Whether a ``Host`` names us on the connection whose own end is ``local`` (address, port).

        An address must be the very one the connection came to: another address of ours in ``Host`` means
        that somebody's name pointed here. A port that is left out is that of http, or of https where it is ``secure``.
        """
        parts = _AUTHORITY.fullmatch(authority)
        if parts is None:
            return False
        host, port = parts.group(1).lower(), int(parts.group(2) or ("443" if secure else "80"))
        if port != local[1]:
            return False
        return host in self._names or _same_address(host, local[0])


def _same_address(host: str, local: str) -> bool:
    try:
        return _address(host.removeprefix("[").removesuffix("]")) == _address(local)
    except ValueError:
        return False


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Read an address literal; one that maps IPv4 into IPv6 is the IPv4 one, and a zone is dropped."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if mapped is not None else address
