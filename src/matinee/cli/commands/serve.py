"""``matinee serve``: run until SIGINT or SIGTERM."""

import asyncio
import webbrowser
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from matinee.cli.launch import Running, Serving
from matinee.cli.loop import run_until_signal
from matinee.cli.options import DataDir, Host, NoDht, Offline, Port, Private
from matinee.config import Value, load
from matinee.logs import set_up


def add_to(app: typer.Typer, serving: Serving) -> None:
    """Add the command."""

    @app.command()
    def serve(
        host: Host = None,
        port: Port = None,
        data_dir: DataDir = None,
        no_dht: NoDht = False,
        offline: Offline = False,
        open_browser: Annotated[
            bool | None, typer.Option("--open/--no-open", help="Open the browser once the page answers.")
        ] = None,
        allow_private_sources: Private = False,
    ) -> None:
        """Serve the page until Ctrl-C."""
        run(
            serving,
            {
                "host": host,
                "port": port,
                "data_dir": str(data_dir) if data_dir else None,
                "dht": False if no_dht else None,
                "offline": True if offline else None,
                "open": open_browser,
                "allow_private_sources": True if allow_private_sources else None,
            },
        )


def run(serving: Serving, given: Mapping[str, Value | None]) -> None:
    """Run the program with settings from the command line."""
    config = load(given)
    set_up(config.log_level)

    async def work(stop: asyncio.Event) -> None:
        async with serving(config) as running:
            # The one line on standard output; other programs wait for it.
            print(f"Matinee is at {running.address}", flush=True)  # noqa: T201
            if config.open:
                open_page(running)
            await until_stopped(running, stop)

    run_until_signal(work)


def open_page(running: Running, page: str = "") -> None:
    """Open the browser with a link that lets it in once; say the link where no browser can be opened."""
    link = f"{running.address}#t={running.mint_link()}" + (f"&to={page}" if page else "")
    # A browser started by us can keep the terminal busy for seconds.
    asyncio.get_running_loop().run_in_executor(None, _open, link)


def _open(link: str) -> None:
    if not webbrowser.open(link):
        typer.echo(f"No browser could be opened. Within a minute, open {link}", err=True)


async def until_stopped(running: Running, stop: asyncio.Event) -> None:
    """Wait until the process is asked to end.

    Raises:
        MatineeError: what made going on useless.
    """
    waiting = asyncio.ensure_future(stop.wait())
    either: set[asyncio.Future[Any]] = {waiting, running.failed}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    if running.failed.done():
        running.failed.result()
