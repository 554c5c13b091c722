"""Two network namespaces joined by a veth pair: the swarm in one, the client and its player in the other.

No traffic leaves the machine: the namespaces know 198.18.0.0/15 (RFC 2544, benchmarking) and loopback, and
nothing else.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PREFIX = "matinee-bench"
_SWARM_HOST = "198.18.0.1"
_CLIENT_HOST = "198.18.0.2"


class NoNetworkError(RuntimeError):
    """The machine cannot give us namespaces."""


@dataclass(frozen=True, slots=True)
class Network:
    """The names of the two namespaces."""

    swarm: str
    client: str

    def in_swarm(self, command: Sequence[str]) -> list[str]:
        """Give the command that runs in the swarm's namespace; `ip` replaces itself, so the process id stays."""
        return ["ip", "netns", "exec", self.swarm, *command]

    def in_client(self, command: Sequence[str]) -> list[str]:
        """Give the command that runs in the client's namespace."""
        return ["ip", "netns", "exec", self.client, *command]


@contextlib.contextmanager
def network(swarm_addresses: Sequence[str]) -> Iterator[Network]:
    """Make both namespaces, and take them away at the end.

    Args:
        swarm_addresses: Every address on which a peer of any swarm may listen.

    Raises:
        NoNetworkError: Not root, or no `ip`.
    """
    if os.geteuid() != 0:
        raise NoNetworkError(
            "The swarm needs network namespaces of its own, and only root may make them: run as root."
        )
    if shutil.which("ip") is None:
        raise NoNetworkError(
            "The swarm needs the command 'ip' (Debian's package iproute2), and it is not here."
        )
    _sweep()
    made = Network(f"{PREFIX}-swarm-{os.getpid()}", f"{PREFIX}-client-{os.getpid()}")
    near, far = f"mbs{os.getpid()}", f"mbc{os.getpid()}"
    try:
        for name in (made.swarm, made.client):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
            _quiet_ipv6(name)
        ends = [near, "netns", made.swarm, "type", "veth", "peer", "name", far, "netns", made.client]
        _ip("link", "add", *ends)
        for name, device, host in ((made.swarm, near, _SWARM_HOST), (made.client, far, _CLIENT_HOST)):
            _ip("-n", name, "address", "add", f"{host}/30", "dev", device)
            _ip("-n", name, "link", "set", device, "up")
        # Through a gateway: an address nobody owns is then a black hole, not an unreachable host.
        _ip("-n", made.client, "route", "add", "198.18.0.0/15", "via", _SWARM_HOST)
        # libtorrent takes an interface without a default route for a local network and announces nothing beyond it. So
        # there is one, and two longer routes keep it idle: a look-up of a name fails at once instead of hanging.
        _ip("-n", made.client, "route", "add", "default", "via", _SWARM_HOST)
        for half in ("0.0.0.0/1", "128.0.0.0/1"):
            _ip("-n", made.client, "route", "add", "unreachable", half)
        batch = "\n".join(f"address add {address}/32 dev lo" for address in swarm_addresses)
        _ip("-n", made.swarm, "-batch", "-", text=batch)
        for name, device in ((made.swarm, near), (made.client, far)):
            _await_carrier(name, device)
        yield made
    finally:
        for name in (made.swarm, made.client):
            with contextlib.suppress(NoNetworkError):
                _ip("netns", "delete", name)


def _await_carrier(name: str, device: str) -> None:
    """Wait until the kernel calls the device up: about a second, in which libtorrent would not see it."""
    until_s = time.monotonic() + 10
    while time.monotonic() < until_s:
        if "state UP" in _ip("-n", name, "link", "show", "dev", device):
            return
        time.sleep(0.05)
    raise NoNetworkError(f"The device {device} did not come up within 10 s.")


def _quiet_ipv6(name: str) -> None:
    """Switch IPv6 off: link-local addresses would make some clients announce twice."""
    command = ["ip", "netns", "exec", name, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1"]
    subprocess.run(command, capture_output=True, check=False)


def _sweep() -> None:
    """Take away what a killed run has left: namespaces whose process is gone."""
    for place in Path("/run/netns").glob(f"{PREFIX}-*"):
        if not Path("/proc", place.name.rsplit("-", 1)[1]).exists():
            with contextlib.suppress(NoNetworkError):
                _ip("netns", "delete", place.name)


def _ip(*words: str, text: str | None = None) -> str:
    done = subprocess.run(["ip", *words], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoNetworkError(f"'ip {' '.join(words)}' failed: {done.stderr.strip()}")
    return done.stdout
