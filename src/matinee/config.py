"""The settings as they are said in several places. Read once, by ``app.py``; ``config_keys`` has what each is.

Command line > ``MATINEE_*`` environment > ``config.toml`` in the data folder > default. An unknown key is an error.

Plain dataclasses and not pydantic-settings: that costs 0.5 s to import, and the program has 0.8 s in all to answer
(docs/decisions/0002-start.md).
"""

import json
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from matinee.config_keys import DEFAULT_PORT, SETTINGS, Value, checked, parsed
from matinee.countries import country_of_locale
from matinee.errors import BadSetting

CONFIG_FILE = "config.toml"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN_HOST = (
    "The setting 'host' has the page served beyond this computer without encryption. Whoever can listen in on that "
    "network sees the owner's token and may then do anything here. Leave it at 127.0.0.1, and let other screens in by "
    "'other_screens'."
)
"""Said at the start and by ``matinee doctor``, where ``serves_beyond``."""
LEAST_TOKEN_CHARS = 8
"""Of a token that is drawn at random: guesses are slowed (``web/guesses.py``), and 2^47 take for ever then."""
SHORT_TOKEN = (
    f"The token in MATINEE_TOKEN can be guessed: it should have {LEAST_TOKEN_CHARS} characters or more. Leave it out, "
    "and Matinee draws one of its own."
)
"""Said by ``matinee doctor``; refused where ``serves_beyond``."""

_LINE = re.compile(r"""[ \t]*["']?([a-z0-9_]+)["']?[ \t]*=""")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of settings, and where; each checked. What comes first counts."""

    command_line: Mapping[str, Value]
    environment: Mapping[str, Value]
    file: Mapping[str, Value]

    def fixed_by(self, key: str) -> str | None:
        """Say what comes before the file: ``command-line`` or ``environment``; None where the file counts."""
        return (
            "command-line" if key in self.command_line else "environment" if key in self.environment else None
        )


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked. One field a key of ``SETTINGS``; the sentences are there."""

    said: Said
    data_dir: Path
    token: str | None
    """The owner's token from ``MATINEE_TOKEN``, or None to use the one in the data folder."""
    host: str
    port: int
    port_chosen: bool
    """Whether somebody named the port; only the default one gives way when it is taken."""
    other_screens: bool
    tls_cert: str
    tls_key: str
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
    sharing: str
    fetch: str
    downloads_at_once: int
    give_ratio_limit: float
    give_hours_limit: float
    quiet_from: str
    quiet_until: str
    quiet_days: str
    quiet_down_limit_bytes_per_s: int
    quiet_up_limit_bytes_per_s: int
    proxy_kind: str
    proxy_host: str
    proxy_port: int
    proxy_user: str
    proxy_password: str
    metadata_timeout_s: float
    piece_timeout_s: float
    send_idle_limit_s: float
    reserve_bytes: int
    disk_cap_bytes: int
    hardware_encoder: str
    offline: bool
    allow_private_sources: bool
    country: str
    """Empty when nobody says, and the locale names none."""
    country_of_locale: str
    """The one that holds as long as nobody names another; may be empty."""
    pictures: str
    opensubtitles_key: str
    welcomed: bool
    log_level: str
    log_format: str
    log_file: str
    """As it was named; empty for none."""
    log_file_bytes: int


def serves_beyond(host: str) -> bool:
    """Whether the setting ``host`` lets others than this computer itself knock."""
    return host not in LOOPBACK and not host.startswith("127.")


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
    said = Said(
        {key: checked(key, value, "on the command line") for key, value in given.items()},
        _from_environment(env),
        in_file(data_dir),
    )
    config = _config(said, data_dir, country_of_locale(env) or "", env.get("MATINEE_TOKEN") or None)
    if serves_beyond(config.host) and short_token(config):
        raise BadSetting(SHORT_TOKEN, setting="token")
    return config


def short_token(config: Config) -> bool:
    """Whether the token that somebody chose can be guessed; one that is drawn here never can."""
    return config.token is not None and len(config.token.strip()) < LEAST_TOKEN_CHARS


def with_file(config: Config, file: Mapping[str, Value]) -> Config:
    """Give what the same command line and environment make of another file.

    Raises:
        BadSetting: what they say together cannot be.
    """
    return _config(replace(config.said, file=file), config.data_dir, config.country_of_locale, config.token)


def _config(said: Said, data_dir: Path, country_of_locale: str, token: str | None) -> Config:
    values: dict[str, Value] = {setting.key: setting.default for setting in SETTINGS}
    values |= {**said.file, **said.environment, **said.command_line}
    if values["proxy_kind"] != "none" and not (values["proxy_host"] and values["proxy_port"]):
        raise BadSetting(
            "A proxy has an address and a port: set 'proxy_host' and 'proxy_port' too.", setting="proxy_kind"
        )
    if values["tls_key"] and not values["tls_cert"]:
        raise BadSetting("A key is that of a certificate: set 'tls_cert' too.", setting="tls_key")
    if values["tls_cert"] and values["host"] not in LOOPBACK:
        raise BadSetting(
            "With a certificate the page is encrypted for other screens; on this computer it is not. Leave 'host' at "
            "127.0.0.1, and set 'other_screens'.",
            setting="host",
        )
    films_dir = Path(str(values["films_dir"])).absolute() if values["films_dir"] else data_dir / "films"
    known = {field.name for field in fields(Config)}
    rest: dict[str, Any] = {key: value for key, value in values.items() if key in known}
    rest.update(
        said=said,
        data_dir=data_dir,
        films_dir=films_dir,
        country=values["country"] or country_of_locale,
        country_of_locale=country_of_locale,
        token=token,
        port_chosen=values["port"] != DEFAULT_PORT or "port" in said.command_line,
    )
    return Config(**rest)


def in_file(folder: Path) -> dict[str, Value]:
    """Give the settings in a data folder's ``config.toml``, checked.

    Raises:
        BadSetting: it cannot be read, or something in it is wrong.
    """
    return read_settings(file_text(folder))


def file_text(folder: Path) -> str:
    """Give a data folder's ``config.toml`` as it is written; empty where there is none.

    Raises:
        BadSetting: it cannot be read.
    """
    try:
        return (folder / CONFIG_FILE).read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        raise BadSetting(f"The settings in {CONFIG_FILE} are not TOML: they are no text.") from error
    except OSError as error:
        raise BadSetting(f"The settings in {CONFIG_FILE} cannot be read: {error.strerror}.") from error


def read_settings(text: str) -> dict[str, Value]:
    """Read what a ``config.toml`` says, checked. Raises BadSetting."""
    return {key: checked(key, value, f"in {CONFIG_FILE}") for key, value in _parse(text).items()}


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"The settings in {CONFIG_FILE} are not TOML: {error}.") from error


def without(text: str, keys: Collection[str]) -> str:
    """Give a ``config.toml`` without some of its keys, as it is where it has none of them.

    Raises:
        BadSetting: it is not TOML.
    """
    return edited(text, dict.fromkeys(keys))


def edited(text: str, changes: Mapping[str, Value | None]) -> str:
    """Give a ``config.toml`` with some keys set, or without them where the value is None.

    What somebody has written beside them stays, comments too.

    Raises:
        BadSetting: it is not TOML.
    """
    before = _parse(text)
    if not before.keys() & changes.keys() and not any(value is not None for value in changes.values()):
        return text
    gone = [key for key, value in changes.items() if value is None]
    wanted = {key: value for key, value in {**before, **changes}.items() if key not in gone}
    lines, left = [], dict(changes)
    for one in text.splitlines(keepends=True):
        named = _LINE.match(one)
        if named is None or named[1] not in changes:
            lines.append(one)
        elif (value := left.pop(named[1], None)) is not None:
            lines.append(line(named[1], value))
    if lines and not lines[-1].endswith("\n"):
        lines.append("\n")
    made = "".join([*lines, *(line(key, value) for key, value in left.items() if value is not None)])
    # A key may be written in several lines, or look like one inside a text: then all is written anew.
    try:
        whole = tomllib.loads(made) == wanted
    except tomllib.TOMLDecodeError:
        whole = False
    return made if whole else "".join(line(key, value) for key, value in wanted.items())


def line(key: str, value: Value) -> str:
    """Write a setting as TOML does."""
    # JSON's strings, numbers, true and false are TOML's as well, but for its way of writing what is beyond 16 bits.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}\n"


def _from_environment(env: Mapping[str, str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, text in env.items():
        if not name.startswith("MATINEE_") or name in ("MATINEE_TOKEN", "MATINEE_DATA_DIR"):
            continue
        key = name.removeprefix("MATINEE_").lower()
        found[key] = checked(key, parsed(key, text), "in the environment")
    return found
