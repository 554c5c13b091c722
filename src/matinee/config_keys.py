"""Every setting: its type, unit, default, range and what it does, and which values it may have. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from matinee.countries import COUNTRIES
from matinee.errors import BadSetting
from matinee.hours import DAYS, read_days, read_time

Value: TypeAlias = str | int | float | bool

DEFAULT_PORT = 8642


class Holds(StrEnum):
    """From when on a change holds."""

    AT_ONCE = "at-once"
    ON_RESTART = "on-restart"
    BY_HAND = "by-hand"
    """Changed in the file, in the environment or on the command line alone: who has got hold of a browser must not open
    the page to others, nor let strangers point at addresses of this house, nor take the database away, nor name a file
    that is written."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    key: str
    default: Value
    unit: str
    """What a number counts, or a text says; empty for other texts and switches."""
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    sentence: str
    holds: Holds


def _setting(
    key: str, default: Value, sentence: str, *, unit: str = "", within: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (), holds: Holds = Holds.ON_RESTART,
) -> Setting:  # fmt: skip
    low, high = within if within is not None else (None, None)
    return Setting(key, default, unit, low, high, choices, sentence, holds)


BIG = 1 << 60
"""No limit, for a number."""
MOST_RATE = (1 << 31) - 1
"""Of bytes a second that libtorrent can count."""
MOST_CHARACTERS = 2048
"""Of a text."""
NOW = Holds.AT_ONCE

SETTINGS = (
    _setting("host", "127.0.0.1", "The address on which the page is served; this computer alone by default.",
             holds=Holds.BY_HAND),
    _setting("port", DEFAULT_PORT, "The port on which the page is served; 0 takes any free one.",
             unit="port", within=(0, 65535)),
    _setting("other_screens", False,
             "Let phones, tablets and televisions of this network in, each once you have said yes to it. The page is "
             "then served on the addresses of this computer in its own networks too: encrypted where there is a "
             "certificate ('tls_cert', or `matinee tls`), else not.", holds=NOW),
    _setting("tls_cert", "",
             "A certificate of your own for other screens, with those between it and its authority: a whole path, PEM. "
             "The authority of `matinee tls` is used when empty, if there is one.", holds=Holds.BY_HAND),
    _setting("tls_key", "", "Its key, in PEM and without a password; in the certificate's own file when empty.",
             holds=Holds.BY_HAND),
    _setting("open", False, "Open the browser once the page answers."),
    _setting("films_dir", "", "Where films are kept; the folder 'films' in the data folder when empty."),
    _setting("torrents_dir", "",
             "A folder that is watched: .torrent and .magnet files put there are taken in, and wait for your word on "
             "why they may be shared; a .torrent that states a licence is a film of the programme. None when empty.",
             holds=NOW),
    _setting("database_url", "", "A PostgreSQL database, as SQLAlchemy names it; SQLite here when empty.",
             holds=Holds.BY_HAND),
    _setting("listen_port", 6881, "The port on which peers can reach this computer; 0 lets the system choose.",
             unit="port", within=(0, 65535)),
    _setting("dht", True, "Find people without a tracker, by the distributed hash table.", holds=NOW),
    _setting("lsd", True, "Find people on the local network.", holds=NOW),
    _setting("utp", True, "Let peers reach this computer by uTP, which gives way to other traffic, besides TCP.",
             holds=NOW),
    _setting("port_mapping", False, "Ask the router for a port by UPnP and NAT-PMP.", holds=NOW),
    _setting("encryption", "allowed", "Whether connections to peers are obfuscated.",
             choices=("allowed", "required", "off")),
    _setting("down_limit_bytes_per_s", 0, "The most that is taken from others; 0 is no limit.",
             unit="bytes a second", within=(0, MOST_RATE), holds=NOW),
    _setting("up_limit_bytes_per_s", 0, "The most that is given to others; 0 is no limit.",
             unit="bytes a second", within=(0, MOST_RATE), holds=NOW),
    _setting("connections", 200, "How many peers are spoken to at once.", unit="peers", within=(2, 10_000),
             holds=NOW),
    _setting("sharing", "while-watching",
             "What is done with a film that is added: taken from web archives alone and not given, given while it "
             "arrives or plays, or given until you say otherwise. Each film can be changed on its own page.",
             choices=("archive-only", "while-watching", "keep"), holds=NOW),
    _setting("fetch", "as-watched",
             "Whether a film that is added comes as far as it is watched, or whole though nobody watches it.",
             choices=("as-watched", "whole"), holds=NOW),
    _setting("downloads_at_once", 2,
             "How many films are fetched beside each other; others wait their turn, and what is watched never does. "
             "0 is no limit.", unit="films", within=(0, 1000), holds=NOW),
    _setting("give_ratio_limit", 0.0,
             "A complete film is given no longer once so many times what it holds was given; 0 is no limit.",
             unit="times", within=(0, 10_000), holds=NOW),
    _setting("give_hours_limit", 0.0,
             "A complete film is given no longer so many hours after it was complete; 0 is no limit.",
             unit="hours", within=(0, 100_000), holds=NOW),
    _setting("quiet_from", "", "When other limits begin to hold, such as 22:30; they never do when empty.",
             unit="time of day", holds=NOW),
    _setting("quiet_until", "", "When they end, such as 07:00; earlier than they began is on the next day.",
             unit="time of day", holds=NOW),
    _setting("quiet_days", "", "On which days they begin, such as mon,tue,sat; on every day when empty.",
             unit="days", holds=NOW),
    _setting("quiet_down_limit_bytes_per_s", 0, "The most that is taken from others then; 0 is no limit.",
             unit="bytes a second", within=(0, MOST_RATE), holds=NOW),
    _setting("quiet_up_limit_bytes_per_s", 0, "The most that is given to others then; 0 is no limit.",
             unit="bytes a second", within=(0, MOST_RATE), holds=NOW),
    _setting("proxy_kind", "none", "A proxy for everything that goes to peers and trackers.",
             choices=("none", "socks5", "http")),
    _setting("proxy_host", "", "The proxy's address."),
    _setting("proxy_port", 0, "The proxy's port.", unit="port", within=(0, 65535)),
    _setting("proxy_user", "", "The name the proxy knows you by; empty for none."),
    _setting("proxy_password", "", "The password for the proxy; empty for none."),
    _setting("metadata_timeout_s", 60.0, "How long a magnet link may take to give its list of files.",
             unit="seconds", within=(1, 3600), holds=NOW),
    _setting("piece_timeout_s", 120.0, "How long a player waits for a part that nobody sends.",
             unit="seconds", within=(1, 3600), holds=NOW),
    _setting("send_idle_limit_s", 4 * 3600.0, "How long a player may take no bytes before its connection is closed.",
             unit="seconds", within=(1, 86_400)),
    _setting("reserve_bytes", 256 * 1024 * 1024, "Room that is always left on the disk; a fiftieth on a small one.",
             unit="bytes", within=(0, BIG)),
    _setting("disk_cap_bytes", 0,
             "The most that films may take of the disk; 0 is no limit. Where there is no room, those that were watched "
             "go, then those used longest ago; never one that plays, is kept for offline, is shared until you say "
             "otherwise, or is your own.",
             unit="bytes", within=(0, BIG), holds=NOW),
    _setting("hardware_encoder", "auto",
             "Whether pictures that must be converted are encoded by the graphics chip, where that works.",
             choices=("auto", "off")),
    _setting("offline", False, "Open no connection to anybody; what is here can be watched."),
    _setting("allow_private_sources", False,
             "Let trackers, web seeds, feeds and peers be on loopback, private or benchmarking addresses.",
             holds=Holds.BY_HAND),
    _setting("country", "",
             "Where you are, as ISO 3166-1 names it, such as FR: what may be shared differs. Empty: your locale's.",
             holds=NOW),
    _setting("pictures", "fetch",
             "Whether makers' posters are fetched, each once, from the host of its film: it learns that this address "
             "looks at that title. With never they are drawn here, and nobody learns anything.",
             choices=("fetch", "never"), holds=NOW),
    _setting("opensubtitles_key", "",
             "Your key for OpenSubtitles.com, which is asked for subtitles when you want it; nobody is when empty.",
             holds=NOW),
    _setting("welcomed", False, "Whether the first screens have been seen: they come once in a house.", holds=NOW),
    _setting("log_level", "warning", "What is written to the log.", choices=("debug", "info", "warning", "error"),
             holds=NOW),
    _setting("log_format", "text",
             "How it is written: a line of text for each thing that happened, or an object of JSON, for programs.",
             choices=("text", "json")),
    _setting("log_file", "",
             "A file for the log; in the data folder where no other is named. Empty: standard error, whose keeper, "
             "such as systemd's journal, bounds it.",
             holds=Holds.BY_HAND),
    _setting("log_file_bytes", 20 * 1024 * 1024,
             "The most that this file takes, with the three before it, which are kept beside it.",
             unit="bytes", within=(64 * 1024, BIG)),
)  # fmt: skip

SECRETS = ("proxy_password", "opensubtitles_key", "database_url")
"""Keys whose values are nobody else's business; the database's address may hold a password."""

BY_KEY = {setting.key: setting for setting in SETTINGS}
_ON, _OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_SWITCHES = {**dict.fromkeys(_ON, True), **dict.fromkeys(_OFF, False)}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def parsed(key: str, text: str) -> Value:
    """Turn a text into a setting's type; what does not fit stays a text, and is refused."""
    setting = BY_KEY.get(key)
    if setting is None or isinstance(setting.default, str):
        return text
    if isinstance(setting.default, bool):
        return _SWITCHES.get(text.lower(), text)
    try:
        return int(text) if isinstance(setting.default, int) else float(text)
    except ValueError:
        return text


def checked(key: str, value: Any, where: str) -> Value:
    """Give a setting's value when it is one.

    Args:
        key: the setting.
        value: what somebody gave.
        where: they gave it, for the sentence.

    Raises:
        BadSetting: it is not; ``details["setting"]`` is the key.
    """
    setting = BY_KEY.get(key)
    if setting is None:
        from difflib import get_close_matches

        close = get_close_matches(key, BY_KEY, 1)
        hint = f"Did you mean '{close[0]}'?" if close else "docs/settings.md lists them all."
        raise BadSetting(f"There is no setting '{key}' ({where}). {hint}", setting=key)
    fault = _fault(setting, value)
    if fault:
        raise BadSetting(f"The setting '{key}' ({where}) must {fault}.", setting=key)
    given: Value = float(value) if isinstance(setting.default, float) else value
    return given


def _fault(setting: Setting, value: object) -> str:
    """Say what a value must be that it is not; empty for one that is right."""
    kind = type(setting.default)
    if type(value) is not kind and not (kind is float and type(value) is int):
        names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        return f"be {names[kind]}"
    if setting.choices and value not in setting.choices:
        return f"be one of: {', '.join(setting.choices)}"
    if setting.key == "country" and value and value not in COUNTRIES:
        return "be two capitals of ISO 3166-1, such as FR or GB"
    if isinstance(value, str) and (_CONTROL.search(value) or len(value) > MOST_CHARACTERS):
        return f"be one line of at most {MOST_CHARACTERS} characters"
    if isinstance(value, str) and (fault := _time_fault(setting.unit, value)):
        return fault
    low, high = setting.low, setting.high
    if low is not None and high is not None and not (isinstance(value, int | float) and low <= value <= high):
        return f"be {low:.0f} or more" if high >= BIG else f"lie between {low:.0f} and {high:.0f}"
    return ""


def _time_fault(unit: str, value: str) -> str:
    if unit == "time of day" and value and read_time(value) is None:
        return "be a time of day, such as 22:30"
    if unit == "days" and read_days(value) is None:
        return f"be some of: {', '.join(DAYS)}"
    return ""
