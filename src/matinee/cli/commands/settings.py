"""``matinee settings``: what is set, and changing it, in a Matinee that runs or in the file of one that does not."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.options import DataDir
from matinee.config import load
from matinee.config_keys import BY_KEY, Value, parsed
from matinee.errors import BadSetting
from matinee.settings import Settings

PATH = "/api/v1/settings"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def settings(
        key: Annotated[str | None, typer.Argument(help="One of them.")] = None,
        value: Annotated[str | None, typer.Argument(help="What it is to be.")] = None,
        default: Annotated[bool, typer.Option("--default", help="Have it as it was at first.")] = False,
        data_dir: DataDir = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """List what is set, show one setting, or change it."""
        if default and (key is None or value is not None):
            raise BadSetting("Name one setting, and no value, with --default.")
        changes = {} if key is None or (value is None and not default) else {key: _meant(key, value)}
        found = _done(data_dir, changes)
        shown = [one for one in found if key in (None, one["key"])]
        if key is not None and not shown:
            raise BadSetting(f"There is no setting '{key}'. docs/settings.md lists them all.")
        if as_json:
            typer.echo(json.dumps(shown, ensure_ascii=False))
        elif key is None:
            _print(shown)
        else:
            typer.echo(_said(shown[0]))


def _meant(key: str, value: str | None) -> Value | None:
    return value if value is None or key not in BY_KEY else parsed(key, value)


def _done(data_dir: Any, changes: Mapping[str, Value | None]) -> list[dict[str, Any]]:
    config = load({"data_dir": str(data_dir) if data_dir else None})
    remote = client.find(config.data_dir)
    if remote is not None:
        told = remote.ask("PATCH", PATH, json=changes) if changes else remote.ask("GET", PATH)
        found: list[dict[str, Any]] = told["settings"]
        return found
    here = Settings(config)
    view = asyncio.run(here.change(changes)) if changes else here.all()
    return [asdict(one) for one in view.settings]


def _said(one: Mapping[str, Any]) -> str:
    """Give a value as the file has it; what is in force where that is another, and what a change waits for."""
    if one["kind"] == "secret":
        value = "is set" if one["is_set"] else "is not set"
    else:
        value = json.dumps(one["value"], ensure_ascii=False)
        if one["value"] != one["in_force"]:
            value += f" (now {json.dumps(one['in_force'], ensure_ascii=False)})"
    return f"{value}, after a restart" if one["waits"] else value


def _print(found: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(Column("setting", no_wrap=True), "value", "said in", "what it does")
    for one in found:
        table.add_row(*map(Text, (one["key"], _said(one), one["set_in"], one["sentence"])))
    Console().print(table)
