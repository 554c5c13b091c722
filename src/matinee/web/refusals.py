"""What was refused, in the log: by default, each once, and never so much that a stranger could fill it."""

import logging
import time
from collections import Counter
from collections.abc import Callable

logger = logging.getLogger(__name__)

WINDOW_S = 600.0
"""Within it the same refusal is written once."""
MOST_FROM_ONE = 10
"""Different ones from one address within a window."""
MOST = 100
"""From everybody within a window: addresses are cheap."""
MOST_PATH_CHARS = 200

REFUSED = "matinee.refused"
"""Key in the scope: told, and awaited, of what a route refuses that answers its own errors."""


class Refusals:
    """Writes refusals down: as a warning what is new, for whoever asks for ``info`` the rest.

    Args:
        monotonic: seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._begun_s = monotonic()
        self._written: set[tuple[str, str, str, str]] = set()
        self._from: Counter[str] = Counter()

    def note(self, address: str, code: str, method: str, path: str, *, alarming: bool) -> None:
        """Write one down.

        Args:
            address: of whoever asked.
            code: of the error.
            method: as it was asked.
            path: as it was asked.
            alarming: whether it is more than a page that nobody knows yet.
        """
        path = path[:MOST_PATH_CHARS]
        level = logging.WARNING if alarming and self._is_new(address, code, method, path) else logging.INFO
        # repr: the path is a stranger's text and must not forge lines in the log.
        logger.log(level, "request refused code=%s method=%s path=%r address=%s", code, method, path, address)
        if level == logging.WARNING and self._from[address] == MOST_FROM_ONE:
            logger.warning(
                "more is refused, and for ten minutes not written down at this level address=%s", address
            )

    def _is_new(self, address: str, code: str, method: str, path: str) -> bool:
        now = self._now()
        if now - self._begun_s >= WINDOW_S:
            self._begun_s = now
            self._written.clear()
            self._from.clear()
        one = (address, code, method, path)
        if one in self._written or self._from[address] >= MOST_FROM_ONE or len(self._written) >= MOST:
            return False
        self._written.add(one)
        self._from[address] += 1
        return True
