"""``matinee providers`` and ``matinee feeds``: where titles come from beside the shelf, and what came of asking."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.commands.library import in_process
from matinee.cli.launch import Running, Serving
from matinee.cli.options import DataDir
from matinee.config import load
from matinee.errors import BadSetting
from matinee.logs import set_up
from matinee.models.provider import SourceList
from matinee.ports import Sources

BASE = "/api/v1/sources"
SWITCHES = {"on": True, "off": False}
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add both commands."""

    @app.command()
    def providers(
        provider: Annotated[str | None, typer.Argument(help="One of them, to switch it.")] = None,
        switch: Annotated[str | None, typer.Argument(help="on or off")] = None,
        data_dir: DataDir = None,
        as_json: AsJson = False,
    ) -> None:
        """List who is asked for titles, or switch one on or off."""
        here = _Here(serving, data_dir)
        if provider is not None:
            enabled = _switched(switch)
            here.do(
                ("PUT", f"{BASE}/providers/{provider}", {"enabled": enabled}),
                lambda sources: sources.switch(provider, enabled),
            )
            return
        found = here.all()["providers"]
        _print(found, as_json, _provider_row, ("id", "asked", "last answer", "sees what is looked for"))

    @app.command()
    def feeds(
        add: Annotated[str | None, typer.Option(help="The address of a feed to add.")] = None,
        remove: Annotated[str | None, typer.Option(help="The id of one to remove.")] = None,
        switch: Annotated[tuple[str, str] | None, typer.Option(help="The id of one, and on or off.")] = None,
        data_dir: DataDir = None,
        as_json: AsJson = False,
    ) -> None:
        """List the feeds that were added; add, remove or switch one."""
        here = _Here(serving, data_dir)
        if add is not None:
            here.do(("POST", f"{BASE}/feeds", {"url": add}), lambda sources: sources.add_feed(add))
        if remove is not None:
            here.do(("DELETE", f"{BASE}/feeds/{remove}", None), lambda sources: sources.remove_feed(remove))
        if switch is not None:
            key, enabled = switch[0], _switched(switch[1])
            here.do(
                ("PUT", f"{BASE}/feeds/{key}", {"enabled": enabled}),
                lambda sources: sources.switch_feed(key, enabled),
            )
        if (add, remove, switch) == (None, None, None):
            found = here.all()["feeds"]
            _print(found, as_json, _feed_row, ("id", "asked", "films", "last answer", "address"))


class _Here:
    """A Matinee that runs, or else one that is started for this."""

    def __init__(self, serving: Serving, data_dir: Any) -> None:
        self._serving = serving
        # Not offline, as other commands are: a feed is read before it is kept.
        self._config = load(
            {"data_dir": str(data_dir) if data_dir else None, "open": False, "port": 0, "dht": False}
        )
        set_up(self._config.log_level)
        self._remote = client.find(self._config.data_dir)

    def all(self) -> dict[str, Any]:
        """Give what ``GET /api/v1/sources`` does."""
        if self._remote is not None:
            found: dict[str, Any] = self._remote.ask("GET", BASE)
            return found
        from matinee.catalogue.source_data import sources_data

        kept: list[SourceList] = []

        async def work(running: Running) -> None:
            kept.append(await running.sources.all())

        in_process(self._serving, self._config, work)
        return sources_data(kept[0])

    def do(
        self, asked: tuple[str, str, dict[str, Any] | None], work: Callable[[Sources], Awaitable[object]]
    ) -> None:
        """Change something."""
        if self._remote is not None:
            method, path, body = asked
            self._remote.ask(method, path, **({} if body is None else {"json": body}))
            return

        async def changed(running: Running) -> None:
            await work(running.sources)

        in_process(self._serving, self._config, changed)


def _switched(switch: str | None) -> bool:
    if switch not in SWITCHES:
        raise BadSetting("Say on or off.")
    return SWITCHES[switch]


def _provider_row(one: dict[str, Any]) -> tuple[str, ...]:
    return one["id"], _asked(one), _answer(one), ", ".join(one["asks"]) or "nobody"


def _feed_row(one: dict[str, Any]) -> tuple[str, ...]:
    return one["id"], _asked(one), str(one["titles"]), _answer(one), one["address"]


def _asked(one: dict[str, Any]) -> str:
    return "yes" if one["enabled"] else "no"


def _answer(one: dict[str, Any]) -> str:
    if one["trouble"] is not None:
        kept = one.get("kept_at")
        return f"{one['trouble']['message']}" + (f" What it gave {kept} stands in." if kept else "")
    return str(one["answered_at"] or "not yet")


def _print(
    found: list[dict[str, Any]],
    as_json: bool,
    row: Callable[[dict[str, Any]], tuple[str, ...]],
    columns: tuple[str, ...],
) -> None:
    if as_json:
        typer.echo(json.dumps(found))
        return
    if not found:
        typer.echo("There are none.", err=True)
        return
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(Column(columns[0], no_wrap=True), *columns[1:])
    for one in found:
        table.add_row(*map(Text, row(one)))
    Console().print(table)
