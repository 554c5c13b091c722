"""Offline, an address that somebody gave was fetched all the same (found by fuzzing the interface)."""

from pathlib import Path

import pytest

from tests.outside.hosts import hosting, ok
from tests.swarm.parts import matinee_here

WAYS = {
    "offline": {"MATINEE_OFFLINE": "true"},
    "proxy": {"MATINEE_PROXY_KIND": "socks5", "MATINEE_PROXY_HOST": "127.0.0.1", "MATINEE_PROXY_PORT": "9"},
}


@pytest.mark.parametrize("way", WAYS)
async def test_address_when_nobody_may_be_asked_straight_then_nobody_is(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in WAYS[way].items():
        monkeypatch.setenv(key, value)
    async with hosting(lambda _: ok()) as host, matinee_here(tmp_path / "data") as running:
        url = f"http://127.0.0.1:{host.port}/film.torrent"
        answer = await running.client.post("api/v1/torrents", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (502, "source-unreachable")
    assert host.asked == []
