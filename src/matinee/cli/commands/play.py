"""``matinee play SOURCE``: serve, add, and hand the stream to a player."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.commands.serve import open_page, until_stopped
from matinee.cli.launch import Running, Serving
from matinee.cli.loop import run_until_signal
from matinee.cli.options import DataDir, NoDht, Offline, Port, Private
from matinee.config import load
from matinee.errors import BadInput, BadRights, BadSetting, FileNotFound, RightsUnconfirmed, Unavailable
from matinee.logs import set_up
from matinee.models.rights import Basis, Rights
from matinee.models.torrent import FileEntry, TorrentView
from matinee.ports import Films
from matinee.types import FileIndex, InfoHash

PLAYERS = ("browser", "mpv", "vlc", "none")


@dataclass(frozen=True, slots=True)
class _Order:
    source: str
    file: int | None
    rights: Rights | None
    player: str


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def play(
        source: Annotated[
            str, typer.Argument(help="A magnet link, a .torrent path or address, or an info hash here.")
        ],
        file: Annotated[
            int | None, typer.Option(help="The file's index; the largest film when not given.")
        ] = None,
        rights: Annotated[
            str | None,
            typer.Option(help="Why it may be shared: own-work, licence, public-domain or permission."),
        ] = None,
        licence: Annotated[str | None, typer.Option(help="Which licence, such as CC-BY-3.0.")] = None,
        player: Annotated[str, typer.Option(help="browser, mpv, vlc or none")] = "browser",
        port: Port = None,
        data_dir: DataDir = None,
        no_dht: NoDht = False,
        offline: Offline = False,
        allow_private_sources: Private = False,
    ) -> None:
        """Play a film while it arrives."""
        order = _Order(source, file, _rights(rights, licence), _player(player))
        config = load(
            {
                "port": port,
                "data_dir": str(data_dir) if data_dir else None,
                "dht": False if no_dht else None,
                "offline": True if offline else None,
                "allow_private_sources": True if allow_private_sources else None,
            }
        )
        set_up(config.log_level)
        remote = client.find(config.data_dir)

        async def work(stop: asyncio.Event) -> None:
            if remote is not None:
                address = await asyncio.to_thread(_add_remotely, remote, order)
                await _hand_over(order.player, address, stop)
                return
            async with serving(config) as running:
                await _play(running, order, stop)

        run_until_signal(work)


def _rights(basis: str | None, licence: str | None) -> Rights | None:
    if basis is None:
        return None
    try:
        found = Basis(basis)
    except ValueError:
        raise BadSetting(f"--rights must be one of: {', '.join(Basis)}.") from None
    return Rights(found, licence, datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"))


def _player(name: str) -> str:
    if name not in PLAYERS:
        raise BadSetting(f"--player must be one of: {', '.join(PLAYERS)}.")
    if name in ("mpv", "vlc") and shutil.which(name) is None:
        raise Unavailable(f"{name} is not installed. Install it, or use --player browser.")
    return name


async def _play(running: Running, order: _Order, stop: asyncio.Event) -> None:
    stopping = asyncio.ensure_future(stop.wait())
    adding = asyncio.ensure_future(_ready(running.films, order))
    try:
        await asyncio.wait([stopping, adding], return_when=asyncio.FIRST_COMPLETED)
        if not adding.done():
            return
        torrent, file = adding.result()
        address = running.address.rstrip("/") + running.sign_stream(torrent.info_hash, file.index)
        if order.player == "browser":
            typer.echo(f"Stream at {address}")
            open_page(running, f"/film/{torrent.info_hash}/play/{file.index}")
            await until_stopped(running, stop)
        else:
            await _hand_over(order.player, address, stop)
    finally:
        stopping.cancel()
        adding.cancel()


async def _ready(films: Films, order: _Order) -> tuple[TorrentView, FileEntry]:
    """Add the source, wait for its list of files, and choose one."""
    torrent = await _add(films, order)
    if torrent.rights is None:
        if order.rights is None:
            raise RightsUnconfirmed(
                "Say why this film may be shared: --rights own-work, licence, public-domain or permission."
            )
        torrent = await films.state_rights(torrent.info_hash, order.rights)
    if not torrent.files:
        typer.echo("Waiting for the list of files.", err=True)
        await _list_of_files(films, torrent.info_hash)
        torrent = await films.torrent(torrent.info_hash)
    file = _choose(torrent.files, order.file)
    await films.stream(torrent.info_hash, file.index)
    return torrent, file


async def _list_of_files(films: Films, info_hash: InfoHash) -> None:
    """Wait for a magnet's metadata; which file is asked for does not matter."""
    try:
        await films.stream(info_hash, FileIndex(0))
    except FileNotFound:
        return


def _choose(files: tuple[FileEntry, ...], wanted: int | None) -> FileEntry:
    if wanted is not None:
        for file in files:
            if file.index == wanted:
                return file
        raise BadSetting(f"The torrent has no file {wanted}.")
    if not files:
        raise BadInput("The torrent has no file that can be played.")
    films = [file for file in files if file.media_type.startswith("video/")] or list(files)
    return max(films, key=lambda file: file.length)


async def _add(films: Films, order: _Order) -> TorrentView:
    source = order.source
    if source.startswith("magnet:"):
        return (await films.add_magnet(source, order.rights))[0]
    if source.startswith(("https://", "http://")):
        return (await films.add_url(source, order.rights))[0]
    if _is_hash(source):
        return await films.torrent(InfoHash(source.lower()))
    return (await films.add_metainfo(await asyncio.to_thread(_read, source), order.rights))[0]


def _is_hash(text: str) -> bool:
    return len(text) in (40, 64) and all(digit in "0123456789abcdefABCDEF" for digit in text)


def _read(source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise BadInput(
            f"{source} is neither a magnet link nor a torrent file that can be read: {error.strerror}."
        ) from error


def _add_remotely(remote: client.Remote, order: _Order) -> str:
    """Add to a Matinee that is running, and give the stream's address there."""
    if order.rights is None:
        raise BadRights(
            "Say why this film may be shared: --rights own-work, licence, public-domain or permission."
        )
    rights = {"basis": order.rights.basis.value, "licence": order.rights.licence}
    path = "/api/v1/torrents"
    if order.source.startswith("magnet:"):
        torrent = remote.ask("POST", path, json={"magnet": order.source, "rights": rights})
    elif order.source.startswith(("https://", "http://")):
        torrent = remote.ask("POST", path, json={"url": order.source, "rights": rights})
    elif _is_hash(order.source):
        torrent = remote.ask("PUT", f"{path}/{order.source.lower()}/rights", json=rights)
    else:
        upload = {"file": ("film.torrent", _read(order.source))}
        torrent = remote.ask("POST", path, files=upload, data={"rights": json.dumps(rights)})
    return remote.address.rstrip("/") + _stream_of(remote, torrent, order.file)


def _stream_of(remote: client.Remote, torrent: dict[str, Any], wanted: int | None) -> str:
    if not torrent["files"]:
        raise Unavailable("The list of files is still on its way; run the same command again in a moment.")
    files = [file for file in torrent["files"] if wanted is None or file["index"] == wanted]
    if not files:
        raise BadSetting(f"The torrent has no file {wanted}.")
    return str(max(files, key=lambda file: file["length"])["stream_url"])


async def _hand_over(player: str, address: str, stop: asyncio.Event) -> None:
    """Print the address and wait for the player's end, or for Ctrl-C."""
    typer.echo(f"Stream at {address}")
    if player not in ("mpv", "vlc"):
        await stop.wait()
        return
    process = await asyncio.create_subprocess_exec(player, "--", address)
    ending, stopping = asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([ending, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if process.returncode is None:
            process.terminate()
            await ending
