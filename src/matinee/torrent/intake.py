"""Reads what strangers wrote in a process of its own, which may crash, hang or fill its memory.

One process is kept ready, started ahead, so that a click does not wait for it: reading a film's torrent costs
1 to 3 ms. A request that takes too long, or that the process does not survive, ends as ``BadTorrent`` and the
process is replaced. docs/security.md has what happens without this.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import matinee
from matinee.errors import BadMagnet, BadTorrent, MatineeError, TooLarge, Unavailable
from matinee.torrent.addresses import AddressPolicy
from matinee.torrent.files import MetainfoFile
from matinee.torrent.intake_wire import (
    LENGTHS,
    Head,
    WireError,
    error_from_wire,
    file_count,
    files_from_wire,
    magnet_from_wire,
    metainfo_from_wire,
    pack,
    unpack_head,
    unpack_lengths,
)
from matinee.torrent.magnet import MAX_MAGNET_CHARS, Magnet
from matinee.torrent.metainfo import MAX_METAINFO_BYTES, Metainfo

LIMIT_S = 20.0
"""How long one thing may be read by the clock: for a process that hangs. One that works ends itself long before, by
its processor time, so that a busy computer refuses nothing that an idle one takes."""
READY_S = 30.0
"""How long the process may take to be ready: 0.2 s, and more on a computer that is just waking up."""
RETIRE_CPU_S = 8.0
"""A process that has used so much processor time is replaced between requests, far below its limit."""

_SOURCE = Path(matinee.__file__).parent.parent
_START = "import sys; sys.path.append(sys.argv.pop()); from matinee.torrent.intake_child import main; main()"


class Intake:
    """The reading room. An async context manager; closing twice is harmless."""

    def __init__(self, policy: AddressPolicy, *, limit_s: float = LIMIT_S) -> None:
        self._policy = policy
        self._limit_s = limit_s
        self._turn = asyncio.Lock()
        """Held by the request that is being read; asyncio's locks are given in the order of asking."""
        self._child: asyncio.Task[Process] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Begin to start the process; does not wait for it."""
        self._begin()

    def _begin(self) -> None:
        if self._child is None and not self._closed:
            self._child = asyncio.create_task(_spawn(), name="intake-spawn")

    async def magnet(self, text: str) -> Magnet:
        """Read a magnet link. Raises BadMagnet."""
        if len(text) > MAX_MAGNET_CHARS:
            raise BadMagnet("This magnet link is too long to be right. Copy it again from its page.")
        async with self._turn:
            try:
                return await self._read_magnet(text.encode("utf-8", "replace"))
            except BadTorrent as exc:
                raise BadMagnet("This magnet link could not be read. Copy it again from its page.") from exc

    async def metainfo(self, data: bytes) -> Metainfo:
        """Read the bytes of a .torrent. Raises BadTorrent, TooLarge."""
        return await self._read_torrent("metainfo", data)

    async def info(self, data: bytes) -> Metainfo:
        """Read an info dictionary that peers sent for a magnet link. Raises BadTorrent, TooLarge."""
        return await self._read_torrent("info", data)

    async def close(self) -> None:
        """End the process; a request that is being read ends as ``Unavailable`` or ``BadTorrent``."""
        self._closed = True
        self._retire()
        while self._ending:
            await asyncio.wait(self._ending)

    async def _read_torrent(self, ask: str, data: bytes) -> Metainfo:
        if len(data) > MAX_METAINFO_BYTES:
            raise TooLarge(
                f"This torrent file is larger than {MAX_METAINFO_BYTES // 2**20} MiB."
                " Look for a smaller release."
            )
        async with self._turn:
            child = await self._ready()
            with self._one_request():
                async with asyncio.timeout(self._limit_s):
                    head, rebuilt = await self._ask(child, ask, data)
                    count = file_count(head) if "error" not in head else 0
                    files: list[MetainfoFile] = []
                    while len(files) < count:
                        more, _ = await _receive(child)
                        files_from_wire(more, files)
                        # What has arrived is read without a pause; 100 000 files would hold the loop.
                        await asyncio.sleep(0)
                    await self._finish(child)
                if "error" in head:
                    raise error_from_wire(head)
                return metainfo_from_wire(head, files, rebuilt)

    async def _read_magnet(self, data: bytes) -> Magnet:
        child = await self._ready()
        with self._one_request():
            async with asyncio.timeout(self._limit_s):
                head, _ = await self._ask(child, "magnet", data)
                await self._finish(child)
            if "error" in head:
                raise error_from_wire(head)
            return magnet_from_wire(head)

    async def _ready(self) -> Process:
        """Give a process that waits for a request."""
        if self._child is not None and self._child.done() and not _alive(self._child):
            self._retire()
        self._begin()
        if self._child is None:
            raise Unavailable("Matinee is closing. Start it again and try once more.")
        try:
            # A request that is given up must not take the process with it that others wait for.
            return await asyncio.shield(self._child)
        except asyncio.CancelledError:
            if not self._closed:
                raise
            raise Unavailable("Matinee is closing. Start it again and try once more.") from None
        except (OSError, EOFError, WireError, TimeoutError) as exc:
            self._retire()
            raise Unavailable(
                "The process that reads torrents could not be started. Free some memory and try again."
            ) from exc

    async def _ask(self, child: Process, ask: str, body: bytes) -> tuple[Head, bytes]:
        assert child.stdin is not None  # noqa: S101 - asked for with PIPE; for mypy
        child.stdin.write(pack({"ask": ask, "allow_private": self._policy.allow_private}, body))
        await child.stdin.drain()
        return await _receive(child)

    async def _finish(self, child: Process) -> None:
        """Read the end of an answer, and replace a process that has worked enough."""
        head, _ = await _receive(child)
        used = head.get("cpu_s")
        if not isinstance(used, float) or used > RETIRE_CPU_S:
            self._replace()

    @contextlib.contextmanager
    def _one_request(self) -> Iterator[None]:
        """Translate what the process does wrong; one that was left in the middle of an answer is replaced."""
        try:
            yield
        except MatineeError:
            raise
        except TimeoutError as exc:
            self._replace()
            raise BadTorrent("Reading this torrent took too long. Look for another release.") from exc
        except (OSError, EOFError, WireError) as exc:
            self._replace()
            raise BadTorrent("This torrent could not be read. Look for another release.") from exc
        except BaseException:
            self._replace()
            raise

    def _replace(self) -> None:
        self._retire()
        self._begin()

    def _retire(self) -> None:
        """Kill the process; the next request, or ``start``, makes another."""
        child, self._child = self._child, None
        if child is not None:
            task = asyncio.create_task(_end(child), name="intake-end")
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)


async def _spawn() -> Process:
    starting = asyncio.ensure_future(_exec())
    try:
        child = await asyncio.shield(starting)
    except asyncio.CancelledError:
        # A process that is half made cannot be given up: uvloop would leave it behind.
        await _kill(await starting)
        raise
    try:
        async with asyncio.timeout(READY_S):
            await _receive(child)
    except BaseException:
        await _kill(child)
        raise
    return child


async def _exec() -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-X",
        "utf8",
        "-c",
        _START,
        str(os.getpid()),
        str(_SOURCE),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
    )


async def _end(child: asyncio.Task[Process]) -> None:
    child.cancel()
    with contextlib.suppress(OSError, EOFError, WireError, asyncio.CancelledError):
        await _kill(await child)


async def _kill(child: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    # Reads what is left until the pipe ends and the process is reaped: nothing stays open.
    await child.communicate()


def _alive(child: asyncio.Task[Process]) -> bool:
    return not child.cancelled() and child.exception() is None and child.result().returncode is None


async def _receive(child: Process) -> tuple[Head, bytes]:
    """Read one frame. Raises EOFError when the process has ended."""
    assert child.stdout is not None  # noqa: S101 - asked for with PIPE; for mypy
    head_bytes, body_bytes = unpack_lengths(await child.stdout.readexactly(LENGTHS.size))
    head = unpack_head(await child.stdout.readexactly(head_bytes))
    return head, await child.stdout.readexactly(body_bytes)
