"""What a film's process needs for its work, with every byte at hand: ``python -m bench media``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from bench.film import prepare
from bench.run import CACHE
from bench.swarms import FilmKind
from matinee.media.hls.segments import Segment, cut, even
from matinee.media.worker import MediaWorker

COUNTED_S = 6.0
"""The length of film for which single segments are compared."""
TRANSCODED_S = 40.0
"""Of film; converting all of it would take long and tell no more."""

_CASES: Sequence[tuple[FilmKind, str, str]] = (
    ("mp4-fast-start", "copy", "copy"),
    ("mkv", "copy", "copy"),
    ("mkv-ac3", "copy", "convert"),
    ("mp4-fast-start", "convert", "convert"),
)

_Ask = Callable[..., Awaitable[tuple[dict[str, Any], bytes]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One film, made into segments from end to end."""

    film: FilmKind
    video: str
    audio: str
    init_s: float
    speed: float
    """Seconds of film made in a second."""
    median_s: float
    """For ``COUNTED_S`` of film."""
    worst_s: float


class Bytes:
    """A film in memory, for the worker."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.length = len(data)

    async def read(self, start: int, stop: int) -> bytes:
        return self._data[start:stop]

    async def __aenter__(self) -> Bytes:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


def measure() -> list[Figure]:
    """Make every film into segments."""
    return [asyncio.run(_measure(*case)) for case in _CASES]


def table(figures: Sequence[Figure]) -> Table:
    """Give what was found."""
    made = Table(
        "film", "picture, sound", "init, ms", "x real time", f"{COUNTED_S:.0f} s of film, s: median (worst)",
        title="Segments, every byte at hand",
    )  # fmt: skip
    for one in figures:
        made.add_row(
            one.film,
            f"{one.video}, {one.audio}",
            f"{one.init_s * 1000:.0f}",
            f"{one.speed:.0f}",
            f"{one.median_s:.3f} ({one.worst_s:.3f})",
        )
    return made


async def _measure(kind: FilmKind, video: str, audio: str) -> Figure:
    data = Path(prepare(CACHE, kind).path).read_bytes()
    async with MediaWorker(lambda: Bytes(data), len(data)) as worker:
        info, _ = await worker.ask("probe")
        found, _ = await worker.ask("keyframes")
        copies = video == "copy"
        segments = (
            cut(found["times_s"], info["duration_s"])
            if copies
            else even(min(TRANSCODED_S, info["duration_s"]))
        )
        wanted = {"video": video, "audio": [info["audio"][0]["index"], audio]}
        begun, told = await _timed(worker.ask("init", **wanted, max_height=0))
        took = [await _make(worker.ask, part, {**wanted, "encoding": told["encoding"]}) for part in segments]
    each = [seconds / part.duration_s * COUNTED_S for seconds, part in zip(took, segments, strict=True)]
    return Figure(kind, video, audio, begun, segments[-1].stop_s / sum(took), median(each), max(each))


async def _make(ask: _Ask, part: Segment, wanted: dict[str, Any]) -> float:
    seconds, _ = await _timed(ask("segment", **{**asdict(part), "last": False}, **wanted))
    return seconds


async def _timed(answer: Awaitable[tuple[dict[str, Any], bytes]]) -> tuple[float, dict[str, Any]]:
    began = time.monotonic()
    head, _ = await answer
    return time.monotonic() - began, head
