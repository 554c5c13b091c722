"""Clocks that are set while the program runs, ahead and back, end nothing before its time: fault F07."""

import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from matinee.clock import Clock
from matinee.web.security import COOKIE_LIFE_S
from tests.swarm.pairing import opens, pair, screen
from tests.swarm.parts import MatineeHere, libtorrent_seed, matinee_here

YEAR_S = 365 * 86_400.0
AGE_S = 40 * YEAR_S
"""Past 2038, where seconds have no room in 32 bits."""


@dataclass
class Set:
    """The computer's clock, which somebody sets."""

    by_s: float = 0.0

    def __call__(self) -> float:
        return time.clock_gettime(time.CLOCK_REALTIME) + self.by_s


def test_clock_when_set_then_lets_in_by_the_later_and_judges_by_the_earlier() -> None:
    wall, steady = [1000.0], [5.0]
    clock = Clock(lambda: wall[0], lambda: steady[0])
    told = []
    for wall[0], steady[0] in ((1010.0, 15.0), (9020.0, 25.0), (30.0, 35.0), (1040.0, 45.0)):
        told.append((clock.earlier(), clock.later()))
    assert told == [(1010.0, 1010.0), (1020.0, 9020.0), (30.0, 1030.0), (1040.0, 1040.0)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    """The clock by which the program in this process goes."""
    here = Set()
    monkeypatch.setattr(time, "time", here)
    monkeypatch.setenv("MATINEE_OTHER_SCREENS", "true")
    return here


async def _owners_cookie(running: MatineeHere) -> str:
    link = (await running.client.post("api/v1/access/links")).raise_for_status().json()["link"]
    async with screen(running.address) as browser:
        came = (await browser.post("api/v1/access", json={"link": link})).raise_for_status()
    return str(came.headers["set-cookie"]).partition(";")[0].partition("=")[2]


async def _known(running: MatineeHere, *cookies: str) -> list[str | None]:
    # Asked for while it starts, it says so: it knows nobody yet. With the list everybody is there.
    (await running.client.get("api/v1/torrents")).raise_for_status()
    return [(await opens(running.address, cookie))[0] for cookie in cookies]


@pytest.mark.swarm
async def test_clock_when_set_while_people_watch_then_nobody_is_sent_away_and_the_film_plays_on(
    film: Path, tmp_path: Path, clock: Set
) -> None:
    known, answers = [], []
    with libtorrent_seed(film, tmp_path) as seeded:
        async with matinee_here(tmp_path / "data") as running, httpx.AsyncClient(trust_env=False) as player:
            await running.add(seeded.magnet)
            await running.until(seeded.info_hash, lambda film: bool(film["files"]))
            address = await running.address_of(seeded.info_hash)
            cookies = [await _owners_cookie(running), await pair(running.client, "Phone")]
            for clock.by_s in (0.0, YEAR_S, -YEAR_S, AGE_S, 0.0):
                known.append(await _known(running, *cookies))
                got = await player.get(address, headers={"Range": "bytes=0-99999"})
                answers.append((got.status_code, len(got.content)))
    assert known == [["owner", "watch"]] * 5
    assert answers == [(206, 100_000)] * 5


async def test_clock_when_wrong_for_whole_runs_then_all_are_known_again_once_it_is_right(
    tmp_path: Path, clock: Set
) -> None:
    data, found = tmp_path / "data", []
    async with matinee_here(data) as running:
        cookies = [await _owners_cookie(running), await pair(running.client, "Phone")]
    for clock.by_s in (YEAR_S, -YEAR_S, AGE_S, 0.0, COOKIE_LIFE_S + 60.0):
        async with matinee_here(data) as running:
            found.append(await _known(running, *cookies))
    nobody = [None, None]
    assert found == [nobody, ["owner", "watch"], nobody, ["owner", "watch"], nobody]
