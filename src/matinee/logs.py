"""The log: to standard error, one line a record, nothing secret and no line a stranger could forge."""

import logging
import re
from pathlib import Path

_SECRETS = re.compile(r"(?i)(bearer\s+|[?&](?:sig|passkey|key|token|auth)=|#t=)[^\s&\"']+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]|\n(?=.)")


class _Redacting(logging.Formatter):
    """Takes tokens, passkeys and the home folder out, and control characters apart from a traceback's lines."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self._home = str(Path.home())

    def format(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        record.msg = _CONTROL.sub(lambda found: f"\\x{ord(found.group()[0]):02x}", record.message)
        record.args = ()
        text = _SECRETS.sub(r"\1[redacted]", super().format(record))
        return text.replace(self._home, "~") if len(self._home) > 1 else text


def set_up(level: str) -> None:
    """Send records of ``level`` and above to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacting())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
