"""Wrong tokens, counted: who brings many is slowed, and beyond this computer shut out for a while."""

import ipaddress
import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 600.0
MOST_WRONG = 20
"""Wrong tokens from one address within a window, as with codes for devices."""
MOST_ADDRESSES = 1000
SLOW_S = 0.5
"""How long each further wrong token waits for its answer."""


class Guesses:
    """Counts by address; an IPv6 network of 64 bits is one, for each computer in it has them all.

    Nobody on loopback is shut out: every program here has the same address as the owner. They are slowed.

    Args:
        monotonic: seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._wrong: dict[str, deque[float]] = {}

    def wrong(self, address: str) -> None:
        """Count one."""
        name = _name(address)
        times = self._wrong.pop(name, None) or deque(maxlen=MOST_WRONG)
        times.append(self._now())
        while len(self._wrong) >= MOST_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
        self._wrong[name] = times

    def many(self, address: str) -> bool:
        """Whether so many came from there that the next ones are slowed."""
        times = self._wrong.get(_name(address), deque[float]())
        return len(times) == MOST_WRONG and self._now() - times[0] < WINDOW_S

    def shut(self, address: str) -> bool:
        """Whether no token is even looked at that comes from there."""
        return not _is_here(address) and self.many(address)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _name(address: str) -> str:
    bare = address.partition("%")[0]
    return str(ipaddress.ip_network(f"{bare}/64", strict=False)) if ":" in bare else bare
