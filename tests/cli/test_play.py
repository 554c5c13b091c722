"""``matinee play`` and what is left when it was ended."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.processes import ALONE, run, started
from tests.swarm.parts import Seeded, aria2_seed

pytestmark = [pytest.mark.swarm]

END_LIMIT_S = 3.0 + 12.0  # what is promised, and what a computer busy with other tests takes
FILM_BYTES = 6_000_000
LAST_PIECES_BYTES = 2 * 256 * 1024
"""The last ones may not have been written yet when it is asked to end."""


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    """A film that a foreign client gives."""
    (tmp_path / "seed").mkdir()
    film = tmp_path / "seed" / "film.mp4"
    film.write_bytes(bytes(range(256)) * (FILM_BYTES // 256))
    with aria2_seed(film, tmp_path) as seed:
        yield seed


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_play_when_ended_then_ends_in_time_and_keeps_what_came(
    ending: signal.Signals, seeded: Seeded, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    words = ("play", seeded.magnet, "--rights", "licence", "--licence", "CC-BY-3.0", "--player", "none")
    async with started(*words, *ALONE, "--port", "0", "--data-dir", data) as playing:
        address = (await playing.line()).removeprefix("Stream at ")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.get(address, headers={"Range": "bytes=0-3999999"})
        asked_s = time.monotonic()
        playing.process.send_signal(ending)
        code, out, said = await playing.ended()
        took_s = time.monotonic() - asked_s
    listed = json.loads(run("list", "--json", "--data-dir", data).stdout)
    assert (answer.status_code, len(answer.content)) == (206, 4_000_000)
    assert (code, out) == (0, "")
    assert took_s < END_LIMIT_S
    assert said.splitlines()[0] == "Adding the film"
    assert said.splitlines()[-1] == "Ending"
    assert listed[0]["progress"]["bytes_done"] >= 4_000_000 - LAST_PIECES_BYTES


async def test_play_when_ended_while_it_looks_for_people_then_ends_in_time(tmp_path: Path) -> None:
    words = ("play", f"magnet:?xt=urn:btih:{'ab' * 20}", "--rights", "licence", "--player", "none")
    async with started(*words, *ALONE, "--port", "0", "--data-dir", tmp_path) as playing:
        assert playing.process.stderr is not None
        lines = [await asyncio.wait_for(playing.process.stderr.readline(), 30) for _ in range(2)]
        asked_s = time.monotonic()
        playing.process.send_signal(signal.SIGINT)
        code, _, _ = await playing.ended()
        took_s = time.monotonic() - asked_s
    assert lines == [b"Adding the film\n", b"Looking for people who have this film\n"]
    assert code == 0
    assert took_s < END_LIMIT_S


async def test_play_when_nobody_sends_the_list_then_says_why(tmp_path: Path) -> None:
    words = ("play", f"magnet:?xt=urn:btih:{'ab' * 20}", "--rights", "licence", "--player", "none")
    more = {"MATINEE_METADATA_TIMEOUT_S": "1", "MATINEE_PORT": "0"}
    done = await asyncio.to_thread(run, *words, *ALONE, "--data-dir", tmp_path, **more)
    assert (done.returncode, done.stdout) == (1, "")
    assert "did not come within 1 seconds: nobody was found" in done.stderr


async def test_play_when_matinee_runs_already_then_plays_there(seeded: Seeded, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with started("serve", *ALONE, "--no-open", "--port", "0", "--data-dir", data) as serving:
        address = (await serving.line()).removeprefix("Matinee is at ")
        words = ("play", seeded.magnet, "--rights", "own-work", "--player", "none", "--data-dir", data)
        async with started(*words) as playing:
            stream = (await playing.line()).removeprefix("Stream at ")
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                answer = await client.get(stream, headers={"Range": "bytes=5000000-5000999"})
            serving.process.send_signal(signal.SIGINT)
            code, _, said = await playing.ended()
        served, _, _ = await serving.ended()
    assert stream.startswith(address)
    assert answer.content == (bytes(range(256)) * 5)[5_000_000 % 256 :][:1000]
    assert (served, code) == (0, 1)
    assert "has ended" in said or "does not answer" in said


async def test_play_when_a_file_is_not_there_then_says_which_are(seeded: Seeded, tmp_path: Path) -> None:
    words = ("play", seeded.metainfo, "--rights", "own-work", "--player", "none", "--file", "7")
    done = await asyncio.to_thread(run, *words, *ALONE, "--data-dir", tmp_path / "data", MATINEE_PORT="0")
    assert done.returncode == 2
    assert "has no file 7. It has: 0 (film.mp4)." in done.stderr


async def test_list_and_remove_when_matinee_runs_then_ask_it(seeded: Seeded, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with started("serve", *ALONE, "--no-open", "--port", "0", "--data-dir", data) as serving:
        await serving.line()
        words = ("play", seeded.metainfo, "--rights", "own-work", "--player", "none", "--data-dir", data)
        async with started(*words) as playing:
            await playing.line()
        before = await asyncio.to_thread(run, "list", "--data-dir", data)
        removed = await asyncio.to_thread(
            run, "remove", seeded.info_hash, "--files", "delete", "--data-dir", data
        )
        after = await asyncio.to_thread(run, "list", "--json", "--data-dir", data)
    assert seeded.info_hash in before.stdout
    assert (removed.returncode, json.loads(after.stdout)) == (0, [])
    assert not (data / "films" / seeded.info_hash).exists()
