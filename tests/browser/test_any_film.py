"""Chromium plays what it cannot open itself, from other people's programs: the picture moves and the sound is there."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import films
from tests.browser.parts import House, open_house
from tests.media.drawn import film_of_pictures
from tests.media.films import clip
from tests.swarm.parts import Seeded, aria2_seed, transmission_seed, webtorrent_seed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

Seed = Callable[..., AbstractContextManager[Seeded]]

LENGTH_S = 60
FRAMES = 12
MPEG4 = ("-c:v", "mpeg4", "-q:v", "6", "-g", "48", "-c:a", "libmp3lame")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=48:log-level=none", "-c:a", "eac3")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "48", "-c:a", "libopus")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "48")


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of film, and who sends it."""

    name: str
    words: tuple[str, ...]
    seed: Seed

    def film(self) -> Path:
        """Make it from Big Buck Bunny, once."""
        return clip(f"Bunny (2008){self.name}", *self.words, length_s=LENGTH_S)


CASES = (
    Case(".hevc.mkv", HEVC, aria2_seed),
    Case(".webm", VP9, webtorrent_seed),
    Case(".avi", MPEG4, transmission_seed),
    Case(".ts", ("-c:v", "mpeg2video", "-q:v", "5", "-g", "24", "-c:a", "mp2"), aria2_seed),
    Case(".ogv", ("-c:v", "libtheora", "-q:v", "6", "-g", "48", "-c:a", "libvorbis"), webtorrent_seed),
    Case(".mp4", (*H264, "-c:a", "aac"), aria2_seed),
    Case(".dts.mkv", (*H264, "-c:a", "dca", "-strict", "-2"), aria2_seed),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Run Matinee for all of them."""
    async with open_house(chromium, tmp_path_factory.mktemp("any-film")) as found:
        yield found


@pytest.mark.parametrize("case", CASES, ids=[case.name.strip(".") for case in CASES])
async def test_film_of_any_kind_when_played_then_moves_sounds_and_seeks(
    case: Case, house: House, tmp_path: Path
) -> None:
    film = films.placed(case.film(), tmp_path)
    with case.seed(film, tmp_path) as seeded:
        await house.running.add(seeded.magnet)
        screen = await house.sit_down(f"/film/{seeded.info_hash}/play/0")
        await screen.plays_past(1.0)
        early = await screen.decoded()
        await screen.seek(0.8)
        far = await screen.frames(0.8 * LENGTH_S - 3, FRAMES)
        await screen.plays_past(0.8 * LENGTH_S + 1)
        late = await screen.decoded()
        await screen.page.keyboard.press("1")
        back = await screen.frames(0.1 * LENGTH_S - 3, FRAMES)
        last = await screen.decoded()
    assert (far, back) == (FRAMES, FRAMES)
    assert early.pictures < late.pictures < last.pictures
    assert 0 < early.sound_bytes < late.sound_bytes
    assert screen.complaints == []


async def test_subtitles_that_are_pictures_when_chosen_then_the_film_plays_on(
    house: House, tmp_path: Path
) -> None:
    film = films.placed(film_of_pictures(), tmp_path)
    with aria2_seed(film, tmp_path) as seeded:
        await house.running.add(seeded.magnet)
        screen = await house.sit_down(f"/film/{seeded.info_hash}/play/0")
        await screen.plays_past(1.0)
        await screen.page.keyboard.press("c")
        await screen.plays_past(3.0)
        decoded = await screen.decoded()
    assert decoded.pictures > FRAMES
    assert screen.complaints == []
