"""What it takes to open films and to make pictures for their seek bar, with every byte here: ``bench media``."""

from __future__ import annotations

import asyncio
import mmap
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self

from rich.table import Table

from bench.film import prepare
from bench.run import CACHE
from matinee.media.tiles import A_SPRITE
from matinee.media.worker import MediaWorker
from matinee.playback.pictures import NICENESS

MORE_TIMES = 12
"""How often Big Buck Bunny plays again in a film of two hours."""
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, a few times."""

    name: str
    wanted_s: float | None
    found_s: Sequence[float]


class _Reader:
    """A film on the disk, for the worker."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data

    @property
    def length(self) -> int:
        return len(self._data)

    async def read(self, start: int, stop: int) -> bytes:
        return self._data[start : min(stop, start + CHUNK_BYTES)]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass


def measure(runs: int) -> list[Figure]:
    """Measure everything a few times, one thing after the other."""
    short = Path(prepare(CACHE, "mkv-ac3").path)
    long = _two_hours()

    def repeat(do: Callable[[Path], Awaitable[float]], path: Path) -> list[float]:
        async def once() -> float:
            return await do(path)

        return [asyncio.run(once()) for _ in range(runs)]

    return [
        Figure("process ready", None, repeat(_ready, short)),
        Figure("probe, three minutes", 0.03, repeat(_probe, short)),
        Figure("probe, two hours", 0.03, repeat(_probe, long)),
        Figure("all pictures, two hours", 5.0, repeat(_pictures, long)),
    ]


def table(figures: Sequence[Figure]) -> Table:
    """Give what was found."""
    made = Table("what", "wanted, ms", "median (worst), ms", title="Films opened, every byte at hand")
    for one in figures:
        wanted = "" if one.wanted_s is None else f"{one.wanted_s * 1000:.0f}"
        made.add_row(one.name, wanted, f"{median(one.found_s) * 1000:.0f} ({max(one.found_s) * 1000:.0f})")
    return made


async def _ready(path: Path) -> float:
    began_s = time.monotonic()
    async with _opened(path) as worker:
        await worker.ready()
        return time.monotonic() - began_s


async def _probe(path: Path) -> float:
    """Take a process that is ready, as a click finds it."""
    async with _opened(path) as worker:
        await worker.ready()
        began_s = time.monotonic()
        await worker.ask("probe")
        return time.monotonic() - began_s


async def _pictures(path: Path) -> float:
    """Make all pictures, the start of their process with them."""
    began_s = time.monotonic()
    async with _opened(path, NICENESS) as worker:
        head, _ = await worker.ask("moments")
        stamps = [moment[2] for moment in head["moments"]]
        middles_s = [(moment[0] + moment[1]) / 2 for moment in head["moments"]]
        for at in range(0, len(stamps), A_SPRITE):
            some = slice(at, at + A_SPRITE)
            await worker.ask("pictures", stamps=stamps[some], at_s=middles_s[some], whole=True)
        return time.monotonic() - began_s


@asynccontextmanager
async def _opened(path: Path, niceness: int = 0) -> AsyncIterator[MediaWorker]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        async with MediaWorker(lambda: _Reader(data), len(data), niceness=niceness) as worker:
            yield worker


def _two_hours() -> Path:
    """Give Big Buck Bunny, played again and again, nothing of it encoded anew."""
    from tests.registry import bunny  # which itself needs the bench's clients

    path = CACHE / "film" / "two-hours.mkv"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name("partial-" + path.name)
        loop = ["-stream_loop", str(MORE_TIMES), "-i", str(bunny()), "-c", "copy", str(partial)]
        subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *loop], check=True, timeout=600)
        partial.rename(path)
    return path
