"""A film on the web that was on its way was not found, and not listed, for a moment of each start."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from matinee.errors import TorrentNotFound
from matinee.playback.service import Service
from matinee.types import InfoHash

HASH = InfoHash("c" * 64)
DEADLINE_S = 60.0


class FakeEngine:
    """All torrents are back: there are none."""

    async def ready(self) -> None:
        await asyncio.sleep(0)

    async def refresh(self) -> None:
        await asyncio.sleep(0)

    def all(self) -> list[object]:
        return []

    def get(self, info_hash: InfoHash) -> object:
        raise TorrentNotFound("not here", info_hash=info_hash)


class FakeWebFilms:
    """Has one film, once that is read."""

    def __init__(self) -> None:
        self.read = asyncio.Event()
        self.films: dict[InfoHash, object] = {}

    async def restore(self, _: object) -> None:
        await self.read.wait()
        self.films[HASH] = SimpleNamespace(info_hash=HASH, became=None, view=lambda: "the film")

    def get(self, info_hash: InfoHash) -> object:
        return self.films.get(info_hash)

    def all(self) -> list[object]:
        return list(self.films.values())


async def test_service_when_asked_while_films_are_brought_back_then_waits_for_them() -> None:
    web_films: Any = FakeWebFilms()
    nothing = cast(Any, None)
    service = Service(cast(Any, FakeEngine()), nothing, None, nothing, nothing, nothing, web_films)
    async with asyncio.timeout(DEADLINE_S):
        asked = [asyncio.create_task(service.torrent(HASH)), asyncio.create_task(service.torrents())]
        bringing = asyncio.create_task(service.restore_web_films())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not any(task.done() for task in asked)
        web_films.read.set()
        await bringing
        assert await asyncio.gather(*asked) == ["the film", ["the film"]]
        with pytest.raises(TorrentNotFound):
            await service.torrent(InfoHash("d" * 40))
