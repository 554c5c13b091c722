"""Many viewers of one finished film at once: who has to wait?

The viewers share the machine with the server, so they must cost next to nothing: one thread, one selector, and
the kernel throws the bytes away (MSG_TRUNC) instead of copying them to us. The player compared them before.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench import process

RATE_BYTES_PER_S = 1_000_000
"""8 Mbit/s, the film's own rate."""

WATCH_S = 12
LATE_S = 0.5
PATIENCE_S = 10.0
_READ_BYTES = 1 << 20
_HOLD_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of it."""

    viewers: int
    late: int
    """Viewers for whom some second of film took more than half a second too long, or who were turned away."""
    worst_s: float
    """The longest wait for one second of film."""
    server_cpu_share: float
    """1.0 is one core."""


@dataclass(slots=True)
class _Viewer:
    line: socket.socket
    asked_s: float
    """When the second of film that is on its way was due to be asked for."""
    seconds_left: int = WATCH_S
    left_bytes: int = RATE_BYTES_PER_S
    head: bytearray | None = field(default_factory=bytearray)
    """The answer's head while it is read; None afterwards."""
    worst_s: float = 0.0


def watch(url: str, headers: Mapping[str, str], length_bytes: int, viewers: int, pid: int) -> Crowd:
    """Let the viewers watch at different places of the film, each a second of film a second."""
    before_s, began_s = process.cpu_s(pid), time.monotonic()
    spread_bytes = length_bytes - (WATCH_S + 1) * RATE_BYTES_PER_S
    order = itertools.count()
    # Who asks for the next second of film, and when; the number keeps the heap from comparing viewers.
    due: list[tuple[float, int, _Viewer | int]] = [
        (began_s + at / max(viewers, 1), next(order), at * spread_bytes // max(viewers, 1))
        for at in range(viewers)
    ]
    waits: list[float] = []
    with selectors.DefaultSelector() as waiting:
        until_s = began_s + WATCH_S + PATIENCE_S
        while (due or waiting.get_map()) and (now_s := time.monotonic()) < until_s:
            while due and due[0][0] <= now_s:
                moment_s, _, who = heapq.heappop(due)
                viewer = _open(url, headers, who, moment_s) if isinstance(who, int) else who
                viewer.asked_s, viewer.left_bytes = moment_s, RATE_BYTES_PER_S
                waiting.register(viewer.line, selectors.EVENT_READ, viewer)
            pause_s = max(due[0][0] - time.monotonic(), 0.0) if due else until_s - now_s
            for key, _ in waiting.select(pause_s):
                viewer = key.data
                outcome = _take(viewer)
                if outcome == "more":
                    continue
                waiting.unregister(viewer.line)
                if outcome == "second" and viewer.seconds_left:
                    heapq.heappush(due, (viewer.asked_s + 1.0, next(order), viewer))
                    continue
                viewer.line.close()
                waits.append(viewer.worst_s if outcome == "second" else float("inf"))
        for key in list(waiting.get_map().values()):
            key.data.line.close()
    share = (process.cpu_s(pid) - before_s) / (time.monotonic() - began_s)
    finished = [wait for wait in waits if wait < PATIENCE_S]
    late = viewers - sum(wait <= LATE_S for wait in finished)
    worst_s = max(finished, default=0.0) if len(finished) == viewers else PATIENCE_S
    return Crowd(viewers, late, worst_s, share)


def race(url: str, headers: Mapping[str, str], length_bytes: int) -> float:
    """Read the whole film as fast as it comes, without looking at it; give the seconds it took.

    Raises:
        OSError: The server turned us away or hung up.
    """
    began_s = time.monotonic()
    with _ask(url, headers, 0, hold_bytes=None) as line:
        head = b""
        while b"\r\n\r\n" not in head:
            head += (part := line.recv(16 * 1024))
            if not part:
                raise ConnectionError("the server hung up before its answer")
        left = length_bytes - len(head.partition(b"\r\n\r\n")[2])
        while left > 0:
            got = line.recv_into(_NOWHERE, min(left, _READ_BYTES), socket.MSG_TRUNC)
            if not got:
                raise ConnectionError(f"the server hung up {left} bytes before the end")
            left -= got
    return time.monotonic() - began_s


def _open(url: str, headers: Mapping[str, str], start: int, asked_s: float) -> _Viewer:
    """Connect and ask; on loopback neither waits."""
    line = _ask(url, headers, start, hold_bytes=_HOLD_BYTES)
    line.setblocking(False)
    return _Viewer(line, asked_s)


def _ask(url: str, headers: Mapping[str, str], start: int, *, hold_bytes: int | None) -> socket.socket:
    """Open a connection and send the request."""
    parts = urlsplit(url)
    line = socket.socket()
    if hold_bytes is not None:
        # Loopback's own buffers grow to megabytes: 200 viewers would then take a gigabyte in the first second.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, hold_bytes)
    line.settimeout(PATIENCE_S)
    line.connect((parts.hostname or "127.0.0.1", parts.port or 80))
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    fields = {"Host": parts.netloc, "Range": f"bytes={start}-", **headers}
    words = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    line.sendall(f"GET {target} HTTP/1.1\r\n{words}\r\n".encode())
    return line


def _take(viewer: _Viewer) -> str:
    """Take what is there; give 'more', 'second' when a second of film is complete, or 'gone'."""
    try:
        if viewer.head is not None:
            got = viewer.line.recv(16 * 1024)
            if not got:
                return "gone"
            viewer.head += got
            end = viewer.head.find(b"\r\n\r\n")
            if end < 0:
                return "more"
            if b" 206 " not in viewer.head[:20]:
                return "gone"
            count = len(viewer.head) - end - 4
            viewer.head = None
        else:
            wanted = min(viewer.left_bytes, _READ_BYTES)
            count = viewer.line.recv_into(_NOWHERE, wanted, socket.MSG_TRUNC)
            if not count:
                return "gone"
    except BlockingIOError:
        return "more"
    except OSError:
        return "gone"
    viewer.left_bytes -= count
    if viewer.left_bytes > 0:
        return "more"
    viewer.worst_s = max(viewer.worst_s, time.monotonic() - viewer.asked_s)
    viewer.seconds_left -= 1
    return "second"


_NOWHERE = bytearray(_READ_BYTES)
"""The kernel writes nothing here; Python wants a buffer all the same."""
