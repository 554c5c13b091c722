"""Where a desktop looks for what belongs to a program of its user: the XDG Base Directory Specification."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matinee.cli.desktop.files import ENTRY, NAME, UNIT

ICONS = {"scalable": "icon.svg", "192x192": "icon-192.png", "512x512": "icon-512.png"}
"""By the folder of their size: which file of the page it is."""


@dataclass(frozen=True, slots=True)
class Places:
    """The user's own folders."""

    data: Path
    config: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Places":
        """Read them from an environment; what is not absolute does not count, as the specification says."""
        home = Path(environment.get("HOME") or Path.home())

        def base(name: str, otherwise: str) -> Path:
            said = Path(environment.get(name, ""))
            return said if said.is_absolute() else home / otherwise

        return cls(base("XDG_DATA_HOME", ".local/share"), base("XDG_CONFIG_HOME", ".config"))

    @property
    def entry(self) -> Path:
        """The desktop entry."""
        return self.data / "applications" / ENTRY

    @property
    def unit(self) -> Path:
        """The user service."""
        return self.config / "systemd" / "user" / UNIT

    @property
    def handlers(self) -> Path:
        """Who opens what."""
        return self.config / "mimeapps.list"

    @property
    def icons(self) -> dict[Path, str]:
        """Where each icon goes, and which file of the page it is."""
        theme = self.data / "icons" / "hicolor"
        return {theme / size / "apps" / f"{NAME}{Path(file).suffix}": file for size, file in ICONS.items()}
