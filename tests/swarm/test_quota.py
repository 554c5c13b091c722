"""A cap on the disk: films that were watched make room for what is wanted, and nothing else ever does."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from matinee.playback import freeing
from matinee.torrent.measuring import let_go, lying_in
from tests.swarm.parts import MatineeHere, Seeded, aria2_seed, libtorrent_seed, matinee_here

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

FILM_BYTES = 3_000_000
CAP_BYTES = 4_000_000
PIECE_BYTES = 64 * 1024
LOOK_EACH_S = 0.005


@pytest.fixture
def films(tmp_path: Path) -> Iterator[list[Seeded]]:
    """Three films, seeded by aria2."""
    with contextlib.ExitStack() as stack:
        seeds = []
        for name in ("first", "second", "third"):
            folder = tmp_path / name
            folder.mkdir()
            film = folder / f"{name}.mp4"
            film.write_bytes(random.Random(name).randbytes(FILM_BYTES))
            seeds.append(stack.enter_context(aria2_seed(film, folder, piece_bytes=PIECE_BYTES)))
        yield seeds


@contextlib.asynccontextmanager
async def watched(films: Path) -> AsyncIterator[list[int]]:
    """Measure what lies on the disk, again and again; gives the most there was, at the end."""
    most = [0]

    async def look() -> None:
        while True:
            most[0] = max(most[0], sum(await asyncio.to_thread(lambda: lying_in(films).values())))
            await asyncio.sleep(LOOK_EACH_S)

    looking = asyncio.create_task(look())
    try:
        yield most
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def bytes_of(film: Seeded) -> bytes:
    """Give what its seed has."""
    (path,) = film.metainfo.parent.glob("*.mp4")
    return path.read_bytes()


async def change(running: MatineeHere, path: str, **fields: object) -> None:
    """Change settings, or a torrent."""
    answer = await running.client.patch(f"api/v1/{path}", json=fields)
    assert answer.status_code == 200, answer.text


async def storage(running: MatineeHere) -> dict[str, Any]:
    """Say what films take."""
    found: dict[str, Any] = (await running.client.get("api/v1/storage")).json()
    return found


async def test_cap_when_another_film_is_wanted_then_the_watched_one_goes_and_a_kept_one_never(
    films: list[Seeded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freeing, "REST_S", 0.0)
    first, second, third = films
    data = tmp_path / "data"
    async with matinee_here(data) as running, watched(data / "films") as most:
        await change(running, "settings", disk_cap_bytes=CAP_BYTES)
        await running.add_seeded(first)
        assert await running.whole(first.info_hash) == bytes_of(first)
        seen = {"position_s": 100.0, "duration_s": 100.0, "file_index": 0}
        await running.client.put(f"api/v1/progress/{first.info_hash}", json=seen)

        await running.add_seeded(second)
        assert await running.whole(second.info_hash) == bytes_of(second)
        assert not (data / "films" / first.info_hash).exists()
        now = await storage(running)
        assert [(one["info_hash"], one["standing"]) for one in now["freed"]] == [(first.info_hash, "watched")]
        assert [(one["info_hash"], one["standing"]) for one in now["films"]] == [
            (second.info_hash, "unwatched")
        ]
        # What is remembered of it stays: where it was left, and what was taken and given.
        (left,) = (await running.client.get("api/v1/progress")).json()["progress"]
        entries = (await running.client.get("api/v1/receipt")).json()["entries"]
        assert (left["info_hash"], left["watched"]) == (first.info_hash, True)
        assert first.info_hash in {entry["info_hash"] for entry in entries}

        await change(running, f"torrents/{second.info_hash}", kept=True)
        await running.add_seeded(third)
        reading = asyncio.create_task(running.whole(third.info_hash))
        held = await running.until(third.info_hash, lambda film: film["trouble"] is not None)
        assert (held["trouble"]["code"], (await storage(running))["held"]) == ("cap-reached", "cap-reached")
        assert (await running.view(second.info_hash))["state"] == "complete"
        await change(running, f"torrents/{second.info_hash}", kept=False)
        assert await reading == bytes_of(third)
        assert (await running.view(third.info_hash))["trouble"] is None
        now = await storage(running)
        assert ([one["info_hash"] for one in now["freed"]], now["held"]) == (
            [second.info_hash, first.info_hash],
            None,
        )
    assert CAP_BYTES // 2 < most[0] <= CAP_BYTES + PIECE_BYTES


async def until(is_so: Callable[[], bool]) -> None:
    """Look until it is so: a wish tells nobody that it has ended."""
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - as said
            await asyncio.sleep(LOOK_EACH_S)


async def test_space_when_a_player_has_left_then_only_what_has_begun_to_come_stays_booked(
    tmp_path: Path,
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(random.Random(4).randbytes(20_000_000))
    with libtorrent_seed(film, tmp_path, 50_000) as seeded:
        async with matinee_here(tmp_path / "data") as running:
            await running.add_seeded(seeded)
            torrent = running.torrent(seeded.info_hash)
            assert torrent.share is not None
            assert torrent.film is not None
            reading = asyncio.create_task(running.bytes_of(seeded.info_hash, 10_000_000, 10_001_000))
            await until(lambda: bool(torrent.handle.get_download_queue()))
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            steering, share = torrent.film.steering, torrent.share
            await until(lambda: not torrent.files_read and not steering.wanted)
            before = set(share.booked)
            await let_go([torrent], running.pool())
            begun = {part["piece_index"] for part in torrent.handle.get_download_queue()}
            kept = set(share.booked)
    assert begun
    assert begun <= kept < before
