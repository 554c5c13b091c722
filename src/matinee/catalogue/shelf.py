"""The shelf that comes with the program: one file a title in the sources, one file of all in what is installed.

``python -m matinee.catalogue.shelf`` tells what is wrong with titles: see ``shelf_check``.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matinee.catalogue.shelf_format import known_title, read_title
from matinee.errors import BadTitle
from matinee.models.title import Title

SUFFIX = ".toml"
FOLDER = Path(__file__).parent / "shelf"
COMPILED = Path(__file__).parent / "shelf.json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """All titles that come with the program."""

    titles: tuple[Title, ...]
    """By id."""
    digest: str
    """SHA-256 in hex over all that is in them: another one means that they have changed."""


def load(folder: Path = FOLDER, compiled: Path = COMPILED) -> Shelf:
    """Read the shelf: 20 ms for three hundred titles, or 200 ms where their files are newer than what was compiled.

    Blocks; for a thread of the pool.

    Raises:
        BadTitle: a title's file is wrong, or nothing of the shelf is there.
    """
    content = compiled.read_bytes() if _is_fresh(folder, compiled) else compile_shelf(folder)
    try:
        tables = json.loads(content)
    except ValueError as error:
        raise BadTitle(f"{compiled.name} is damaged: install Matinee again.") from error
    titles = tuple(known_title(name, table) for name, table in tables.items())
    return Shelf(titles, hashlib.sha256(content).hexdigest())


def _is_fresh(folder: Path, compiled: Path) -> bool:
    """Whether the compiled file is there and holds what the titles' files hold; what is installed has no such files."""
    try:
        made_ns = compiled.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    if not folder.is_dir():
        return True
    # A file that went changes the folder's own time.
    return all(path.stat().st_mtime_ns < made_ns for path in (folder, *folder.iterdir()))


def compile_shelf(folder: Path = FOLDER) -> bytes:
    """Give one file of all titles, each of them checked.

    Raises:
        BadTitle: something is wrong with one, or there is none.
    """
    tables = {name: _table(name, content) for name, content in sources(folder)}
    if not tables:
        raise BadTitle("The shelf is not there: install Matinee again.")
    for name, table in tables.items():
        read_title(name, table)
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode()


def sources(folder: Path = FOLDER) -> Iterator[tuple[str, bytes]]:
    """Give each title's id and file, by id."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        yield path.name.removesuffix(SUFFIX), path.read_bytes()


def read_file(name: str, content: bytes) -> Title:
    """Read one title's file.

    Raises:
        BadTitle: it is no TOML, or something in it is wrong.
    """
    return read_title(name, _table(name, content))


def _table(name: str, content: bytes) -> Mapping[str, Any]:
    import tomllib  # 20 ms, and no use for what is compiled

    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTitle(f"{name}{SUFFIX}: is not TOML: {error}", title=name) from error


if __name__ == "__main__":
    from matinee.catalogue.shelf_check import main

    main()
