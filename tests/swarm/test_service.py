"""The user service: a real systemd starts it, and in its sandbox a film is played that has to be converted."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from matinee.data_folder import running_address
from tests.media.films import made
from tests.swarm.parts import END_S, START_S, Client, aria2_seed, environment
from tests.swarm.test_playback import fetch, play

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

MANAGER = """
mount -t tmpfs none /run && mkdir -p /run/systemd/system
exec /lib/systemd/systemd --user --log-target=console
"""
"""A manager refuses where systemd has not booted the system, which it tells by a folder."""
READY = ("SystemState=running", "SystemState=degraded")
TUNABLES = "ProtectKernelTunables=true"
"""What a container's own /proc may not let anybody do."""


@dataclass(frozen=True, slots=True)
class Manager:
    """A user's own manager."""

    environment: Mapping[str, str]

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command that speaks to it."""
        return subprocess.run(
            words, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )

    def shown(self, name: str) -> str:
        """Give a property of the service."""
        return self.ask("systemctl", "--user", "show", "matinee", "--value", "-p", name).stdout.strip()


@contextlib.contextmanager
def manager(home: Path) -> Iterator[Manager]:
    """Run a user's manager; where none can run the test is told so."""
    if os.geteuid() != 0 or None in map(shutil.which, ("systemd-run", "unshare")):
        pytest.skip("a systemd of the test's own is started by root alone, where systemd is")
    runs = home / "run"
    runs.mkdir(mode=0o700)
    around = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runs), "PATH": os.environ["PATH"]}
    with (home / "manager.log").open("wb") as log:
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", MANAGER], env=around, stdout=log, stderr=log
        )
        try:
            made = Manager(around)
            until_s = time.monotonic() + START_S
            while made.ask("systemctl", "--user", "show", "-p", "SystemState").stdout.strip() not in READY:
                if process.poll() is not None or time.monotonic() > until_s:
                    pytest.skip(f"no user manager runs here: {(home / 'manager.log').read_text()[-300:]}")
            yield made
        finally:
            process.terminate()
            process.wait(END_S)


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a home outside of /tmp, of which the service has one of its own."""
    if Path(sys.prefix).is_relative_to("/tmp"):
        pytest.skip("the program lies in /tmp, which the service does not see")
    with tempfile.TemporaryDirectory(prefix="matinee-home-", dir="/var/lib") as folder:
        yield Path(folder)


async def test_service_when_systemd_starts_it_then_plays_a_converted_film_in_its_sandbox(
    home: Path, tmp_path: Path
) -> None:
    film = Path(shutil.copy(made("whole.mkv", "-i", "{bunny}", "-c:v", "copy", "-c:a", "ac3"), tmp_path))
    with manager(home) as own, aria2_seed(film, tmp_path) as seeded:
        said = own.ask(sys.executable, "-m", "matinee", "install-desktop")
        assert said.returncode == 0, said.stderr
        more = [
            f'Environment="{name}={value}"' for name, value in environment().items() if "MATINEE_" in name
        ]
        more += ["Environment=MATINEE_PORT=0 MATINEE_DHT=false MATINEE_ALLOW_PRIVATE_SOURCES=true"]
        if own.ask("systemd-run", "--user", "--wait", "-p", TUNABLES, "true").returncode != 0:
            more.append("ProtectKernelTunables=false")
        added = home / ".config/systemd/user/matinee.service.d/test.conf"
        added.parent.mkdir()
        added.write_text("\n".join(["[Service]", *more, ""]))
        own.ask("systemctl", "--user", "daemon-reload")
        begun = own.ask("systemctl", "--user", "start", "matinee")
        assert begun.returncode == 0, own.ask("systemctl", "--user", "status", "matinee").stdout
        pid = int(own.shown("MainPID"))
        data = home / ".local/share/matinee"
        until_s = time.monotonic() + START_S
        while (address := running_address(data)) is None:
            assert time.monotonic() < until_s, own.ask("systemctl", "--user", "status", "matinee").stdout
        running = Client(address)
        async with running.client:
            await running.add(seeded.magnet)
            seen = await play(running, await fetch(running, seeded.info_hash), 1)
        status = Path(f"/proc/{pid}/status").read_text().split("\n")
        mounts = Path(f"/proc/{pid}/mountinfo").read_text().split("\n")
        ended = own.ask("systemctl", "--user", "stop", "matinee")
        result = own.shown("Result"), own.shown("ExecMainStatus")
    assert seen.pictures >= 24
    assert seen.loud
    assert {"NoNewPrivs:\t1", "Seccomp:\t2"} <= set(status)
    assert any(line.split()[4] == "/usr" and line.split()[5].startswith("ro") for line in mounts if line)
    assert (ended.returncode, result) == (0, ("success", "0"))
