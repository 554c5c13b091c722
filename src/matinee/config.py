"""Every setting: its type, unit, default, range and what it does. Read once, by ``app.py``.

Command line > ``MATINEE_*`` environment > ``config.toml`` in the data folder > default. An unknown key is an error.

Plain dataclasses and not pydantic-settings: that costs 0.5 s to import, and the program has 0.8 s in all to answer
(docs/decisions/0002-start.md).
"""

import json
import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from matinee.countries import COUNTRIES, country_of_locale
from matinee.errors import BadSetting

Value: TypeAlias = str | int | float | bool

DEFAULT_PORT = 8642
CONFIG_FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    key: str
    default: Value
    unit: str
    """What a number counts; empty for texts and switches."""
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    sentence: str


def _setting(
    key: str, default: Value, sentence: str, *, unit: str = "", within: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (),
) -> Setting:  # fmt: skip
    low, high = within if within is not None else (None, None)
    return Setting(key, default, unit, low, high, choices, sentence)


BIG = 1 << 60
"""No limit, for a number."""

SETTINGS = (
    _setting("host", "127.0.0.1", "The address on which the page is served; this computer alone by default."),
    _setting("port", DEFAULT_PORT, "The port on which the page is served; 0 takes any free one.",
             unit="port", within=(0, 65535)),
    _setting("open", False, "Open the browser once the page answers."),
    _setting("films_dir", "", "Where films are kept; the folder 'films' in the data folder when empty."),
    _setting("torrents_dir", "",
             "A folder whose .torrent files are taken in, and are films where they state a licence; none when empty."),
    _setting("database_url", "", "A PostgreSQL database, as SQLAlchemy names it; SQLite here when empty."),
    _setting("listen_port", 6881, "The port on which peers can reach this computer; 0 lets the system choose.",
             unit="port", within=(0, 65535)),
    _setting("dht", True, "Find people without a tracker, by the distributed hash table."),
    _setting("lsd", True, "Find people on the local network."),
    _setting("utp", True, "Let peers reach this computer by uTP, which gives way to other traffic, besides TCP."),
    _setting("port_mapping", False, "Ask the router for a port by UPnP and NAT-PMP."),
    _setting("encryption", "allowed", "Whether connections to peers are obfuscated.",
             choices=("allowed", "required", "off")),
    _setting("down_limit_bytes_per_s", 0, "The most that is taken from others; 0 is no limit.",
             unit="bytes a second", within=(0, BIG)),
    _setting("up_limit_bytes_per_s", 0, "The most that is given to others; 0 is no limit.",
             unit="bytes a second", within=(0, BIG)),
    _setting("connections", 200, "How many peers are spoken to at once.", unit="peers", within=(2, 10_000)),
    _setting("proxy_kind", "none", "A proxy for everything that goes to peers and trackers.",
             choices=("none", "socks5", "http")),
    _setting("proxy_host", "", "The proxy's address."),
    _setting("proxy_port", 0, "The proxy's port.", unit="port", within=(0, 65535)),
    _setting("proxy_user", "", "The name the proxy knows you by; empty for none."),
    _setting("proxy_password", "", "The password for the proxy; empty for none."),
    _setting("metadata_timeout_s", 60.0, "How long a magnet link may take to give its list of files.",
             unit="seconds", within=(1, 3600)),
    _setting("piece_timeout_s", 120.0, "How long a player waits for a part that nobody sends.",
             unit="seconds", within=(1, 3600)),
    _setting("send_idle_limit_s", 4 * 3600.0, "How long a player may take no bytes before its connection is closed.",
             unit="seconds", within=(1, 86_400)),
    _setting("reserve_bytes", 256 * 1024 * 1024, "Room that is always left on the disk; a fiftieth on a small one.",
             unit="bytes", within=(0, BIG)),
    _setting("hardware_encoder", "auto",
             "Whether pictures that must be converted are encoded by the graphics chip, where that works.",
             choices=("auto", "off")),
    _setting("offline", False, "Open no connection to anybody; what is here can be watched."),
    _setting("allow_private_sources", False,
             "Let trackers, web seeds, feeds and peers be on loopback, private or benchmarking addresses."),
    _setting("country", "",
             "Where you are, as ISO 3166-1 names it, such as FR: what may be shared differs. Empty: your locale's."),
    _setting("pictures", "fetch",
             "Whether makers' posters are fetched, each once, from the host of its film: it learns that this address "
             "looks at that title. With never they are drawn here, and nobody learns anything.",
             choices=("fetch", "never")),
    _setting("opensubtitles_key", "",
             "Your key for OpenSubtitles.com, which is asked for subtitles when you want it; nobody is when empty."),
    _setting("log_level", "warning", "What is written to the log.", choices=("debug", "info", "warning", "error")),
)  # fmt: skip

SECRETS = ("proxy_password", "opensubtitles_key", "database_url")
"""Keys whose values are nobody else's business; the database's address may hold a password."""

_BY_KEY = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked. One field a key of ``SETTINGS``; the sentences are there."""

    data_dir: Path
    token: str | None
    """The owner's token from ``MATINEE_TOKEN``, or None to use the one in the data folder."""
    host: str
    port: int
    port_chosen: bool
    """Whether somebody named the port; only the default one gives way when it is taken."""
    open: bool
    films_dir: Path
    torrents_dir: str
    database_url: str
    listen_port: int
    dht: bool
    lsd: bool
    utp: bool
    port_mapping: bool
    encryption: str
    down_limit_bytes_per_s: int
    up_limit_bytes_per_s: int
    connections: int
    proxy_kind: str
    proxy_host: str
    proxy_port: int
    proxy_user: str
    proxy_password: str
    metadata_timeout_s: float
    piece_timeout_s: float
    send_idle_limit_s: float
    reserve_bytes: int
    hardware_encoder: str
    offline: bool
    allow_private_sources: bool
    country: str
    """Empty when nobody says, and the locale names none."""
    pictures: str
    opensubtitles_key: str
    log_level: str


def default_data_dir() -> Path:
    """Where everything is kept when nobody says otherwise, by the platform's custom."""
    from platformdirs import user_data_path

    return user_data_path("matinee", appauthor=False)


def load(command_line: Mapping[str, Value | None], environment: Mapping[str, str] | None = None) -> Config:
    """Join command line, environment and ``config.toml``.

    Args:
        command_line: what was given there; None is not given. ``data_dir`` may be among it.
        environment: the process's own when None.

    Raises:
        BadSetting: a key is unknown, or a value of the wrong kind or out of range.
    """
    env = os.environ if environment is None else environment
    given = {key: value for key, value in command_line.items() if value is not None}
    data_dir = Path(
        str(given.pop("data_dir", "") or env.get("MATINEE_DATA_DIR") or default_data_dir())
    ).absolute()
    values: dict[str, Value] = {setting.key: setting.default for setting in SETTINGS}
    values.update(_from_file(data_dir / CONFIG_FILE))
    values.update(_from_environment(env))
    port_chosen = values["port"] != DEFAULT_PORT or "port" in given
    values.update({key: _checked(key, value, "on the command line") for key, value in given.items()})
    films_dir = Path(str(values["films_dir"])).absolute() if values["films_dir"] else data_dir / "films"
    known = {field.name for field in fields(Config)}
    rest: dict[str, Any] = {key: value for key, value in values.items() if key in known}
    rest.update(
        data_dir=data_dir,
        films_dir=films_dir,
        country=values["country"] or country_of_locale(env) or "",
        token=env.get("MATINEE_TOKEN") or None,
        port_chosen=port_chosen,
    )
    return Config(**rest)


def _from_file(path: Path) -> dict[str, Value]:
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadSetting(f"The settings in {path.name} cannot be read: {error.strerror}.") from error
    return {key: _checked(key, value, f"in {path.name}") for key, value in _parse(text, path.name).items()}


def _parse(text: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"The settings in {name} are not TOML: {error}.") from error


def without(text: str, keys: Collection[str]) -> str:
    """Give a ``config.toml`` without some of its keys, as it is where it has none of them.

    Raises:
        BadSetting: it is not TOML.
    """
    found = _parse(text.encode(), CONFIG_FILE)
    if not found.keys() & set(keys):
        return text
    # Written anew: to find the lines of a key one would have to read TOML as its readers do.
    return "".join(line(key, value) for key, value in found.items() if key not in keys)


def line(key: str, value: Value) -> str:
    """Write a setting as TOML does."""
    # JSON's strings, numbers, true and false are TOML's as well.
    return f"{key} = {json.dumps(value)}\n"


def in_file(folder: Path) -> dict[str, Value]:
    """Give the settings in a data folder's ``config.toml``, checked.

    Raises:
        BadSetting: it cannot be read, or something in it is wrong.
    """
    return _from_file(folder / CONFIG_FILE)


def _from_environment(env: Mapping[str, str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, text in env.items():
        if not name.startswith("MATINEE_") or name in ("MATINEE_TOKEN", "MATINEE_DATA_DIR"):
            continue
        key = name.removeprefix("MATINEE_").lower()
        found[key] = _checked(key, _parsed(key, text), "in the environment")
    return found


def _parsed(key: str, text: str) -> Value:
    """Turn a text of the environment into the setting's type; what does not fit stays a text and is refused."""
    setting = _BY_KEY.get(key)
    if setting is None or isinstance(setting.default, str):
        return text
    if isinstance(setting.default, bool):
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            text.lower(), text
        )
    try:
        return int(text) if isinstance(setting.default, int) else float(text)
    except ValueError:
        return text


def _checked(key: str, value: Any, where: str) -> Value:
    setting = _BY_KEY.get(key)
    if setting is None:
        from difflib import get_close_matches

        close = get_close_matches(key, _BY_KEY, 1)
        hint = f"Did you mean '{close[0]}'?" if close else "docs/settings.md lists them all."
        raise BadSetting(f"There is no setting '{key}' ({where}). {hint}", setting=key)
    if isinstance(setting.default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(setting.default):
        kind = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}[
            type(setting.default)
        ]
        raise BadSetting(f"The setting '{key}' ({where}) must be {kind}.", setting=key)
    if setting.choices and value not in setting.choices:
        raise BadSetting(
            f"The setting '{key}' ({where}) must be one of: {', '.join(setting.choices)}.", setting=key
        )
    if key == "country" and value and value not in COUNTRIES:
        raise BadSetting(
            f"The setting 'country' ({where}) must be two capitals of ISO 3166-1, such as FR or GB.",
            setting=key,
        )
    low, high = setting.low, setting.high
    if low is not None and high is not None and not low <= float(value) <= high:
        span = f"be {low:.0f} or more" if high >= BIG else f"lie between {low:.0f} and {high:.0f}"
        raise BadSetting(f"The setting '{key}' ({where}) must {span}.", setting=key)
    return value
