"""``matinee receipt``: what was taken and given, when, and on what basis."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.commands.library import quiet_config
from matinee.cli.options import DataDir
from matinee.cli.receipt_text import as_csv, as_text
from matinee.config import Config
from matinee.data_folder import DataFolder
from matinee.errors import BadSetting, DiskFailed


def _as_json(receipt: Mapping[str, Any]) -> str:
    return json.dumps(receipt, ensure_ascii=False, indent=2) + "\n"


FORMS: dict[str, Callable[[Mapping[str, Any]], str]] = {"text": as_text, "json": _as_json, "csv": as_csv}


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def receipt(
        file: Annotated[
            Path | None, typer.Argument(help="Where it is written; on the terminal without.")
        ] = None,
        form: Annotated[str, typer.Option("--format", help="text, json or csv.")] = "text",
        data_dir: DataDir = None,
    ) -> None:
        """Write what was taken and given, when, and on what basis; also of torrents that were removed."""
        if form not in FORMS:
            raise BadSetting(f"--format must be one of: {', '.join(FORMS)}.")
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        found = remote.ask("GET", "/api/v1/receipt") if remote is not None else asyncio.run(_kept(config))
        written = FORMS[form](found)
        if file is None:
            typer.echo(written, nl=False)
            return
        try:
            file.write_text(written, encoding="utf-8", newline="")
        except OSError as error:
            raise DiskFailed(f"{file} cannot be written: {error.strerror}.") from error


async def _kept(config: Config) -> dict[str, Any]:
    """Read it from the database; nothing else of the program runs."""
    from matinee.storage.database import Database
    from matinee.storage.receipts import ReceiptStore

    with DataFolder(config.data_dir):
        database = Database.of(config.database_url, config.data_dir)
        try:
            await database.open()
            return asdict(await ReceiptStore(database).read())
        finally:
            await database.close()
