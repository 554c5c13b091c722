"""``matinee share PATH``: make a torrent with its licence in it, and share it until Ctrl-C."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from matinee.cli import client
from matinee.cli.commands.serve import until_stopped
from matinee.cli.launch import Serving
from matinee.cli.loop import run_until_signal
from matinee.cli.options import DataDir, NoDht, Private
from matinee.config import load
from matinee.errors import Conflict, DiskFailed
from matinee.logs import set_up


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def share(
        path: Annotated[Path, typer.Argument(help="A film, or a folder with one.")],
        licence: Annotated[
            str, typer.Option(help="The licence under which it may be shared, such as CC-BY-4.0.")
        ],
        title: Annotated[str | None, typer.Option(help="What people see as its name.")] = None,
        web_seed: Annotated[list[str] | None, typer.Option(help="An address that has the same file.")] = None,
        tracker: Annotated[list[str] | None, typer.Option(help="A tracker to announce it to.")] = None,
        out: Annotated[Path | None, typer.Option(help="Write the .torrent here.")] = None,
        data_dir: DataDir = None,
        no_dht: NoDht = False,
        allow_private_sources: Private = False,
    ) -> None:
        """Share a film of one's own, or one whose licence allows it, until Ctrl-C."""
        config = load(
            {
                "port": 0,
                "data_dir": str(data_dir) if data_dir else None,
                "dht": False if no_dht else None,
                "allow_private_sources": True if allow_private_sources else None,
            }
        )
        set_up(config.log_level)
        if client.find(config.data_dir) is not None:
            raise Conflict(
                "Matinee is running with this data folder. Stop it, or name another one with --data-dir."
            )

        async def work(stop: asyncio.Event) -> None:
            async with serving(config) as running:
                torrent, metainfo = await running.share(
                    path.absolute(), licence, title, web_seed or [], tracker or []
                )
                if out is not None:
                    await asyncio.to_thread(_write, out, metainfo)
                typer.echo(torrent.magnet)
                await until_stopped(running, stop)

        run_until_signal(work)


def _write(out: Path, metainfo: bytes) -> None:
    try:
        out.write_bytes(metainfo)
    except OSError as error:
        raise DiskFailed(f"{out} cannot be written: {error.strerror}.") from error
