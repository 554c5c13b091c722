"""Two rooms of a house: network namespaces of the test's own in one network, and a browser in each."""

import contextlib
import os
import shlex
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.parts import FLAGS, SHELL

STUDY, SOFA = "10.77.0.1", "10.77.0.2"
WIRE = "wire0"


@dataclass(frozen=True, slots=True)
class Rooms:
    """The names of the namespaces."""

    study: str
    """Where the computer is."""
    sofa: str

    def move(self, *words: str) -> None:
        """Change something of the computer's network, as ``ip`` says it."""
        _ip(self.study, *words)


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


def inside(room: str) -> tuple[str, ...]:
    """Give what begins a command that is to run in a room: ``ip`` itself mounts anew, which not every root allows."""
    return ("nsenter", f"--net=/run/netns/{room}")


def _ip(room: str, *words: str) -> None:
    subprocess.run([*inside(room), "ip", *words], check=True, capture_output=True)
