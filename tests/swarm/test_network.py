"""A house with two rooms, each a network namespace: what the computer in the study is to others in its network."""

import asyncio
import contextlib
import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.rooms import SOFA, STUDY, inside, logging_to, rooms
from tests.swarm.parts import RIGHTS, TOKEN, make_torrent, matinee
from tests.web.squares import read_square

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

DEADLINE_S = 40.0

_RESOLVE = """
import asyncio, sys
from zeroconf import AddressResolver
from zeroconf.asyncio import AsyncZeroconf

async def main():
    asks = AsyncZeroconf(interfaces=[sys.argv[1]])
    name = AddressResolver(sys.argv[2])
    assert await name.async_request(asks.zeroconf, 20000), "nobody has the name"
    print(*name.parsed_addresses())
    await asks.async_close()

asyncio.run(main())
"""

_LISTEN = """
import socket, sys, time
from zeroconf import DNSIncoming, DNSPointer

hears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
hears.bind(("224.0.0.251", 5353))
group = socket.inet_aton("224.0.0.251") + socket.inet_aton(sys.argv[1])
hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
print("listens", flush=True)
while True:
    said = DNSIncoming(hears.recv(9000))
    if said.is_response() and any(isinstance(one, DNSPointer) and one.ttl for one in said.answers()):
        print(time.monotonic(), flush=True)
"""
"""Asks nothing, and says when somebody announces a service; to take one back is no announcement."""

_SEED = """
import libtorrent as lt, sys

session = lt.session({
    "listen_interfaces": "[fd77::2]:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
    "enable_natpmp": False, "webtorrent_stun_server": "", "alert_mask": int(lt.alert_category.status),
})
parameters = lt.load_torrent_file(sys.argv[1])
parameters.save_path = sys.argv[2]
parameters.flags |= lt.torrent_flags.seed_mode
handle = session.add_torrent(parameters)
while True:
    assert session.wait_for_alert(20000), "it does not listen"
    ports = [
        one.port for one in session.pop_alerts()
        if isinstance(one, lt.listen_succeeded_alert) and one.socket_type == lt.socket_type_t.tcp
    ]
    if ports:
        break
print(ports[0], flush=True)
sys.stdin.read()
"""

_LOOK = """
import httpx, sys

seen = httpx.get(sys.argv[1], timeout=10, trust_env=False)
print(seen.status_code, seen.headers["content-type"].partition(";")[0])
"""

_TALK = """
import hashlib, httpx, json, sys

address, token, magnet, rights = sys.argv[1:]
with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False) as talks:
    found = talks.post("api/v1/torrents", json={"magnet": magnet, "rights": json.loads(rights)})
    film = talks.get(f"stream/{found.json()['info_hash']}/0")
    foreign = talks.get("api/v1/health", headers={"Host": "[fd77::9]:80"})
    while not (links := talks.post("api/v1/devices/codes").json()["links"]):
        pass
print(json.dumps({
    "added": found.status_code, "film": [film.status_code, hashlib.sha256(film.content).hexdigest()],
    "foreign": foreign.status_code, "links": links,
}))
"""


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A film of random bytes in a folder of the seed's own."""
    path = tmp_path / "noise" / "noise.mkv"
    path.parent.mkdir()
    path.write_bytes(random.Random(6).randbytes(2_000_000))
    return path


@contextlib.contextmanager
def seed_in(room: str, film: Path, metainfo: Path) -> Iterator[int]:
    """Have somebody in a room send a film over IPv6; gives the port."""
    command = [*inside(room), sys.executable, "-c", _SEED, str(metainfo), str(film.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def run_in(room: str, script: str, *words: str) -> str:
    """Run a script in a room; gives what it says."""
    command = [*inside(room), sys.executable, "-c", script, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=40)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_f33_computer_when_it_has_no_ipv4_then_is_reached_shown_and_plays_from_a_peer_of_ipv6(
    noise: Path, tmp_path: Path
) -> None:
    info_hash, metainfo = make_torrent(noise, tmp_path)
    with rooms(four=False) as places, seed_in(places.sofa, noise, metainfo) as seed_port:
        magnet = f"magnet:?xt=urn:btih:{info_hash}&x.pe=[fd77::2]:{seed_port}"
        under = (*inside(places.study), "env", "MATINEE_OTHER_SCREENS=true")
        async with matinee(tmp_path / "data", under=under) as running:
            port = running.address.rstrip("/").rpartition(":")[2]
            talked = run_in(places.study, _TALK, running.address, TOKEN, magnet, json.dumps(RIGHTS))
            found: dict[str, Any] = json.loads(talked)
            page = run_in(places.sofa, _LOOK, f"http://[fd77::1]:{port}/")
    assert running.address == f"http://[::1]:{port}/"
    assert (found["added"], found["film"]) == (201, [200, hashlib.sha256(noise.read_bytes()).hexdigest()])
    assert found["foreign"] == 421
    assert [link["url"] for link in found["links"]] == [f"http://[fd77::1]:{port}/"]
    assert [read_square(link["qr"]) for link in found["links"]] == [link["link"] for link in found["links"]]
    assert page.split() == ["200", "text/html"]


async def test_name_when_another_computer_asks_the_network_for_it_then_is_the_address_of_this_one(
    tmp_path: Path,
) -> None:
    with rooms() as places:
        under = (*inside(places.study), "env", "MATINEE_OTHER_SCREENS=true")
        async with matinee(tmp_path / "data", under=under):
            there = run_in(places.sofa, _RESOLVE, SOFA, "matinee.local.").split()
    assert STUDY in there
    assert set(there) <= {STUDY, "fd77::1"}


@contextlib.asynccontextmanager
async def listening_in(room: str, address: str) -> AsyncIterator[asyncio.StreamReader]:
    """Have somebody in a room listen to what is announced, without asking; gives when that was, a line each."""
    command = [*inside(room), sys.executable, "-c", _LISTEN, address]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"listens\n"
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


async def _has_line(log: Path, words: str) -> None:
    """Wait until a line is in a log that another process writes."""
    while words not in log.read_text():  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("end", ["study", "sofa"])
async def test_name_when_the_wire_is_cut_and_mended_then_one_line_says_so_and_it_is_announced_again(
    tmp_path: Path, end: str
) -> None:
    log = tmp_path / "log"
    with rooms() as places:
        under = (*logging_to(log), *inside(places.study), "env", "MATINEE_OTHER_SCREENS=true")
        room = {"study": places.study, "sofa": places.sofa}[end]
        async with listening_in(places.sofa, SOFA) as heard, matinee(tmp_path / "data", under=under):
            async with asyncio.timeout(DEADLINE_S):
                assert await heard.readline()
                run_in(places.sofa, _RESOLVE, SOFA, "matinee.local.")
                places.pull(room, "down")
                await _has_line(log, "not announced")
                places.pull(room, "up")
                mended_s = time.monotonic()
                while float(await heard.readline()) < mended_s:
                    pass
            there = run_in(places.sofa, _RESOLVE, SOFA, "matinee.local.").split()
    assert STUDY in there
    told = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines()]
    assert told == [
        "WARNING matinee.web.screens The name is not announced for the moment, no network is there name=matinee.local"
    ]
