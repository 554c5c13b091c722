"""What SubRip and WebVTT have in common: a line with two times and an arrow, and lines of text after it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from matinee.subtitles.limits import MAX_CUE_CHARS

TIMING_MAX_CHARS = 300
_TIME = r"(?:(\d{1,3}):\s?)?(\d{1,2}):\s?(\d{1,2})(?:\s?[,.:;]\s?(\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-{{1,3}}>\s*{_TIME}(.*)")


@dataclass(slots=True)
class Block:
    """A timing line, and the lines after it."""

    start_s: float
    stop_s: float
    settings: str
    """What stands behind the times."""
    lines: list[str] = field(default_factory=list)
    chars: int = 0

    def add(self, line: str) -> None:
        """Add a line, as long as the cue has room."""
        if self.chars < MAX_CUE_CHARS:
            self.lines.append(line[:MAX_CUE_CHARS])
            self.chars += len(self.lines[-1]) + 1


def blocks(lines: Iterable[str]) -> Iterator[Block]:
    """Part a file at its timing lines; what stands before the first is left out."""
    block: Block | None = None
    for line in lines:
        begun = _begun(line)
        if begun is not None:
            if block is not None:
                yield block
            block = begun
        elif block is not None:
            block.add(line)
    if block is not None:
        yield block


def _begun(line: str) -> Block | None:
    if "->" not in line or len(line) > TIMING_MAX_CHARS:
        return None
    found = _TIMING.fullmatch(line)
    return (
        Block(_seconds(*found.group(1, 2, 3, 4)), _seconds(*found.group(5, 6, 7, 8)), found[9])
        if found
        else None
    )


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + float(f"0.{fraction or 0}")
