"""``matinee play SOURCE``: serve, add, and hand the stream to a player."""

import asyncio
import contextlib
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from matinee.cli import client
from matinee.cli.browser import open_browser
from matinee.cli.glimpse import figures, phase
from matinee.cli.launch import Serving
from matinee.cli.loop import first_of, run_until_signal
from matinee.cli.naming import is_id, meant, wanted
from matinee.cli.options import DataDir, NoDht, Offline, Port, Private
from matinee.cli.places import Here, Place, There, is_title
from matinee.cli.progress import Progress
from matinee.config import load
from matinee.errors import BadInput, BadSetting, Unavailable
from matinee.logs import set_up
from matinee.models.catalogue import Wanted
from matinee.models.rights import Basis, Rights
from matinee.models.torrent import FileEntry
from matinee.types import InfoHash

PLAYERS = ("browser", "mpv", "vlc", "none")
PLAYER_END_S = 1.0
FILES_NAMED = 10


@dataclass(frozen=True, slots=True)
class _Order:
    source: str
    file: int | None
    rights: Rights | None
    player: str
    wanted: Wanted
    """Of a series."""


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def play(
        source: Annotated[
            str,
            typer.Argument(
                help="A title's id or a film's name, a magnet link, a .torrent path or address, or an info hash here."
            ),
        ],
        file: Annotated[
            int | None, typer.Option(help="The file's index; the largest film when not given.")
        ] = None,
        rights: Annotated[
            str | None,
            typer.Option(help="Why it may be shared: own-work, licence, public-domain or permission."),
        ] = None,
        licence: Annotated[str | None, typer.Option(help="Which licence, such as CC-BY-3.0.")] = None,
        episode: Annotated[
            str | None, typer.Option(help="Of a series: 3, or 1x03; the first when not given.")
        ] = None,
        player: Annotated[str, typer.Option(help="browser, mpv, vlc or none")] = "browser",
        port: Port = None,
        data_dir: DataDir = None,
        no_dht: NoDht = False,
        offline: Offline = False,
        allow_private_sources: Private = False,
    ) -> None:
        """Play a film while it arrives."""
        order = _Order(source, file, _rights(rights, licence), _player(player), wanted(episode))
        config = load(
            {
                "port": port,
                "data_dir": str(data_dir) if data_dir else None,
                "dht": False if no_dht else None,
                "offline": True if offline else None,
                "allow_private_sources": True if allow_private_sources else None,
            }
        )
        set_up(config.log_level, config.log_format)
        remote = client.find(config.data_dir)

        async def work(stop: asyncio.Event) -> None:
            with Progress() as progress:
                if remote is not None:
                    await first_of(_play(There(remote), order, progress), stop.wait())
                    return
                async with serving(config) as running:
                    place = Here(running)
                    await first_of(_play(place, order, progress), stop.wait(), place.failed())
                    progress.say("Ending")

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


async def _play(place: Place, order: _Order, progress: Progress) -> None:
    """Add, hand over to the player, and tell of the film until the player ends."""
    progress.say("Adding the film")
    if await asyncio.to_thread(is_title, order.source):
        await _play_title(place, order, progress)
        return
    info_hash = await place.add(order.source, order.rights)
    await first_of(_hand_over(place, info_hash, order, progress), _tell(place, info_hash, progress))


async def _play_title(place: Place, order: _Order, progress: Progress) -> None:
    """Find the title that is meant, and play it; its evidence says why it may be shared."""
    title_id = order.source
    if not is_id(title_id):
        title_id = meant(order.source, await place.find(order.source))
    info_hash, _ = await place.add_title(title_id, order.wanted)

    async def hand_over() -> None:
        files = await place.files(info_hash)
        film = order.file
        if film is None:
            film = (await place.add_title(title_id, order.wanted))[1]
        await _run(place, info_hash, _choose(files, film), order, progress)

    await first_of(hand_over(), _tell(place, info_hash, progress))


async def _tell(place: Place, info_hash: InfoHash, progress: Progress) -> None:
    async for now in place.news(info_hash):
        progress.say(phase(now), figures(now))


async def _hand_over(place: Place, info_hash: InfoHash, order: _Order, progress: Progress) -> None:
    """Print the stream's address and run the player; without one of our own, until somebody ends us."""
    await _run(place, info_hash, _choose(await place.files(info_hash), order.file), order, progress)


async def _run(place: Place, info_hash: InfoHash, file: FileEntry, order: _Order, progress: Progress) -> None:
    address = await place.address(info_hash, file.index)
    progress.result(f"Stream at {address}")
    if order.player in ("mpv", "vlc"):
        await _run_player(order.player, address)
        return
    if order.player == "browser":
        open_browser(place.page(info_hash, file.index))
    await asyncio.Event().wait()


def _choose(files: tuple[FileEntry, ...], wanted: int | None) -> FileEntry:
    if wanted is not None:
        for file in files:
            if file.index == wanted:
                return file
        there = ", ".join(f"{file.index} ({file.path})" for file in files[:FILES_NAMED])
        more = " and more" if len(files) > FILES_NAMED else ""
        raise BadSetting(
            f"The torrent has no file {wanted}. It has: {there or 'none that can be played'}{more}."
        )
    if not files:
        raise BadInput("The torrent has no file that can be played.")
    films = [file for file in files if file.media_type.startswith("video/")] or list(files)
    return max(films, key=lambda file: file.length)


async def _run_player(player: str, address: str) -> None:
    """Run a player until it ends; its own words would run into ours on a terminal.

    Raises:
        Unavailable: it cannot be started, or ended with an error.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            player, "--", address, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
        )
    except OSError as error:
        raise Unavailable(f"{player} cannot be started: {error.strerror}.") from error
    try:
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), PLAYER_END_S)
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise Unavailable(f"{player} ended with an error ({code}). What it said is above.")
