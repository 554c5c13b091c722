"""Changes of a folder are told by the system, and by looking where it tells nothing."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from matinee.outside import folder
from matinee.outside.folder import changes

DEADLINE_S = 20


async def test_changes_when_files_come_and_go_then_told_without_looking(tmp_path: Path) -> None:
    async with aclosing(changes(tmp_path, look_s=3600)) as told, asyncio.timeout(DEADLINE_S):
        await anext(told)
        for change in (
            lambda: (tmp_path / "a").write_bytes(b"x"),
            lambda: (tmp_path / "a").rename(tmp_path / "b"),
            (tmp_path / "b").unlink,
        ):
            coming = asyncio.ensure_future(anext(told))
            await asyncio.sleep(0)
            change()
            await coming


async def test_changes_when_many_come_at_once_then_told_few_times(tmp_path: Path) -> None:
    async with aclosing(changes(tmp_path, look_s=3600)) as told, asyncio.timeout(DEADLINE_S):
        await anext(told)
        for number in range(200):
            (tmp_path / str(number)).write_bytes(b"x")
        await anext(told)
        coming = asyncio.ensure_future(anext(told))
        done, _ = await asyncio.wait([coming], timeout=3 * folder.CALM_S)
        assert not done
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def test_changes_when_the_folder_comes_later_or_goes_then_it_is_watched_again(tmp_path: Path) -> None:
    place = tmp_path / "torrents"
    async with aclosing(changes(place, look_s=0.01)) as told, asyncio.timeout(DEADLINE_S):
        await anext(told)
        place.mkdir()
        await anext(told)
        coming = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0)
        place.rmdir()
        await coming
        await anext(told)


async def test_changes_when_the_system_tells_nothing_then_looked_at_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_watch", lambda _: None)
    async with aclosing(changes(tmp_path, look_s=0.01)) as told, asyncio.timeout(DEADLINE_S):
        for _ in range(3):
            await anext(told)
