"""``matinee serve``: run until SIGINT or SIGTERM."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from matinee.cli.browser import open_browser
from matinee.cli.launch import Serving
from matinee.cli.loop import first_of, run_until_signal
from matinee.cli.options import DataDir, Host, NoDht, Offline, Port, Private, TlsCert, TlsKey
from matinee.config import load
from matinee.config_keys import Value
from matinee.logs import LogFile, set_up


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
        tls_cert: TlsCert = None,
        tls_key: TlsKey = None,
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
                "tls_cert": str(tls_cert.absolute()) if tls_cert else None,
                "tls_key": str(tls_key.absolute()) if tls_key else None,
            },
        )


def run(serving: Serving, given: Mapping[str, Value | None]) -> None:
    """Run the program with settings from the command line."""
    config = load(given)
    file = LogFile(config.data_dir / config.log_file, config.log_file_bytes) if config.log_file else None
    set_up(config.log_level, config.log_format, file)

    async def work(stop: asyncio.Event) -> None:
        async with serving(config) as running:
            # The one line on standard output; other programs wait for it.
            print(f"Matinee is at {running.address}", flush=True)  # noqa: T201
            if config.open:
                open_browser(f"{running.address}#t={running.mint_link()}")
            await first_of(stop.wait(), running.ended())

    run_until_signal(work)
