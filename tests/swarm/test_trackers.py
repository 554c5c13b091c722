"""Trackers that are down, slow, speak nonsense, turn everybody in a circle or never end cost nobody his film."""

import asyncio
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.swarm.bad_trackers import ENDLESS_BYTES, BadTrackers, bad_trackers
from tests.swarm.memory import forget_the_most, most_bytes
from tests.swarm.parts import LOOK_EACH_S, Matinee, aria2_seed, matinee
from tests.swarm.tracker import tracker

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

FIRST, NOBODY = "b" * 40, "c" * 40
AT_ONCE = ("down", "garbage", "nonsense", "turns", "endless", "boundless", "bomb")
"""Those of which libtorrent knows soon that they are of no use."""
MOST_RISE_BYTES = 16_000_000
MOST_TURNS = 10


async def test_f11_film_when_all_other_trackers_are_broken_then_comes_by_the_one_that_works(
    film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    async with tracker() as good, bad_trackers() as bad:
        with aria2_seed(film, tmp_path, tracker=good) as seeded:
            async with matinee(tmp_path / "data") as running:
                began_s = time.monotonic()
                await running.add(f"magnet:?xt=urn:btih:{seeded.info_hash}{bad.parts()}&tr={good}")
                first = await running.bytes_of(seeded.info_hash, 0, 100_000)
                took_s = time.monotonic() - began_s
                whole = await running.whole(seeded.info_hash)
                states = await _states(running, seeded.info_hash)
    assert (first, whole) == (expected[:100_000], expected)
    assert took_s < 10  # as long as libtorrent waits for the first byte of one that is silent
    assert states.pop(_host(good)) == "working"
    assert {name: states[_host(bad.addresses[name])] for name in AT_ONCE} == dict.fromkeys(AT_ONCE, "failed")
    assert "working" not in states.values()
    assert set(bad.asked) == set(bad.addresses) - {"down"}


async def test_f11_memory_when_trackers_send_a_hundred_megabytes_then_is_bounded_and_all_is_answered(
    tmp_path: Path,
) -> None:
    async with bad_trackers() as bad, matinee(tmp_path / "data") as running:
        # What the first torrent of a run takes is not the trackers' doing.
        await running.add(f"magnet:?xt=urn:btih:{FIRST}{bad.parts('nonsense')}")
        await _asks_until_they_failed(running, FIRST, bad, "nonsense")
        before = forget_the_most(running.process.pid)
        await running.add(f"magnet:?xt=urn:btih:{NOBODY}{bad.parts()}")
        longest_s = await _asks_until_they_failed(running, NOBODY, bad, *AT_ONCE)
        rise = most_bytes(running.process.pid) - before
    assert rise < MOST_RISE_BYTES
    # What the kernel's buffers took, who hung up before it had come.
    assert max(bad.sent_bytes.values()) < ENDLESS_BYTES / 5
    assert 1 < bad.asked["turns"] <= MOST_TURNS
    assert longest_s < 1


async def _asks_until_they_failed(running: Matinee, info_hash: str, bad: BadTrackers, *names: str) -> float:
    """Ask for this and that until those that are named have failed; gives the longest that an answer took."""
    failed = {_host(bad.addresses[name]) for name in names}
    longest_s = 0.0
    async with asyncio.timeout(30):
        states: dict[str, str] = {}
        while failed - {host for host, state in states.items() if state == "failed"}:
            began_s = time.monotonic()
            states = await _states(running, info_hash)
            assert (await running.client.get("api/v1/torrents")).status_code == 200
            longest_s = max(longest_s, time.monotonic() - began_s)
            await asyncio.sleep(LOOK_EACH_S)
    return longest_s


async def _states(running: Matinee, info_hash: str) -> dict[str, str]:
    answer = await running.client.get(f"api/v1/torrents/{info_hash}/activity")
    return {_host(one["url"]): one["state"] for one in answer.json()["trackers"]}


def _host(address: str) -> str:
    return urlsplit(address).netloc
