"""An hour of people who add, play, seek and remove, or a day of them in a large library, a hundred times as fast:
nothing that the program takes may grow.

Every so often all go home. What the program takes then, when it has come to rest, is one point of a trend; what was
going on before is not in it. After some such rests, in which pools and caches fill, the points must lie on a level.
"""

import asyncio
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests import registry
from tests.media.films import made
from tests.swarm.parts import Matinee, Seed, Seeded, aria2_seed, matinee, webtorrent_seed
from tests.torture.flat import Figure, Trend, trend
from tests.torture.looks import Look, look
from tests.torture.viewers import People, fill

VIEWERS = 20
MINUTES = 60
DAY_MINUTES = 15
"""A hundredth of a day, and a little."""
LIBRARY = 2_000
"""Torrents that are there all day, and that nobody has."""
ROUND_S = 120.0
"""From one rest to the next."""
WARM_ROUNDS = 4
"""That many rests are before the first that counts: eight minutes, in which SQLite's pages, libtorrent's
buffers, the C library's arenas and our caches come to what they are allowed."""
SETTLE_S = 90.0
"""Within it nothing must be left of what was going on: a reader lingers for seconds, a connection rests a minute."""
QUIET_LOOKS = 10
"""So many seconds running nothing may change: after five of them free memory is given back (`allocator.Tidy`)."""
SEED_BYTES_PER_S = 3_000_000

FIGURES = (
    Figure(
        "anonymous_mb", "MB", 3.0, "what the heap's holes cost: 10 000 torrents' worth of coming and going"
    ),
    Figure("resident_mb", "MB", 4.0, "as before, with libraries' pages that are read once"),
    Figure("descriptors", "", 2.0, "one that closes as we look, and one that opens"),
    Figure("threads", "", 1.0, "a pool's thread that nobody had needed before"),
    Figure("tasks", "", 2.0, "one that ends as we look, and our own question"),
    Figure("readers", "", 0.0, "nobody reads"),
    Figure("children", "", 1.0, "the reader of torrents, which is replaced now and then"),
    Figure("database_mb", "MB", 1.0, "the receipts of torrents that came and went: a line each"),
)


@dataclass(slots=True)
class Soaked:
    """What came of it."""

    looks: list[tuple[float, Look]] = field(default_factory=list)
    """At each rest, the warm ones first, by the clock of the machine."""
    did: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    warm: int = WARM_ROUNDS

    @property
    def trends(self) -> list[Trend]:
        """What became of each figure after the warm-up."""
        counted = self.looks[self.warm :]
        return [
            trend(figure, [(at_s, float(getattr(seen, figure.name))) for at_s, seen in counted])
            for figure in FIGURES
        ]

    def judge(self) -> None:
        """Put down what is not flat."""
        self.wrong += [str(one) for one in self.trends if not one.flat]

    def __str__(self) -> str:
        """Give the figures, a line each."""
        deeds = ", ".join(f"{count} {what}" for what, count in sorted(self.did.items()))
        lines = [f"{len(self.looks)} rests, the first {self.warm} to warm up; {deeds}"]
        return "\n".join([*lines, *(f"  {one}" for one in self.trends)])


@contextmanager
def _films(folder: Path) -> Iterator[list[Seeded]]:
    """Have films seeded by programs that are not ours, in small pieces and large, one of them for no browser."""
    matroska = made("whole.mkv", "-i", "{bunny}", "-c:v", "copy", "-c:a", "ac3")
    with ExitStack() as stack:

        def seeded(name: str, film: Path, seed: Seed) -> Seeded:
            place = folder / name
            place.mkdir()
            own = Path(shutil.copy(film, place / f"{name}{film.suffix}"))
            return stack.enter_context(seed(own, place, SEED_BYTES_PER_S))

        # None by transmission 3.00: to an address that once had a whole torrent it never again sends a byte of it, and
        # here all who watch have one address, and take films out in order to fetch them anew.
        yield [
            seeded("large", registry.bunny(), partial(aria2_seed, piece_bytes=1024 * 1024)),
            seeded("small", registry.bunny(), partial(aria2_seed, piece_bytes=64 * 1024)),
            seeded("usual", registry.bunny(), webtorrent_seed),
            seeded("matroska", matroska, aria2_seed),
        ]


async def soak(minutes: int, folder: Path, chance: random.Random) -> Soaked:
    """Have people live in the program for so many minutes."""
    return await _live(minutes, folder, chance, library=0)


async def day(minutes: int, folder: Path, chance: random.Random) -> Soaked:
    """Have people live in a program that has a large library."""
    return await _live(minutes, folder, chance, library=LIBRARY)


async def _live(minutes: int, folder: Path, chance: random.Random, library: int) -> Soaked:
    soaked = Soaked(warm=min(WARM_ROUNDS, max(1, minutes // 4)))
    data = folder / "data"
    with _films(folder) as films:
        async with matinee(data) as running:
            await fill(running, library)
            people = People(running, films, chance)
            until_s = time.monotonic() + minutes * 60
            while time.monotonic() < until_s or len(soaked.looks) < soaked.warm + 2:
                round_s = min(ROUND_S, minutes * 60 / 5)
                await people.live(VIEWERS, round_s)
                seen = await _at_rest(running, data)
                soaked.looks.append((time.monotonic(), seen))
                print(f"{len(soaked.looks):3} {seen}", flush=True)  # noqa: T201 - a command's own words
            listed = (await running.client.get("api/v1/torrents")).raise_for_status().json()["torrents"]
    if len(listed) != library:
        soaked.lost.append(f"{library - len(listed)} torrents of the library")
    soaked.did, soaked.wrong = dict(people.did), people.wrong
    soaked.judge()
    return soaked


async def _at_rest(running: Matinee, data: Path) -> Look:
    """Look until several looks running are the same; gives the last, whether they were or not."""
    seen = [await look(running, data)]
    until_s = time.monotonic() + SETTLE_S
    while time.monotonic() < until_s:
        await asyncio.sleep(1)
        seen.append(await look(running, data))
        lately = [one.settled for one in seen[-QUIET_LOOKS:]]
        if len(lately) == QUIET_LOOKS and len(set(lately)) == 1:
            break
    return seen[-1]
