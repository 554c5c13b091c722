"""``matinee open`` and ``matinee window``: what an icon and a link on the desktop do."""

import asyncio
from pathlib import Path
from typing import Annotated, Protocol, cast
from urllib.parse import unquote, urlsplit

import typer

from matinee.cli.browser import open_browser
from matinee.cli.commands.library import quiet_config
from matinee.cli.desktop.running import Reached, reach
from matinee.cli.options import DataDir
from matinee.cli.places import There
from matinee.errors import BadInput, Unavailable

BROWSER_S = 10.0
WIDTH, HEIGHT = 1280, 860
NO_WINDOW = (
    "A window of its own needs pywebview: pip install 'matinee[desktop]'. Without it, `matinee open` opens the "
    "page in the browser."
)
Source = Annotated[
    str | None,
    typer.Argument(help="A magnet link, or a .torrent's path or address; the page alone when not given."),
]


class _Windows(Protocol):
    """The part of pywebview that is used."""

    def create_window(self, title: str, url: str, *, width: int, height: int) -> object:
        """Make a window."""

    def start(self, *, private_mode: bool, storage_path: str) -> None:
        """Show it until it is closed."""


def add_to(app: typer.Typer) -> None:
    """Add both commands."""

    @app.command("open")
    def open_page(source: Source = None, data_dir: DataDir = None) -> None:
        """Open the page in the browser, with a film where one is named; start Matinee where it does not run."""
        reached = _reach(data_dir)
        thread = open_browser(reached.link(_place(reached, source)))
        # Some browsers keep whoever starts them for as long as they run.
        thread.join(BROWSER_S)

    @app.command()
    def window(source: Source = None, data_dir: DataDir = None) -> None:
        """Open the page in a window of its own; a Matinee that was started for it ends with it."""
        windows = _windows()
        folder = quiet_config(data_dir).data_dir / "window"
        reached = _reach(data_dir)
        try:
            address = reached.link(_place(reached, source))
            windows.create_window("Matinee", address, width=WIDTH, height=HEIGHT)
            windows.start(private_mode=False, storage_path=str(folder))
        finally:
            reached.end()


def _reach(data_dir: Path | None) -> Reached:
    folder = quiet_config(data_dir).data_dir
    return reach(folder, [] if data_dir is None else ["--data-dir", str(folder)])


def _place(reached: Reached, source: str | None) -> str:
    """Add what was named; give the address of its page."""
    if not source:
        return ""
    return f"/film/{asyncio.run(There(reached.remote).bring(_named(source)))['info_hash']}"


def _named(source: str) -> str:
    """Read what a desktop hands over: files come as addresses."""
    parts = urlsplit(source)
    if parts.scheme != "file":
        return source
    if parts.netloc not in ("", "localhost"):
        raise BadInput("The .torrent is on another computer. Copy it here first.")
    return unquote(parts.path)


def _windows() -> _Windows:
    try:
        import webview
    except ImportError as error:
        raise Unavailable(NO_WINDOW) from error
    return cast(_Windows, webview)
