"""A database that is damaged at random places: the program starts, says so, and has all that its copy had."""

import asyncio
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.media.films import clip
from tests.swarm.parts import Seeded, aria2_seed, matinee
from tests.torture.ledger import House, Ledger, let_screens_in, state

TIMES = 200
ACTIONS = 60
"""Before the copy is made; after it half as many."""
LOG = "matinee.log"
SAID = "The database was damaged"
BLOCK_BYTES = 512
PAGE_BYTES = 4096


@dataclass(slots=True)
class Damaged:
    """What all damages together have shown."""

    times: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    unharmed: int = 0
    """After which all was there, what came after the copy too."""
    from_copy: int = 0
    slowest_start_s: float = 0.0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the figures in a line."""
        ways = ", ".join(f"{count} {way}" for way, count in sorted(self.ways.items()))
        return (
            f"{self.times} damages ({ways}): {self.unharmed} harmed nothing that is kept, after {self.from_copy} "
            f"it began from the copy; {len(self.lost)} lost, {len(self.wrong)} wrong; "
            f"slowest start {self.slowest_start_s:.1f} s"
        )


@dataclass(frozen=True, slots=True)
class Sound:
    """A data folder before anything is damaged, and what is known of it."""

    folder: Path
    film: str
    """Its torrent, which was there before the copy was made."""
    in_copy: dict[str, Any]
    now: Ledger


async def damages(times: int, folder: Path, chance: random.Random) -> Damaged:
    """Damage it so many times, each time anew."""
    found = Damaged()
    film = Path(shutil.copy(clip("part.mp4", "-c:v", "libx264", "-c:a", "aac"), folder / "part.mp4"))
    with aria2_seed(film, folder) as seeded:
        sound = await _sound(folder / "sound", seeded, chance)
    for number in range(times):
        data = Path(shutil.copytree(sound.folder, folder / "data"))
        way, spoil = chance.choice(WAYS)
        spoil(data / "matinee.sqlite", chance)
        found.ways[way] += 1
        await _start(data, sound, f"{number} ({way})", found)
        shutil.rmtree(data)
    return found


async def _sound(data: Path, seeded: Seeded, chance: random.Random) -> Sound:
    """Do things, begin again, which keeps a copy, and do more."""
    let_screens_in(data)
    with (data / "config.toml").open("a") as config:
        config.write(f'log_file = "{LOG}"\n')
    ledger = Ledger()
    async with matinee(data) as running:
        await running.add(seeded.magnet)
        await running.whole(seeded.info_hash)
        await House(running, ledger, chance).live(ACTIONS)
    before_ns = (data / "matinee.copy").stat().st_mtime_ns
    async with matinee(data) as running:
        async with asyncio.timeout(60):
            while (data / "matinee.copy").stat().st_mtime_ns == before_ns:  # noqa: ASYNC110 - files tell no events
                await asyncio.sleep(0.05)
        in_copy = await state(running, seeded.info_hash, ledger.cookies)
        await House(running, ledger, chance).live(ACTIONS // 2)
    return Sound(data, seeded.info_hash, in_copy, ledger)


async def _start(data: Path, sound: Sound, what: str, found: Damaged) -> None:
    """Start on a damaged database, and compare what is there with what must be."""
    film = data / "films" / sound.film / "part.mp4"
    begun_s = time.monotonic()
    async with matinee(data) as running:
        now = await state(running, sound.film, sound.now.cookies)
        found.slowest_start_s = max(found.slowest_start_s, time.monotonic() - begun_s)
        film_is_listed = (await running.client.get(f"api/v1/torrents/{sound.film}")).is_success
        await running.kill()
    found.times += 1
    harmed = sound.now.lost(now)
    log = data / LOG
    is_said = log.exists() and SAID in log.read_text()
    found.unharmed += not harmed
    found.from_copy += is_said
    if harmed and not is_said:
        found.wrong.append(f"{what}: nothing was said, and {harmed[:3]}")
    for key, kept in sound.in_copy.items():
        if now.get(key) not in (kept, sound.now.confirmed.get(key)):
            found.lost.append(f"{what}: {key} is {now.get(key)!r}, was {kept!r} in the copy")
    if not film_is_listed:
        found.lost.append(f"{what}: the film's torrent")
    if film.read_bytes() != (sound.folder / "films" / sound.film / "part.mp4").read_bytes():
        found.wrong.append(f"{what}: the film's file is another")


Spoil = Callable[[Path, random.Random], None]


def _cut(path: Path, chance: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data) // BLOCK_BYTES) * BLOCK_BYTES])


def _overwrite(path: Path, chance: random.Random, with_what: bytes) -> None:
    data = path.read_bytes()
    at = chance.randrange(len(data) // BLOCK_BYTES) * BLOCK_BYTES
    path.write_bytes(data[:at] + with_what[: len(data) - at] + data[at + len(with_what) :])


def _zero(path: Path, chance: random.Random) -> None:
    _overwrite(path, chance, bytes(PAGE_BYTES))


def _garbage(path: Path, chance: random.Random) -> None:
    _overwrite(path, chance, chance.randbytes(BLOCK_BYTES * chance.choice([1, 8, 128])))


def _header(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(100)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _table(path: Path, chance: random.Random) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        own = [
            name for name in sorted(names) if not name.startswith(("sqlite_", "title_words_", "title_texts_"))
        ]
        connection.execute(f'DROP TABLE "{chance.choice(own)}"')


WAYS: tuple[tuple[str, Spoil], ...] = (
    ("cut short", _cut),
    ("a page of zeros", _zero),
    ("garbage", _garbage),
    ("a bit of the header", _header),
    ("a table gone", _table),
)
