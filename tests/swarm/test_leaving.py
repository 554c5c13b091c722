"""A client that leaves frees everything within a second."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.torrent.fetcher import LINGERING, SwarmFetcher
from matinee.torrent.steering import Steering
from matinee.types import PieceIndex
from tests.swarm.parts import Seeded, make_torrent, matinee_here
from tests.swarm.peers import Misbehaving

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

PIECE_BYTES = 8 * 1024 * 1024
"""Left to libtorrent, deadline and all: the lane gathers smaller ones."""
PLACE = 30_000_000
FREE_S = 1.0
WAIT_S = 20.0


class Planning:
    """Tells when the steering has planned anew."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._planned = asyncio.Event()
        plan = Steering._apply

        def planned(steering: Steering, jump_to: PieceIndex | None) -> None:
            plan(steering, jump_to)
            self._planned.set()

        monkeypatch.setattr(Steering, "_apply", planned)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until a plan makes it so."""
        while not is_so():
            self._planned.clear()
            await self._planned.wait()


def answers() -> int:
    """Count the requests that are being answered."""
    return sum("run_asgi" in repr(task.get_coro()) for task in asyncio.all_tasks())


async def test_client_when_it_goes_while_a_piece_never_comes_then_all_is_free_within_a_second(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planning = Planning(monkeypatch)
    info_hash, metainfo = make_torrent(film, tmp_path, piece_bytes=PIECE_BYTES)
    async with (
        Misbehaving(info_hash, lies=False).listening() as silent,
        matinee_here(tmp_path / "d") as running,
    ):
        await running.add_seeded(Seeded(info_hash, metainfo, silent.port))
        torrent = running.torrent(info_hash)
        assert torrent.film is not None
        steering, fetcher = torrent.film.steering, torrent.film.steering._fetcher
        assert isinstance(fetcher, SwarmFetcher)
        async with asyncio.timeout(WAIT_S):
            _, writer = await running.connect(f"stream/{info_hash}/0", f"Range: bytes={PLACE}-")
            await planning.until(lambda: steering.waiting and fetcher.deadline == PLACE // PIECE_BYTES)
            await silent.was_asked.wait()
        before = (steering.readers, torrent.files_read, answers(), fetcher.deadline in steering._wish)
        async with asyncio.timeout(FREE_S):
            writer.transport.abort()
            await planning.until(
                lambda: steering.readers == 0 and set(steering._wish.values()) <= {LINGERING}
            )
            released = (fetcher.deadline, steering.waiting)
            await planning.until(lambda: not steering._wish)
        after = (steering.readers, torrent.files_read, answers(), fetcher.deadline)
        priorities = await asyncio.to_thread(torrent.handle.get_piece_priorities)
    assert before == (1, (0,), 1, True)
    assert released == (None, False)
    assert after == (0, (), 0, None)
    assert set(priorities) == {0}
