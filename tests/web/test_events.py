"""The event stream over a real connection."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from matinee.events import BufferChanged, TorrentChanged, TorrentGone
from matinee.models.torrent import Ranges
from matinee.types import FileIndex, InfoHash
from matinee.web import schemas
from tests.web.conftest import DEADLINE_S, HASH, WITHOUT_RIGHTS, House, MakeHouse

EVENTS = "/api/v1/events"


class _Page:
    """One listener."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> tuple[str, Any]:
        """Give the next event's name and data; a comment is ("", None)."""
        async with asyncio.timeout(DEADLINE_S):
            name = ""
            async for line in self._lines:
                match line.partition(": "):
                    case ("event", _, event):
                        name = event
                    case ("data", _, data):
                        return name, json.loads(data)
                    case (":", _, _):
                        return "", None
        raise EOFError

    async def first(self) -> list[tuple[str, Any]]:
        """Give what is sent on connecting to a house as the fixture makes it."""
        return [await self.next(), await self.next()]


async def test_page_gets_every_torrent_and_then_what_changes(house: House) -> None:
    async with house.client.stream("GET", EVENTS) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        assert answer.headers["cache-control"] == "no-store"
        page = _Page(answer.aiter_lines())
        first = await page.first()
        assert [(name, data["info_hash"]) for name, data in first] == [
            ("torrent", WITHOUT_RIGHTS),
            ("torrent", HASH),
        ]
        schemas.Torrent.model_validate(first[1][1])
        view = replace(await house.films.torrent(InfoHash(HASH)), name="Ren\u00e9e\n\ndata: forged")
        house.bus.publish(TorrentChanged(view))
        name, data = await page.next()
        assert (name, data["name"]) == ("torrent", "Ren\u00e9e\n\ndata: forged")
        house.bus.publish(TorrentGone(InfoHash(HASH)))
        assert await page.next() == ("gone", {"info_hash": HASH})


async def test_buffer_event_has_its_documented_fields(house: House) -> None:
    async with house.client.stream("GET", EVENTS) as answer:
        page = _Page(answer.aiter_lines())
        await page.first()
        house.bus.publish(
            BufferChanged(InfoHash(HASH), FileIndex(0), Ranges(10, ((0, 5),)), "Nobody sends it.")
        )
        spans = {"length": 10, "spans": [[0, 5]], "waiting": "Nobody sends it."}
        assert await page.next() == ("buffer", {"info_hash": HASH, "file_index": 0, **spans})


async def test_silence_is_broken_by_a_comment(make_house: MakeHouse) -> None:
    house = await make_house(heartbeat_s=0.05)
    async with house.client.stream("GET", EVENTS) as answer:
        page = _Page(answer.aiter_lines())
        await page.first()
        assert [await page.next(), await page.next()] == [("", None), ("", None)]
        house.bus.publish(TorrentGone(InfoHash(HASH)))
        events = [await page.next() for _ in range(3)]
        assert ("gone", {"info_hash": HASH}) in events


async def test_page_that_leaves_is_forgotten(house: House) -> None:
    listening: asyncio.Queue[bool] = asyncio.Queue()
    house.bus.on_listening(listening.put_nowait)
    before = len(asyncio.all_tasks())
    _, writer = await house.connect()
    writer.write(house.request(EVENTS))
    async with asyncio.timeout(DEADLINE_S):
        assert await listening.get() is True
        writer.transport.abort()
        assert await listening.get() is False
        while len(asyncio.all_tasks()) > before:  # noqa: ASYNC110 - nothing tells when a foreign task has ended
            await asyncio.sleep(0)


async def test_event_between_connecting_and_the_first_list_is_not_lost(house: House) -> None:
    async with house.client.stream("GET", EVENTS) as answer:
        house.bus.publish(TorrentGone(InfoHash("d" * 40)))
        page = _Page(answer.aiter_lines())
        assert ("gone", {"info_hash": "d" * 40}) in [*await page.first(), await page.next()]


async def test_head_of_the_events_ends_at_once(house: House) -> None:
    assert (await house.client.head(EVENTS)).headers["content-type"] == "text/event-stream"
