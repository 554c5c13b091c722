"""The log: to standard error, or to a file that stays small. One line a record, nothing secret, and no line a stranger
could forge.
"""

import json
import logging
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from matinee.errors import BadSetting

KEPT_ASIDE = 3
"""Earlier files; the one that is written and these take a quarter each of what the log may."""

_SECRETS = re.compile(
    r"(?i)(bearer\s+|[?&][\w.-]*(?:sig|pass|key|token|auth|secret)[\w.-]*=|#t=|#/pair=)[^\s&\"']+"
)
_FIELDS = re.compile(r"(?i)(\b(?:(?:set-)?cookie|authorization|api-key)(?::|', b')\s*)[^\n']+")
"""Header fields, also as clients' own logs write them."""
_USER = re.compile(r"(://)[^\s/@\"']+@")
"""Name and password in an address."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|\n(?=.)")
_PLACE = re.compile(r"(?:(?P<space>\s?)\b(?P<key>[a-z_]+)=)?(?P<place>%[#0\- +]*\d*(?:\.\d+)?[a-zA-Z%])")
"""Where something is put into a record's sentence; with a key where it is one of the ids and figures at its end."""
_LOOKS = "%Y-%m-%dT%H:%M:%S%z"


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file for the log, and the most that it may take, in bytes, with those that were put aside."""

    path: Path
    most_bytes: int


class _Redacting(logging.Formatter):
    """Takes secrets and the home folder out, and control characters apart from a traceback's lines."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", _LOOKS)
        self._home = str(Path.home())

    def format(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        record.msg = _CONTROL.sub(lambda found: f"\\x{ord(found.group()[0]):02x}", record.message)
        record.args = ()
        return self._redacted(super().format(record))

    def _redacted(self, text: str) -> str:
        for secret, kept in (
            (_FIELDS, r"\1[redacted]"),
            (_SECRETS, r"\1[redacted]"),
            (_USER, r"\1[redacted]@"),
        ):
            text = secret.sub(kept, text)
        return text.replace(self._home, "~") if len(self._home) > 1 else text


class _Json(_Redacting):
    """Writes a record as an object of JSON: what happened in a sentence, and each id and figure under its own name."""

    def format(self, record: logging.LogRecord) -> str:
        sentence, told = _taken_apart(record)
        said: dict[str, Any] = {
            "time": self.formatTime(record, _LOOKS),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redacted(sentence),
        }
        if told:
            said["data"] = {key: self._plain(value) for key, value in told.items()}
        if record.exc_info:
            said["traceback"] = self._redacted(self.formatException(record.exc_info))
        # Everything but ASCII is escaped, and so is whatever could begin a line.
        return json.dumps(said)

    def _plain(self, value: object) -> str | int | float | bool | None:
        if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
            return value
        return self._redacted(str(value))


def _taken_apart(record: logging.LogRecord) -> tuple[str, dict[str, object]]:
    """Give a record's sentence without what stands in it as ``key=value``, and that by itself."""
    places = [found for found in _PLACE.finditer(str(record.msg)) if found["place"] != "%%"]
    if not isinstance(record.args, tuple) or not 0 < len(places) == len(record.args):
        return record.getMessage(), {}
    told = {found["key"]: arg for found, arg in zip(places, record.args, strict=True) if found["key"]}
    rest = tuple(arg for found, arg in zip(places, record.args, strict=True) if not found["key"])
    template = _PLACE.sub(lambda found: "" if found["key"] else found.group(), str(record.msg))
    return (template % rest if rest else template.replace("%%", "%")), told


def set_up(level: str, shape: str = "text", file: LogFile | None = None) -> None:
    """Send records of ``level`` and above to standard error, or to a file.

    Args:
        level: its name.
        shape: ``text``, or ``json``: an object a line.
        file: where they go instead. One process alone may have it, the one that has the data folder.

    Raises:
        BadSetting: the file cannot be written.
    """
    handler: logging.Handler = logging.StreamHandler() if file is None else _file(file)
    handler.setFormatter(_Json() if shape == "json" else _Redacting())
    root = logging.getLogger()
    for before in root.handlers:
        before.close()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # What cannot be written would go to standard error as it is, with all that is taken out here.
    logging.raiseExceptions = False


def _file(file: LogFile) -> logging.Handler:
    """Open a file that begins anew when it is full, and puts the one before aside: for its owner alone to read."""
    import os
    from io import TextIOWrapper
    from logging.handlers import RotatingFileHandler

    class Private(RotatingFileHandler):
        is_told = False

        def _open(self) -> TextIOWrapper:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
            return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8")

        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as it is called
            """Say once that nothing more can be written; whoever plays a film need not care."""
            if not self.is_told and isinstance(error := sys.exc_info()[1], OSError):
                self.is_told = True
                print(f"matinee: The log cannot be written: {error.strerror}.", file=sys.stderr)  # noqa: T201

        def close(self) -> None:
            with suppress(OSError):  # what it still had to write, which was said when it could not
                super().close()

    try:
        file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Private(
            file.path, maxBytes=file.most_bytes // (KEPT_ASIDE + 1), backupCount=KEPT_ASIDE, encoding="utf-8"
        )
    except OSError as error:
        raise BadSetting(
            f"The log cannot be written to {file.path}: {error.strerror}. Name another file as 'log_file'.",
            setting="log_file",
        ) from error
