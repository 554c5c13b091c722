"""Writes what is made from the program itself; ``--check`` fails when one of it is not what would be written.

``docs/settings.md`` comes from the settings, ``ui/src/lib/openapi.ts`` from the description of the interface.
"""

import sys
import tempfile
import time
from pathlib import Path

import hatch_build as page
from tests.fakes.devices import FakeDevices, made_devices
from tests.fakes.disk import FakeDisk
from tests.fakes.films import FakeFilms
from tests.fakes.playbacks import FakePlaybacks
from tests.fakes.settings import FakeSettings
from tests.fakes.sources import FakeSources
from tests.fakes.titles import FakeFurther, FakeTitles
from tests.fakes.watching import FakeWatching

from matinee.config_keys import BIG, SETTINGS, Holds, Setting, Value
from matinee.events import Bus
from matinee.ports.publishing import Publishing
from matinee.web.api import build_api
from matinee.web.openapi import describe
from matinee.web.signatures import Signer
from matinee.web.wire import Wire

ROOT = Path(__file__).parents[1]
GENERATE_LIMIT_S = 120


_HOLDS = {
    Holds.AT_ONCE: "at once",
    Holds.ON_RESTART: "after a restart",
    Holds.BY_HAND: "by hand, after a restart",
}


def _toml(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _values(setting: Setting) -> str:
    if isinstance(setting.default, bool):
        return "true, false"
    if setting.choices:
        return ", ".join(setting.choices)
    if setting.low is None or setting.high is None:
        return "a text"
    return f"{setting.low:.0f} or more" if setting.high >= BIG else f"{setting.low:.0f} to {setting.high:.0f}"


def settings() -> str:
    """Give the page of the settings."""
    rows = [
        "# Settings",
        "",
        "The command line comes first, then `MATINEE_KEY` in the environment, then `config.toml` in the data folder,",
        "then the default. A key that is not here, or a value that does not fit, ends the program with exit code 2",
        "and one sentence.",
        "",
        "The data folder is `--data-dir`, or `MATINEE_DATA_DIR`, or the platform's place for data",
        "(`~/.local/share/matinee` on Linux). `MATINEE_TOKEN` is the owner's token, for other programs, of eight",
        "characters or more; without it there is one in the data folder.",
        "",
        "```toml",
        "# config.toml",
        'films_dir = "/media/films"',
        "up_limit_bytes_per_s = 500_000",
        "port_mapping = true",
        "```",
        "",
        "In the environment the last of these is `MATINEE_PORT_MAPPING=true`.",
        "",
        "On the page under Settings, and with `matinee settings`, most of them can be changed while Matinee runs: that",
        "writes `config.toml`, keeps what you wrote there, and lets only you read it. Keys and passwords go in and are",
        "never shown again. What was said on the command line or in the environment stays as it is. Six are changed",
        "by hand alone: who has got hold of a browser must not open the page to others, nor let strangers point at",
        "addresses of this house, nor take the database away, nor name files. Written by `docs/generate.py`.",
        "",
        "| key | default | unit | values | what it does | a change holds |",
        "|---|---|---|---|---|---|",
    ]
    rows.extend(
        f"| `{one.key}` | `{_toml(one.default)}` | {one.unit} | {_values(one)} | {one.sentence} | {_HOLDS[one.holds]} |"
        for one in SETTINGS
    )
    return "\n".join(rows) + "\n"


def never() -> Publishing:
    """Nothing is published where things are described."""
    raise NotImplementedError


def interface() -> bytes:
    """Give the description of the interface, as JSON."""
    wire, further, sources = Wire(Signer(bytes(32))), FakeFurther(), FakeSources()
    watching, settings, disk = FakeWatching(), FakeSettings(), FakeDisk()
    return describe(
        build_api(
            FakeFilms(),
            FakePlaybacks(),
            FakeTitles(),
            further,
            sources,
            watching,
            settings,
            disk,
            never,
            made_devices(FakeDevices(time.time), Bus(), time.time)[1],
            wire,
        )
    )


def wire_types() -> str:
    """Give the page's types of everything on the wire."""
    ui = ROOT / "ui"
    page.install(ui)
    with tempfile.TemporaryDirectory() as folder:
        description, types = Path(folder, "openapi.json"), Path(folder, "openapi.ts")
        description.write_bytes(interface())
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
