"""What is shown of a setting, as values."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a setting is answered."""

    SWITCH = "switch"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    """A text that goes in and never out again."""


class SetIn(StrEnum):
    """Where a setting's value was said."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command-line"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """One setting as it is."""

    key: str
    kind: Kind
    sentence: str
    """What it does, in English."""
    value: str | float | bool | None
    """What was said, or the default; None for a secret, whatever it is."""
    is_set: bool
    """Whether anything else than the default was said; of a secret this is all that is told."""
    in_force: str | float | bool | None
    """What the program goes by now: what an empty value amounts to, and what still holds until a restart."""
    default: str | float | bool
    unit: str
    """What a number counts; empty for what is none."""
    low: float | None
    high: float | None
    whole: bool
    """Whether a number has no fraction."""
    choices: tuple[str, ...]
    set_in: SetIn
    holds: str
    """``at-once``, ``on-restart`` or ``by-hand``: see ``config_keys.Holds``."""
    changeable: bool
    """Whether it can be changed here: neither command line nor environment comes first, and not only by hand."""
    waits: bool
    """Whether what was said holds only once Matinee has been started anew."""


@dataclass(frozen=True, slots=True)
class SettingsView:
    """All settings, and where they are kept."""

    settings: tuple[SettingView, ...]
    file: str
    """The path of the file that changes are written to."""
    data_dir: str
