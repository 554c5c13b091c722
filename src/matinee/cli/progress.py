"""Says on standard error what goes on: one living line on a terminal, plain lines elsewhere."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """A context manager. Nothing of it goes to standard output, which belongs to the stream's address.

    Where standard error is no terminal, each phase is one plain line and the figures are left out: a log should not
    grow by a line a second, and a line that rewrites itself is unreadable there.
    """

    def __init__(self) -> None:
        self._live: Status | None = None
        self._phase = ""

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            self._live = Console(stderr=True).status("", refresh_per_second=4)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, phase: str, figures: str = "") -> None:
        """Tell what goes on now. The words may be a stranger's: they are shown, never read as markup."""
        if self._live is not None:
            from rich.text import Text

            self._live.update(Text(f"{phase} ({figures})" if figures else phase))
        elif phase != self._phase:
            print(phase, file=sys.stderr, flush=True)  # noqa: T201 - the command line's own voice
        self._phase = phase

    def result(self, line: str) -> None:
        """Print a line to standard output, whole and at once: other programs wait for it."""
        if self._live is not None:
            self._live.stop()
        print(line, flush=True)  # noqa: T201 - the command line's own voice
        if self._live is not None:
            self._live.start()
