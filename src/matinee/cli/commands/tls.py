"""``matinee tls``: an authority of this computer's own, for which other screens can be encrypted."""

import textwrap
from typing import Annotated, Any

import typer

from matinee.cli import client
from matinee.cli.commands.library import quiet_config
from matinee.cli.options import DataDir
from matinee.config import Config
from matinee.errors import Conflict, MatineeError
from matinee.tls.authority import AuthorityFolder
from matinee.tls.names import host_name

ENCRYPTION = "/api/v1/devices/encryption"
PATIENCE_S = 90.0
"""A certificate is made meanwhile, by a process of its own."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def tls(
        off: Annotated[
            bool, typer.Option("--off", help="Delete it; other screens are spoken to in plain text.")
        ] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Make a local authority, so that other screens are encrypted; say how devices come to trust it."""
        config = quiet_config(data_dir)
        folder = AuthorityFolder(config.data_dir / "tls")
        if off:
            _remove(folder, config)
        else:
            _make(folder, config)


def _make(folder: AuthorityFolder, config: Config) -> None:
    if config.tls_cert:
        raise Conflict(
            "Other screens are shown a certificate of your own: 'tls_cert' is set. Take that out first."
        )
    if not folder.there():
        from matinee.tls.making import make_authority

        made = make_authority(host_name())
        folder.keep(made.certificate, made.issuer)
        typer.echo("This computer has an authority of its own now.")
    installed = folder.read()
    typer.echo(f"Its certificate: {folder.certificate}")
    typer.echo("SHA-256 of it:")
    typer.echo(textwrap.indent("\n".join(textwrap.wrap(installed.fingerprint, 48)), "  "))
    _next(config)


def _next(config: Config) -> None:
    reached = _tell(config)
    if reached is None or not reached["on"]:
        begin = "Start Matinee, and turn on" if reached is None else "Turn on"
        typer.echo(f"{begin} Settings, Other screens: there it says how they come to trust it.")
        return
    if reached["trouble"]:
        typer.echo(str(reached["trouble"]))
    if reached["authority"]:
        typer.echo("Other screens are encrypted from now on, and let in anew. On each of them:")
        typer.echo(f"  1. open {reached['authority']['page']} and install the certificate, as it says there;")
        typer.echo("  2. see that what is installed has the SHA-256 above;")
        typer.echo(f"  3. open {reached['urls'][0]}")


def _remove(folder: AuthorityFolder, config: Config) -> None:
    was = folder.there()
    folder.remove()
    typer.echo(
        "The authority is gone, and its key. Take its certificate off the devices, too: it says 'Matinee on "
        f"{host_name()}'."
        if was
        else "There is no authority here."
    )
    reached = _tell(config)
    if reached is not None and reached["on"] and not reached["encrypted"]:
        typer.echo("Other screens are spoken to in plain text from now on, and let in anew.")


def _tell(config: Config) -> dict[str, Any] | None:
    """Have a Matinee that runs go by it; gives how other screens reach it then, None where none runs."""
    try:
        remote = client.find(config.data_dir)
        if remote is None:
            return None
        answer: dict[str, Any] = remote.ask("POST", ENCRYPTION, patience_s=PATIENCE_S)
    except MatineeError as error:
        typer.echo(f"Start Matinee anew: the one that runs was not told ({error.message})", err=True)
        return None
    return answer
