"""``matinee library export|import|unlock``: what is remembered of everybody, as one file."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.commands.library import in_process, quiet_config
from matinee.cli.launch import Running, Serving
from matinee.cli.options import DataDir
from matinee.errors import BadInput, DiskFailed

_HELP = "What is remembered of everybody: profiles, places in films, lists, history, ratings."


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the commands."""
    library = typer.Typer(name="library", help=_HELP, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(library)

    @library.command("export")
    def export(
        file: Annotated[str, typer.Argument(help="Where to write it; '-' is standard output.")] = "-",
        data_dir: DataDir = None,
    ) -> None:
        """Write everything that is remembered to a file."""
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        found: dict[str, Any] = {}
        if remote is not None:
            found.update(remote.ask("GET", "/api/v1/library/export"))
        else:

            async def work(running: Running) -> None:
                found.update(await running.watching.library.export())

            in_process(serving, config, work)
        _write(file, json.dumps(found, ensure_ascii=False, indent=1) + "\n")

    @library.command("import")
    def bring_in(
        file: Annotated[Path, typer.Argument(help="A library that was exported.")], data_dir: DataDir = None
    ) -> None:
        """Bring in an exported library: what is missing is added, the newer stays, nothing goes."""
        text = _read(file)
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        taken: dict[str, int] = {}
        if remote is not None:
            headers = {"Content-Type": "application/json"}
            taken.update(remote.ask("POST", "/api/v1/library/import", content=text, headers=headers))
        else:

            async def work(running: Running) -> None:
                found = await running.watching.take(text)
                taken.update(added=found.added, changed=found.changed, kept=found.kept)

            in_process(serving, config, work)
        typer.echo(
            f"{taken['added']} new, {taken['changed']} newer than here, {taken['kept']} were here already."
        )

    @library.command()
    def unlock(data_dir: DataDir = None) -> None:
        """Take away the number that keeps children in their profile."""
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        if remote is not None:
            remote.ask("PUT", "/api/v1/profiles/lock", json={"number": None})
        else:

            async def work(running: Running) -> None:
                await (await running.watching.library.lock()).set(None, None, is_owner=True)

            in_process(serving, config, work)
        typer.echo("Nobody is asked for a number any more.")


def _write(file: str, text: str) -> None:
    if file == "-":
        typer.echo(text, nl=False)
        return
    path = Path(file)
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise DiskFailed(f"{file} cannot be written: {reason}.") from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise BadInput(f"{file} cannot be read: {reason}.") from error
