"""Films that lie, are broken, or were made to do harm: an answer or a clear error, and never anything else."""

import asyncio
import io
import os
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.errors import BadFilm
from matinee.media.film import Film
from matinee.media.probe import probe
from matinee.media.probe_wire import MOST_SECONDS, info_from_wire
from matinee.media.source import FilmSource
from matinee.media.worker_child import MEMORY_BYTES
from matinee.models.media import MediaInfo
from tests.media.films import clip
from tests.media.hostile import BOMBS, LISTS
from tests.media.parts import worker_for
from tests.media.test_codec_matrix import opened
from tests.media.test_probe import X264, rich

BOMB_S = 8.0
"""How long any film may hold the process that opens it."""


class Registry(Protocol):
    def npm(self, name: str, version: str) -> Path: ...


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    """Give this process what the confined one has."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class Named(io.BytesIO):
    name = "film.m3u8"


def outcome(data: bytes) -> MediaInfo | None:
    """Open a film as the process does; None for an error that it answers with."""
    try:
        with Film(FilmSource(lambda start, stop: data[start:stop], len(data))) as film:
            return info_from_wire(probe(film, {})[0])
    except (av.FFmpegError, ValueError, OverflowError, MemoryError):
        return None


@asynccontextmanager
async def canary() -> AsyncIterator[tuple[int, list[str]]]:
    """Listen on loopback; give the port, and a list of who came."""
    heard: list[str] = []

    async def come(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append("somebody")
        writer.close()

    server = await asyncio.start_server(come, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


@pytest.fixture
def bait(tmp_path: Path) -> Path:
    """A film on the disk that nobody may read; the clock of its last reading stands still until then."""
    path = tmp_path / "bait.ts"
    path.write_bytes(clip("bait.ts", *X264, length_s=1).read_bytes())
    os.utime(path, ns=(10**18, path.stat().st_mtime_ns))
    return path


def was_read(path: Path) -> bool:
    return path.stat().st_atime_ns != 10**18


@pytest.mark.parametrize("kind", LISTS)
async def test_probe_when_a_list_of_other_places_then_refused_and_none_is_visited(
    kind: str, bait: Path
) -> None:
    async with canary() as (port, heard):
        data = LISTS[kind].format(port=port, path=bait).encode()
        assert await asyncio.to_thread(outcome, data) is None
        async with worker_for(data) as (worker, _):
            with pytest.raises(BadFilm):
                await worker.ask("probe")
    assert (heard, was_read(bait)) == ([], False)


async def test_list_when_opened_carelessly_then_others_are_visited(bait: Path) -> None:
    """What the test above would see if the guard were not there."""

    def careless(data: bytes) -> None:
        with pytest.raises(av.FFmpegError):
            av.open(Named(data), "r")

    async with canary() as (port, heard):
        lists = LISTS["m3u8"].format(port=port, path=bait).encode()
        await asyncio.to_thread(careless, lists)
    bait.read_bytes()
    assert heard
    assert was_read(bait)


def test_source_when_looked_at_then_it_has_no_name() -> None:
    assert not hasattr(FilmSource(lambda start, stop: b"", 0), "name")


@pytest.mark.parametrize("kind", BOMBS)
async def test_probe_when_a_bomb_then_an_answer_in_time_and_the_next_is_answered(kind: str) -> None:
    data = BOMBS[kind]()
    async with worker_for(data) as (worker, _):
        for _ in range(2):
            async with asyncio.timeout(BOMB_S):
                answer = (await asyncio.gather(worker.ask("probe"), return_exceptions=True))[0]
            assert isinstance(answer, tuple | BadFilm)
            if isinstance(answer, tuple):
                info_from_wire(answer[0])


@pytest.fixture(scope="module")
def good(registry: Registry) -> dict[str, bytes]:
    """Films of all containers, by their names."""
    formats = registry.npm("@videojs/vhs-utils", "4.1.2") / "test" / "fixtures" / "formats"
    small = [
        "avi/mp4v.20.9,mp3.avi",
        "ogg/theora,vorbis.ogg",
        "webm/vp9,opus.webm",
        "flac/flac.flac",
        "mp3/mp3.mp3",
    ]
    segments = registry.npm("mux.js", "7.1.0") / "test" / "segments"
    paths = [
        *(formats / name for name in small if (formats / name).exists()),
        segments / "sintel-captions.ts",
        rich(),
        clip("flat.mp4", *X264, length_s=1),
        clip("late.mp4", *X264, "-movflags", "+frag_keyframe+empty_moov", length_s=1),
        clip("old.wmv", "-c:v", "wmv2", "-c:a", "wmav2", length_s=1),
        clip("old.flv", "-c:v", "flv", "-ar", "44100", length_s=1),
    ]
    return {path.name: path.read_bytes() for path in paths}


def test_probe_when_whole_then_described(good: dict[str, bytes]) -> None:
    assert len(good) >= 8
    for data in good.values():
        assert opened(data).duration_s


def test_probe_when_cut_anywhere_then_an_answer(good: dict[str, bytes]) -> None:
    for data in good.values():
        places = {*range(0, 2000, 37), *range(0, len(data), max(1, len(data) // 60)), len(data) - 1}
        answers = [outcome(data[:place]) for place in sorted(places)]
        assert answers[0] is None
        assert any(answers)


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_probe_when_mutated_then_an_answer(good: dict[str, bytes], data: st.DataObject) -> None:
    film = bytearray(good[data.draw(st.sampled_from(sorted(good)))])
    place = st.integers(0, min(len(film), data.draw(st.sampled_from([100, 1000, 10_000, len(film)]))) - 1)
    for at, junk, kept in data.draw(
        st.lists(st.tuples(place, st.binary(min_size=1, max_size=9), st.booleans()), max_size=12)
    ):
        film[at : at + len(junk) * kept] = junk
    info = outcome(bytes(film))
    assert info is None or info.duration_s is None or 0 < info.duration_s <= MOST_SECONDS


@given(st.binary(max_size=5000))
@settings(max_examples=200, deadline=None)
def test_probe_when_random_then_an_answer(data: bytes) -> None:
    outcome(data)


async def test_probe_when_its_bytes_are_not_those_that_were_promised_then_bad_film(
    good: dict[str, bytes],
) -> None:
    """A film of some other kind behind the first kilobyte."""
    names = sorted(good)
    for first, second in pairwise(names):
        data = good[first][:1024] + good[second]
        async with worker_for(data) as (worker, _):
            answer = (await asyncio.gather(worker.ask("probe"), return_exceptions=True))[0]
        assert isinstance(answer, tuple | BadFilm)
