"""``matinee share PATH``: make a torrent with its licence in it, and share it until Ctrl-C."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from matinee.cli import client
from matinee.cli.glimpse import sharing, sharing_figures
from matinee.cli.launch import Running, Serving
from matinee.cli.loop import first_of, run_until_signal
from matinee.cli.options import DataDir, NoDht, Private
from matinee.cli.places import Here
from matinee.cli.progress import Progress
from matinee.config import load
from matinee.errors import BadSetting, Conflict, DiskFailed
from matinee.logs import set_up
from matinee.models.torrent import PublishStep

WORDS = {
    PublishStep.HASHING: "Reading the film, to make its torrent",
    PublishStep.COPYING: "Making the copy that is shared",
}


@dataclass(frozen=True, slots=True)
class _Order:
    path: Path
    licence: str | None
    title: str | None
    web_seeds: list[str]
    trackers: list[str]
    out: Path | None


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def share(
        path: Annotated[Path, typer.Argument(help="A film, or a folder with one.")],
        licence: Annotated[
            str | None, typer.Option(help="The licence under which it may be shared, such as CC-BY-4.0.")
        ] = None,
        own_work: Annotated[
            bool, typer.Option("--own-work", help="You made it: others may pass it on as it is, and no more.")
        ] = False,
        title: Annotated[str | None, typer.Option(help="What people see as its name.")] = None,
        web_seed: Annotated[list[str] | None, typer.Option(help="An address that has the same file.")] = None,
        tracker: Annotated[list[str] | None, typer.Option(help="A tracker to announce it to.")] = None,
        out: Annotated[Path | None, typer.Option(help="Write the .torrent here.")] = None,
        data_dir: DataDir = None,
        no_dht: NoDht = False,
        allow_private_sources: Private = False,
    ) -> None:
        """Share a film of one's own, or one whose licence allows it, until Ctrl-C."""
        if (licence is None) is not own_work:
            raise typer.BadParameter(
                "Say why it may be shared: either under a licence, or because it is your own work.",
                param_hint="'--licence' / '--own-work'",
            )
        config = load(
            {
                "port": 0,
                "data_dir": str(data_dir) if data_dir else None,
                "dht": False if no_dht else None,
                "allow_private_sources": True if allow_private_sources else None,
            }
        )
        set_up(config.log_level)
        order = _Order(path.absolute(), licence, title, web_seed or [], tracker or [], _checked(out))
        if client.find(config.data_dir) is not None:
            raise Conflict(
                "Matinee is running with this data folder. Stop it, or name another one with --data-dir."
            )

        async def work(stop: asyncio.Event) -> None:
            with Progress() as progress:
                async with serving(config) as running:
                    await first_of(_share(running, order, progress), stop.wait(), running.ended())
                    progress.say("Ending")

        run_until_signal(work)


async def _share(running: Running, order: _Order, progress: Progress) -> None:
    """Publish, print the magnet link, and tell how it goes until somebody ends us."""

    def report(step: PublishStep, done: int, total: int) -> None:
        progress.say(WORDS[step], f"{100 * done // total} %")

    torrent, metainfo = await running.share(
        order.path, order.licence, order.title, order.web_seeds, order.trackers, report
    )
    if order.out is not None:
        await asyncio.to_thread(_write, order.out, metainfo)
    progress.result(torrent.magnet)
    async for now in Here(running).news(torrent.info_hash):
        progress.say(sharing(now), sharing_figures(now))


def _checked(out: Path | None) -> Path | None:
    """Refuse what could hit a film by a slip of the hand."""
    if out is None:
        return None
    if out.suffix != ".torrent":
        raise BadSetting("--out must name a file that ends in .torrent.")
    if not out.absolute().parent.is_dir():
        raise BadSetting(f"--out names a folder that is not there: {out.absolute().parent}.")
    return out


def _write(out: Path, metainfo: bytes) -> None:
    try:
        out.write_bytes(metainfo)
    except OSError as error:
        raise DiskFailed(f"{out} cannot be written: {error.strerror}.") from error
