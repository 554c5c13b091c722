"""Subtitles beside a film that changed on the host after the torrent was made, as archives do."""

from pathlib import Path
from typing import Any

import pytest

from tests.media.films import clip
from tests.swarm.parts import MatineeHere, make_torrent, matinee_here
from tests.swarm.test_kinds import web_server

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

CLIENT = {"containers": ["mp4"], "video": ["h264"], "audio": ["aac"]}
SRT = "1\n00:00:01,000 --> 00:00:02,000\n{}\n"
PIECE_BYTES = 16 * 1024


async def _played(running: MatineeHere, info_hash: str) -> dict[str, Any]:
    answer = await running.client.post("api/v1/playback", json={"info_hash": info_hash, "client": CLIENT})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_sidecar_when_it_changed_on_the_host_then_shown_as_it_is_there_and_said_to_be_not_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matinee.playback.subtitles.VERIFIED_S", 1.0)
    item = tmp_path / "host" / "Item"
    item.mkdir(parents=True)
    words = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "+faststart")
    (item / "film.mp4").write_bytes(clip("beside.mp4", *words).read_bytes())
    (item / "film.srt").write_text(SRT.format("Avant") * 2000)
    with web_server(tmp_path / "host") as (address, asked):
        info_hash, metainfo = make_torrent(item, tmp_path, piece_bytes=PIECE_BYTES, web_seed=f"{address}/")
        (item / "film.srt").write_text(SRT.format("Apres") * 2000)
        async with matinee_here(tmp_path / "data") as running:
            await running.add_file(metainfo)
            await running.client.patch(f"api/v1/torrents/{info_hash}", json={"sharing": "archive-only"})
            opened = await _played(running, info_hash)
            (track,) = opened["subtitles"]
            written = await running.client.get(f"{track['url']}?from=0&to=10")
            later = (await running.client.get(f"api/v1/playback/{opened['session']}")).json()
    assert track["verified"]
    assert written.text.startswith("WEBVTT Not verified by the swarm\n\n00:00:01.000 -->")
    assert "Apres" in written.text
    assert not later["subtitles"][0]["verified"]
    assert "/Item/film.srt" in asked
