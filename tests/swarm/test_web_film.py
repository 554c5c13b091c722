"""A film on the web without a torrent, in the whole program: played while it comes, then a torrent, by both names."""

import hashlib
from pathlib import Path
from random import Random

import pytest

from matinee.models.rights import Basis, Rights
from matinee.models.title import WebFilm
from tests.playback.film_host import film_host
from tests.swarm.parts import matinee_here

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

FILM = Random(11).randbytes(2_000_000)
RIGHTS = Rights(Basis.LICENCE, "CC-BY-4.0", "2026-11-26T12:00:00Z")
HELD = 300_000


async def test_film_when_it_is_on_the_web_alone_then_played_while_it_comes_and_a_torrent_when_whole(
    tmp_path: Path,
) -> None:
    async with film_host(FILM) as host, matinee_here(tmp_path / "data") as running:
        host.most = HELD
        film = WebFilm(f"{host.address}/moon.webm", hashlib.sha1(FILM).hexdigest())
        view, new = await running._service.add_web_film(film, "To the moon", RIGHTS)
        name = view.info_hash
        assert (new, view.name, len(name)) == (True, "To the moon", 64)

        assert await running.bytes_of(name, 0, 1000) == FILM[:1000]
        assert await running.bytes_of(name, 1_900_000, 1_900_100) == FILM[1_900_000:1_900_100]
        coming = await running.view(name)
        assert (coming["state"], coming["comes_from"]) == ("downloading", "127.0.0.1")
        assert coming["progress"]["fraction"] < 1
        answer = await running.client.get(f"stream/{name}/0", headers={"Range": "bytes=0-9"})
        tag = answer.headers["etag"]
        seen = (await running.client.get(f"api/v1/torrents/{name}/activity")).json()
        assert [one["address"] for one in seen["web_hosts"]] == ["127.0.0.1"]
        assert (seen["dht"], seen["peers"]) == (False, [])

        host.free.set()
        settled = await running.until(name, lambda film: film["became"] is not None)
        real = settled["became"]
        assert (len(real), settled["comes_from"], settled["state"]) == (40, None, "complete")
        # Whoever played it by the first name goes on by it, and gets the same film.
        headers = {"Range": "bytes=5-14", "If-Range": tag}
        answer = await running.client.get(f"stream/{name}/0", headers=headers)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (206, FILM[5:15], tag)
        assert await running.whole(real) == FILM
        listed = (await running.client.get("api/v1/torrents")).json()["torrents"]
        assert {one["info_hash"]: one["became"] for one in listed} == {real: None, name: real}
        assert (await running.client.delete(f"api/v1/torrents/{name}?files=delete")).status_code == 204
        assert (await running.client.get(f"api/v1/torrents/{real}")).status_code == 404
    assert not list((tmp_path / "data" / "films" / ".web").iterdir())
