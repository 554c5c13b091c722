"""A film of one's own that was given up in its last step, or got no title there, was shared all the same."""

import asyncio
from pathlib import Path
from typing import NoReturn

import pytest

from matinee.errors import StorageFailed
from matinee.playback.own_films import OwnFilms
from tests.media.films import made
from tests.swarm.parts import MatineeHere, matinee_here

pytestmark = [pytest.mark.swarm]

DEADLINE_S = 60
SECONDS = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=2", "-pix_fmt", "yuv420p")


async def _begin(running: MatineeHere) -> str:
    order = {"path": str(made("own.mp4", *SECONDS)), "title": "Mine", "year": 2026}
    begun = await running.client.post("api/v1/publications", json=order)
    assert begun.status_code == 202, begun.text
    return f"api/v1/publications/{begun.json()['id']}"


async def _nothing_is_shared(running: MatineeHere, data: Path) -> None:
    assert (await running.client.get("api/v1/torrents")).json()["torrents"] == []
    assert [one.name for one in (data / "films").iterdir() if not one.name.startswith(".")] == []


async def test_publication_when_given_up_in_its_last_step_then_nothing_stays_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = asyncio.Event()

    async def keep(*_: object) -> NoReturn:
        there.set()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async with asyncio.timeout(DEADLINE_S), matinee_here(tmp_path) as running:
        with monkeypatch.context() as patch:
            patch.setattr(OwnFilms, "keep", keep)
            publication = await _begin(running)
            await there.wait()
            assert (await running.client.delete(publication)).status_code == 204
        await _nothing_is_shared(running, tmp_path)


async def test_publication_when_its_title_cannot_be_kept_then_failed_and_nothing_stays_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def keep(*_: object) -> NoReturn:
        raise StorageFailed("The disk is full.")

    monkeypatch.setattr(OwnFilms, "keep", keep)
    async with asyncio.timeout(DEADLINE_S), matinee_here(tmp_path) as running:
        publication = await _begin(running)
        while (view := (await running.client.get(publication)).json())["step"] != "failed":
            assert view["step"] != "done"
        assert view["code"] == "storage-failed"
        await _nothing_is_shared(running, tmp_path)
