"""A process that has one film open, seen from outside: asked one thing at a time, it asks for bytes meanwhile."""

import asyncio
import logging
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from types import TracebackType
from typing import Self

from matinee.confined.frames import Head, WireError, pack, pack_head
from matinee.confined.kept import Kept
from matinee.confined.process import receive, send, spawn
from matinee.errors import BadFilm, Unavailable
from matinee.media.beside import Beside
from matinee.media.hardware import Hardware
from matinee.media.reading import Reading
from matinee.models.playback import TrackPlan
from matinee.ports import ByteReader, NotHere
from matinee.tasks import Tasks

log = logging.getLogger(__name__)

PATIENCE_S = 15.0
"""How long the process may be silent: while it gets on it says so every second, however slow the computer is. A
person looks at a picture that stands still meanwhile."""
PROBE_PATIENCE_S = 10.0
"""The same for finding out what a film is made of: 0.02 s is usual, and somebody looks at an empty page."""
ENDS_S = 1.0
"""How long a process may take to be gone of which nothing is heard any more."""
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
        hardware: Hardware | None = None,
        peek: Callable[[], ByteReader] | None = None,
    ) -> None:
        """Make a worker for a file of ``length`` bytes.

        Args:
            open_reader: opens the film.
            length: of it.
            patience_s: see ``PATIENCE_S``.
            niceness: 19 gives way to everything else.
            hardware: the encoder that pictures are converted by, as soon as it is known.
            peek: opens the film for those who wait for nothing; without it they wait too.
        """
        self._length = length
        self._patience_s = patience_s
        self._reading = Reading(open_reader)
        self._peeking = Reading(peek) if peek is not None else self._reading
        self._hardware = hardware
        self._beside: Beside | None = None
        self._leaving = Tasks()
        self._process = Kept(_MODULE, str(length), str(niceness), does="opens films", start=self._start)
        self._turn = asyncio.Lock()
        self._talking: asyncio.Task[tuple[Head, bytes]] | None = None
        self._hearing: asyncio.Task[tuple[Head, bytes]] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._owing = False
        """Whether the process waits for bytes."""

    async def __aenter__(self) -> Self:
        await self._reading.__aenter__()
        if self._peeking is not self._reading:
            await self._peeking.__aenter__()
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
        self._leave_encoder()
        await self._leaving.done()
        await self._reading.__aexit__(None, None, None)
        if self._peeking is not self._reading:
            await self._peeking.__aexit__(None, None, None)

    async def ask(self, what: str, **arguments: object) -> tuple[Head, bytes]:
        """Have a job done; see ``jobs.py``. Jobs wait for each other in the order in which they are asked.

        One that is cancelled lets go of the bytes it waits for.

        Raises:
            BadFilm: the film is broken there, or does harm to the process that opens it.
            Unavailable: no process can be started, the kernel has ended it, or the worker is closing.
            TorrentRemoved, PieceTimeout, DiskFailed: its bytes could not be had.
            NotHere: a reader that waits for nothing does not have them.
        """
        async with self._turn:
            if self._settling is not None:
                await asyncio.wait({self._settling})
            child = await self._process.ready()
            if arguments.get("video") == TrackPlan.CONVERT:
                arguments["hardware"] = self._encoder(arguments.get("encoding"))
            self._talking = asyncio.create_task(self._converse(child, {"ask": what, **arguments}))
            try:
                head, body = await self._talking
                self._judge(head)
                return head, body
            except (TimeoutError, EOFError, OSError, WireError) as exc:
                try:
                    shot = not isinstance(exc, TimeoutError) and await _was_shot(child)
                finally:
                    self._retire()
                log.warning("A film's process failed what=%s error=%r", what, exc)
                if shot:
                    raise Unavailable(
                        "The system has too little memory to open this film. Close other programs and try again."
                    ) from exc
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

    async def _start(self, module: str, *arguments: str) -> Process:
        """Start the film's process, with pipes to an encoder's where one is known; it can be given none later."""
        self._leave_encoder()
        if self._hardware is None or self._hardware.best is None:
            return await spawn(module, *arguments)
        self._beside = Beside()
        return await self._beside.start_film(module, *arguments)

    def _encoder(self, encoding: object) -> str | None:
        """Give the encoder that is there for a job, and begin its process if it has none.

        ``encoding`` is what was chosen for the film, None where that is to be found out. Who began without goes on so.
        """
        name = self._hardware.best if self._hardware is not None else None
        chosen = encoding.get("encoder") if isinstance(encoding, dict) else None
        if name is None or (encoding is not None and chosen != name):
            return None
        if self._beside is None or not self._beside.is_open:
            return None
        self._beside.begin()
        return name

    def _judge(self, head: Head) -> None:
        """Let go of an encoder that failed; the film goes on without it."""
        why = head.get("encoder_failed")
        if isinstance(why, str) and self._hardware is not None and self._beside is not None:
            self._hardware.failed(why[:200])
            self._leave_encoder()

    def _leave_encoder(self) -> None:
        beside, self._beside = self._beside, None
        if beside is not None:
            self._leaving.begin(beside.close(), "encoder-close")

    async def _converse(self, child: Process, request: Head) -> tuple[Head, bytes]:
        patience_s = (
            min(self._patience_s, PROBE_PATIENCE_S) if request["ask"] == "probe" else self._patience_s
        )
        await send(child, pack(request))
        while True:
            head, body = await self._hear(child, patience_s)
            if "read" in head:
                reading = self._reading if head.get("waits", True) else self._peeking
                await self._lend(child, reading, *_span(head["read"], self._length))
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

    async def _lend(self, child: Process, reading: Reading, start: int, stop: int) -> None:
        """Give the process bytes of the film, or tell it that they are not here."""
        self._owing = True
        try:
            data = await reading.read(start, stop)
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
        self._leave_encoder()


async def _was_shot(child: Process) -> bool:
    """Tell whether a process that we hear no more was ended from outside: by the kernel, where memory runs out.

    A film that breaks it ends it in other ways, and so does too much processor time.
    """
    try:
        async with asyncio.timeout(ENDS_S):
            return await child.wait() == -signal.SIGKILL
    except TimeoutError:
        return False


def _span(asked: object, length: int) -> tuple[int, int]:
    """Check what a process wants to read: it may have been taken over by the film."""
    match asked:
        case [int(start), int(stop)] if 0 <= start < stop <= length:
            return start, stop
    raise WireError("a span outside the film")
