"""Players that hang up, a thousand of them: while they wait, in the middle of a byte, before they were answered.

What the program takes ten seconds later must be what it took before.
"""

import asyncio
import random
import shutil
import socket
import struct
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests import registry
from tests.swarm.parts import Matinee, Seeded, aria2_seed, matinee
from tests.torture.looks import Look, look

TIMES = 1000
WARM = 100
"""So many hang up before it is looked at: pools and caches are filled by then."""
AT_ONCE = 20
FREE_S = 10.0
LOOK_EACH_S = 0.25
SEED_BYTES_PER_S = 150_000
"""Most of the film is not here for as long as this takes: who reads there waits."""
MOST_MORE = 2
MOST_MORE_MB = 4.0
"""The pieces that came meanwhile, which a next reader is given from memory."""
WAYS = ("before the answer", "after its head", "in the first bytes", "where nothing is yet", "all over")
RESET = struct.pack("ii", 1, 0)
"""Linger for no time: the connection is reset, and not closed."""


@dataclass(slots=True)
class HungUp:
    """What came of it."""

    times: int
    ways: Counter[str] = field(default_factory=Counter)
    before: Look | None = None
    after: Look | None = None
    free_after_s: float = 0.0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the figures, a line each."""
        ways = ", ".join(f"{count} {way}" for way, count in sorted(self.ways.items()))
        return (
            f"{self.times} hung up ({ways}); as before {self.free_after_s:.1f} s after the last\n"
            f"  before: {self.before}\n  after:  {self.after}"
        )


async def hangups(times: int, folder: Path, chance: random.Random) -> HungUp:
    """Have so many players hang up on a film that comes slowly."""
    found = HungUp(times)
    film = Path(shutil.copy(registry.bunny(), folder / "bbb.mp4"))
    with aria2_seed(film, folder, SEED_BYTES_PER_S) as seeded:
        async with matinee(folder / "data") as running:
            await running.add(seeded.magnet)
            await running.until(seeded.info_hash, lambda view: bool(view["files"]))
            await running.bytes_of(seeded.info_hash, 0, 1024)
            await _hang_up(running, seeded, WARM, chance, Counter())
            found.before, _ = await _free(running, folder / "data", None)
            await _hang_up(running, seeded, times, chance, found.ways)
            found.after, found.free_after_s = await _free(running, folder / "data", found.before)
    _judge(found, found.before, found.after)
    return found


async def _hang_up(
    running: Matinee, seeded: Seeded, times: int, chance: random.Random, ways: Counter[str]
) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with turns:
            way = chance.choice(WAYS)
            ways[way] += 1
            await _come_and_go(running, seeded, way, chance)

    async with asyncio.TaskGroup() as group:
        for _ in range(times):
            group.create_task(one())


async def _come_and_go(running: Matinee, seeded: Seeded, way: str, chance: random.Random) -> None:
    length = seeded_length(seeded)
    start = {"where nothing is yet": length * 3 // 4, "all over": chance.randrange(length)}.get(way, 0)
    reader, writer = await running.connect(f"stream/{seeded.info_hash}/0", f"Range: bytes={start}-")
    if way != "before the answer":
        async with asyncio.timeout(60):
            await reader.readuntil(b"\r\n\r\n")
            if way == "in the first bytes":
                await reader.readexactly(chance.randrange(1, 1024))
    if chance.random() < 0.5:
        line: socket.socket = writer.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


def seeded_length(seeded: Seeded) -> int:
    """Give a seeded film's length in bytes."""
    return (seeded.metainfo.parent / "bbb.mp4").stat().st_size


async def _free(running: Matinee, data: Path, before: Look | None) -> tuple[Look, float]:
    """Look until nothing more is going on, or it is as before; gives the last look, and after how long."""
    began_s = time.monotonic()
    seen = await look(running, data)
    while (passed_s := time.monotonic() - began_s) < FREE_S:
        if before is not None and not _more(before, seen):
            break
        await asyncio.sleep(LOOK_EACH_S)
        seen = await look(running, data)
    return seen, passed_s


def _more(before: Look, after: Look) -> list[str]:
    """Say of what there is more than may be."""
    counts = ("descriptors", "threads", "tasks", "readers", "children")
    more = [name for name in counts if getattr(after, name) > getattr(before, name) + MOST_MORE]
    if after.readers:
        more.append("readers")
    return more


def _judge(found: HungUp, before: Look, after: Look) -> None:
    found.wrong += [f"more {name} than before" for name in _more(before, after)]
    if after.anonymous_mb > before.anonymous_mb + MOST_MORE_MB:
        found.wrong.append(f"{after.anonymous_mb - before.anonymous_mb:.1f} MB more than before")
