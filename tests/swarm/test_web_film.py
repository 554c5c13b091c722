"""A film on the web without a torrent, in the whole program: fetched, made a torrent, and played from here."""

import hashlib
from pathlib import Path
from random import Random

import pytest

from matinee.models.rights import Basis, Rights
from matinee.models.title import WebFilm
from matinee.playback import web_films
from tests.swarm.parts import matinee_here
from tests.swarm.test_kinds import web_server

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

FILM = Random(11).randbytes(900_000)
RIGHTS = Rights(Basis.LICENCE, "CC-BY-4.0", "2026-11-26T12:00:00Z")


async def test_film_when_it_is_on_the_web_alone_then_made_a_torrent_and_played_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_films, "SPAN_BYTES", 250_000)
    web = tmp_path / "web"
    web.mkdir()
    (web / "moon.webm").write_bytes(FILM)
    told: list[tuple[int, int]] = []
    with web_server(web) as (address, asked):
        film = WebFilm(f"{address}/moon.webm", hashlib.sha1(FILM).hexdigest())
        async with matinee_here(tmp_path / "data") as running:
            view, new = await running._service.add_web_film(
                film, "To the moon", RIGHTS, lambda *done: told.append(done)
            )
            assert (new, view.name, told[-1]) == (True, "To the moon", (len(FILM), len(FILM)))
            answer = await running.client.get(f"stream/{view.info_hash}/0")
            assert answer.content == FILM
            assert asked == ["/moon.webm"] * 4
            there = await running.view(view.info_hash)
            assert there["progress"]["bytes_done"] == len(FILM)
    assert list((tmp_path / "data" / "films" / ".web").iterdir()) == []
