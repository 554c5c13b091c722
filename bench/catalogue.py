"""The catalogue with 100 000 titles: how long taking them in, each key stroke of a search, and a write beside them."""

from __future__ import annotations

import asyncio
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.table import Table

from matinee.catalogue.law import Law
from matinee.catalogue.search import Search
from matinee.catalogue.shelf import load
from matinee.catalogue.store import TitleStore
from matinee.models.catalogue import TitleQuery
from matinee.models.rights import Licensed
from matinee.models.title import ArchiveItem, Kind, Release, Title
from matinee.storage.database import Database
from matinee.types import Country, TitleId

TITLES = 100_000
SEARCHES = 150
WRITE_BYTES = 40_000
"""Resume data of a film of an hour and a half."""
LIMIT_S = 900
_SYLLABLES = re.findall(
    "[a-z]+", "ba ko ri ne la tu mi sa go fe lo ra di no ve sta ker lin mon dar est and er on il"
)
_COMMON = "the of and a le la de der in to night man dark love day red black house king last dead girl city"
_SAID = {"by": "the bench", "source": "https://films.example/", "checked": date(2026, 11, 26)}
_LICENCE = Licensed(licence="CC-BY-3.0", url="https://creativecommons.org/licenses/by/3.0/", **_SAID)  # type: ignore[arg-type] # by name


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured."""

    titles: int
    import_s: float
    making_s: float
    """Of that, what making them here took."""
    import_peak_bytes: int
    """The process's peak memory less what it held before."""
    database_bytes: int
    strokes_s: list[float]
    """Each key stroke of each search, on a database at rest."""
    busy_strokes_s: list[float]
    """The same while titles are being taken in."""
    write_s: list[float]
    """Writes of resume data while titles are taken in and somebody searches."""
    quiet_write_s: list[float]
    """The same with nothing beside them."""


class Words:
    """Draws words as texts have them: few very often, many seldom (Zipf)."""

    def __init__(self, chance: random.Random, count: int, real: list[str]) -> None:
        made = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5))) for _ in range(count)})
        chance.shuffle(made)
        self._words = [*real, *made]
        self._chance = chance
        total, self._weights = 0.0, []
        for rank in range(1, len(self._words) + 1):
            total += 1 / rank
            self._weights.append(total)

    def some(self, low: int, high: int) -> str:
        """Draw a few."""
        count = self._chance.randint(low, high)
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))


def generated(count: int, seed: int = 1) -> Iterator[Title]:
    """Generate titles, with names, people and sentences of real length."""
    chance = random.Random(seed)
    common = re.findall("[a-z]+", _COMMON)
    names, people = Words(chance, 40_000, common), Words(chance, 60_000, ["john", "mary", "charles", "paul"])
    texts = Words(chance, 30_000, common)
    genres = ("drama", "comedy", "crime", "western", "horror", "documentary", "animation", "short")
    for number in range(count):
        year = chance.randint(1895, 2020)
        cast = tuple(dict.fromkeys(people.some(2, 2).title() for _ in range(5)))
        yield Title(
            id=TitleId(f"generated-{seed}-{number}-{year}"),
            kind=Kind.FILM if chance.random() < 0.95 else Kind.SERIES,
            title=names.some(1, 5).capitalize(),
            year=year,
            countries=(Country("US"),),
            languages=(chance.choice(("en", "en", "en", "fr", "de", "ru")),),
            minutes=chance.randint(1, 180),
            directors=(people.some(2, 2).title(),),
            cast=cast,
            genres=tuple(chance.sample(genres, 2)),
            titles={"fr": names.some(1, 5).capitalize()} if chance.random() < 0.3 else {},
            synopsis={"en": texts.some(30, 60) + "."},
            releases=(Release(ArchiveItem(f"item{number}")),),
            evidence=(_LICENCE,) if chance.random() < 0.6 else (),
        )


def strokes(seed: int, count: int) -> Iterator[str]:
    """Give what stands in the search field after each key stroke: names, people, half of them; a fifth has a slip."""
    chance = random.Random(seed)
    for title in chance.sample(list(generated(5_000)), count):
        typed = chance.choice(
            (title.title, title.cast[0], f"{title.title} {title.year}", title.directors[0])
        )[:24]
        if chance.random() < 0.2 and len(typed) > 5:
            place = chance.randrange(2, len(typed) - 1)
            typed = typed[:place] + chance.choice("aeiourst") + typed[place + 1 :]
        for length in range(1, len(typed) + 1):
            yield typed[:length]


class Clock:
    """Takes the time that it takes to make something."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def of(self, titles: Iterator[Title]) -> Iterator[Title]:
        """Give these, and add up how long each had to be waited for."""
        while True:
            begun = time.perf_counter()
            one = next(titles, None)
            self.passed_s += time.perf_counter() - begun
            if one is None:
                return
            yield one


async def _measure(folder: Path) -> Figures:
    law = Law(Country("FR"), lambda: datetime.now(UTC).date())
    database = Database.in_folder(folder)
    await database.open()
    store = TitleStore(database, law)
    search = Search(database, store, law)
    await store.put("shelf", load().titles)
    await search.find(TitleQuery(words="metropolsi"))
    before = _peak()
    clock = Clock()
    begun = time.perf_counter()
    await store.put("generated", clock.of(generated(TITLES)))
    import_s, after = time.perf_counter() - begun, _peak()
    at_rest = [await _stroke(search, typed) for typed in strokes(2, SEARCHES)]
    quiet = [await _write(database) for _ in range(100)]
    taking = asyncio.ensure_future(store.put("more", generated(10_000, seed=3)))
    writing = asyncio.ensure_future(_writes(database, taking))
    busy = []
    for typed in strokes(4, SEARCHES):
        if taking.done():
            break
        busy.append(await _stroke(search, typed))
    await taking
    writes = await writing
    await database.close()
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Figures(TITLES, import_s, clock.passed_s, after - before, size, at_rest, busy, writes, quiet)


async def _stroke(search: Search, typed: str) -> float:
    begun = time.perf_counter()
    await search.find(TitleQuery(words=typed))
    return time.perf_counter() - begun


async def _writes(database: Database, taking: asyncio.Future[str]) -> list[float]:
    times = []
    while not taking.done():
        times.append(await _write(database))
        await asyncio.sleep(0.05)
    return times


async def _write(database: Database) -> float:
    from sqlalchemy import delete, insert

    from matinee.storage.tables import cookies

    begun = time.perf_counter()

    def work(connection: object) -> None:
        run = connection.execute  # type: ignore[attr-defined] # SQLAlchemy's
        run(delete(cookies))
        run(insert(cookies).values(hash=random.randbytes(WRITE_BYTES), expires_at=1.0))

    await database.run(work)
    return time.perf_counter() - begun


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure() -> Figures:
    """Measure in a process of its own, whose memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.catalogue", folder],
            capture_output=True, text=True, check=True, timeout=LIMIT_S,
        )  # fmt: skip
    return Figures(**json.loads(done.stdout))


def table(figures: Figures) -> Table:
    """Show it beside what is asked for."""
    shown = Table("what", "measured", "asked for", title=f"A catalogue of {figures.titles} titles")
    shown.add_row(
        "taking them in",
        f"{figures.import_s:.1f} s, of which {figures.making_s:.1f} s are the bench's own",
        "60 s",
    )
    shown.add_row("memory for it", f"{figures.import_peak_bytes / 1e6:.0f} MB", "300 MB")
    shown.add_row("database", f"{figures.database_bytes / 1e6:.0f} MB", "")
    for name, times, asked in (
        ("each key stroke", figures.strokes_s, "10 ms, 50 ms"),
        ("each key stroke while titles are taken in", figures.busy_strokes_s, ""),
        ("a write with nothing beside it", figures.quiet_write_s, ""),
        ("a write while titles are taken in, and searched", figures.write_s, ""),
    ):
        cuts = statistics.quantiles(times, n=100)
        shown.add_row(
            f"{name} ({len(times)}): median, 99th percentile, worst",
            f"{1e3 * cuts[49]:.1f} ms, {1e3 * cuts[98]:.1f} ms, {1e3 * max(times):.0f} ms",
            asked,
        )
    return shown


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(asyncio.run(_measure(Path(sys.argv[1]))))))
