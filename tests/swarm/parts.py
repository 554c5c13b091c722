"""A Matinee of the test's own, and seeds by foreign clients."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import libtorrent as lt

from matinee.app import serving
from matinee.cli.client import Remote
from matinee.config import load
from matinee.config_keys import Value
from matinee.playback.service import Service
from matinee.ports import Films
from matinee.torrent.torrent import Torrent
from matinee.types import InfoHash
from tests import registry

TOKEN = "a token of the tests alone"
RIGHTS = {"basis": "licence", "licence": "CC-BY-3.0"}
PIECE_BYTES = 256 * 1024
START_S = 30.0
END_S = 30.0
LOOK_EACH_S = 0.1
QUIET_S = 1.5
"""libtorrent counts once a second."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """A film's torrent, and where its seed listens."""

    info_hash: str
    metainfo: Path
    port: int

    @property
    def magnet(self) -> str:
        """A link that names the seed itself, so that no tracker is needed."""
        name = f"btih:{self.info_hash}" if len(self.info_hash) == 40 else f"btmh:1220{self.info_hash}"
        return f"magnet:?xt=urn:{name}&x.pe=127.0.0.1:{self.port}"


def free_port() -> int:
    """Give a port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_torrent(
    film: Path,
    folder: Path,
    tracker: str = "",
    piece_bytes: int = PIECE_BYTES,
    *,
    flags: int = lt.create_torrent.v1_only,
    web_seed: str = "",
) -> tuple[str, Path]:
    """Make a torrent of a film, v1 unless said otherwise; give its info hash and the .torrent."""
    made = lt.create_torrent(lt.list_files(str(film)), piece_bytes, flags)
    if tracker:
        made.add_tracker(tracker)
    if web_seed:
        made.add_url_seed(web_seed)
    lt.set_piece_hashes(made, str(film.parent))
    data = lt.bencode(made.generate())
    path = folder / "film.torrent"
    path.write_bytes(data)
    hashes = lt.load_torrent_buffer(data).info_hashes
    return str(hashes.v1 if hashes.has_v1() else hashes.v2), path


@contextlib.contextmanager
def aria2_seed(
    film: Path, folder: Path, limit_bytes_per_s: int = 0, tracker: str = "", piece_bytes: int = PIECE_BYTES
) -> Iterator[Seeded]:
    """Seed a film with aria2."""
    with aria2_seeding(
        film, *make_torrent(film, folder, tracker, piece_bytes), folder, limit_bytes_per_s
    ) as seeded:
        yield seeded


@contextlib.contextmanager
def aria2_seeding(
    film: Path, info_hash: str, metainfo: Path, folder: Path, limit_bytes_per_s: int = 0
) -> Iterator[Seeded]:
    """Seed what a torrent was made of with aria2."""
    port = free_port()
    command = [
        "aria2c", "-V", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--seed-ratio=0",
        f"--listen-port={port}", f"--max-upload-limit={limit_bytes_per_s}", f"--dir={film.parent}",
        "--quiet=true", "--no-conf=true", str(metainfo),
    ]  # fmt: skip
    with _running(command, folder):
        _wait_for_port(port)
        yield Seeded(info_hash, metainfo, port)


@contextlib.contextmanager
def aria2_taking(metainfo: bytes, folder: Path) -> Iterator[int]:
    """Have aria2 wait for somebody who has what a torrent is of; gives its port. It ends with the last byte."""
    file, port = folder / "taken.torrent", free_port()
    file.write_bytes(metainfo)
    command = [
        "aria2c", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--seed-time=0",
        f"--listen-port={port}", f"--dir={folder}", "--quiet=true", "--no-conf=true", str(file),
    ]  # fmt: skip
    with _running(command, folder) as process:
        _wait_for_port(port)
        yield port
        assert process.wait(END_S * 6) == 0


@contextlib.contextmanager
def libtorrent_seed(film: Path, folder: Path, limit_bytes_per_s: int = 0) -> Iterator[Seeded]:
    """Seed a film with a libtorrent of the test's own, whose limit holds on loopback too."""
    with seeding(film, *make_torrent(film, folder), limit_bytes_per_s) as seeded:
        yield seeded


@contextlib.contextmanager
def seeding(film: Path, info_hash: str, metainfo: Path, limit_bytes_per_s: int = 0) -> Iterator[Seeded]:
    """Seed what a torrent was made of with a libtorrent of the test's own."""
    port = free_port()
    session = lt.session(
        {
            "listen_interfaces": f"127.0.0.1:{port}", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
            "enable_natpmp": False, "upload_rate_limit": limit_bytes_per_s, "webtorrent_stun_server": "",
        }
    )  # fmt: skip
    limited = lt.ip_filter()
    limited.add_rule("0.0.0.0", "255.255.255.255", 1 << int(lt.session.global_peer_class_id))
    session.set_peer_class_filter(limited)
    parameters = lt.load_torrent_file(str(metainfo))
    parameters.save_path = str(film.parent)
    parameters.flags |= lt.torrent_flags.seed_mode
    handle = session.add_torrent(parameters)
    _wait_for_port(port)
    yield Seeded(info_hash, metainfo, port)
    session.remove_torrent(handle)


@contextlib.contextmanager
def transmission_seed(film: Path, folder: Path, limit_bytes_per_s: int = 0) -> Iterator[Seeded]:
    """Seed a film with transmission."""
    info_hash, metainfo = make_torrent(film, folder)
    port, config = free_port(), folder / "transmission"
    watch = folder / "watch"
    watch.mkdir()
    shutil.copy(metainfo, watch / "film.torrent")
    command = [
        "transmission-daemon", "--foreground", "--config-dir", str(config), "--download-dir", str(film.parent),
        "--peerport", str(port), "--watch-dir", str(watch), "--no-dht", "--no-lpd", "--no-utp", "--no-portmap",
        "--no-global-seedratio", "--port", str(free_port()),
    ]  # fmt: skip
    config.mkdir()
    (config / "settings.json").write_text(
        json.dumps(
            {
                "speed-limit-up-enabled": bool(limit_bytes_per_s),
                "speed-limit-up": limit_bytes_per_s // 1000,
                "rpc-enabled": False,
            }
        )
    )
    with _running(command, folder):
        _wait_for_port(port)
        yield Seeded(info_hash, metainfo, port)


@contextlib.contextmanager
def webtorrent_seed(
    film: Path, folder: Path, limit_bytes_per_s: int = 0, tracker: str = "", piece_bytes: int = PIECE_BYTES
) -> Iterator[Seeded]:
    """Seed a film with webtorrent's own program."""
    info_hash, metainfo = make_torrent(film, folder, tracker, piece_bytes)
    port = free_port()
    limit = ["--upload-limit", str(limit_bytes_per_s // 1000)] if limit_bytes_per_s else []
    command = [
        *registry.webtorrent(), "download", str(metainfo),
        "--out", str(film.parent), "--torrent-port", str(port), "--port", str(free_port()),
        "--keep-seeding", "--quiet", *limit,
    ]  # fmt: skip
    with _running(command, folder):
        _wait_for_port(port)
        yield Seeded(info_hash, metainfo, port)


@contextlib.contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with (folder / "seed.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        try:
            yield process
        finally:
            process.kill()
            process.wait(END_S)


def _wait_for_port(port: int) -> None:
    """Wait until somebody listens; each try is the wait."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


class Client:
    """Asks a running program."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = httpx.AsyncClient(
            base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120, trust_env=False
        )

    async def connect(self, path: str, *fields: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Ask for a path over a connection of its own, which nobody reads unless the test does."""
        port = int(self.address.rstrip("/").rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"GET /{path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {TOKEN}", *fields, "", ""
        )  # fmt: skip
        writer.write("\r\n".join(head).encode())
        return reader, writer

    async def offer(self, magnet: str) -> httpx.Response:
        """Ask to add by magnet link, with rights."""
        return await self.client.post("api/v1/torrents", json={"magnet": magnet, "rights": RIGHTS})

    async def add(self, magnet: str) -> dict[str, object]:
        """Add by magnet link, with rights."""
        answer = await self.offer(magnet)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, object] = answer.json()
        return found

    async def list_files(self, seeded: Seeded) -> None:
        """Add by magnet link, without rights, and wait for the list of files."""
        await self.client.post("api/v1/torrents", json={"magnet": seeded.magnet})
        await self.until(seeded.info_hash, lambda film: bool(film["files"]))

    async def add_file(self, metainfo: Path) -> dict[str, Any]:
        """Add a .torrent, with rights."""
        answer = await self.client.post(
            "api/v1/torrents", files={"file": metainfo.read_bytes()}, data={"rights": json.dumps(RIGHTS)}
        )
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def add_seeded(self, seeded: Seeded) -> dict[str, Any]:
        """Add a .torrent and tell of its seed."""
        found = await self.add_file(seeded.metainfo)
        await self.add(seeded.magnet)
        return found

    async def view(self, info_hash: str) -> dict[str, Any]:
        """Show a torrent as the page sees it."""
        answer = await self.client.get(f"api/v1/torrents/{info_hash}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def fetched(self, info_hash: str) -> int:
        """Count the payload bytes that peers have sent."""
        return int((await self.client.get(f"api/v1/torrents/{info_hash}/activity")).json()["bytes_down"])

    async def address_of(self, info_hash: str) -> str:
        """Give the signed address of the first file, for a player of another make."""
        return self.address.rstrip("/") + str((await self.view(info_hash))["files"][0]["stream_url"])

    async def until(
        self, info_hash: str, is_so: Callable[[dict[str, Any]], bool], limit_s: float = 30.0
    ) -> dict[str, Any]:
        """Ask until a torrent is so; each answer is the wait."""
        async with asyncio.timeout(limit_s):
            while not is_so(found := await self.view(info_hash)):  # noqa: ASYNC110 - another process tells no events
                await asyncio.sleep(LOOK_EACH_S)
        return found

    async def until_listed(
        self, is_so: Callable[[list[dict[str, Any]]], bool], limit_s: float = 30.0
    ) -> list[dict[str, Any]]:
        """Ask until all torrents that are here are so; each answer is the wait."""
        async with asyncio.timeout(limit_s):
            while not is_so(found := (await self.client.get("api/v1/torrents")).json()["torrents"]):  # noqa: ASYNC110 - as above
                await asyncio.sleep(LOOK_EACH_S)
        return list(found)

    async def until_told(
        self, info_hash: str, is_so: Callable[[dict[str, Any]], bool], limit_s: float = 30.0
    ) -> dict[str, Any]:
        """Listen until an event says that a torrent is so."""
        remote = Remote(self.address.rstrip("/"), TOKEN)
        async with asyncio.timeout(limit_s), contextlib.aclosing(remote.events()) as events:
            async for name, data in events:
                if name == "torrent" and data["info_hash"] == info_hash and is_so(data):
                    return data
        raise EOFError

    async def settled(self, info_hash: str, limit_s: float = 30.0) -> int:
        """Wait until peers send no more; gives the payload bytes that they have sent."""
        seen = [-1, -1]
        async with asyncio.timeout(limit_s):
            while seen[-1] != seen[-2] or seen[-1] <= 0:
                await asyncio.sleep(QUIET_S)
                seen.append(await self.fetched(info_hash))
        return seen[-1]

    async def upload(self, metainfo: bytes, *, rights: bool) -> str:
        """Add by .torrent, with or without rights; gives the info hash."""
        data = {"rights": json.dumps(RIGHTS)} if rights else {}
        answer = await self.client.post(
            "api/v1/torrents", files={"file": ("film.torrent", metainfo)}, data=data
        )
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["info_hash"])

    async def bytes_of(self, info_hash: str, start: int, stop: int) -> bytes:
        """Read ``[start, stop)`` of the first file."""
        answer = await self.client.get(
            f"stream/{info_hash}/0", headers={"Range": f"bytes={start}-{stop - 1}"}
        )
        assert answer.status_code == 206
        return answer.content

    async def whole(self, info_hash: str, index: int = 0) -> bytes:
        """Read a file to its end."""
        answer = await self.client.get(f"stream/{info_hash}/{index}")
        assert answer.status_code == 200, answer.text
        return answer.content


class Matinee(Client):
    """A program that runs in a process of its own, and a client of it."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        super().__init__(address)
        self.process = process

    async def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        await self.process.wait()


def environment() -> dict[str, str]:
    """Give what a program of the tests is told by its environment."""
    # What the catalogue shows depends on where it is: everywhere the same, wherever the tests are run.
    own = {"TOKEN": TOKEN, "LISTEN_PORT": "0", "LSD": "false", "COUNTRY": "US", "PICTURES": "never"}
    return {**os.environ, **{f"MATINEE_{key}": value for key, value in own.items()}}


class MatineeHere(Client):
    """A program that runs in the test's own process."""

    def __init__(self, films: Films, address: str) -> None:
        super().__init__(address)
        assert isinstance(films, Service)
        self._service = films

    def torrent(self, info_hash: str) -> Torrent:
        """Give a torrent as the engine knows it."""
        return self._service._engine.get(InfoHash(info_hash))

    def pool(self) -> Executor:
        """Give the threads that may wait for a disk."""
        return self._service._engine._pool

    def libtorrent(self) -> dict[str, Any]:
        """Give libtorrent's own settings."""
        found: Any = self._service._engine._session.get_settings()
        return dict(found)

    async def mended(self) -> None:
        """Wait until no film is being mended, or proved when it was."""
        async with asyncio.timeout(END_S):
            await self._service._healer.idle()


@contextlib.asynccontextmanager
async def matinee_here(data_dir: Path, *, offline: bool = False, **also: Value) -> AsyncIterator[MatineeHere]:
    """Run Matinee in the test's own process, on the test's own loop, which can be watched then."""
    asked: dict[str, Value | None] = {
        "data_dir": str(data_dir),
        "port": 0,
        "open": False,
        "dht": False,
        "allow_private_sources": True,
        "offline": True if offline else None,
        **also,
    }
    async with serving(load(asked, environment())) as running:
        client = MatineeHere(running.films, running.address)
        async with client.client:
            yield client


@contextlib.asynccontextmanager
async def matinee(
    data_dir: Path, *options: str, program: tuple[str, str] = ("-m", "matinee"), under: tuple[str, ...] = ()
) -> AsyncIterator[Matinee]:
    """Run Matinee on a data folder; it is asked to end, and must, when the context ends.

    ``program`` is what Python runs, ``under`` the command that runs Python, and replaces itself by it.
    """
    command = [
        *under, sys.executable, *program, "serve", "--no-dht", "--allow-private-sources", "--port", "0",
        "--data-dir", str(data_dir), *(options or ("--no-open",)),
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), START_S)).decode()
        running = Matinee(process, line.removeprefix("Matinee is at ").strip())
        async with running.client:
            yield running
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            process.kill()
            raise


Seed = Callable[[Path, Path, int], AbstractContextManager[Seeded]]
"""Runs a seed of a film, in a folder, within a limit in bytes a second."""


@contextlib.asynccontextmanager
async def arriving(
    film: Path, folder: Path, limit_bytes_per_s: int = 0, *, seed: Seed = libtorrent_seed
) -> AsyncIterator[tuple[Matinee, Seeded]]:
    """Run a seed of a film, and a Matinee in the folder ``data`` that was told of it, with rights."""
    with seed(film, folder, limit_bytes_per_s) as seeded:
        async with matinee(folder / "data") as running:
            await running.add(seeded.magnet)
            yield running, seeded
