"""A list of files that a peer sends for a magnet link is bounded before libtorrent builds anything of it."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libtorrent as lt
import pytest

from matinee.torrent.settings import METADATA_LIMIT_BYTES
from tests.swarm.parts import END_S, Seeded, free_port, matinee_here
from tests.swarm.test_many_files import HELD_LIMIT_S, Watch
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = pytest.mark.swarm

WITHOUT_BOUNDS: Any = {"max_decode_tokens": 10**8, "max_buffer_size": 10**9}


@contextlib.contextmanager
def seed_of_folders(count: int, folder: Path) -> Iterator[Seeded]:
    """Have a peer that sends the list of a torrent with so many folders, of a file each."""
    metainfo = torrent(folder_v1(*(file_v1(1, f"d{number}", "f") for number in range(count))))
    assert len(metainfo) < METADATA_LIMIT_BYTES
    port = free_port()
    session = lt.session(
        {
            "listen_interfaces": f"127.0.0.1:{port}", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
            "enable_natpmp": False, "webtorrent_stun_server": "",
        }
    )  # fmt: skip
    parameters = lt.load_torrent_buffer(metainfo, WITHOUT_BOUNDS)
    parameters.save_path = str(folder / "seed")
    parameters.flags = lt.torrent_flags.upload_mode
    handle = session.add_torrent(parameters)
    yield Seeded(str(handle.info_hashes().v1), folder, port)
    session.remove_torrent(handle)


async def test_metadata_when_it_has_many_folders_then_they_are_listed(tmp_path: Path) -> None:
    with seed_of_folders(5_000, tmp_path) as seeded:
        async with matinee_here(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            film = await running.until(seeded.info_hash, lambda film: bool(film["files"]))
    assert len(film["files"]) == 5_000


async def test_metadata_when_it_has_too_many_folders_then_a_clear_error_and_everybody_else_is_answered(
    tmp_path: Path,
) -> None:
    """Nobody waits, neither in the loop nor for libtorrent's own thread, which would build them in quadratic time."""
    with seed_of_folders(40_000, tmp_path) as hostile, seed_of_folders(10, tmp_path) as good:
        async with matinee_here(tmp_path / "data") as running, asyncio.timeout(END_S):
            watch = Watch()
            await running.add(hostile.magnet)
            film = await running.until(hostile.info_hash, lambda film: film["trouble"] is not None)
            await running.add(good.magnet)
            other = await running.until(good.info_hash, lambda film: bool(film["files"]))
            watch.stop()
    assert film["files"] == []
    assert film["trouble"]["code"] == "bad-torrent"
    assert len(other["files"]) == 10
    assert watch.longest_s < HELD_LIMIT_S
