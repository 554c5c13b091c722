"""What is urgent is gathered from peers that we called, and none of them can spoil or hold up a film."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.swarm.parts import arriving, libtorrent_seed, matinee
from tests.swarm.peers import Misbehaving

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

SEEK_START, SEEK_STOP = 30_000_000, 32_000_000


async def test_film_when_a_peer_lies_then_is_right_and_the_liar_is_left(film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    # Slow enough that the liar is needed: the whole film came without it now and then.
    with libtorrent_seed(film, tmp_path, 20_000_000) as seeded:
        async with (
            Misbehaving(seeded.info_hash, lies=True).listening() as liar,
            matinee(tmp_path / "data") as running,
        ):
            await running.add(f"{seeded.magnet}&x.pe=127.0.0.1:{liar.port}")
            found = await running.whole(seeded.info_hash)
            await asyncio.wait_for(liar.left.wait(), 30)
    assert found == expected
    assert liar.asked > 0


async def test_seek_when_a_peer_is_silent_then_others_send_what_it_holds(film: Path, tmp_path: Path) -> None:
    expected = film.read_bytes()
    with libtorrent_seed(film, tmp_path, 4_000_000) as seeded:
        async with (
            Misbehaving(seeded.info_hash, lies=False).listening() as silent,
            matinee(tmp_path / "data") as running,
        ):
            await running.add(f"{seeded.magnet}&x.pe=127.0.0.1:{silent.port}")
            assert await running.bytes_of(seeded.info_hash, 0, 100_000) == expected[:100_000]
            began_s = time.monotonic()
            found = await running.bytes_of(seeded.info_hash, SEEK_START, SEEK_STOP)
            took_s = time.monotonic() - began_s
    assert found == expected[SEEK_START:SEEK_STOP]
    assert silent.asked > 0
    assert took_s < 8  # left to libtorrent, each piece that was asked of it would take five seconds and more


async def test_activity_when_peers_were_called_by_us_then_names_them_as_they_are(
    film: Path, tmp_path: Path
) -> None:
    async with arriving(film, tmp_path, 4_000_000) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, 1_000_000)
        answer = await running.client.get(f"api/v1/torrents/{seeded.info_hash}/activity")
        overall = (await running.client.get("api/v1/activity")).json()
    peers = answer.json()["peers"]
    assert [peer["address"] for peer in peers] == [f"127.0.0.1:{seeded.port}"]
    assert peers[0]["client"].startswith("libtorrent")
    assert peers[0]["bytes_down"] >= 1_000_000
    assert (overall["now"]["people"], overall["now"]["swarms"]) == (1, 1)
    assert overall["clients"] == [{"client": "libtorrent", "people": 1}]
    assert overall["total"]["torrents"] == 1
    assert overall["total"]["bytes_down"] >= overall["films"][0]["bytes_down"]
    assert [(one["info_hash"], one["people"], one["active"]) for one in overall["films"]] == [
        (seeded.info_hash, 1, True)
    ]


async def test_limit_when_the_user_sets_one_then_a_seek_keeps_to_it(film: Path, tmp_path: Path) -> None:
    """What is urgent may not come past the limit."""
    with libtorrent_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            answer = await running.client.post(
                "api/v1/torrents", files={"file": ("film.torrent", seeded.metainfo.read_bytes())}
            )
            assert answer.status_code == 201, answer.text
            path = f"api/v1/torrents/{seeded.info_hash}"
            await running.client.patch(path, json={"down_limit_bytes_per_s": 500_000})
            await running.add(seeded.magnet)
            began_s = time.monotonic()
            await running.bytes_of(seeded.info_hash, SEEK_START, SEEK_STOP)
            took_s = time.monotonic() - began_s
    assert took_s > 2
