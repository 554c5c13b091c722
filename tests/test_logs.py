"""The log: what it keeps to itself, in both shapes, and that its file stays small."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadSetting
from matinee.logs import KEPT_ASIDE, LogFile, set_up

MOST_BYTES = 64 * 1024
SECRET = "S3cr3t-0f-the-house"
TOLD = [
    f"GET /stream/x/0?sig={SECRET}&exp=1",
    f"https://tracker.example/announce?passkey={SECRET}",
    f"https://feeds.example/rss?torrent_pass={SECRET}&page=2",
    f"http://127.0.0.1:8642/#t={SECRET}",
    f"http://192.0.2.7:8642/#/pair={SECRET}",
    f"postgresql://matinee:{SECRET}@db.example/films",
    f"Authorization: Bearer {SECRET}",
    f"Cookie: other=1; matinee_8642={SECRET}",
    f"[(b'Set-Cookie', b'session={SECRET}; Path=/'), (b'Server', b'x')]",
    f"Api-Key: {SECRET}",
]

log = logging.getLogger("matinee.tests")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the log back to pytest."""
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    root.handlers = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers, logging.raiseExceptions = handlers, raises
    root.setLevel(level)


def written(shape: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Give what was written to standard error, line by line."""
    lines = capsys.readouterr().err.splitlines()
    if shape == "json":
        assert all(isinstance(json.loads(line), dict) for line in lines)
    return lines


@pytest.mark.parametrize("shape", ["text", "json"])
@pytest.mark.parametrize("text", TOLD)
def test_log_when_somebody_tells_it_a_secret_then_it_is_in_no_line(
    shape: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info", shape)
    log.info(text)
    log.info("it went wrong: %s", text)
    log.info("it went wrong error=%s path=%r", text, text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("it went wrong home=%s", Path.home() / "films")
    said = "\n".join(written(shape, capsys))
    assert said.count("it went wrong") == 3
    assert [secret for secret in (SECRET, f"{Path.home()}/") if secret in said] == []


@pytest.mark.parametrize("shape", ["text", "json"])
def test_log_when_strangers_write_line_ends_then_each_record_is_one_line(
    shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info", shape)
    log.info("name=%s", "a\r\n2026 ERROR forged\u2028\x1b[2J\x85end")
    (line,) = written(shape, capsys)
    assert line.isprintable()


def test_json_when_a_record_has_ids_then_each_has_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("info", "json")
    log.warning("A piece is not in its files info_hash=%s piece=%d: %s", "ab" * 20, 7, "it is short")
    log.info("Half of it, 50 %% so far=%.1f, came of=%s", 0.5, None)
    log.info("100%% of nothing")
    log.info("rate_s=%s", float("inf"))
    first, second, third, fourth = (json.loads(line) for line in written("json", capsys))
    assert (first["level"], first["logger"]) == ("warning", "matinee.tests")
    assert first["message"] == "A piece is not in its files: it is short"
    assert first["data"] == {"info_hash": "ab" * 20, "piece": 7}
    assert second["message"] == "Half of it, 50 % so, came"
    assert second["data"] == {"far": 0.5, "of": None}
    assert third["message"] == "100%% of nothing"
    assert fourth["data"] == {"rate_s": "inf"}


@given(st.text(), st.text())
def test_json_when_anything_is_told_then_it_is_read_as_it_was(first: str, second: str) -> None:
    from matinee.logs import _Json

    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "what=%s also=%r %s", (first, second, 3), None)
    line = _Json().format(record)
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["message"] == " 3"
    assert json.loads(line)["data"].keys() == {"what", "also"}


@pytest.mark.parametrize("shape", ["text", "json"])
def test_file_when_very_much_is_told_then_it_takes_no_more_than_it_may_and_has_the_newest(
    shape: str, tmp_path: Path
) -> None:
    path = tmp_path / "logs" / "matinee.log"
    set_up("info", shape, LogFile(path, MOST_BYTES))
    for number in range(2000):
        log.info("something happened number=%d text=%s", number, "x" * 100)
    files = sorted(path.parent.iterdir())
    assert len(files) == KEPT_ASIDE + 1
    assert MOST_BYTES // 2 < sum(file.stat().st_size for file in files) <= MOST_BYTES
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert "1999" in path.read_text().splitlines()[-1]


def test_file_when_it_is_a_link_then_says_so_and_follows_it_not(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "matinee.log"
    victim.write_text("mine")
    path.symlink_to(victim)
    with pytest.raises(BadSetting, match="cannot be written to"):
        set_up("info", file=LogFile(path, MOST_BYTES))
    assert victim.read_text() == "mine"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a disk that is always full is Linux's")
def test_file_when_the_disk_is_full_then_says_so_once_and_tells_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up("info", file=LogFile(Path("/dev/full"), MOST_BYTES))
    for _ in range(3):
        log.info("secret=%s", SECRET)
    assert capsys.readouterr().err == "matinee: The log cannot be written: No space left on device.\n"
