"""Whose turn it is to be fetched though nobody plays it. Pure.

What is played is never kept waiting, and goes before everything else. What has its turn and gets nothing takes nobody
else's: it goes on, and the next one begins beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matinee.types import InfoHash


@dataclass(frozen=True, slots=True)
class Waiting:
    """A torrent of which something is to be fetched, and may be."""

    info_hash: InfoHash
    place: int
    """In the order that the user wants, 0 the first."""
    played: bool
    starved: bool
    """Whether it has had its turn for long, and nothing came."""


def turns(waiting: Iterable[Waiting], at_once: int) -> frozenset[InfoHash]:
    """Choose those that are fetched now.

    Args:
        waiting: all of which something is missing.
        at_once: how many may be fetched beside each other; 0 is no limit.
    """
    found: set[InfoHash] = set()
    taken = 0
    for one in sorted(waiting, key=lambda one: (not one.played, one.place)):
        if at_once and taken >= at_once and not one.played:
            break
        found.add(one.info_hash)
        taken += not one.starved
    return frozenset(found)


def moved(order: Sequence[InfoHash], info_hash: InfoHash, place: int) -> tuple[InfoHash, ...]:
    """Give the order with one of them elsewhere; a place behind the last is the last."""
    rest = [one for one in order if one != info_hash]
    return (*rest[:place], info_hash, *rest[place:])
