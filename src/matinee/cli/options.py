"""Options that more than one command takes."""

from pathlib import Path
from typing import Annotated

import typer

Host = Annotated[str | None, typer.Option(help="The address on which the page is served.")]
Port = Annotated[int | None, typer.Option(help="The port on which the page is served.")]
DataDir = Annotated[Path | None, typer.Option(help="Where everything is kept.")]
NoDht = Annotated[bool, typer.Option("--no-dht", help="Do not use the distributed hash table.")]
Offline = Annotated[bool, typer.Option("--offline", help="Open no connection to anybody.")]
TlsCert = Annotated[
    Path | None,
    typer.Option("--tls-cert", help="Encrypt for other screens, with a certificate of your own (PEM)."),
]
TlsKey = Annotated[
    Path | None,
    typer.Option("--tls-key", help="The certificate's key (PEM), where it is in a file of its own."),
]
Private = Annotated[
    bool, typer.Option("--allow-private-sources", help="Let sources be on loopback and private addresses.")
]
