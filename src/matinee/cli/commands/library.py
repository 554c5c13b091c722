"""``matinee list`` and ``matinee remove``."""

import asyncio
import contextlib
from dataclasses import asdict
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.launch import Running, Serving
from matinee.cli.loop import first_of, run_until_signal
from matinee.cli.options import DataDir
from matinee.config import Config, load
from matinee.errors import BadSetting
from matinee.logs import set_up
from matinee.models.torrent import State, TorrentView
from matinee.types import InfoHash

SETTLE_S = 3.0


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add both commands."""

    @app.command("list")
    def show(
        data_dir: DataDir = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """List the torrents that are here."""
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        if remote is not None:
            found = remote.ask("GET", "/api/v1/torrents")["torrents"]
        else:
            found = []

            async def work(running: Running) -> None:
                found.extend(asdict(view) for view in await _settled(running))

            in_process(serving, config, work)
        _print(found, as_json)

    @app.command()
    def remove(
        info_hash: Annotated[str, typer.Argument(help="The torrent's info hash.")],
        files: Annotated[str, typer.Option(help="keep or delete")] = "keep",
        data_dir: DataDir = None,
    ) -> None:
        """Remove a torrent."""
        if files not in ("keep", "delete"):
            raise BadSetting("--files must be keep or delete.")
        config = quiet_config(data_dir)
        key = InfoHash(info_hash.lower())
        remote = client.find(config.data_dir)
        if remote is not None:
            remote.ask("DELETE", f"/api/v1/torrents/{key}", params={"files": files})
            return

        async def work(running: Running) -> None:
            await running.films.remove(key, delete_files=files == "delete")

        in_process(serving, config, work)


def quiet_config(data_dir: Any) -> Config:
    """Read the settings for a command that only looks at what is here: nobody is asked anything."""
    given = {"data_dir": str(data_dir) if data_dir else None, "offline": True, "open": False, "port": 0}
    config = load(given)
    set_up(config.log_level)
    return config


def in_process(serving: Serving, config: Config, work: Any) -> None:
    """Run the program as long as ``work`` takes."""

    async def run(stop: asyncio.Event) -> None:
        async with serving(config) as running:
            # What makes going on useless, such as a database of a newer program, is said at once.
            await first_of(work(running), running.ended())

    run_until_signal(run)


async def _settled(running: Running) -> list[TorrentView]:
    """Give the torrents once libtorrent has looked at what was kept; one that is checked for long is given as it is."""
    with running.news() as news, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_S):
            while any(view.state is State.CHECKING for view in await running.films.torrents()):
                await news.next()
    return await running.films.torrents()


def _doing(torrent: dict[str, Any]) -> str:
    """Say what it does, and why it does not where somebody may wonder."""
    state = str(torrent["state"])
    if state == State.DOWNLOADING:
        return {"queued": "waits its turn", "as-watched": "as watched"}.get(str(torrent["fetching"]), state)
    if state == State.COMPLETE and torrent["giving"]["enough"] is not None:
        return f"given enough ({torrent['giving']['ratio']:.1f} times)"
    return state


def _print(torrents: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        import json

        typer.echo(json.dumps(torrents, default=str))
        return
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(Column("info hash", no_wrap=True, min_width=40), "name", "state", "here", "rights")
    for torrent in torrents:
        progress, rights = torrent["progress"], torrent["rights"]
        total = progress["bytes_total"]
        share = f"{100 * progress['bytes_done'] // total} %" if total else ""
        basis = str(rights["basis"]) if rights else "not stated"
        table.add_row(torrent["info_hash"], Text(torrent["name"]), _doing(torrent), share, basis)
    Console().print(table)
