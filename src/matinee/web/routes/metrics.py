"""``GET /metrics``: the program's figures, as Prometheus reads them (text format 0.0.4).

Written by hand: these are some twenty numbers that somebody asks for four times a minute, and all of them are known
elsewhere already. A library would be one more import at the start, and a registry that every request writes to.
"""

import asyncio
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from matinee import __version__
from matinee.errors import Refused, Starting
from matinee.models.torrent import State
from matinee.ports import Films
from matinee.ports.disk import Disk
from matinee.web.asgi import Receive, Reply, Scope, Send

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LOOPBACK = ("127.", "::1", "::ffff:127.")
_BEGUN = time.time()
_PROC = Path("/proc/self")

Line = tuple[str, str, str, float]
"""Name with its labels, kind, what it is, value."""


class Metrics:
    """Answers on loopback alone: what a house watches, and how much, is nobody's else.

    Args:
        films: counts what comes and goes.
        disk: knows what films take of it.
        is_ready: whether what was stored has been loaded.
    """

    def __init__(self, films: Films, disk: Disk, is_ready: Callable[[], bool]) -> None:
        self._films = films
        self._disk = disk
        self._is_ready = is_ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not str(scope["client"][0]).startswith(_LOOPBACK):
            raise Refused("The program's figures are told on this computer alone.")
        lines = [*_program(), _gauge("ready", "Whether what was stored has been loaded.", self._is_ready())]
        with suppress(Starting):  # matinee_ready says so
            lines += [*await self._torrents(), *await self._space()]
        await Reply(200, written(lines), [("Content-Type", CONTENT_TYPE)])(scope, receive, send)

    async def _torrents(self) -> list[Line]:
        overview = await self._films.overview()
        states = Counter(view.state for view in await self._films.torrents())
        now, total = overview.now, overview.total
        return [
            *(
                _gauge(f'torrents{{state="{state.value}"}}', "Torrents in each state.", states[state])
                for state in State
            ),
            _gauge("readers", "Readers of films that are open.", self._films.readers),
            _gauge("people", "Addresses of peers that are connected.", now.people),
            _gauge("web_hosts", "Web hosts that send films now.", now.web_hosts),
            _gauge("down_bytes_per_second", "Payload that comes in.", now.down_bytes_per_s),
            _gauge("up_bytes_per_second", "Payload that goes out.", now.up_bytes_per_s),
            _counter("down_bytes_total", "Payload taken, of all that is on record.", total.bytes_down),
            _counter("up_bytes_total", "Payload given, of all that is on record.", total.bytes_up),
        ]

    async def _space(self) -> list[Line]:
        seen = await self._disk.view()
        return [
            _gauge("disk_used_bytes", "What films take of the disk.", seen.used_bytes),
            _gauge("disk_cap_bytes", "The most that films may take; 0 is no cap.", seen.cap_bytes),
            _gauge("disk_free_bytes", "What is free on the disk.", seen.free_bytes),
            _gauge("disk_held", "Whether fetching waits for room.", seen.held is not None),
        ]


def written(lines: list[Line]) -> bytes:
    """Write figures as Prometheus reads them; those of one name stand together."""
    said: set[str] = set()
    out = []
    for name, kind, what, value in lines:
        bare = name.partition("{")[0]
        if bare not in said:
            said.add(bare)
            out += [f"# HELP {bare} {what}", f"# TYPE {bare} {kind}"]
        out.append(f"{name} {value:.17g}")
    return ("\n".join(out) + "\n").encode()


def _gauge(name: str, what: str, value: float) -> Line:
    return f"matinee_{name}", "gauge", what, float(value)


def _counter(name: str, what: str, value: float) -> Line:
    return f"matinee_{name}", "counter", what, float(value)


def _program() -> Iterator[Line]:
    """Give what the operating system knows of this process, under the names that everybody uses."""
    yield _gauge(f'info{{version="{__version__}"}}', "The version that runs.", 1)
    yield _gauge("tasks", "Tasks of the event loop.", len(asyncio.all_tasks()))
    yield "process_start_time_seconds", "gauge", "When the process began, in Unix seconds.", _BEGUN
    times = os.times()
    yield "process_cpu_seconds_total", "counter", "Processor time used.", times.user + times.system
    if sys.platform == "linux":
        pages = int((_PROC / "statm").read_text().split()[1])
        resident = float(pages * os.sysconf("SC_PAGE_SIZE"))
        yield "process_resident_memory_bytes", "gauge", "Memory in use.", resident
        yield (
            "process_open_fds",
            "gauge",
            "Open descriptors.",
            float(sum(1 for _ in (_PROC / "fd").iterdir())),
        )
        most_open = float(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        yield "process_max_fds", "gauge", "The most descriptors that it may have open.", most_open
        threads = float(sum(1 for _ in (_PROC / "task").iterdir()))
        yield "matinee_threads", "gauge", "Threads of the process.", threads
