"""The shelf that comes with the program: one file a title, read from the package."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from matinee.catalogue.shelf_format import read_title
from matinee.errors import BadTitle
from matinee.models.title import Title

SUFFIX = ".toml"


def folder() -> Traversable:
    """Give the folder of the titles' files."""
    return files("matinee.catalogue") / "shelf"


def read_file(name: str, content: bytes) -> Title:
    """Read one title's file.

    Raises:
        BadTitle: it is no TOML, or something in it is wrong.
    """
    try:
        table = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTitle(f"{name}{SUFFIX}: is not TOML: {error}", title=name) from error
    return read_title(name, table)


def sources() -> Iterator[tuple[str, bytes]]:
    """Give each title's id and file, by id."""
    for entry in sorted(folder().iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(SUFFIX):
            yield entry.name.removesuffix(SUFFIX), entry.read_bytes()


if __name__ == "__main__":
    from matinee.catalogue.shelf_check import main

    main()
