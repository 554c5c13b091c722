"""Five hundred pages that are open beside fifty players, or five hundred players, on two cores: does anybody wait?"""

import asyncio
import random
import shutil
import statistics
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.process import cpu_s

from tests import registry
from tests.swarm.parts import TOKEN, Matinee, Seeded, aria2_seed, make_torrent, matinee
from tests.torture.audience import Audience, Film, Seen
from tests.torture.looks import Look, look

SECONDS = 120
PAGES, PLAYERS = 500, 50
CROWD, CROWD_PAGES = 500, 10
"""Players of what is here whole, and a few pages beside them."""
CROWD_FILE_BYTES = 20_000_000
"""Of each of their files; each is the beginning of a film, read as bytes."""
FILMS = 4
"""That are here whole; one more arrives meanwhile."""
ARRIVING = 10
"""Of the players, those of the film that arrives, from three places."""
ARRIVING_BYTES_PER_S = 3_000_000
RATES_BYTES_PER_S = (125_000, 187_500, 250_000)
"""1, 1.5 and 2 Mbit/s."""
ASKS = (
    "/api/v1/torrents", "/api/v1/shelves", "/api/v1/titles?query=night&limit=24", "/api/v1/progress", "/api/v1/health",
)  # fmt: skip
MOST_STALL_S = 0.0
MOST_BEGIN_S = 5.0
"""None of them starves longer, after a seek to where nothing of the film is yet either."""
MOST_ANSWER_S = 1.0
"""At the 99th of a hundred."""
MOST_RESIDENT_MB = 500.0
"""Of the program's memory, pages that it has of files among it."""
DESCRIPTORS = ("prlimit", "--nofile=1024:20000")
"""What a login gives a program: it has to ask for more itself."""


@dataclass(slots=True)
class FullHouse:
    """What came of it."""

    seconds: int
    pages: int = PAGES
    players: int = PLAYERS
    seen: Seen = field(default_factory=Seen)
    before: Look | None = None
    during: Look | None = None
    server_cores: float = 0.0
    audience_cores: float = 0.0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the figures, a line each."""
        seen = self.seen
        stalls = f"{len(seen.stalls_s)} stalls, {sum(seen.stalls_s):.2f} s together"
        return "\n".join(
            (
                f"{self.pages} pages and {self.players} players for {self.seconds} s: {stalls}",
                f"  picture after {_spread(seen.begun_s)}",
                f"  answers after {_spread(seen.answers_s)}; {dict(seen.statuses)}, lost {dict(seen.lost)}",
                f"  {seen.played_bytes / 1e6:.0f} MB of film, {seen.told / 1e6:.1f} MB told to pages",
                f"  the program took {self.server_cores:.2f} cores, the audience {self.audience_cores:.2f}",
                f"  before: {self.before}",
                f"  during: {self.during}",
            )
        )

    def judge(self) -> None:
        """Put down who had to wait."""
        seen = self.seen
        if sum(seen.stalls_s) > MOST_STALL_S:
            self.wrong.append(f"{len(seen.stalls_s)} stalls, the longest of {max(seen.stalls_s):.2f} s")
        if max(seen.begun_s) > MOST_BEGIN_S:
            self.wrong.append(f"a picture came after {max(seen.begun_s):.2f} s")
        if (slow_s := statistics.quantiles(seen.answers_s, n=100, method="inclusive")[98]) > MOST_ANSWER_S:
            self.wrong.append(f"one answer in a hundred took {slow_s:.2f} s")
        if self.during is None or self.during.resident_mb > MOST_RESIDENT_MB:
            self.wrong.append(f"it took more than {MOST_RESIDENT_MB:.0f} MB of memory: {self.during}")
        refused = {status: count for status, count in seen.statuses.items() if status not in ("200", "206")}
        if refused or seen.lost:
            self.wrong.append(f"turned away {refused}, lost {dict(seen.lost)}")


async def full_house(seconds: int, folder: Path, chance: random.Random) -> FullHouse:
    """Have all of them there for so long."""
    found = FullHouse(seconds)
    with ExitStack() as stack:
        films = [stack.enter_context(_seeded(folder, f"film-{number}", 0)) for number in range(FILMS)]
        coming = stack.enter_context(_seeded(folder, "coming", ARRIVING_BYTES_PER_S))
        async with matinee(folder / "data", under=DESCRIPTORS) as running:
            for film in films:
                await running.add(film.magnet)
                await running.whole(film.info_hash)
            await running.add(coming.magnet)
            await running.until(coming.info_hash, lambda view: bool(view["files"]))
            found.before = await look(running, folder / "data")
            await _watch(found, running, _played(films, coming, chance), folder / "data", chance)
    found.judge()
    return found


async def crowd(seconds: int, folder: Path, chance: random.Random, *, files: int) -> FullHouse:
    """Have five hundred players of so many files there for so long; all is here whole."""
    found = FullHouse(seconds, CROWD_PAGES, CROWD)
    data, album = folder / "data", folder / "album"
    album.mkdir()
    beginning = registry.bunny().read_bytes()[:CROWD_FILE_BYTES]
    for number in range(files):
        (album / f"film-{number:02}.mp4").write_bytes(beginning)
    info_hash, metainfo = make_torrent(album, folder, piece_bytes=1024 * 1024)
    async with matinee(data, under=DESCRIPTORS) as running:
        lies = data / "films" / info_hash / album.name
        lies.parent.mkdir(parents=True)
        album.rename(lies)
        await running.add_file(metainfo)
        await running.until(info_hash, lambda view: view["state"] == "complete", limit_s=300)
        found.before = await look(running, data)
        played = [
            Film(f"/stream/{info_hash}/{number % files}", CROWD_FILE_BYTES, chance.choice(RATES_BYTES_PER_S),
                 chance.randrange(CROWD_FILE_BYTES // 2))
            for number in range(CROWD)
        ]  # fmt: skip
        await _watch(found, running, played, data, chance)
    found.judge()
    return found


async def _watch(
    found: FullHouse, running: Matinee, played: Sequence[Film], data: Path, chance: random.Random
) -> None:
    host, headers = running.address.removeprefix("http://").rstrip("/"), [f"Authorization: Bearer {TOKEN}"]
    audience = Audience(host, headers, played, found.pages, ASKS, chance)
    pid = running.process.pid
    server_s, own_s, began_s = cpu_s(pid), time.process_time(), time.monotonic()
    watching = asyncio.create_task(asyncio.to_thread(audience.watch, found.seconds))
    await asyncio.sleep(found.seconds * 0.8)
    found.during = await look(running, data)
    found.seen = await watching
    passed_s = time.monotonic() - began_s
    found.server_cores = (cpu_s(pid) - server_s) / passed_s
    found.audience_cores = (time.process_time() - own_s) / passed_s


def _played(films: Sequence[Seeded], coming: Seeded, chance: random.Random) -> list[Film]:
    length = registry.bunny().stat().st_size
    return [
        *(
            Film(f"/stream/{chance.choice(films).info_hash}/0", length, chance.choice(RATES_BYTES_PER_S),
                 chance.randrange(length * 3 // 4))
            for _ in range(PLAYERS - ARRIVING)
        ),
        *(
            Film(f"/stream/{coming.info_hash}/0", length, chance.choice(RATES_BYTES_PER_S), number % 3 * length // 3)
            for number in range(ARRIVING)
        ),
    ]  # fmt: skip


def _seeded(folder: Path, name: str, limit_bytes_per_s: int) -> AbstractContextManager[Seeded]:
    place = folder / name
    place.mkdir()
    return aria2_seed(Path(shutil.copy(registry.bunny(), place / f"{name}.mp4")), place, limit_bytes_per_s)


def _spread(values_s: Sequence[float]) -> str:
    """Say how long something took, of many."""
    if len(values_s) < 2:
        return f"{values_s}"
    parts = statistics.quantiles(values_s, n=100, method="inclusive")
    return f"{parts[49]:.3f} s (99 of 100: {parts[98]:.3f}, worst {max(values_s):.3f}; {len(values_s)} times)"
