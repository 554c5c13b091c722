"""A film of one's own that is looked into: its file is let go of, whatever becomes of whoever asked."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matinee.playback import local_film


async def test_look_into_when_whoever_asked_goes_as_the_file_is_opened_then_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    really = os.open

    def noted(path: Path, flags: int) -> int:
        opened.append(really(path, flags))
        return opened[-1]

    film = tmp_path / "film.mp4"
    film.write_bytes(b"a film")
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(os, "open", noted)
        looking = asyncio.ensure_future(local_film.look_into(film, pool))
        await asyncio.sleep(0)
        # The loop has not heard yet that the file is open.
        pool.submit(int).result()
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        monkeypatch.undo()
    assert len(opened) == 1
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])
