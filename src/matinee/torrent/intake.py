"""Reads what strangers wrote in a process of its own, which may crash, hang or fill its memory.

One process is kept ready, started ahead, so that a click does not wait for it: reading a film's torrent costs
1 to 3 ms. A request that takes too long, or that the process does not survive, ends as ``BadTorrent`` and the
process is replaced. docs/security.md has what happens without this.
"""

import asyncio
import contextlib
from asyncio.subprocess import Process
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from matinee.confined.frames import Head, WireError, pack
from matinee.confined.kept import Kept
from matinee.confined.process import receive, send
from matinee.errors import BadMagnet, BadTorrent, MatineeError, TooLarge
from matinee.outside.addresses import AddressPolicy
from matinee.torrent.files import MetainfoFile
from matinee.torrent.intake_wire import (
    error_from_wire,
    file_count,
    files_from_wire,
    magnet_from_wire,
    metainfo_from_wire,
)
from matinee.torrent.magnet import MAX_MAGNET_CHARS, Magnet
from matinee.torrent.metainfo import MAX_METAINFO_BYTES, Metainfo

LIMIT_S = 20.0
"""How long one thing may be read by the clock: for a process that hangs. One that works ends itself long before, by
its processor time, so that a busy computer refuses nothing that an idle one takes."""
RETIRE_CPU_S = 8.0
"""A process that has used so much processor time is replaced between requests, far below its limit."""


class Intake:
    """The reading room. An async context manager; closing twice is harmless."""

    def __init__(self, policy: AddressPolicy, *, limit_s: float = LIMIT_S) -> None:
        self._policy = policy
        self._limit_s = limit_s
        self._turn = asyncio.Lock()
        """Held by the request that is being read; asyncio's locks are given in the order of asking."""
        self._process = Kept("matinee.torrent.intake_child", does="reads torrents")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Begin to start the process; does not wait for it."""
        self._process.begin()

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
        await self._process.close()

    async def _read_torrent(self, ask: str, data: bytes) -> Metainfo:
        if len(data) > MAX_METAINFO_BYTES:
            raise TooLarge(
                f"This torrent file is larger than {MAX_METAINFO_BYTES // 2**20} MiB."
                " Look for a smaller release."
            )
        async with self._turn:
            child = await self._process.ready()
            with self._one_request():
                async with asyncio.timeout(self._limit_s):
                    head, rebuilt = await self._ask(child, ask, data)
                    count = file_count(head) if "error" not in head else 0
                    files: list[MetainfoFile] = []
                    while len(files) < count:
                        more, _ = await receive(child)
                        files_from_wire(more, files)
                        # What has arrived is read without a pause; 100 000 files would hold the loop.
                        await asyncio.sleep(0)
                    await self._finish(child)
                if "error" in head:
                    raise error_from_wire(head)
                return metainfo_from_wire(head, files, rebuilt)

    async def _read_magnet(self, data: bytes) -> Magnet:
        child = await self._process.ready()
        with self._one_request():
            async with asyncio.timeout(self._limit_s):
                head, _ = await self._ask(child, "magnet", data)
                await self._finish(child)
            if "error" in head:
                raise error_from_wire(head)
            return magnet_from_wire(head)

    async def _ask(self, child: Process, ask: str, body: bytes) -> tuple[Head, bytes]:
        await send(child, pack({"ask": ask, "allow_private": self._policy.allow_private}, body))
        return await receive(child)

    async def _finish(self, child: Process) -> None:
        """Read the end of an answer, and replace a process that has worked enough."""
        head, _ = await receive(child)
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
        self._process.retire()
        self._process.begin()
