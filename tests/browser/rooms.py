"""Two rooms of a house: network namespaces of the test's own in one network, and a browser in each."""

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.browser.parts import FLAGS, SHELL, House, Screen, open_house

STUDY, SOFA = "10.77.0.1", "10.77.0.2"
WIRE = "wire0"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

PUBLISH = """async ([path, title]) => {
  const events = new EventSource('/api/v1/events');
  const done = new Promise((found, failed) => events.addEventListener('publication', (event) => {
    const now = JSON.parse(event.data);
    if (now.step === 'done') found(now.info_hash);
    if (now.step === 'failed') failed(new Error(now.message));
  }));
  await new Promise((open) => { events.onopen = open; });
  const headers = { 'Content-Type': 'application/json', 'X-Matinee': '1' };
  const body = JSON.stringify({ title, year: 2008, licence: 'CC-BY-3.0', path });
  const answer = await fetch('/api/v1/publications', { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  const hash = await done;
  events.close();
  return hash;
}"""

SQUARE = """async (address) => {
  const answer = await fetch('/api/v1/devices/codes', { method: 'POST', headers: { 'X-Matinee': '1' } });
  return (await answer.json()).links.find(({ url }) => url.startsWith(address)).link;
}"""

_SCREENS_ON = """async () => {
  const headers = { 'Content-Type': 'application/json', 'X-Matinee': '1' };
  const body = JSON.stringify({ other_screens: true });
  const answer = await fetch('/api/v1/settings', { method: 'PATCH', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}"""


_ASK = """
import http.client, json, sys
host, port, asked = json.loads(sys.argv[1])
for path, headers in asked:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for field in headers.items():
        connection.putheader(*field)
    connection.endheaders()
    print(connection.getresponse().status)
"""


@dataclass(frozen=True, slots=True)
class Rooms:
    """The names of the namespaces."""

    study: str
    """Where the computer is."""
    sofa: str

    def move(self, *words: str) -> None:
        """Change something of the computer's network, as ``ip`` says it."""
        _ip(self.study, *words)

    def pull(self, room: str, turn: str) -> None:
        """Have one end of the wire ``down`` or ``up``."""
        _ip(room, "link", "set", WIRE, turn)

    def narrow(self, change: str, rate: str) -> None:
        """Have the wire carry no more than a rate from the computer to the sofa, as ``tc`` says it."""
        wire = ("tc", "qdisc", change, "dev", WIRE, "root")
        bucket = ("tbf", "rate", rate, "burst", "32kbit", "latency", "400ms")
        subprocess.run([*inside(self.study), *wire, *bucket], check=True, capture_output=True)


@contextlib.contextmanager
def rooms(*, four: bool = True) -> Iterator[Rooms]:
    """Make both, joined by a wire, and take them away at the end; who is not root is told so.

    Args:
        four: whether there is IPv4, which every Linux has at least within itself unless it is taken away.
    """
    if os.geteuid() != 0 or None in (shutil.which("ip"), shutil.which("nsenter")):
        pytest.skip("network namespaces are made by root alone, with the command 'ip'")
    made = Rooms(f"matinee-study-{os.getpid()}", f"matinee-sofa-{os.getpid()}")
    ends = (made.study, STUDY, "fd77::1"), (made.sofa, SOFA, "fd77::2")
    try:
        for name, _, _ in ends:
            subprocess.run(["ip", "netns", "add", name], check=True, capture_output=True)
            _ip(name, "link", "set", "lo", "up")
        _ip(made.study, "link", "add", WIRE, "type", "veth", "peer", "name", WIRE, "netns", made.sofa)
        for name, old, six in ends:
            if four:
                _ip(name, "address", "add", f"{old}/24", "dev", WIRE)
            else:
                _ip(name, "address", "delete", "127.0.0.1/8", "dev", "lo")
            _ip(name, "address", "add", f"{six}/64", "dev", WIRE, "nodad")
            _ip(name, "link", "set", WIRE, "up")
        yield made
    finally:
        for name, _, _ in ends:
            subprocess.run(["ip", "netns", "delete", name], check=False)


@contextlib.asynccontextmanager
async def browser_in(
    room: str, chromium: Browser, folder: Path, home: Path | None = None
) -> AsyncIterator[Browser]:
    """Give a Chromium that lives in a room; it is spoken to over a pipe.

    Args:
        room: the namespace's name.
        chromium: one that runs, of the same kind.
        folder: where the script is kept that starts it.
        home: where whoever uses it keeps what is theirs, the authorities that they trust among it.
    """
    script = folder / f"{room}.sh"
    script.write_text(f'#!/bin/sh\nexec {shlex.join(inside(room))} {SHELL} "$@"\n')
    script.chmod(0o755)
    own: dict[str, str | float | bool] = {**os.environ, **({"HOME": str(home)} if home else {})}
    browser = await chromium.browser_type.launch(executable_path=script, args=FLAGS, env=own)
    try:
        yield browser
    finally:
        await browser.close()


@dataclass(frozen=True, slots=True)
class Evening:
    """A film in the study, and a phone on the sofa that was let in."""

    places: Rooms
    house: House
    computer: Screen
    """A tab of the owner's."""
    phone: Screen
    sofa: Browser
    info_hash: str
    port: int
    log: Path


@contextlib.asynccontextmanager
async def evening(
    chromium: Browser, folder: Path, film: Path, *, program: tuple[str, str] = ("-m", "matinee")
) -> AsyncIterator[Evening]:
    """Publish a film, turn other screens on, and let the phone in by the square that the computer shows."""
    log = folder / "log"
    with rooms() as places:
        async with (
            browser_in(places.study, chromium, folder) as in_study,
            browser_in(places.sofa, chromium, folder) as on_sofa,
            open_house(
                in_study, folder, program=program, under=(*logging_to(log), *inside(places.study))
            ) as house,
        ):
            port = int(house.running.address.rstrip("/").rpartition(":")[2])
            computer = await house.sit_down("/settings")
            info_hash = await computer.page.evaluate(PUBLISH, [str(film), "Big Buck Bunny"])
            await computer.page.evaluate(_SCREENS_ON)
            context = await on_sofa.new_context(locale="en", service_workers="block", **PHONE)
            phone = Screen(await context.new_page())
            await phone.page.goto(await computer.page.evaluate(SQUARE, f"http://{STUDY}:{port}"))
            await phone.page.locator("#content").wait_for()
            yield Evening(places, house, computer, phone, on_sofa, info_hash, port, log)
            await context.close()


def inside(room: str) -> tuple[str, ...]:
    """Give what begins a command that is to run in a room: ``ip`` itself mounts anew, which not every root allows."""
    return ("nsenter", f"--net=/run/netns/{room}")


def ask(room: str, host: str, port: int, *asked: tuple[str, dict[str, str]]) -> list[int]:
    """Ask from a room, without a browser."""
    command = [*inside(room), sys.executable, "-c", _ASK, json.dumps([host, port, asked])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if "ConnectionRefusedError" in done.stderr:
        raise ConnectionRefusedError
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


def logging_to(log: Path) -> tuple[str, ...]:
    """Give what begins a command whose standard error is to go to a file."""
    return ("sh", "-c", 'exec "$@" 2>"$0"', str(log))


def refusals(log: Path, code: str, path: str) -> int:
    """Count how often a log says that a request for a path was refused."""
    lines = [line for line in log.read_text().splitlines() if "request refused" in line]
    return len([line for line in lines if f"code={code} " in line and path in line])


def _ip(room: str, *words: str) -> None:
    subprocess.run([*inside(room), "ip", *words], check=True, capture_output=True)
