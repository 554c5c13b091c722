"""``matinee install-desktop`` and ``uninstall-desktop``: an icon, magnet links, .torrent files, a user service."""

import contextlib
import os
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from matinee.cli.desktop.files import TYPES, UNIT, entry, unit, with_handler, without_handler
from matinee.cli.desktop.places import Places
from matinee.cli.options import DataDir
from matinee.errors import DiskFailed, Unavailable

REFRESH_S = 20
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


def add_to(app: typer.Typer) -> None:
    """Add both commands."""

    @app.command("install-desktop")
    def install(
        data_dir: DataDir = None,
        default: Annotated[
            bool,
            typer.Option("--default", help="Open magnet links and .torrent files before any other program."),
        ] = False,
        dry_run: DryRun = False,
    ) -> None:
        """Put Matinee among this user's programs, and have it open magnet links and .torrent files."""
        places = Places.of(os.environ)
        program = [sys.executable, "-m", "matinee"]
        # A data folder of one's own goes with every start.
        more = [] if data_dir is None else ["--data-dir", str(data_dir.absolute())]
        write = _Writer(dry_run)
        for path, name in places.icons.items():
            write.file(path, _icon(name))
        write.file(places.entry, entry(program, more).encode())
        write.file(places.unit, unit(program, more).encode())
        text, others = _text(places.handlers), {}
        for kind in TYPES:
            text, others[kind] = with_handler(text, kind, first=default)
        write.file(places.handlers, text.encode())
        write.done(places)
        for kind, other in others.items():
            if other is not None:
                typer.echo(f"{kind} is still opened by {other}; --default puts Matinee first.")
        if not dry_run:
            typer.echo(f"To have it run from now on: systemctl --user enable --now {UNIT}")

    @app.command("uninstall-desktop")
    def uninstall(dry_run: DryRun = False) -> None:
        """Take all of that away again; films, settings and what others have stay."""
        places = Places.of(os.environ)
        write = _Writer(dry_run)
        if places.unit.exists():
            write.stop()
        for path in (*places.icons, places.entry, places.unit):
            write.no_file(path)
        text = _text(places.handlers)
        kept = without_handler(text)
        if kept != text:
            write.file(places.handlers, kept.encode()) if kept.strip() else write.no_file(places.handlers)
        write.done(places)


class _Writer:
    """Does what changes something and says so, or only says so."""

    def __init__(self, dry_run: bool) -> None:
        self._dry_run = dry_run
        self._changed = False

    def file(self, path: Path, content: bytes) -> None:
        """Write a file whole, unless it is so already."""
        if path.is_file() and path.read_bytes() == content:
            typer.echo(f"{path} is as it should be.")
            return
        self._say("writes", "Wrote", path)
        if self._dry_run:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f"{path.name}.new")
            new.write_bytes(content)
            new.replace(path)
        except OSError as error:
            raise DiskFailed(f"{path} cannot be written: {error.strerror}.") from error

    def no_file(self, path: Path) -> None:
        """Remove a file, where it is there."""
        if not path.exists():
            return
        self._say("removes", "Removed", path)
        if self._dry_run:
            return
        try:
            path.unlink()
        except OSError as error:
            raise DiskFailed(f"{path} cannot be removed: {error.strerror}.") from error

    def stop(self) -> None:
        """End the service, and start it no more."""
        if not self._dry_run:
            _tell("systemctl", "--user", "disable", "--now", UNIT)

    def done(self, places: Places) -> None:
        """Have the desktop read anew what has changed, where it has programs for that."""
        if not self._changed:
            typer.echo("Nothing had to be changed.")
        elif not self._dry_run:
            _tell("update-desktop-database", "--quiet", str(places.entry.parent))
            # Desktops that keep a list of icons make it anew when the folder is younger.
            _touch(places.data / "icons" / "hicolor")
            _tell("systemctl", "--user", "daemon-reload")

    def _say(self, would: str, did: str, path: Path) -> None:
        self._changed = True
        typer.echo(f"Would: {would} {path}" if self._dry_run else f"{did} {path}")


def _tell(*words: str) -> None:
    """Tell the desktop of a change. One without such a program, or without a session, finds it by itself later."""
    if shutil.which(words[0]) is None:
        return
    try:
        subprocess.run(words, capture_output=True, timeout=REFRESH_S, check=False)  # noqa: S603 - fixed programs
    except subprocess.TimeoutExpired:
        typer.echo(f"{words[0]} takes too long; go on without it.", err=True)


def _touch(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.utime(folder)


def _icon(name: str) -> bytes:
    file = resources.files("matinee.web").joinpath("static", name)
    if not file.is_file():
        raise Unavailable("The page is not built, and its icons with it. Install Matinee from its wheel.")
    return file.read_bytes()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise DiskFailed(f"{path} cannot be read, so it is left as it is: {error}.") from error
