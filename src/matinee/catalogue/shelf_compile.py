"""Writes the one file of the shelf that is installed: ``python -m matinee.catalogue.shelf_compile``.

``hatch_build.py`` has it done for every wheel and editable install, ``make`` after a title has changed.
"""

import os
import sys

from matinee.catalogue.shelf import COMPILED, compile_shelf
from matinee.errors import BadTitle


def main() -> None:
    """Write it in one step, or say what is wrong with a title and end with 1."""
    try:
        content = compile_shelf()
    except BadTitle as error:
        sys.exit(error.message)
    new = COMPILED.with_suffix(f".{os.getpid()}")
    new.write_bytes(content)
    new.replace(COMPILED)


if __name__ == "__main__":
    main()
