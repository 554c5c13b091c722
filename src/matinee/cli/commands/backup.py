"""``matinee backup`` and ``matinee restore``."""

from pathlib import Path
from typing import Annotated

import typer

from matinee.cli.commands.library import quiet_config
from matinee.cli.options import DataDir
from matinee.data_folder import DataFolder
from matinee.storage.database import Database


def add_to(app: typer.Typer) -> None:
    """Add both commands."""

    @app.command()
    def backup(
        file: Annotated[Path, typer.Argument(help="Where it is written; a new file.")],
        with_secrets: Annotated[
            bool, typer.Option("--with-secrets", help="Put tokens, keys and passwords in, too.")
        ] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Write the database and the settings into one file, also while Matinee runs; the films are not in it."""
        from matinee.storage.backup import write

        config = quiet_config(data_dir)
        url = config.database_url or Database.url_in(config.data_dir)
        made = write(config.data_dir, url, file.absolute(), secrets=with_secrets)
        size = sum(one.length for one in made.files)
        left_out = "" if with_secrets else ", without tokens, keys and passwords"
        typer.echo(
            f"{file}: {size / 1e6:.1f} MB of database and settings{left_out}. The films are not in it."
        )

    @app.command()
    def restore(
        file: Annotated[Path, typer.Argument(help="What ``matinee backup`` wrote.")], data_dir: DataDir = None
    ) -> None:
        """Put a backup in the place of what is there, which is put aside; Matinee must not run meanwhile."""
        from matinee.storage.restore import restore as put_back

        config = quiet_config(data_dir)
        with DataFolder(config.data_dir):
            url = config.database_url or Database.url_in(config.data_dir)
            manifest, aside = put_back(file.absolute(), config.data_dir, url)
        typer.echo(f"Restored what Matinee {manifest.program} backed up at {manifest.made_at}.")
        if aside is not None:
            typer.echo(f"What was there is in {aside}.")
