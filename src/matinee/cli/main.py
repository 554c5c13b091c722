"""The command line's entry: its commands, and how an error becomes one sentence and an exit code.

Exit codes: 0 done, 1 failed with one clear sentence, 2 wrong usage.
"""

import sys

import typer

from matinee import __version__
from matinee.cli.commands import (
    backup,
    desktop,
    doctor,
    library,
    opening,
    play,
    receipt,
    remembered,
    search,
    serve,
    settings,
    share,
    sources,
    tls,
    transfer,
)
from matinee.cli.launch import Serving
from matinee.errors import BadSetting, MatineeError

USAGE = 2


def build(serving: Serving) -> typer.Typer:
    """Make the command line around the way to run the program."""
    app = typer.Typer(
        name="matinee",
        help="Films that may be shared freely, playing in seconds.",
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback(invoke_without_command=True)
    def start(
        context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")
    ) -> None:
        """Start, print the address and open the browser, when no command is given."""
        if version:
            typer.echo(f"Matinee {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            serve.run(serving, {"open": True})

    serve.add_to(app, serving)
    play.add_to(app, serving)
    share.add_to(app, serving)
    search.add_to(app, serving)
    sources.add_to(app, serving)
    library.add_to(app, serving)
    transfer.add_to(app, serving)
    remembered.add_to(app, serving)
    receipt.add_to(app)
    settings.add_to(app)
    backup.add_to(app)
    doctor.add_to(app)
    tls.add_to(app)
    opening.add_to(app)
    desktop.add_to(app)
    return app


def run(serving: Serving) -> None:
    """Run the command line and end the process."""
    try:
        build(serving)()
    except BadSetting as error:
        print(f"matinee: {error.message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(USAGE)
    except MatineeError as error:
        print(f"matinee: {error.message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
