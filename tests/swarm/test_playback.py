"""A film that no browser opens, from a client we did not write, as segments that any browser plays."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.media.films import made
from tests.playback.demuxed import Contents, demuxed
from tests.swarm.parts import Client, Matinee, aria2_seed, matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(180)]

CLIENT = {"containers": ["mp4", "webm"], "video": ["h264", "vp9", "av1"], "audio": ["aac", "mp3", "opus"]}
LIMIT_BYTES_PER_S = 3_000_000
OFFSET_S = 10.0
"""What is added to the film's time in segments."""


@dataclass(frozen=True)
class Fetched:
    """A playback as a player sees it."""

    opened: dict[str, Any]
    init: bytes
    segments: list[tuple[str, float]]
    """Address and beginning, in seconds."""


async def fetch(running: Client, info_hash: str) -> Fetched:
    """Open a playback and fetch what a player fetches before the first segment."""
    answer = await running.client.post("api/v1/playback", json={"info_hash": info_hash, "client": CLIENT})
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    master = (await running.client.get(opened["url"])).text
    playlist = urljoin(opened["url"], master.splitlines()[-1])
    text = (await running.client.get(playlist)).text
    segments, at = [], 0.0
    for line, address in zip(text.splitlines(), text.splitlines()[1:], strict=False):
        if line.startswith("#EXTINF:"):
            segments.append((urljoin(playlist, address), at))
            at += float(line.removeprefix("#EXTINF:").rstrip(","))
    init = (await running.client.get(urljoin(playlist, "init.mp4"))).content
    return Fetched(opened, init, segments)


async def play(running: Client, fetched: Fetched, index: int) -> Contents:
    """Fetch a segment and decode all of it."""
    address, start_s = fetched.segments[index]
    answer = await running.client.get(address)
    assert answer.status_code == 200, answer.text
    found = demuxed(fetched.init, answer.content)
    assert found.first_s == pytest.approx(start_s + OFFSET_S, abs=0.05)
    return found


def helpers_of(running: Matinee) -> list[str]:
    """Give the processes in which films are opened."""
    tasks = Path(f"/proc/{running.process.pid}/task").iterdir()
    pids = [pid for task in tasks for pid in (task / "children").read_text().split()]
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids]
    return [pid for pid, command in zip(pids, commands, strict=True) if b"matinee.media" in command]


async def test_matroska_with_ac3_plays_from_a_swarm_and_lets_go_of_everything(tmp_path: Path) -> None:
    film = made("whole.mkv", "-i", "{bunny}", "-c:v", "copy", "-c:a", "ac3")
    with aria2_seed(film, tmp_path, LIMIT_BYTES_PER_S) as seeded:
        async with matinee(tmp_path / "data") as running:
            assert helpers_of(running) == []
            await running.add(seeded.magnet)
            fetched = await fetch(running, seeded.info_hash)
            assert (fetched.opened["kind"], fetched.opened["way"]) == ("hls", "remux")
            assert fetched.segments[-1][1] > 580
            far = len(fetched.segments) * 8 // 10
            found = [await play(running, fetched, index) for index in (0, 1, far, far + 1, 1)]
            assert all(one.pictures >= 24 and one.samples >= 48_000 and one.loud for one in found)
            assert found[1] == found[4]
            assert len(helpers_of(running)) == 1
            ended = await running.client.delete(f"api/v1/playback/{fetched.opened['session']}")
            assert (ended.status_code, helpers_of(running)) == (204, [])
            # Nobody reads any more: no more is fetched, though most of the film is missing.
            assert await running.settled(seeded.info_hash) < film.stat().st_size // 2
            gone = await running.client.get(fetched.segments[0][0])
            assert (gone.status_code, gone.json()["code"]) == (404, "playback-not-found")
