"""Pictures of a film's end come from a client we did not write while its beginning plays, and nobody waits for them."""

import asyncio
import contextlib
import re
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.media.films import made
from tests.swarm.parts import Client, MatineeHere, Seeded, aria2_seed, matinee_here

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

CLIENT = {"containers": ["mp4"], "video": ["h264"], "audio": ["aac", "mp3"]}
LIMIT_BYTES_PER_S = 3_000_000
PIECE_BYTES = 64 * 1024
PLAYS_BYTES_PER_S = 250_000
"""Three times the film's rate: a film of a better picture."""
HELD_S = 2.0
"""Of what is played, held by the player before it begins."""
CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(\S+)#xywh=")
FRONT = ("-movflags", "+faststart")
CHANGES: tuple[dict[str, object], ...] = (
    {}, {"sharing": "archive-only"}, {"sharing": "keep"}, {"paused": True}
)  # fmt: skip
LOOK_EACH_S = 0.5
PATIENCE_S = 60.0


@dataclass
class Viewer:
    """Plays a film from its beginning at the wall clock, holding two seconds of it."""

    late_s: float = 0.0
    """How much too late the worst of its bytes came."""
    taken: int = 0

    async def play(self, client: Client, info_hash: str) -> None:
        """Play until cancelled or at the end."""
        async with client.client.stream("GET", f"stream/{info_hash}/0") as answer:
            begun_s = None
            async for data in answer.aiter_bytes(32 * 1024):
                self.taken += len(data)
                due_s = self.taken / PLAYS_BYTES_PER_S - HELD_S
                if begun_s is None and due_s >= 0:
                    begun_s = time.monotonic()
                if begun_s is None:
                    continue
                early_s = begun_s + due_s - time.monotonic()
                self.late_s = max(self.late_s, -early_s)
                if early_s > HELD_S:
                    # The player's own pace, not a wait for anything.
                    await asyncio.sleep(early_s - HELD_S)


@contextlib.asynccontextmanager
async def playing(client: Client, info_hash: str) -> AsyncIterator[tuple[dict[str, Any], Viewer]]:
    """Open a playback and watch it."""
    answer = await client.client.post("api/v1/playback", json={"info_hash": info_hash, "client": CLIENT})
    assert answer.status_code == 201, answer.text
    viewer = Viewer()
    watching = asyncio.create_task(viewer.play(client, info_hash))
    try:
        yield answer.json(), viewer
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def shown(client: Client, opened: dict[str, Any]) -> list[tuple[float, float, str]]:
    """Ask which pictures there are, as the page does: from when to when, and its sprite."""
    text = (await client.client.get(opened["thumbnails_url"])).text
    return [
        (int(h1) * 3600 + int(m1) * 60 + float(s1), int(h2) * 3600 + int(m2) * 60 + float(s2), name)
        for h1, m1, s1, h2, m2, s2, name in CUE.findall(text)
    ]


async def bytes_beyond(client: Client, seeded: Seeded, position: int) -> int:
    """Count what is here of the film beyond a place."""
    spans = (await client.client.get(f"api/v1/torrents/{seeded.info_hash}/files/0/ranges")).json()["spans"]
    return sum(max(0, stop - max(start, position)) for start, stop in spans)


async def may_spare_after(running: MatineeHere, seeded: Seeded, change: dict[str, object]) -> bool:
    """Tell whether anything may be fetched for the bar once a film has been changed."""
    await running.client.patch(f"api/v1/torrents/{seeded.info_hash}", json=change)
    return running.torrent(seeded.info_hash).may_spare


async def test_pictures_when_the_beginning_plays_then_those_of_the_end_come_and_it_never_stalls(
    tmp_path: Path,
) -> None:
    (tmp_path / "seed").mkdir()
    long = made("long.mp4", "-stream_loop", "3", "-i", "{bunny}", "-c", "copy", *FRONT)
    film = Path(shutil.copy(long, tmp_path / "seed"))
    length = film.stat().st_size
    with aria2_seed(film, tmp_path, LIMIT_BYTES_PER_S, piece_bytes=PIECE_BYTES) as seeded:
        async with matinee_here(tmp_path / "data") as running:
            await running.add(seeded.magnet)
            async with playing(running, seeded.info_hash) as (opened, viewer):
                async with asyncio.timeout(PATIENCE_S):
                    far: list[tuple[float, float, str]] = []
                    while not far:
                        await asyncio.sleep(LOOK_EACH_S)
                        cues = await shown(running, opened)
                        place_s = 0.8 * opened["duration_s"]
                        far = [cue for cue in cues if cue[0] <= place_s < cue[1]]
                taken, late_s = viewer.taken, viewer.late_s
                sprite = await running.client.get("thumbnails/" + far[0][2])
                fetched = await bytes_beyond(running, seeded, length // 2)
            allowed = [await may_spare_after(running, seeded, change) for change in CHANGES]
    assert sprite.content[8:12] == b"WEBP"
    assert taken < length // 2
    assert late_s < HELD_S / 4
    assert fetched <= length // 8
    assert allowed == [True, False, True, False]
