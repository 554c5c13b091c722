"""Many readers, hasty readers, and readers that leave."""

import asyncio
import random
import subprocess
from pathlib import Path

import httpx
import pytest

from matinee.data_folder import FILMS_MARK
from tests.swarm.parts import Matinee, aria2_seed, arriving, libtorrent_seed, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

SEEK_EACH_S = 0.2
ENDED_S = 2.0 + 3.0  # what is promised, and what a computer busy with other tests takes


async def begin(running: Matinee, info_hash: str, start: int) -> bytes:
    """Open the stream at a place, take its first bytes and go; also when cancelled, which httpx may put off."""
    reader, writer = await running.connect(f"stream/{info_hash}/0", f"Range: bytes={start}-")
    try:
        await reader.readuntil(b"\r\n\r\n")
        return await reader.readexactly(1)
    finally:
        writer.transport.abort()


async def test_ten_readers_when_each_reads_the_whole_film_then_all_have_it(
    film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    async with arriving(film, tmp_path) as (running, seeded):
        found = await asyncio.gather(*(running.whole(seeded.info_hash) for _ in range(10)))
        fetched = await running.fetched(seeded.info_hash)
    assert [one == expected for one in found] == [True] * 10
    assert fetched < 1.1 * len(expected)


async def test_readers_when_of_two_films_then_each_gets_its_own(film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    other = folder / "other.mp4"
    other.write_bytes(random.Random(5).randbytes(20_000_000))
    (tmp_path / "seed2").mkdir()
    with libtorrent_seed(film, tmp_path) as first, aria2_seed(other, tmp_path / "seed2") as second:
        async with matinee(tmp_path / "data") as running:
            await asyncio.gather(running.add(first.magnet), running.add(second.magnet))
            found = await asyncio.gather(
                *(running.whole(one.info_hash) for one in (first, second, first, second))
            )
    expected = [film.read_bytes(), other.read_bytes()] * 2
    assert found == expected


async def test_reader_when_it_seeks_five_times_a_second_then_the_last_place_still_comes(
    film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    chance = random.Random(3)
    async with arriving(film, tmp_path, 2_000_000) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, 1000)
        for _ in range(50):
            hasty = asyncio.create_task(begin(running, seeded.info_hash, chance.randrange(len(expected) - 1)))
            await asyncio.wait({hasty}, timeout=SEEK_EACH_S)
            hasty.cancel()
            await asyncio.gather(hasty, return_exceptions=True)
        async with asyncio.timeout(30):
            found = await running.bytes_of(seeded.info_hash, 45_000_000, 45_500_000)
    assert found == expected[45_000_000:45_500_000]


async def test_reader_when_it_leaves_then_soon_nothing_more_is_fetched(film: Path, tmp_path: Path) -> None:
    async with arriving(film, tmp_path, 2_000_000) as (running, seeded):
        await begin(running, seeded.info_hash, 20_000_000)
        settled = await running.settled(seeded.info_hash)
        found = await running.bytes_of(seeded.info_hash, 45_000_000, 45_010_000)
    assert settled < 20_000_000
    assert found == film.read_bytes()[45_000_000:45_010_000]


async def test_reader_when_the_torrent_is_removed_then_ends(film: Path, tmp_path: Path) -> None:
    async with arriving(film, tmp_path, 300_000) as (running, seeded):
        await running.bytes_of(seeded.info_hash, 0, 1000)
        readers = [asyncio.create_task(running.client.get(f"stream/{seeded.info_hash}/0")) for _ in range(3)]
        await running.until(seeded.info_hash, lambda film: film["rates"]["down_bytes_per_s"] > 0)
        # By itself the film would take three minutes to its end.
        async with asyncio.timeout(ENDED_S):
            gone, *ended = await asyncio.gather(
                running.client.delete(f"api/v1/torrents/{seeded.info_hash}?files=delete"),
                *readers,
                return_exceptions=True,
            )
        left = await running.client.get(f"stream/{seeded.info_hash}/0")
    assert isinstance(gone, httpx.Response)
    assert gone.status_code == 204
    assert [type(end) for end in ended] == [httpx.RemoteProtocolError] * 3
    assert (left.status_code, left.json()["code"]) == (404, "torrent-not-found")
    assert [path.name for path in (tmp_path / "data" / "films").iterdir()] == [FILMS_MARK]


async def test_readers_when_two_hundred_leave_in_the_middle_then_nothing_stays_open(
    film: Path, tmp_path: Path
) -> None:
    async with arriving(film, tmp_path, 2_000_000) as (running, seeded):
        await begin(running, seeded.info_hash, 0)
        descriptors = Path(f"/proc/{running.process.pid}/fd")
        before = len(list(descriptors.iterdir()))
        for place in range(200):
            hasty = asyncio.create_task(begin(running, seeded.info_hash, place * 200_000))
            await asyncio.wait({hasty}, timeout=0.02)
            hasty.cancel()
            await asyncio.gather(hasty, return_exceptions=True)
        await running.until(seeded.info_hash, lambda _: len(list(descriptors.iterdir())) <= before + 2, 10)


async def test_torrent_when_added_twice_or_again_after_removal_then_is_there_once(
    film: Path, tmp_path: Path
) -> None:
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:
            await asyncio.gather(*(running.add(seeded.magnet) for _ in range(5)))
            await running.client.delete(f"api/v1/torrents/{seeded.info_hash}")
            await running.add(seeded.magnet)
            listed = (await running.client.get("api/v1/torrents")).json()["torrents"]
            found = await running.bytes_of(seeded.info_hash, 7_000_000, 7_100_000)
    assert [torrent["info_hash"] for torrent in listed] == [seeded.info_hash]
    assert found == film.read_bytes()[7_000_000:7_100_000]


async def test_torrent_when_many_take_it_in_and_out_at_once_then_nothing_is_half_gone(
    film: Path, tmp_path: Path
) -> None:
    answers: list[httpx.Response] = []
    with aria2_seed(film, tmp_path) as seeded:
        async with matinee(tmp_path / "data") as running:

            async def take_out() -> None:
                address = f"api/v1/torrents/{seeded.info_hash}"
                answers.append(await running.client.delete(address, params={"files": "delete"}))

            async def come_and_go() -> None:
                for _ in range(5):
                    answers.append(await running.offer(seeded.magnet))
                    await take_out()

            await asyncio.gather(*(come_and_go() for _ in range(10)))
            await running.add(seeded.magnet)
            await asyncio.gather(take_out(), running.add(seeded.magnet))
            await running.add(seeded.magnet)
            found = await running.bytes_of(seeded.info_hash, 7_000_000, 7_100_000)
    assert {answer.status_code for answer in answers} <= {200, 201, 204, 404}
    assert found == film.read_bytes()[7_000_000:7_100_000]


async def test_curl_when_it_asks_for_a_range_then_gets_the_films(film: Path, tmp_path: Path) -> None:
    async with arriving(film, tmp_path, seed=aria2_seed) as (running, seeded):
        await running.until(seeded.info_hash, lambda film: bool(film["files"]))
        address = await running.address_of(seeded.info_hash)
        got = await asyncio.to_thread(
            subprocess.run,
            ["curl", "--silent", "--fail", "--max-time", "30", "-r", "33000000-33099999", address],
            capture_output=True, check=True, timeout=40,
        )  # fmt: skip
    assert got.stdout == film.read_bytes()[33_000_000:33_100_000]


async def test_mpv_when_given_the_address_then_plays_and_seeks(film: Path, tmp_path: Path) -> None:
    async with arriving(film, tmp_path, seed=aria2_seed) as (running, seeded):
        await running.until(seeded.info_hash, lambda film: bool(film["files"]))
        player = await asyncio.create_subprocess_exec(
            "mpv", "--no-config", "--vo=null", "--ao=null", "--untimed", "--start=70%", "--frames=48",
            "--msg-level=all=error", await running.address_of(seeded.info_hash),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(player.communicate(), 60)
    # mpv tells of a picture that it cut short itself when it ended; of what it could not open it says "Failed".
    assert (player.returncode, b"Failed" in said) == (0, False)
