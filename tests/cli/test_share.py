"""``matinee share``: a foreign client gets the film by the magnet link that was printed."""

import asyncio
import contextlib
import json
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import libtorrent as lt
import pytest

from tests.cli.processes import ALONE, Started, run, started
from tests.swarm.parts import free_port
from tests.swarm.tracker import tracker

pytestmark = [pytest.mark.swarm]

FILM = random.Random(3).randbytes(3_000_000)
GET_S = 60.0
END_LIMIT_S = 3.0 + 12.0  # what is promised, and what a computer busy with other tests takes


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film of the user's own."""
    path = tmp_path / "mine" / "Our Street.mp4"
    path.parent.mkdir()
    path.write_bytes(FILM)
    return path


@pytest.fixture
def peer_port() -> int:
    """Where the sharing program lets itself be called."""
    return free_port()


@contextlib.asynccontextmanager
async def sharing(path: Path, tmp_path: Path, peer_port: int, *words: str) -> AsyncIterator[Started]:
    """Share a film."""
    data = tmp_path / "data"
    more = {"MATINEE_LISTEN_PORT": str(peer_port)}
    why = () if "--own-work" in words else ("--licence", "CC-BY-4.0")
    options = (*why, *ALONE, "--data-dir", str(data), *words)
    async with started("share", path, *options, **more) as share:
        yield share


async def download(source: str, folder: Path) -> int:
    """Have aria2 get everything a magnet link or a .torrent names; gives its exit code."""
    process = await asyncio.create_subprocess_exec(
        "aria2c", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--seed-time=0",
        f"--listen-port={free_port()}", f"--dir={folder}", "--quiet=true", "--no-conf=true",
        "--allow-overwrite=true", source,
    )  # fmt: skip
    try:
        return await asyncio.wait_for(process.wait(), GET_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_share_then_aria2_gets_the_film_by_the_printed_link_and_the_receipt_says_so(
    film: Path, peer_port: int, tmp_path: Path
) -> None:
    before = film.stat()
    async with (
        tracker() as announce,
        sharing(film, tmp_path, peer_port, "--title", "Our Street", "--tracker", announce) as share,
    ):
        magnet = await share.line()
        code = await download(magnet, tmp_path / "got")
        running = run("receipt", "--format", "json", "--data-dir", tmp_path / "data")
        asked_s = time.monotonic()
        share.process.send_signal(signal.SIGINT)
        ended, out, said = await share.ended()
        took_s = time.monotonic() - asked_s
    after = film.stat()
    assert (code, ended, out) == (0, 0, "")
    assert (tmp_path / "got" / "Our Street.mp4").read_bytes() == FILM
    assert film.read_bytes() == FILM
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)
    assert took_s < END_LIMIT_S
    assert "Sharing the film; Ctrl-C ends it" in said
    (entry,) = json.loads(running.stdout)["entries"]
    run("remove", entry["info_hash"], "--data-dir", tmp_path / "data")
    (kept,) = json.loads(run("receipt", "--format", "json", "--data-dir", tmp_path / "data").stdout)[
        "entries"
    ]
    assert [(one["basis"], one["licence"]) for one in entry["stated"]] == [("licence", "CC-BY-4.0")]
    assert len(FILM) <= kept["bytes_up"] < len(FILM) + 200_000
    assert sum(day["bytes_up"] for day in kept["days"]) == kept["bytes_up"]
    assert (entry["removed_at"], kept["removed_at"] is None) == (None, False)


async def test_share_when_a_torrent_is_wanted_then_holds_the_licence_and_works(
    film: Path, peer_port: int, tmp_path: Path
) -> None:
    out = tmp_path / "our-street.torrent"
    async with (
        tracker() as announce,
        sharing(film, tmp_path, peer_port, "--tracker", announce, "--out", str(out)) as share,
    ):
        await share.line()
        made: Any = lt.bdecode(out.read_bytes())
        code = await download(str(out), tmp_path / "got")
    assert made[b"matinee"][b"licence"] == b"CC-BY-4.0"
    assert b"https://creativecommons.org/licenses/by/4.0/" in made[b"comment"]
    assert code == 0
    assert (tmp_path / "got" / "Our Street.mp4").read_bytes() == FILM


async def test_share_when_a_folder_then_gives_its_films_and_nothing_hidden(
    film: Path, peer_port: int, tmp_path: Path
) -> None:
    (film.parent / "Second.mp4").write_bytes(FILM[:700_000])
    (film.parent / ".notes").write_text("private")
    (film.parent / "link.mp4").symlink_to("/etc/hostname")
    async with (
        tracker() as announce,
        sharing(film.parent, tmp_path, peer_port, "--own-work", "--tracker", announce) as share,
    ):
        code = await download(await share.line(), tmp_path / "got")
    got = {path.name: path.read_bytes() for path in (tmp_path / "got" / "mine").iterdir()}
    kept = {path.name for path in (tmp_path / "data").rglob("*") if path.is_file() or path.is_symlink()}
    assert code == 0
    assert got == {"Our Street.mp4": FILM, "Second.mp4": FILM[:700_000]}
    assert not {".notes", "link.mp4"} & kept


async def test_share_again_then_goes_on_and_refuses_a_second(
    film: Path, peer_port: int, tmp_path: Path
) -> None:
    async with sharing(film, tmp_path, peer_port) as share:
        first = await share.line()
        share.process.send_signal(signal.SIGTERM)
        await share.ended()
    async with sharing(film, tmp_path, peer_port) as share:
        again = await share.line()
        words = ("share", film, "--licence", "CC0-1.0", "--data-dir", tmp_path / "data")
        second = await asyncio.to_thread(run, *words)
    assert again == first
    assert second.returncode == 1
    assert "Matinee is running with this data folder" in second.stderr


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Path]:
    """A film too long to be read in a moment: a hole of twenty gigabytes."""
    path = tmp_path / "mine" / "Empire.mp4"
    path.parent.mkdir()
    path.touch()
    os.truncate(path, 20_000_000_000)
    yield path
    path.unlink()


async def test_share_when_ended_while_it_reads_then_ends_in_time(
    endless: Path, peer_port: int, tmp_path: Path
) -> None:
    async with sharing(endless, tmp_path, peer_port) as share:
        assert share.process.stderr is not None
        said = await asyncio.wait_for(share.process.stderr.readline(), 30)
        asked_s = time.monotonic()
        share.process.send_signal(signal.SIGINT)
        code, out, _ = await share.ended()
        took_s = time.monotonic() - asked_s
    assert said == b"Reading the film, to make its torrent\n"
    assert (code, out) == (0, "")
    assert took_s < END_LIMIT_S


def test_share_when_the_licence_is_not_known_then_says_which_are(film: Path, tmp_path: Path) -> None:
    done = run("share", film, "--licence", "not-a-licence", "--data-dir", tmp_path / "data")
    assert done.returncode == 1
    assert "is not a licence Matinee knows. Use one of CC0-1.0" in done.stderr
