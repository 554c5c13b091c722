"""Addresses of this computer, as the kernel says them."""

import ipaddress
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.outside.interfaces import (
    OWN_NETWORKS,
    OwnAddress,
    _is_news,
    own_addresses,
    read_addresses,
    read_links,
)


def _message(family: int, prefix: int, flags: int, address: bytes, *, kind: int = 20) -> bytes:
    attribute = struct.pack("=HH", 4 + len(address), 2 if family == socket.AF_INET else 1) + address
    body = struct.pack("=BBBBI", family, prefix, flags, 0, 2) + attribute
    return struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + body


def _link(index: int, flags: int, *, kind: int = 16) -> bytes:
    name = struct.pack("=HH", 10, 3) + b"wire0\0" + bytes(2)
    body = struct.pack("=BxHiII", 0, 1, index, flags, 0) + name
    return struct.pack("=IHHII", 16 + len(body), kind, 2, 1, 0) + body


UP, CARRIES, GONE = 0x1, 0x41, 17


def test_links_when_one_is_off_or_has_nothing_at_its_end_then_it_carries_nothing() -> None:
    told = _link(1, CARRIES) + _link(2, UP) + _link(3, 0x40) + _link(4, CARRIES, kind=GONE)
    assert list(read_links(told)) == [(1, True), (2, False), (3, False), (4, False)]


@pytest.mark.parametrize(
    ("carrying", "connected"), [({2}, True), ({3}, False), (set[int](), False), (None, True)]
)
def test_address_when_its_wire_carries_nothing_then_it_is_there_and_not_connected(
    carrying: set[int] | None, connected: bool
) -> None:
    (own,) = read_addresses(_message(socket.AF_INET, 24, 0, bytes((192, 168, 1, 20))), carrying)
    assert own.connected is connected


def test_news_when_a_wire_is_as_it_was_then_is_none() -> None:
    carried: dict[int, bool] = {}
    told = [_link(2, CARRIES), _link(2, CARRIES), _link(2, UP), _link(2, 0), _link(2, CARRIES) + _link(3, UP)]
    assert [_is_news(one, carried) for one in told] == [True, False, True, False, True]
    assert _is_news(_message(socket.AF_INET, 24, 0, bytes((192, 168, 1, 20))) + _link(2, CARRIES), carried)
    assert _is_news(_link(2, CARRIES, kind=GONE), carried)


def test_private_addresses_are_given_with_their_networks() -> None:
    four = _message(socket.AF_INET, 24, 0x80, bytes((192, 168, 1, 20)))
    six = _message(socket.AF_INET6, 64, 0x80, ipaddress.ip_address("fd12::7").packed)
    assert list(read_addresses(four + six)) == [
        OwnAddress(ipaddress.ip_address("192.168.1.20"), ipaddress.ip_network("192.168.1.0/24")),
        OwnAddress(ipaddress.ip_address("fd12::7"), ipaddress.ip_network("fd12::/64")),
    ]


@pytest.mark.parametrize("address", ["127.0.0.1", "8.8.8.8", "169.254.1.1", "::1", "fe80::1", "2001:db8::1"])
def test_public_loopback_and_link_local_addresses_are_left_out(address: str) -> None:
    found = ipaddress.ip_address(address)
    family = socket.AF_INET if found.version == 4 else socket.AF_INET6
    assert list(read_addresses(_message(family, 8, 0, found.packed))) == []


@pytest.mark.parametrize("flags", [0x08, 0x40])
def test_address_that_cannot_be_used_yet_is_left_out(flags: int) -> None:
    packed = ipaddress.ip_address("fd12::7").packed
    assert list(read_addresses(_message(socket.AF_INET6, 64, flags, packed))) == []


def test_refusal_of_the_kernel_is_an_error() -> None:
    refusal = struct.pack("=IHHIIi", 20, 2, 0, 1, 0, -1)
    with pytest.raises(OSError, match="not permitted"):
        list(read_addresses(refusal))


@given(st.lists(st.integers(0, 255), max_size=200))
def test_cut_or_meaningless_answers_end(noise: list[int]) -> None:
    whole = _message(socket.AF_INET, 24, 0, bytes((192, 168, 1, 20)))
    assert len(list(read_addresses(whole + struct.pack("=IHHII", 3, 20, 0, 0, 0) + bytes(noise)))) == 1
    links = _link(2, CARRIES) + struct.pack("=IHHII", 20, 16, 0, 0, 0) + bytes(4)
    assert list(read_links(links + struct.pack("=IHHII", 3, 16, 0, 0, 0) + bytes(noise))) == [(2, True)]


def test_kernel_of_this_computer_answers() -> None:
    for own in own_addresses():
        assert any(own.address in network for network in OWN_NETWORKS)
        assert own.is_on_link(str(own.address))
