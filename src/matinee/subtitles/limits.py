"""How large subtitles may be. A film of three hours has 3 000 cues and 200 kB. Pure."""

import io
from collections.abc import Iterator

from matinee.errors import TooLarge
from matinee.models.subtitles import Cue

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_CUES = 100_000
MAX_CUE_CHARS = 4096
"""What is longer is cut: nobody reads it."""
MAX_TIME_S = 100 * 3600.0
"""What is shown later is left out."""


def check_size(size: int) -> None:
    """Refuse a file before it is read.

    Raises:
        TooLarge: it is.
    """
    if size > MAX_FILE_BYTES:
        raise TooLarge(
            f"These subtitles are larger than {MAX_FILE_BYTES // 1024 // 1024} MB, so they are something else."
            " Choose another file."
        )


def lines_of(text: str) -> Iterator[str]:
    """Give the lines one by one, without what ends them: CR, LF or both; a file of line feeds is not held twice."""
    return (line.removesuffix("\n") for line in io.StringIO(text, newline=None))


def gather(cues: Iterator[Cue | None]) -> tuple[Cue, ...]:
    """Collect those cues that are there, by their start.

    Raises:
        TooLarge: there are more than any film has.
    """
    found: list[Cue] = []
    for cue in cues:
        if cue is not None:
            if len(found) >= MAX_CUES:
                raise TooLarge(f"These subtitles have more than {MAX_CUES} cues. Choose another file.")
            found.append(cue)
    return tuple(sorted(found, key=lambda cue: cue.start_s))
