"""What changed on the disk while the program was away is never served, whatever kind the torrent is of."""

import os
from pathlib import Path

import libtorrent as lt
import pytest

from tests.swarm.parts import make_torrent, matinee, seeding

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]


@pytest.mark.parametrize(
    "flags", [lt.create_torrent.v1_only, 0, lt.create_torrent.v2_only], ids=["v1", "hybrid", "v2"]
)
async def test_piece_when_changed_between_two_starts_then_is_fetched_again(
    flags: int, film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    info_hash, metainfo = make_torrent(film, tmp_path, flags=flags)
    data = tmp_path / "data"
    with seeding(film, info_hash, metainfo) as seeded:
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            await running.whole(info_hash)
            await running.until(info_hash, lambda film: film["state"] == "complete")
        kept = data / "films" / info_hash / "bbb.mp4"
        before = kept.stat()
        with kept.open("r+b") as file:
            file.seek(30_000_000)
            file.write(bytes(400_000))
        os.utime(kept, ns=(before.st_atime_ns, before.st_mtime_ns))
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            found = await running.bytes_of(info_hash, 29_000_000, 31_000_000)
            await running.until(info_hash, lambda film: film["state"] == "complete")
    assert found == expected[29_000_000:31_000_000]
    assert kept.read_bytes() == expected


async def test_piece_when_changed_of_a_v2_film_that_is_half_here_then_is_fetched_again(
    film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    info_hash, metainfo = make_torrent(film, tmp_path, flags=lt.create_torrent.v2_only)
    data = tmp_path / "data"
    with seeding(film, info_hash, metainfo, 8_000_000) as seeded:
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            await running.bytes_of(info_hash, 0, 9_000_000)
        kept = data / "films" / info_hash / "bbb.mp4"
        with kept.open("r+b") as file:
            file.seek(3_000_000)
            file.write(bytes(400_000))
        async with matinee(data) as running:
            await running.add(seeded.magnet)
            found = await running.bytes_of(info_hash, 2_000_000, 5_000_000)
    assert found == expected[2_000_000:5_000_000]
