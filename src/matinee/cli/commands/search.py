"""``matinee search WORDS``: what may be shared here and is called so."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from matinee.catalogue.title_data import answered_data, card_data
from matinee.cli import client
from matinee.cli.commands.library import in_process, quiet_config
from matinee.cli.launch import Running, Serving
from matinee.cli.options import DataDir
from matinee.models.catalogue import TitleQuery

MOST = 50
FURTHER_S = 120.0
"""So long a running Matinee may be silent: a provider has 15 seconds a page, and four pages."""

Found = dict[str, Any]


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def search(
        words: Annotated[list[str], typer.Argument(help="Of a name, of people, a year.")],
        data_dir: DataDir = None,
        further: Annotated[
            bool,
            typer.Option(
                "--further",
                help="Ask the Internet Archive and others too: they see these words and this computer's address.",
            ),
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Search the titles that may be shared in your country."""
        config = quiet_config(data_dir)
        remote = client.find(config.data_dir)
        query = " ".join(words)
        found: Found = {}
        if remote is not None:
            found.update(asyncio.run(_of_running(remote, query, further=further)))
        else:

            async def work(running: Running) -> None:
                found.update(await _here(running, query, further=further))

            in_process(serving, config, work)
        _print(found, query, as_json=as_json, further=further)


async def _of_running(remote: client.Remote, query: str, *, further: bool) -> Found:
    there: list[Found] = []
    if further:
        providers = (await remote.send("GET", "/api/v1/providers"))["providers"]
        lines = remote.lines("/api/v1/titles/further", {"query": query}, FURTHER_S)
        there = await _ask(providers, lines)
    page = await remote.send("GET", "/api/v1/titles", params={"query": query, "limit": MOST})
    return _joined(page, there)


async def _here(running: Running, query: str, *, further: bool) -> Found:
    there: list[Found] = []
    if further:

        async def lines() -> AsyncGenerator[Found, None]:
            async for answer in running.further.search(TitleQuery(words=query)):
                yield answered_data(answer)

        asked = await running.further.providers()
        there = await _ask([{"id": one.id, "name": one.name, "home": one.home} for one in asked], lines())
    page = await running.titles.find(TitleQuery(words=query, limit=MOST))
    cards = [card_data(title) for title in page.titles]
    return _joined({"titles": cards, "close": page.close, "next_cursor": page.next}, there)


async def _ask(providers: list[Found], lines: AsyncGenerator[Found, None]) -> list[Found]:
    """Say who is asked, take what each has, and say what came of it; gives the titles, each once."""
    if not providers:
        typer.echo("Nobody is asked: Matinee is offline, or behind a proxy.", err=True)
        return []
    names: dict[str, str] = {one["id"]: one["name"] for one in providers}
    # What has no home is the user's own, and gets no words.
    told = ", ".join(f"{one['name']} ({urlsplit(one['home']).netloc})" for one in providers if one["home"])
    typer.echo(f"Asking {told}. They see these words and this computer's address.", err=True)
    cards: dict[str, Found] = {}
    counted = dict.fromkeys(names, 0)
    async for answer in lines:
        provider = str(answer["provider"])
        counted[provider] = counted.get(provider, 0) + len(answer["titles"])
        cards.update((card["id"], card) for card in answer["titles"] if card["id"] not in cards)
        if answer["last"]:
            typer.echo(_said(names.get(provider, provider), counted[provider], answer), err=True)
    return list(cards.values())


def _said(name: str, count: int, answer: Found) -> str:
    """Say what came of asking one provider."""
    trouble = answer["trouble"]
    if trouble is None:
        return f"{name}: {count} that may be shared here."
    if answer["kept_at"] is not None:
        return f"{name}: {trouble['message']} These are what was known on {answer['kept_at'][:10]}: {count}."
    return f"{name}: {trouble['message']}" + (f" {count} had come before." if count else "")


def _joined(page: Found, there: list[Found]) -> Found:
    """Put what others have behind what was found here; what they gave is kept, and may be among it already."""
    here = page["titles"]
    known = {card["id"] for card in here}
    more = [card for card in there if card["id"] not in known]
    return {**page, "titles": [*here, *more], "close": page["close"] and not there}


def _print(found: Found, query: str, *, as_json: bool, further: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found["titles"]))
        return
    if not found["titles"]:
        hint = "" if further else " `matinee search --further` asks the Internet Archive and others."
        typer.echo(f"Nothing that may be shared here has “{query}”.{hint}", err=True)
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
