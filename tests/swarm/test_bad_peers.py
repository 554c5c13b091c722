"""Peers that send everything twenty times, come and go, rave, drip or boast cost nobody his film."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.swarm.bad_peers import (
    POURED_BYTES,
    RAVINGS,
    BadPeer,
    Boasting,
    Dripping,
    Duplicating,
    Flapping,
    Raving,
)
from tests.swarm.memory import forget_the_most, most_bytes
from tests.swarm.parts import END_S, PIECE_BYTES, aria2_seed, free_port, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

FLAPS = 300
MOST_RISE_BYTES = 96_000_000


async def test_f14_film_when_peers_duplicate_flap_rave_drip_and_boast_then_is_right_and_soon_there(
    film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    log, port = tmp_path / "log", free_port()
    under = ("sh", "-c", 'exec "$@" 2>"$0"', str(log), "env", f"MATINEE_LISTEN_PORT={port}")
    # Slow enough that the others are asked as well.
    with aria2_seed(film, tmp_path, 15_000_000) as seeded:
        own = seeded.info_hash
        twice, drips = Duplicating(own, expected, PIECE_BYTES), Dripping(own, expected, PIECE_BYTES)
        boasts, raves, flaps = Boasting(own), Raving(own), Flapping(own)
        bad: tuple[BadPeer, ...] = (twice, drips, boasts, raves, flaps)
        async with (
            twice.listening(), drips.listening(), boasts.listening(), raves.listening(), flaps.listening(),
            matinee(tmp_path / "data", under=under) as running,
        ):  # fmt: skip
            before = forget_the_most(running.process.pid)
            began_s = time.monotonic()
            await running.add(seeded.magnet + "".join(f"&x.pe=127.0.0.1:{one.port}" for one in bad))
            first = await running.bytes_of(own, 0, 100_000)
            took_s = time.monotonic() - began_s
            whole = asyncio.create_task(running.whole(own))
            callers = [await one.call(port, f"127.0.5.{at}") for at, one in enumerate(bad, 1)]
            for at in range(FLAPS):
                await (await flaps.call(port, f"127.0.6.{at % 200 + 1}"))
            callers += [await raves.call(port, f"127.0.7.{at + 1}") for at in range(len(RAVINGS))]
            found = await whole
            listed = await running.client.get("api/v1/torrents")
            rise = most_bytes(running.process.pid) - before
        await asyncio.wait_for(asyncio.gather(*callers), END_S)
    assert (first, found, listed.status_code) == (expected[:100_000], expected, 200)
    assert took_s < 8  # 2 where nothing else runs
    assert rise < MOST_RISE_BYTES
    assert (twice.asked > 0, drips.asked > 0) == (True, True)
    assert boasts.met >= 2
    assert raves.met >= len(RAVINGS)
    assert flaps.met >= FLAPS
    assert boasts.poured_bytes < POURED_BYTES / 4
    assert log.read_text() == ""
