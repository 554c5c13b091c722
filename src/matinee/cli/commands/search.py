"""``matinee search WORDS``: what may be shared here and is called so."""

import json
from typing import Annotated, Any

import typer

from matinee.catalogue.title_data import card_data
from matinee.cli import client
from matinee.cli.commands.library import in_process, quiet_config
from matinee.cli.launch import Running, Serving
from matinee.cli.options import DataDir
from matinee.models.catalogue import TitleQuery

MOST = 50


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def search(
        words: Annotated[list[str], typer.Argument(help="Of a name, of people, a year.")],
        data_dir: DataDir = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Search the titles that may be shared in your country."""
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        found: dict[str, Any] = {}
        query = " ".join(words)
        if remote is not None:
            found = remote.ask("GET", "/api/v1/titles", params={"query": query, "limit": MOST})
        else:

            async def work(running: Running) -> None:
                page = await running.titles.find(TitleQuery(words=query, limit=MOST))
                cards = [card_data(title) for title in page.titles]
                found.update(titles=cards, close=page.close, next_cursor=page.next)

            in_process(serving, config, work)
        _print(found, query, as_json=as_json)


def _print(found: dict[str, Any], query: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found["titles"]))
        return
    if not found["titles"]:
        typer.echo(f"Nothing that may be shared here has “{query}”.", err=True)
        return
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(Column("id", no_wrap=True), "title", "year", "kind", "minutes", "by")
    for title in found["titles"]:
        minutes = "" if title["minutes"] is None else str(title["minutes"])
        by = Text(", ".join(title["directors"][:2]))
        table.add_row(title["id"], Text(title["title"]), str(title["year"]), title["kind"], minutes, by)
    if found["close"]:
        typer.echo(f"Nothing has “{query}” as it stands; these come near:", err=True)
    Console().print(table)
    if found["next_cursor"] is not None:
        typer.echo(f"The first {len(found['titles'])}; there are more.", err=True)
