"""``matinee doctor``: what it finds, and what it says to do."""

import socket
from pathlib import Path

import pytest

from tests.cli.processes import run, started

OFFLINE = {"MATINEE_OFFLINE": "true"}


def test_doctor_when_all_is_well_then_ends_with_zero_and_a_line_for_each(tmp_path: Path) -> None:
    done = run("doctor", "--data-dir", tmp_path / "data", **OFFLINE)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in lines} <= {"ok", "warning"}
    for word in (
        "page",
        "peers",
        "offline",
        "GB are free",
        "codec",
        "hardware encoder",
        "may only compute",
        "The page is built",
    ):
        assert word in done.stdout
    assert not (tmp_path / "data").exists()


def test_doctor_when_a_port_is_taken_then_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("doctor", "--data-dir", tmp_path, **OFFLINE, MATINEE_LISTEN_PORT=port, MATINEE_PORT=port)
    assert done.returncode == 0
    assert f"Port {port} is taken; set listen_port to another" in done.stdout
    assert "name one with --port" in done.stdout


def test_doctor_when_the_dht_is_off_then_warns(tmp_path: Path) -> None:
    done = run("doctor", "--data-dir", tmp_path, MATINEE_DHT="false")
    assert "warning  The DHT is switched off" in done.stdout


def test_doctor_when_others_can_look_in_then_says_how_to_shut_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    done = run("doctor", "--data-dir", tmp_path, **OFFLINE)
    assert f"chmod 700 {tmp_path}" in done.stdout


async def test_doctor_when_matinee_runs_then_says_where(tmp_path: Path) -> None:
    async with started("serve", "--port", "0", "--no-open", "--no-dht", "--data-dir", tmp_path) as serving:
        address = (await serving.line()).removeprefix("Matinee is at ")
        done = run("doctor", "--data-dir", tmp_path, **OFFLINE)
    assert done.returncode == 0
    assert f"Matinee is running at {address}" in done.stdout


@pytest.mark.parametrize(
    ("host", "warned"), [("0.0.0.0", True), ("::", True), ("127.0.0.1", False), ("::1", False)]
)
def test_doctor_when_the_page_is_served_beyond_this_computer_then_warns(
    tmp_path: Path, host: str, warned: bool
) -> None:
    done = run("doctor", "--data-dir", tmp_path, **OFFLINE, MATINEE_HOST=host)
    assert ("warning  The setting 'host' has the page served beyond this computer" in done.stdout) is warned
