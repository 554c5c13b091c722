"""A torrent of a hundred thousand files is added, and the rest keeps playing."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from matinee.torrent.files import MAX_FILES
from tests.swarm.parts import Client, libtorrent_seed, matinee_here
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

TICK_S = 0.01
HELD_LIMIT_S = 0.5
"""It was 1.6 s; what is left, 0.1 s, is libtorrent's own reader."""
RATE_BYTES_PER_S = 4_000_000
MANY = torrent(
    folder_v1(*(file_v1(1, f"d{number % 50}", f"film {number}.mkv") for number in range(MAX_FILES)))
)


class Watch:
    """Looks at how long the loop keeps others waiting.

    What counts is time in which this process worked: on a busy computer everybody waits, however good the loop is.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._last_s = self._loop.time(), time.process_time()
        self._timer = self._loop.call_later(TICK_S, self._tick)
        self.longest_s = 0.0

    def _tick(self) -> None:
        now_s = self._loop.time(), time.process_time()
        waited_s, worked_s = (now - last for now, last in zip(now_s, self._last_s, strict=True))
        self.longest_s = max(self.longest_s, min(waited_s - TICK_S, worked_s))
        self._last_s = now_s
        self._timer = self._loop.call_later(TICK_S, self._tick)

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()


class Listener:
    """Takes an answer without reading it: the test's own work would hold the loop."""

    def __init__(self, running: Client, path: str) -> None:
        self._running = running
        self._path = path
        self.bytes_taken = 0

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Listener"]:
        """Listen while the context lasts."""
        reader, writer = await self._running.connect(self._path)
        taking = asyncio.create_task(self._take(reader))
        try:
            yield self
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
            writer.transport.abort()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(64 * 1024):
            self.bytes_taken += len(data)


async def test_torrent_when_of_a_hundred_thousand_files_then_films_go_on_and_nobody_waits(
    film: Path, tmp_path: Path
) -> None:
    with libtorrent_seed(film, tmp_path, RATE_BYTES_PER_S) as seeded:
        async with matinee_here(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            await running.bytes_of(seeded.info_hash, 0, 1000)
            stream = Listener(running, f"stream/{seeded.info_hash}/0")
            async with stream.listening(), Listener(running, "api/v1/events").listening() as page:
                watch = Watch()
                answer = await running.client.post("api/v1/torrents", files={"file": MANY})
                played = stream.bytes_taken
                one = await running.client.get(answer.headers["location"])
                watch.stop()
            told = page.bytes_taken
    assert (answer.status_code, one.status_code) == (201, 200)
    assert one.content.count(b'"stream_url"') == MAX_FILES
    assert played > RATE_BYTES_PER_S / 2
    assert told < 1.5 * len(one.content)
    assert watch.longest_s < HELD_LIMIT_S
