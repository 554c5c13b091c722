"""`make torture`: kills and power cuts at random moments, by the hundred, while a film comes from a foreign seed.

After each end the next start must be quick, every claimed byte must be on the disk, and everything that was confirmed
must be so still. `ARGS="kills --times 200"`, `ARGS="cuts --times 50"`. `ARGS=start` times the start after a kill with
500 torrents, one of which plays. Each fails where anything was lost or wrong, or a start took too long: see the load
that is printed beside it.

`ARGS=hangups` has a thousand players hang up, `ARGS=damages` damages the database at 200 places.
`ARGS=soak` has twenty people add, play, seek and remove for an hour (`--times` minutes), and fails when anything that
the program takes grows. `ARGS=day` has them do so for a hundredth of a day in a library of 2 000 torrents.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Protocol

from bench.process import cpu_s

from tests import registry
from tests.swarm.parts import aria2_seed, make_torrent, matinee
from tests.torture import damages, full_house, hangups
from tests.torture.cuts import Disk, NoLoopMounts
from tests.torture.rounds import Found, Lives
from tests.torture.soak import DAY_MINUTES, MINUTES, day, soak
from tests.torture.viewers import fill

LIMIT_BYTES_PER_S = 6_000_000
KILLS, CUTS, STARTS = 200, 50, 5
TORRENTS = 500
READ_BYTES = 1_000_000
START_500_S = 3.0
"""Within it a start after a kill has 500 torrents listed and plays one; one of a few torrents within ``START_S``."""
START_S = 5.0
SAY_EACH = 10


async def kills(times: int, folder: Path, chance: random.Random) -> Found:
    """Kill it so many times."""
    film = Path(shutil.copy(registry.bunny(), folder / "bbb.mp4"))
    with aria2_seed(film, folder, LIMIT_BYTES_PER_S) as seeded:
        lives = Lives(film, seeded, chance)
        for number in range(times):
            await lives.end(folder / "data")
            _say(number, lives.found)
        await lives.look(folder / "data")
    lives.found.hold_starts_to(START_S)
    return lives.found


async def cuts(times: int, folder: Path, chance: random.Random) -> Found:
    """Cut its power so many times."""
    film = Path(shutil.copy(registry.bunny(), folder / "bbb.mp4"))
    disk = Disk(folder)
    with aria2_seed(film, folder, LIMIT_BYTES_PER_S) as seeded, disk.mounted():
        lives = Lives(film, seeded, chance)
        for number in range(times):
            await lives.live(disk.point / "data", end=disk)
            disk.cut()
            _say(number, lives.found)
        await lives.look(disk.point / "data")
    _print(f"{disk.cuts_that_cut} of {disk.cuts} cuts took what was not synced")
    lives.found.hold_starts_to(START_S)
    return lives.found


async def start(times: int, folder: Path, _: random.Random) -> Found:
    """Start after a kill, so many times, until all of 500 torrents are listed and the film among them plays.

    Each has its list of files, rights, and resume data of the run before.
    """
    film, found = Path(shutil.copy(registry.bunny(), folder / "bbb.mp4")), Found()
    data, first = folder / "data", film.read_bytes()[:READ_BYTES]
    info_hash, metainfo = make_torrent(film, folder)
    async with matinee(data) as running:
        lies = data / "films" / info_hash / film.name
        lies.parent.mkdir(parents=True)
        shutil.copy(film, lies)
        await running.add_file(metainfo)
        await running.until(info_hash, lambda view: view["state"] == "complete")
        await fill(running, TORRENTS - 1)
    for _number in range(times):
        begun = time.monotonic()
        async with matinee(data) as running:
            answers_s = time.monotonic() - begun
            listed = (await running.client.get("api/v1/torrents")).raise_for_status().json()["torrents"]
            listed_s = time.monotonic() - begun
            read = await running.bytes_of(info_hash, 0, READ_BYTES)
            found.starts_s.append(time.monotonic() - begun)
            worked_s = cpu_s(running.process.pid)
            await running.kill()
        if len(listed) != TORRENTS:
            found.lost.append(f"{TORRENTS - len(listed)} torrents")
        if read != first:
            found.differing.append("the film's first bytes")
        found.ends += 1
        _print(
            f"answers after {answers_s:.2f} s, {len(listed)} torrents listed after {listed_s:.2f} s, "
            f"the film's first {READ_BYTES} bytes after {found.starts_s[-1]:.2f} s; processor time {worked_s:.2f} s"
        )
    found.hold_starts_to(START_500_S)
    return found


class Outcome(Protocol):
    """What a run found; it is written down in a line or some."""

    @property
    def wrong(self) -> list[str]:
        """What is not as it must be."""

    @property
    def lost(self) -> list[str]:
        """What was confirmed and is not there any more."""


Run = Callable[[int, Path, random.Random], Coroutine[None, None, Outcome]]
RUNS: dict[str, tuple[Run, int]] = {
    "start": (start, STARTS),
    "kills": (kills, KILLS),
    "cuts": (cuts, CUTS),
    "hangups": (hangups.hangups, hangups.TIMES),
    "damages": (damages.damages, damages.TIMES),
    "viewers": (full_house.full_house, full_house.SECONDS),
    "crowd-1": (partial(full_house.crowd, files=1), full_house.SECONDS),
    "crowd-50": (partial(full_house.crowd, files=50), full_house.SECONDS),
    "soak": (soak, MINUTES),
    "day": (day, DAY_MINUTES),
}
"""By its name: what it does, and how often."""


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*RUNS, []], help="all of it by default")
    parser.add_argument("--times", type=int, help="how often; of soak and day, how many minutes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args()
    _print(f"seed {chosen.seed}")
    failed = False
    for name, (run, times) in RUNS.items():
        if chosen.what and name not in chosen.what:
            continue
        with tempfile.TemporaryDirectory(prefix="matinee-torture-") as folder:
            try:
                found = asyncio.run(run(chosen.times or times, Path(folder), random.Random(chosen.seed)))
            except NoLoopMounts as error:
                _print(str(error))
                failed = True
                continue
        _print(f"{name}: {found}")
        for line in (*found.wrong, *found.lost):
            _print(f"  {line}")
        failed |= bool(found.wrong or found.lost)
    return 1 if failed else 0


def _say(number: int, found: Found) -> None:
    if (number + 1) % SAY_EACH == 0:
        _print(str(found))


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's own words


if __name__ == "__main__":
    sys.exit(main())
