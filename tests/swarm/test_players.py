"""Programs we did not write read the film from its signed address while it arrives."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.processes import ALONE, started
from tests.swarm.parts import Seeded, aria2_seed

pytestmark = [pytest.mark.swarm]

DEADLINE_S = 60.0
MPV = "vo=null\nao=null\nframes=48\nmsg-level=all=error\n"


@pytest.fixture
def seeded(film: Path, tmp_path: Path) -> Iterator[Seeded]:
    """The film, from a foreign client."""
    with aria2_seed(film, tmp_path) as seed:
        yield seed


async def output_of(*words: str) -> bytes:
    """Run a program to its end, which must be a good one; gives its standard output."""
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    try:
        out, _ = await asyncio.wait_for(process.communicate(), DEADLINE_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    return out


async def test_curl_and_ffprobe_when_the_film_arrives_then_read_what_they_ask_for(
    seeded: Seeded, film: Path, tmp_path: Path
) -> None:
    expected = film.read_bytes()
    words = ("play", seeded.magnet, "--rights", "licence", "--player", "none", "--port", "0")
    async with started(*words, *ALONE, "--data-dir", tmp_path / "data") as playing:
        address = (await playing.line()).removeprefix("Stream at ")
        middle = await output_of("curl", "-sf", "-r", "40000000-40099999", address)
        tail = await output_of("curl", "-sf", "-r", "-1000", address)
        head = await output_of("curl", "-sfI", address)
        probed = await output_of(
            "ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", address
        )
    assert middle == expected[40_000_000:40_100_000]
    assert tail == expected[-1000:]
    assert f"content-length: {len(expected)}" in head.decode().lower()
    assert probed.decode().split() == ["h264", "aac"]


async def test_play_with_mpv_when_it_has_shown_what_it_should_then_both_end(
    seeded: Seeded, tmp_path: Path
) -> None:
    settings = tmp_path / "mpv"
    settings.mkdir()
    (settings / "mpv.conf").write_text(MPV)
    words = ("play", seeded.magnet, "--rights", "licence", "--player", "mpv", "--port", "0")
    more = {"MPV_HOME": str(settings)}
    async with started(*words, *ALONE, "--data-dir", tmp_path / "data", **more) as playing:
        code, out, said = await asyncio.wait_for(playing.ended(), DEADLINE_S)
    assert code == 0, said
    assert out.startswith("Stream at http://127.0.0.1:")
