"""A player that leaves, seen from its socket to the process that opens films."""

import asyncio
import time

import pytest

from matinee.events import Bus
from matinee.ports.publishing import Publishing
from matinee.types import FileIndex, SessionId
from matinee.web.app import build
from matinee.web.security import Gate
from matinee.web.server import serve
from matinee.web.signatures import Signer
from tests.fakes.devices import FakeDevices, made_devices
from tests.fakes.disk import FakeDisk
from tests.fakes.pictures import FakePictures
from tests.fakes.settings import FakeSettings
from tests.fakes.sources import FakeSources
from tests.fakes.titles import FakeFurther, FakeTitles
from tests.fakes.watching import FakeWatching
from tests.media.films import made
from tests.playback.test_sessions import CHROMIUM, HASH, House, children, house_of
from tests.web.conftest import TOKEN, FakeStore

GONE_S = 60.0
"""The bytes are never given: only the player's leaving ends the wait for them."""


def nobody() -> Publishing:
    """Nothing is published here, and whoever asks for what publishes has gone wrong."""
    pytest.fail("somebody asked for what publishes")


async def leave_in_the_middle(house: House, session: SessionId, path: str) -> None:
    """Ask for something whose bytes never come, and hang up."""
    known = FakeDevices(time.time)
    visits, devices = made_devices(known, Bus(), time.time)
    gate = Gate(token=TOKEN, signer=Signer(b"k" * 32), store=FakeStore(), devices=known)
    async with serve(
        build(
            house.films,
            house.sessions,
            FakeTitles(),
            FakeFurther(),
            FakeSources(),
            FakeWatching(),
            FakePictures(),
            FakeSettings(),
            FakeDisk(),
            nobody,
            Bus(),
            gate,
            devices,
            visits,
        ),
        "127.0.0.1",
        0,
    ) as listening:
        _, writer = await asyncio.open_connection("127.0.0.1", listening.port)
        head = f"GET /hls/{session}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{listening.port}\r\n"
        writer.write(f"{head}Authorization: Bearer {TOKEN}\r\n\r\n".encode())
        await house.stream.waiting.wait()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(GONE_S):
            await house.stream.idle.wait()


async def test_player_that_leaves_ends_the_job_and_not_the_process() -> None:
    film = made("ac3.mkv", "-i", "{bunny}", "-t", "60", "-c:v", "copy", "-c:a", "ac3").read_bytes()
    async with house_of(film, "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        first = await house.sessions.segment(view.session, "v", 0)
        last = await house.last_segment(view.session)
        process = children()
        house.stream.withhold_from(len(film) // 2)
        await leave_in_the_middle(house, view.session, f"v/{last}.m4s")
        await house.stream.release()
        assert await house.sessions.segment(view.session, "v", 1) != first
        assert children() == process
