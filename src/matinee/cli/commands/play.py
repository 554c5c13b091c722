"""tmp."""

import typer


def add_to(app: typer.Typer, serving: object = None) -> None:
    """tmp."""
