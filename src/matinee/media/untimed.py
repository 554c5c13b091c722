"""Gives pictures of H.264 the times at which they are shown, where a container says only when they are decoded.

Runs inside the confined process.
"""

from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from math import gcd
from typing import Any

from av.packet import Packet

from matinee.media.bitstream import is_annex_b, units
from matinee.media.picture_order import Order, configured, measured

AHEAD = 17
"""No picture is decoded so many before it is shown: sixteen are all that a decoder keeps."""
_USUAL_STEP = 2
"""By how much one picture's count is more than that of the one before it."""


class _Group:
    """Pictures up to the next one that depends on nothing before it."""

    def __init__(self) -> None:
        self._decoded: list[int] = []
        self._held: deque[tuple[Packet[Any], int]] = deque()
        self._first: int | None = None
        """The count of the one that is shown first."""
        self._step = _USUAL_STEP
        self._tick = 1

    def add(self, packet: "Packet[Any]", count: int) -> Iterator["Packet[Any]"]:
        """Take a picture; gives those whose time is certain."""
        self._decoded.append(packet.dts or 0)
        self._held.append((packet, count))
        if len(self._held) > AHEAD:
            yield self._next()

    def end(self) -> Iterator["Packet[Any]"]:
        """Give the others."""
        while self._held:
            yield self._next()

    def _next(self) -> "Packet[Any]":
        if self._first is None:
            counts = [count for _, count in self._held]
            self._first = min(counts)
            self._step = gcd(*(count - self._first for count in counts)) or _USUAL_STEP
            self._tick = min((after - at for at, after in pairwise(self._decoded) if after > at), default=1)
        packet, count = self._held.popleft()
        place, last = (count - self._first) // self._step, len(self._decoded) - 1
        within = self._decoded[min(max(0, place), last)]
        beyond = place - min(max(0, place), last)
        packet.pts = within + beyond * self._tick
        return packet


def shown(packets: Iterator["Packet[Any]"], extradata: bytes) -> Iterator["Packet[Any]"]:
    """Time pictures, from the first one on that depends on none before it; those that say nothing are left out.

    The one that is shown n-th has the time at which the n-th is decoded: sound that begins with the film fits that.

    Args:
        packets: in the order of decoding.
        extradata: the track's.
    """
    order = Order()
    split = units if is_annex_b(extradata) else measured
    order.learn(units(extradata) if split is units else configured(extradata))
    group: _Group | None = None
    for packet in packets:
        try:
            count, begins = order.of(split(bytes(packet)))
        except ValueError:
            continue
        if begins or (group is None and packet.is_keyframe):
            if group is not None:
                yield from group.end()
            group = _Group()
        if group is not None:
            yield from group.add(packet, count)
    if group is not None:
        yield from group.end()
