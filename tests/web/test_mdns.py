"""What zeroconf tells the log: one thing of it is said in our own words, everything else as it is."""

import asyncio
import errno
import logging
import os
from contextlib import suppress
from pathlib import Path

import pytest
from zeroconf._logger import QuietLogger

from matinee.web import mdns

CUT = "Error with socket 43 (('10.77.0.1', 5353))): %s"
"""As zeroconf begins it, with a socket's name."""


def _tell(words: str, number: int) -> None:
    error = OSError(number, os.strerror(number))
    QuietLogger.log_exception_once(error, words, error)


@pytest.mark.parametrize("number", sorted(mdns._CUT))
def test_log_when_there_is_no_network_to_send_on_then_a_plain_line_without_a_traceback(
    number: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zeroconf._logger._seen_logs", {})
    caplog.set_level(logging.INFO, "matinee")
    _tell(CUT, number)
    (line,) = caplog.records
    assert (line.name, line.levelname, line.exc_info) == ("matinee.web.mdns", "INFO", None)
    assert line.getMessage().endswith(os.strerror(number))


@pytest.mark.parametrize(("words", "number"), [(CUT, errno.EPERM), ("Something else: %s", errno.ENETUNREACH)])
def test_log_when_zeroconf_tells_anything_else_then_it_is_written_as_it_is(
    words: str, number: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zeroconf._logger._seen_logs", {})
    caplog.set_level(logging.INFO, "matinee")
    _tell(words, number)
    logging.getLogger("zeroconf").warning("Interface %r not added", "wire0")
    assert [(line.name, line.levelname, bool(line.exc_info)) for line in caplog.records] == [
        ("zeroconf", "WARNING", True),
        ("zeroconf", "WARNING", False),
    ]


def _sockets() -> int:
    """Count those of this process."""
    found = 0
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # that by which the folder itself is read
            found += str(one.readlink()).startswith("socket:")
    return found


async def test_close_when_it_is_cancelled_while_it_says_goodbye_then_nothing_is_left_that_would_answer() -> (
    None
):
    before = _sockets()
    name = mdns.NetworkName(8642)
    assert await name.go_by(["127.0.0.1"], secure=False) is not None
    assert _sockets() > before
    known = name._known
    assert known is not None
    closing = asyncio.ensure_future(name.close())
    await asyncio.sleep(0)
    closing.cancel()
    try:
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert _sockets() == before
    finally:
        await known.async_close()  # what is left of it would keep the process from ending
