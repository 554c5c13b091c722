"""One life of the program: what it finds, what is done in it, and how it ends."""

import asyncio
import os
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Protocol

import httpx

from tests.swarm.parts import RIGHTS, Matinee, Seeded, environment, matinee
from tests.torture.ledger import House, Ledger, let_screens_in, state

LIFE_S = (0.3, 5.0)
"""How long it may do things before its end: a claim is saved each three seconds, or each 8 MB."""
START_KILL_S = (0.05, 1.2)
STARTS_KILLED = 0.2
"""Of all ends, those that come while it still starts."""
SPAN_BYTES = 4_000_000
MOST_AGAIN_BYTES = 16_000_000
"""Of what was here before an end so much may have to be fetched again."""
AGAIN_FROM = 0.9
"""Of the film: with so much of it here it is removed, files and all, and added anew."""


@dataclass(slots=True)
class Found:
    """What all lives together have shown."""

    ends: int = 0
    ends_while_starting: int = 0
    actions: int = 0
    claimed_bytes: int = 0
    differing: list[str] = field(default_factory=list)
    """Claimed bytes that are not on the disk as they should be."""
    lost: list[str] = field(default_factory=list)
    """Confirmed actions that were not there any more."""
    starts_s: list[float] = field(default_factory=list)
    """What each start took until its list was there."""
    late: list[str] = field(default_factory=list)
    """Starts that took too long."""
    most_fetched_again_bytes: int = 0

    def __str__(self) -> str:
        """Give the figures in a line."""
        return (
            f"{self.ends} ends ({self.ends_while_starting} while starting), {self.actions} confirmed actions, "
            f"{len(self.lost)} lost; {self.claimed_bytes / 1e6:.0f} MB claimed, {len(self.differing)} spans wrong; "
            f"at most {self.most_fetched_again_bytes / 1e6:.1f} MB to fetch again; {self.starts}"
        )

    @property
    def wrong(self) -> list[str]:
        """Say what is not as it must be."""
        again = [f"{self.most_fetched_again_bytes / 1e6:.1f} MB to fetch again after one end"]
        too_much = self.most_fetched_again_bytes > MOST_AGAIN_BYTES
        return [*self.differing, *self.late, *(again if too_much else [])]

    def hold_starts_to(self, most_s: float) -> None:
        """Count as late what took longer."""
        late = [took_s for took_s in self.starts_s if took_s > most_s]
        if late:
            self.late = [f"{len(late)} starts took more than {most_s} s"]

    @property
    def starts(self) -> str:
        """Say what starts took, and how busy the computer is: it decides what that is worth."""
        if not self.starts_s:
            return "no start was timed"
        return (
            f"{len(self.starts_s)} starts, median {median(self.starts_s):.2f} s, worst {max(self.starts_s):.2f} s, "
            f"load {os.getloadavg()[0]:.1f}"
        )


class Ending(Protocol):
    """What comes before the end of a life."""

    async def over(self, lives: "Lives") -> None:
        """Do it."""


class Lives:
    """The lives of one data folder, one after the other, beside the seed of a film."""

    def __init__(
        self, film: Path, seeded: Seeded, chance: random.Random, life_s: tuple[float, float] = LIFE_S
    ) -> None:
        self.found, self.ledger = Found(), Ledger()
        self._film, self._seeded, self._chance, self._life_s = film, seeded, chance, life_s
        self.had_bytes = 0
        """Of the film, as was last told before an end."""

    async def look(self, data: Path) -> None:
        """Start, and compare what is there with what must be; then go on from that."""
        async with self._started(data) as running:
            await self._compare(running, data)
            running.process.kill()
            await running.process.wait()

    async def kill_while_starting(self, data: Path) -> None:
        """Start, and kill it before it is ready, or soon after."""
        let_screens_in(data)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "matinee", "serve", "--no-dht", "--no-open", "--allow-private-sources", "--port", "0",
            "--data-dir", str(data), stdout=asyncio.subprocess.DEVNULL, env=environment(),
        )  # fmt: skip
        await asyncio.sleep(self._chance.uniform(*START_KILL_S))
        process.kill()
        await process.wait()
        self.found.ends += 1
        self.found.ends_while_starting += 1

    async def live(self, data: Path, *, end: Ending | None = None) -> None:
        """Start, compare, do things while the film comes, and end at a random moment."""
        async with self._started(data) as running:
            await self._compare(running, data)
            await self._want(running)
            doing = asyncio.create_task(House(running, self.ledger, self._chance).live())
            reading = asyncio.create_task(self._read(running))
            # No synchronisation: this is the random moment.
            await asyncio.sleep(self._chance.uniform(*self._life_s))
            with suppress(httpx.TransportError):
                self.had_bytes = (await running.view(self._seeded.info_hash))["progress"]["bytes_done"]
            if end is not None:
                await end.over(self)
            running.process.kill()
            await running.process.wait()
            await doing
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        self.found.ends += 1
        self.found.actions += self.ledger.actions
        self.ledger.actions = 0

    async def end(self, data: Path) -> None:
        """Have one life or one start that is killed."""
        if self._chance.random() < STARTS_KILLED:
            await self.kill_while_starting(data)
        else:
            await self.live(data)

    def _started(self, data: Path) -> "_Started":
        return _Started(self, data)

    async def _compare(self, running: Matinee, data: Path) -> None:
        info_hash = self._seeded.info_hash
        found = await state(running, info_hash, self.ledger.cookies)
        self.found.lost += self.ledger.lost(found)
        self.ledger.settle(found)
        listed = await running.client.get(f"api/v1/torrents/{info_hash}")
        if listed.status_code == 404:
            if self.had_bytes:
                self.found.lost.append("the film's torrent")
            return
        view = await running.until(info_hash, lambda film: film["state"] != "checking")
        if view["files"]:
            answer = await running.client.get(f"api/v1/torrents/{info_hash}/files/0/ranges")
            spans = [(start, stop) for start, stop in answer.raise_for_status().json()["spans"]]
            lies = data / "films" / info_hash / self._film.name
            here = sum(stop - start for start, stop in spans)
            self.found.claimed_bytes += here
            again = max(0, self.had_bytes - here)
            self.found.most_fetched_again_bytes = max(self.found.most_fetched_again_bytes, again)
            self.found.differing += await asyncio.to_thread(_differing, lies, self._film, spans)

    async def _want(self, running: Matinee) -> None:
        """Have the film come: anew, when nearly all of it is here."""
        info_hash = self._seeded.info_hash
        view = await running.client.get(f"api/v1/torrents/{info_hash}")
        if view.status_code == 200:
            progress = view.json()["progress"]
            if progress["bytes_done"] > AGAIN_FROM * self._film.stat().st_size:
                gone = await running.client.delete(f"api/v1/torrents/{info_hash}", params={"files": "delete"})
                gone.raise_for_status()
                self.had_bytes = 0
        answer = await running.client.post(
            "api/v1/torrents", json={"magnet": self._seeded.magnet, "rights": RIGHTS}
        )
        answer.raise_for_status()

    async def _read(self, running: Matinee) -> None:
        """Read from a random place, as a player does, until the program is gone."""
        start = self._chance.randrange(self._film.stat().st_size // 2)
        with suppress(httpx.TransportError):
            async with running.client.stream(
                "GET", f"stream/{self._seeded.info_hash}/0", headers={"Range": f"bytes={start}-"}
            ) as answer:
                async for _ in answer.aiter_raw():
                    pass


class _Started:
    """A running program, whose start was timed until its list was there."""

    def __init__(self, lives: Lives, data: Path) -> None:
        self._lives = lives
        let_screens_in(data)
        self._running = matinee(data)

    async def __aenter__(self) -> Matinee:
        begun = time.monotonic()
        running = await self._running.__aenter__()
        (await running.client.get("api/v1/torrents")).raise_for_status()
        self._lives.found.starts_s.append(time.monotonic() - begun)
        return running

    async def __aexit__(self, *exc: object) -> None:
        await self._running.__aexit__(None, None, None)


def _differing(lies: Path, film: Path, spans: list[tuple[int, int]]) -> list[str]:
    """Give the claimed spans that a file does not hold as the film does."""
    if not spans:
        return []
    wrong = []
    with film.open("rb") as right, lies.open("rb") as found:
        for start, stop in spans:
            for at in range(start, stop, SPAN_BYTES):
                size = min(SPAN_BYTES, stop - at)
                if os.pread(right.fileno(), size, at) != os.pread(found.fileno(), size, at):
                    wrong.append(f"{at}-{at + size}")
    return wrong
