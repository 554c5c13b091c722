"""Writes what is made from the program itself; ``--check`` fails when one of it is not what would be written.

``docs/settings.md`` comes from the settings, ``ui/src/lib/openapi.ts`` from the description of the interface.
"""

import sys
import tempfile
from pathlib import Path

import hatch_build as page
from tests.fakes.films import FakeFilms

from matinee.config import SETTINGS
from matinee.web.api import build_api
from matinee.web.signatures import Signer
from matinee.web.wire import Wire

ROOT = Path(__file__).parents[1]
GENERATE_LIMIT_S = 120


def settings() -> str:
    """Give the page of the settings."""
    rows = [
        "# Settings",
        "",
        "Command line, then `MATINEE_KEY` in the environment, then `config.toml` in the data folder, then the default.",
        "An unknown key is an error. `MATINEE_TOKEN` is the owner's token, `MATINEE_DATA_DIR` the data folder.",
        "Written by `docs/generate.py`.",
        "",
        "| key | default | unit | range | what it does |",
        "|---|---|---|---|---|",
    ]
    for setting in SETTINGS:
        span = " to ".join(f"{end:g}" for end in (setting.low, setting.high) if end is not None)
        rows.append(
            f"| `{setting.key}` | `{setting.default}` | {setting.unit} | {span or ', '.join(setting.choices)} "
            f"| {setting.sentence} |"
        )
    return "\n".join(rows) + "\n"


def wire_types() -> str:
    """Give the page's types of everything on the wire."""
    ui = ROOT / "ui"
    page.install(ui)
    with tempfile.TemporaryDirectory() as folder:
        description, types = Path(folder, "openapi.json"), Path(folder, "openapi.ts")
        description.write_bytes(build_api(FakeFilms(), Wire(Signer(bytes(32)))).state.description)
        words = [
            "openapi-typescript",
            str(description),
            "--output",
            str(types),
            "--default-non-nullable=false",
        ]
        page.npm(ui, "exec", "--offline", "--", *words, limit_s=GENERATE_LIMIT_S)
        return types.read_text(encoding="utf-8")


MADE = {
    "docs/settings.md": settings,
    "ui/src/lib/openapi.ts": wire_types,
}


def main() -> None:
    """Write or check."""
    for name, make in MADE.items():
        path, text = ROOT / name, make()
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{name} is stale: run python -m docs.generate")


if __name__ == "__main__":
    main()
