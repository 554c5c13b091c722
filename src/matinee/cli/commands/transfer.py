"""``matinee transfer``: what of a torrent comes though nobody watches it, and when."""

from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.commands.library import in_process, quiet_config
from matinee.cli.launch import Running, Serving
from matinee.cli.options import DataDir
from matinee.errors import BadSetting
from matinee.models.torrent import Take, TorrentChange
from matinee.types import FileIndex, InfoHash


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def transfer(
        info_hash: Annotated[str, typer.Argument(help="The torrent's info hash.")],
        take: Annotated[
            str, typer.Option(help="Fetch it though nobody watches it: not, low, normal or high.")
        ] = "",
        file: Annotated[int | None, typer.Option(help="Of this file alone, by its index.", min=0)] = None,
        place: Annotated[
            int | None, typer.Option(help="Its place among all torrents, 0 the first.", min=0)
        ] = None,
        pause: Annotated[bool | None, typer.Option("--pause/--go-on", help="Rest, or go on.")] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Say whether a torrent is fetched though nobody watches it, and in which order."""
        if take and take not in list(Take):
            raise BadSetting(f"--take must be one of: {', '.join(Take)}.")
        if file is not None and not take:
            raise BadSetting("--file says of which file --take is meant.")
        whole: dict[str, Any] = {
            **({"take": take} if take and file is None else {}),
            **({"queue_position": place} if place is not None else {}),
            **({"paused": pause} if pause is not None else {}),
        }
        key = InfoHash(info_hash.lower())
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        if remote is not None:
            if file is not None:
                remote.ask("PATCH", f"/api/v1/torrents/{key}/files/{file}", json={"take": take})
            remote.ask("PATCH", f"/api/v1/torrents/{key}", json=whole)
            return

        async def work(running: Running) -> None:
            if file is not None:
                await running.films.take(key, FileIndex(file), Take(take))
            if "take" in whole:
                whole["take"] = Take(take)
            await running.films.change(key, TorrentChange(**whole))

        in_process(serving, config, work)
