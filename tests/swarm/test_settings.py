"""Settings that are changed while the program runs: libtorrent and films that come go by them at once."""

from pathlib import Path

import pytest

from matinee.models.torrent import Sharing
from tests.swarm.parts import matinee_here
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = [pytest.mark.swarm]

LIMITS = {"up_limit_bytes_per_s": 500_000, "down_limit_bytes_per_s": 2_000_000, "connections": 50}


async def test_settings_when_changed_then_all_that_runs_goes_by_them(tmp_path: Path) -> None:
    first, second = (
        torrent(folder_v1(file_v1(900_000, "film.mp4"), name=name)) for name in (b"First", b"Second")
    )
    async with matinee_here(tmp_path) as running:
        early = await running.upload(first, rights=True)
        changes = {**LIMITS, "utp": False, "sharing": "keep", "opensubtitles_key": "mine"}
        answer = await running.client.patch("api/v1/settings", json=changes)
        assert answer.status_code == 200, answer.text
        now = running.libtorrent()
        assert (now["upload_rate_limit"], now["download_rate_limit"]) == (500_000, 2_000_000)
        assert (now["connections_limit"], now["enable_incoming_utp"]) == (50, False)
        late = await running.upload(second, rights=True)
        assert running.torrent(early).record.sharing is Sharing.WHILE_WATCHING
        assert running.torrent(late).record.sharing is Sharing.KEEP

        fixed = await running.client.patch("api/v1/settings", json={"lsd": True, "utp": True})
        assert (fixed.status_code, fixed.json()["setting"]) == (409, "lsd")
        assert not running.libtorrent()["enable_incoming_utp"]
        lifted = await running.client.patch("api/v1/settings", json=dict.fromkeys(changes))
        assert lifted.status_code == 200
        after = running.libtorrent()
        assert (after["upload_rate_limit"], after["enable_incoming_utp"]) == (0, True)
