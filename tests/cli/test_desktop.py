"""Matinee among a user's programs: what is written, what goes again, and what a link on the desktop does."""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import subprocess
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from matinee.cli.desktop.files import ENTRY, TYPES, entry, unit, with_handler, without_handler
from matinee.cli.desktop.places import Places
from matinee.cli.launch import Running
from matinee.cli.main import build
from matinee.config import Config
from matinee.data_folder import running_address
from matinee.errors import Unavailable
from tests.cli.processes import END_S, run
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

MAGNET, _ = TYPES
OTHERS = f"""[Default Applications]
text/html=web.desktop
{MAGNET}=other.desktop;third.desktop;

[Removed Associations]
image/png=paint.desktop;
"""
ODD = ['/opt/a b/$HOME/100%/py"thon', "-m", "matinee"]


def _listed(home: Path) -> dict[str, bytes]:
    """Give every file, but for what the desktop makes of them."""
    found = [path for path in home.rglob("*") if path.is_file() and path.name != "mimeinfo.cache"]
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


def _nothing_runs(config: Config) -> AbstractAsyncContextManager[Running]:
    raise AssertionError(f"nothing is served here, but {config.data_dir} was")


def _said(*words: str) -> str:
    """Run a command here, and give what it says."""
    done = CliRunner().invoke(build(_nothing_runs), words, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_desktop_when_installed_twice_and_removed_then_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    places = Places.of(os.environ)
    places.handlers.parent.mkdir()
    places.handlers.write_text(OTHERS)
    before = _listed(tmp_path)
    dry = _said("install-desktop", "--dry-run")
    untouched = _listed(tmp_path)
    first = _said("install-desktop")
    installed = _listed(tmp_path)
    again = _said("install-desktop")
    written = [*places.icons, places.entry, places.unit, places.handlers]
    assert untouched == before
    assert _listed(tmp_path) == installed
    assert all(f"Would: writes {path}" in dry for path in written)
    assert all(f"Wrote {path}" in first for path in written)
    assert "Nothing had to be changed." in again
    assert f"{MAGNET} is still opened by other.desktop; --default puts Matinee first." in first
    subprocess.run(["desktop-file-validate", places.entry], check=True, timeout=30)
    _said("uninstall-desktop")
    assert _listed(tmp_path) == before


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here, nothing reads the unit")
def test_unit_when_systemd_reads_it_then_has_nothing_to_say(tmp_path: Path) -> None:
    file = tmp_path / "matinee.service"
    file.write_text(unit(["/bin/sh", "-m", "matinee"], ["--data-dir", "/home/a b/100% $"]))
    said = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False, timeout=30
    )
    assert [line for line in said.stderr.splitlines() if str(file) in line] == []


def test_entry_when_a_path_is_odd_then_its_words_stay_whole() -> None:
    (line, _) = [line for line in entry(ODD).splitlines() if line.startswith("Exec=")]
    assert line == r'Exec="/opt/a b/\\$HOME/100%%/py\\"thon" "-m" "matinee" "open" %u'
    assert r'ExecStart="/opt/a b/$$HOME/100%%/py\"thon" "-m" "matinee" "serve"' in unit(ODD)


def test_handlers_when_matinee_comes_first_then_nobody_is_lost() -> None:
    text, other = with_handler(OTHERS, MAGNET, first=True)
    assert other is None
    assert f"{MAGNET}={ENTRY};other.desktop;third.desktop;\n" in text
    assert "text/html=web.desktop\n" in text
    assert "[Removed Associations]\nimage/png=paint.desktop;\n" in text
    assert with_handler(text, MAGNET, first=True) == (text, None)
    assert without_handler(text) == OTHERS


def test_handlers_when_there_were_none_then_go_without_a_trace() -> None:
    text, other = with_handler("", MAGNET, first=False)
    assert (other, text.count(f"{MAGNET}={ENTRY};")) == (None, 2)
    assert without_handler(text) == ""


async def test_link_when_opened_then_starts_matinee_once_and_leads_a_browser_to_the_film(
    tmp_path: Path,
) -> None:
    data, seen, opener = tmp_path / "data", tmp_path / "seen", tmp_path / "opener.sh"
    opener.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {seen}\n')
    opener.chmod(0o755)
    (tmp_path / "a film.torrent").write_bytes(torrent(folder_v1(file_v1(90_000, "film.mp4"), name=b"film")))
    about = {"BROWSER": f"{opener} %s", "MATINEE_PORT": "0", "MATINEE_DHT": "false"}
    place = ("--data-dir", data)
    magnet = f"magnet:?xt=urn:btih:{'ab' * 20}"
    try:
        first = await asyncio.to_thread(run, "open", magnet, *place, **about)
        address = running_address(data)
        second = await asyncio.to_thread(run, "open", f"file://{tmp_path}/a%20film.torrent", *place, **about)
        assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
        assert address is not None
        assert running_address(data) == address
        by_magnet, by_file = seen.read_text().split()
        assert by_magnet.startswith(f"{address}#t=")
        assert by_magnet.endswith(f"&to=/film/{'ab' * 20}")
        link, _, film = by_file.partition("#t=")[2].partition("&to=/film/")
        async with httpx.AsyncClient(base_url=address, trust_env=False) as browser:
            assert (await browser.post("api/v1/access", json={"link": link})).status_code == 204
            assert (await browser.get(f"api/v1/torrents/{film}")).json()["name"] == "film"
    finally:
        await _end(data)


async def _end(data: Path) -> None:
    """End the Matinee that was started, and wait until it has let go of its folder."""
    if running_address(data) is None:
        return
    os.kill(int(json.loads((data / "address").read_bytes())["pid"]), signal.SIGTERM)
    with (data / "lock").open("rb") as lock:
        await asyncio.wait_for(asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_SH), END_S)


async def test_window_when_pywebview_is_there_then_shows_the_page_and_ends_what_it_started(
    tmp_path: Path,
) -> None:
    (tmp_path / "webview.py").write_text(
        "def create_window(title, url, **how): print(title, url)\n"
        "def start(**how): print(how['private_mode'], how['storage_path'])\n"
    )
    data = tmp_path / "data"
    about = {"PYTHONPATH": str(tmp_path), "MATINEE_PORT": "0", "MATINEE_DHT": "false"}
    done = await asyncio.to_thread(run, "window", "--data-dir", data, **about)
    assert done.returncode == 0, done.stderr
    shown, kept = done.stdout.splitlines()
    assert shown.startswith("Matinee http://127.0.0.1:")
    assert "#t=" in shown
    assert kept == f"False {data / 'window'}"
    assert running_address(data) is None


def test_window_when_pywebview_is_missing_then_says_how_to_have_it(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"pip install 'matinee\[desktop\]'"):
        _said("window", "--data-dir", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
