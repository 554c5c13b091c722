"""Writes docs/settings.md from the settings themselves; ``--check`` fails when the page is not what it would write."""

import sys
from pathlib import Path

from matinee.config import SETTINGS

PAGE = Path(__file__).with_name("settings.md")


def page() -> str:
    """Give the page's text."""
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


def main() -> None:
    """Write or check the page."""
    if "--check" not in sys.argv:
        PAGE.write_text(page())
    elif not PAGE.exists() or PAGE.read_text() != page():
        sys.exit("docs/settings.md is stale: run python docs/generate.py")


if __name__ == "__main__":
    main()
