"""A process that has one film open, seen from outside: asked one thing at a time, it asks for bytes meanwhile."""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import Callable
from types import TracebackType
from typing import Self

from matinee.confined.frames import Head, WireError, pack, pack_head
from matinee.confined.kept import Kept
from matinee.confined.process import receive, send
from matinee.errors import BadFilm, Unavailable
from matinee.media.reading import Reading
from matinee.ports import ByteReader, NotHere

log = logging.getLogger(__name__)

PATIENCE_S = 15.0
"""How long the process may be silent: while it gets on it says so every second, however slow the computer is. A
person looks at a picture that stands still meanwhile."""
PROBE_PATIENCE_S = 10.0
"""The same for finding out what a film is made of: 0.02 s is usual, and somebody looks at an empty page."""
SETTLE_S = 2.0
"""How long a process may take to see that its answer is not wanted any more."""

_MODULE = "matinee.media.worker_child"


class MediaWorker:
    """An async context manager: entering begins to start the process and does not wait for it.

    Leaving it ends the process and whatever is still being asked (as ``Unavailable``).
    """

    def __init__(
        self,
        open_reader: Callable[[], ByteReader],
        length: int,
        *,
        patience_s: float = PATIENCE_S,
        niceness: int = 0,
    ) -> None:
        """Make a worker for a file of ``length`` bytes; ``niceness`` 19 gives way to everything else."""
        self._length = length
        self._patience_s = patience_s
        self._reading = Reading(open_reader)
        self._process = Kept(_MODULE, str(length), str(niceness), does="opens films")
        self._turn = asyncio.Lock()
        self._talking: asyncio.Task[tuple[Head, bytes]] | None = None
        self._hearing: asyncio.Task[tuple[Head, bytes]] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._owing = False
        """Whether the process waits for bytes."""

    async def __aenter__(self) -> Self:
        await self._reading.__aenter__()
        self._process.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        closing = asyncio.create_task(self._close(), name="media-close")
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            # It ends a process and asks nobody: who cancels waits for that little all the same.
            await closing
            raise

    async def _close(self) -> None:
        self._process.closed = True
        ending = [task for task in (self._talking, self._settling) if task is not None]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        self._retire()
        await self._process.close()
        await self._reading.__aexit__(None, None, None)

    async def ask(self, what: str, **arguments: object) -> tuple[Head, bytes]:
        """Have a job done; see ``jobs.py``. Jobs wait for each other in the order in which they are asked.

        One that is cancelled lets go of the bytes it waits for.

        Raises:
            BadFilm: the film is broken there, or does harm to the process that opens it.
            Unavailable: no process can be started, or the worker is closing.
            TorrentRemoved, PieceTimeout, DiskFailed: its bytes could not be had.
            NotHere: a reader that waits for nothing does not have them.
        """
        async with self._turn:
            if self._settling is not None:
                await asyncio.wait({self._settling})
            child = await self._process.ready()
            self._talking = asyncio.create_task(self._converse(child, {"ask": what, **arguments}))
            try:
                return await self._talking
            except (TimeoutError, EOFError, OSError, WireError) as exc:
                self._retire()
                log.warning("A film's process failed what=%s error=%r", what, exc)
                raise BadFilm("This film broke the program that opens it. Look for another release.") from exc
            except (BadFilm, NotHere):
                raise
            except BaseException as exc:
                if self._process.closed and isinstance(exc, asyncio.CancelledError):
                    raise Unavailable("This film is being closed. Open it again.") from exc
                self._settling = asyncio.create_task(self._settle(child), name="media-settle")
                raise
            finally:
                self._talking = None

    async def ready(self) -> None:
        """Wait until the process can be asked. Raises Unavailable."""
        async with self._turn:
            await self._process.ready()

    async def rest(self) -> None:
        """Want no bytes until the next question."""
        async with self._turn:
            await self._reading.rest()

    async def _converse(self, child: Process, request: Head) -> tuple[Head, bytes]:
        patience_s = (
            min(self._patience_s, PROBE_PATIENCE_S) if request["ask"] == "probe" else self._patience_s
        )
        await send(child, pack(request))
        while True:
            head, body = await self._hear(child, patience_s)
            if "read" in head:
                await self._lend(child, *_span(head["read"], self._length))
            elif "busy" in head:
                continue
            elif isinstance(head.get("done"), dict):
                return head["done"], body
            elif isinstance(head.get("error"), str):
                log.info("A film could not be read error=%s", head["error"])
                raise BadFilm("This film is damaged, or not of a kind that can be played.")
            elif "gone" in head:
                raise NotHere
            else:
                raise WireError("an answer to nothing")

    async def _lend(self, child: Process, start: int, stop: int) -> None:
        """Give the process bytes of the film, or tell it that they are not here."""
        self._owing = True
        try:
            data = await self._reading.read(start, stop)
        except NotHere:
            self._owing = False
            await send(child, pack({"gone": True}))
        else:
            self._owing = False
            await send(child, pack_head({}, len(data)), data)

    async def _hear(self, child: Process, patience_s: float) -> tuple[Head, bytes]:
        """Read a frame; one that is given up in the middle is read on by the next call."""
        if self._hearing is None:
            self._hearing = asyncio.create_task(receive(child))
        async with asyncio.timeout(patience_s):
            heard = await asyncio.shield(self._hearing)
        self._hearing = None
        return heard

    async def _settle(self, child: Process) -> None:
        """Have the process give up its job, so that it can be asked again; end it when it does not."""
        try:
            await self._reading.rest()
            async with asyncio.timeout(SETTLE_S):
                while True:
                    head = {"read": None} if self._owing else (await self._hear(child, SETTLE_S))[0]
                    if "read" in head:
                        self._owing = False
                        await send(child, pack({"gone": True}))
                    elif "busy" not in head:
                        break
        except (TimeoutError, EOFError, OSError, WireError):
            self._retire()
        finally:
            self._settling = None

    def _retire(self) -> None:
        """End the process; the next question starts another."""
        self._owing = False
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            hearing.cancel()
        self._process.retire()


def _span(asked: object, length: int) -> tuple[int, int]:
    """Check what a process wants to read: it may have been taken over by the film."""
    match asked:
        case [int(start), int(stop)] if 0 <= start < stop <= length:
            return start, stop
    raise WireError("a span outside the film")
