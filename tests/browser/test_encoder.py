"""A film converted by another process's encoder, which is killed while it plays: the picture goes on.

There is no graphics chip here, so x264 stands for it, in the same process and by the same way.
"""

import contextlib
import os
import re
import signal
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser import films
from tests.browser.parts import offer, open_house

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

_PROGRAM = """
import matinee.app as app
import matinee.from_settings as settings
from matinee.media.hardware import Hardware
class Known(Hardware):
    best = "libx264"
    async def look(self):
        pass
settings.hardware_of = lambda config: Known()
app.main()
"""
FOUND = ("-c", _PROGRAM)
"""A Matinee that takes x264 for hardware, and knows so from its start: on a busy computer a film may be quicker."""
STEP_S = 4
FRAMES = 20
_SIZE = "() => { const v = document.querySelector('video'); return [v.videoWidth, v.error] }"


def encoder_of(matinee: int) -> int | None:
    """Give its encoder's process, if it has one."""
    found: list[int] = []
    for task in Path(f"/proc/{matinee}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += map(int, (task / "children").read_text().split())
    named = (pid for pid in found if b"encoder_child" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return next(named, None)


async def test_film_when_its_encoder_is_killed_while_it_plays_then_the_picture_goes_on(
    chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "seed").mkdir()
    film = tmp_path / "seed" / "film.avi"
    film.symlink_to(films.of_kind("mpeg4-mp3.avi"))
    async with (
        offer(film, tmp_path) as offered,
        open_house(chromium, tmp_path, program=FOUND) as house,
    ):
        await house.running.add(offered.magnet)
        screen = await house.sit_down(f"/film/{offered.info_hash}/play/0", reduced_motion="reduce")
        killed: list[int] = []

        def kill(url: str) -> None:
            if not killed and (found := re.search(r"/v/(\d+)\.m4s$", url)) and int(found[1]) >= 2:
                encoder = encoder_of(house.running.process.pid)
                assert encoder is not None
                os.kill(encoder, signal.SIGKILL)
                killed.append(int(found[1]))

        screen.page.on("request", lambda request: kill(request.url))
        await screen.plays_past(0.5)
        await screen.open_panel("More")
        await screen.page.get_by_role("button", name="How it plays").click()
        await screen.reads("The picture is converted by x264.")
        await screen.page.keyboard.press("Escape")
        await screen.page.keyboard.press("Escape")
        await screen.page.evaluate("document.querySelector('video').playbackRate = 4")
        await screen.plays_past((killed or [2])[0] * STEP_S + 1)
        assert len(killed) == 1
        joint = killed[0] * STEP_S / films.CLIP_S
        moved = {at: await screen.moves_at(at, films.CLIP_S, FRAMES) for at in (joint, 0.8)}
        assert set(moved.values()) == {FRAMES}
        assert await screen.page.evaluate(_SIZE) == [640, None]
        assert encoder_of(house.running.process.pid) is None
        assert screen.complaints == []
