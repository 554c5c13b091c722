"""What was free in the heap goes back when the last reader has gone, also with its torrent."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest

from matinee import allocator
from matinee.events import Bus, TorrentGone
from matinee.torrent.telling import Teller
from matinee.types import InfoHash

DEADLINE_S = 60.0
GONE = InfoHash("a" * 40)


async def test_teller_when_a_torrent_goes_with_its_last_reader_then_free_memory_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back, loop, bus = asyncio.Event(), asyncio.get_running_loop(), Bus()
    monkeypatch.setattr(allocator, "QUIET_S", 0.01)
    monkeypatch.setattr(allocator, "give_back", lambda: loop.call_soon_threadsafe(back.set))
    session: Any = SimpleNamespace(post_torrent_updates=lambda _: None)
    torrents: dict[Any, Any] = {"handle": SimpleNamespace(files_read=(0,))}
    with ThreadPoolExecutor(1) as pool, bus.subscribe() as heard:
        teller = Teller(bus, session, cast("Any", torrents), pool)
        teller.readers_changed()
        torrents.clear()
        teller.gone(GONE)
        async with asyncio.timeout(DEADLINE_S):
            assert await heard.next() == TorrentGone(GONE)
            await back.wait()
        teller.close()
