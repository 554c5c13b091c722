"""The addresses of this computer in its own networks, and when they or its wires change: Linux's rtnetlink (RFC 3549,
rtnetlink(7)).

Only addresses that the internet does not route are given: private ones (RFC 1918, RFC 4193), and those for benchmarks
(RFC 2544). A computer with a public address does not offer its page on it.
"""

import asyncio
import ipaddress
import os
import socket
import struct
from collections.abc import AsyncIterator, Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

OWN_NETWORKS: tuple[Network, ...] = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "fc00::/7"))
)

_NEWLINK, _DELLINK, _GETLINK = 16, 17, 18
_NEWADDR, _GETADDR, _DONE, _ERROR = 20, 22, 3, 2
_DUMP = 0x301
"""NLM_F_REQUEST | NLM_F_DUMP."""
_GROUPS = 0x01 | 0x10 | 0x100
"""RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR."""
_CARRIES = 0x01 | 0x40
"""IFF_UP | IFF_RUNNING: it is turned on, and there is something at its other end."""
_IFA_ADDRESS, _IFA_LOCAL, _IFA_FLAGS = 1, 2, 8
_UNUSABLE = 0x08 | 0x40
"""IFA_F_DADFAILED | IFA_F_TENTATIVE: nobody can listen there, or not yet; the kernel tells when that changes."""
_BUFFER_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """An address of this computer, and the network that it shares a wire with."""

    address: Address
    network: Network
    connected: bool = field(default=True, compare=False)
    """Whether its wire, or its network of the air, is there now: one that is pulled may leave the address."""

    def is_on_link(self, peer: str) -> bool:
        """Whether somebody is in the same network, and not behind a router."""
        try:
            found = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        return found in self.network


def own_addresses() -> list[OwnAddress]:
    """Ask the kernel; the address by which most is reached comes first.

    Raises:
        OSError: it does not answer such questions here.
    """
    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE
    ) as kernel:
        kernel.bind((0, 0))
        links = [link for answer in _asked(kernel, _GETLINK) for link in read_links(answer)]
        carrying = {index for index, carries in links if carries}
        found = [own for answer in _asked(kernel, _GETADDR) for own in read_addresses(answer, carrying)]
    first = _usual()
    return sorted(found, key=lambda one: (str(one.address) != first, one.address.version, int(one.address)))


async def changes() -> AsyncIterator[None]:
    """Give one for each time that some address of this computer has come or gone, or a wire with one.

    Raises:
        OSError: the kernel does not tell.
    """
    loop, came = asyncio.get_running_loop(), asyncio.Event()
    flags = socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
    with socket.socket(socket.AF_NETLINK, flags, socket.NETLINK_ROUTE) as kernel:
        kernel.bind((0, _GROUPS))
        carried: dict[int, bool] = {}

        def drain() -> None:
            try:
                while True:
                    if _is_news(kernel.recv(_BUFFER_BYTES), carried):
                        came.set()
            except BlockingIOError:
                return
            except OSError:  # ENOBUFS: news was lost, and all is asked for anew
                came.set()

        loop.add_reader(kernel.fileno(), drain)
        try:
            while True:
                await came.wait()
                came.clear()
                yield
        finally:
            loop.remove_reader(kernel.fileno())


def read_links(answer: bytes) -> Iterator[tuple[int, bool]]:
    """Read what the kernel says of wires: the index of each, and whether it carries anything now."""
    for kind, body in _messages(answer):
        if kind in (_NEWLINK, _DELLINK) and len(body) >= 16:
            index, flags = struct.unpack_from("=iI", body, 4)
            yield index, kind == _NEWLINK and flags & _CARRIES == _CARRIES


def read_addresses(answer: bytes, carrying: Container[int] | None = None) -> Iterator[OwnAddress]:
    """Read the kernel's answer: addresses on which a page for this network may be served.

    Args:
        answer: of the kernel.
        carrying: the indices of the wires that carry something; all of them when None.
    """
    for kind, body in _messages(answer):
        if kind == _NEWADDR:
            family, prefix, flags, index = struct.unpack_from("=BBBxI", body)
            parts = dict(_attributes(body[8:]))
            wide = parts.get(_IFA_FLAGS)
            flags = struct.unpack("=I", wide)[0] if wide else flags
            raw = parts.get(_IFA_LOCAL, parts.get(_IFA_ADDRESS, b""))
            if flags & _UNUSABLE or family not in (socket.AF_INET, socket.AF_INET6) or not raw:
                continue
            address = ipaddress.ip_address(raw)
            if any(address in network for network in OWN_NETWORKS):
                network = ipaddress.ip_network((address, prefix), strict=False)
                yield OwnAddress(address, network, carrying is None or index in carrying)


def _asked(kernel: socket.socket, kind: int) -> Iterator[bytes]:
    kernel.send(struct.pack("=IHHIIBxxx", 20, kind, _DUMP, 1, 0, socket.AF_UNSPEC))
    more = True
    while more:
        answer = kernel.recv(_BUFFER_BYTES)
        more = not _is_last(answer)
        yield answer


def _is_news(told: bytes, carried: dict[int, bool]) -> bool:
    """Tell whether more was told than of wires that are as they were: those of the air tell of themselves all the time.

    Args:
        told: by the kernel.
        carried: what was told of each wire before; brought up to date.
    """
    before = dict(carried)
    carried.update(read_links(told))
    return carried != before or any(kind not in (_NEWLINK, _DELLINK) for kind, _ in _messages(told))


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 16:
        length, kind = struct.unpack_from("=IH", data)
        if not 16 <= length <= len(data):
            return
        if kind == _ERROR:
            raise OSError(
                -struct.unpack_from("=i", data, 16)[0], os.strerror(-struct.unpack_from("=i", data, 16)[0])
            )
        yield kind, data[16:length]
        data = data[(length + 3) & ~3 :]


def _is_last(answer: bytes) -> bool:
    return any(kind == _DONE for kind, _ in _messages(answer))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if not 4 <= length <= len(data):
            return
        yield kind, data[4:length]
        data = data[(length + 3) & ~3 :]


def _usual() -> str:
    """Give the address from which the internet would be asked; a datagram's connect sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, suppress(OSError):
        sock.connect(("192.0.2.1", 9))
        return str(sock.getsockname()[0])
    return ""
