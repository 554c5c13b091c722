"""One film on the web while it comes: shown at once, where somebody looks first, and proved when all of it is here.

What a player gets meanwhile is what the film's host sends over TLS, and is said not to be verified: whose film it is
nobody can tell before the last byte (docs/decisions/0024). It is shared with nobody until then.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import aclosing
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from typing import TypeVar

from matinee.errors import BadSource, DiskFailed, DiskFull, MatineeError, PieceTimeout, SourceUnreachable
from matinee.models.title import WebFilm
from matinee.models.torrent import Ranges
from matinee.outside.fetch import Fetcher, Incoming
from matinee.playback.came import Came
from matinee.ports import NotHere, Stream

log = logging.getLogger(__name__)

T = TypeVar("T")

CHUNK_BYTES = 1024 * 1024
"""At most this much is read at once."""
NEAR_BYTES = 512 * 1024
"""So far ahead of what is coming it is sooner waited for than asked for anew."""
LEAST_BYTES = 128 * 1024
"""Brought at one place that somebody reads, before another place has its turn."""
LOOKS_S = 30.0
SLOWEST_BYTES = 64 * 1024
"""In that time; a host that drips is hung up on, and asked again."""
FIRST_REST_S = 1.0
LONGEST_REST_S = 30.0
"""Between two tries at a host that is away."""


@dataclass(slots=True)
class _Line:
    """What is being fetched."""

    at: int
    """Where the next byte goes."""
    brought: int = 0


class Arriving:
    """Fetches one film from its host, one request at a time.

    Args:
        film: where it is.
        path: where it is kept.
        fetcher: judges every address; each chunk is waited for as long as it says.
        pool: where files are read and written.
        patience_s: how long a reader waits for bytes.
        on_length: told how long the film is before any of it is kept; may raise to have none of it.
        on_change: told whenever more has come, or something else about it has changed.
        came: what of it an earlier run has left; what comes must be of that same film.
        tag: the strong entity tag that it had then.
    """

    def __init__(
        self,
        film: WebFilm,
        path: Path,
        fetcher: Fetcher,
        pool: Executor,
        patience_s: float,
        on_length: Callable[[int], Awaitable[None]],
        on_change: Callable[[], None],
        came: Came | None = None,
        tag: str | None = None,
    ) -> None:
        self.film = film
        self.path = path
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done as soon as its host has said how long the film is; else it says why not."""
        self.trouble: MatineeError | None = None
        """Why nothing comes just now, or why it never will."""
        self.limit_bytes_per_s = 0
        """0 is no limit."""
        self.became: Stream | None = None
        """What is read in its place, once it has ended well."""
        self.taken = 0
        """Bytes that its host has sent, also those that came twice."""
        self.left = asyncio.Event()
        """Set once it has ended, and nobody reads it any more."""
        self._fetcher = fetcher
        self._pool = pool
        self._patience_s = patience_s
        self._on_length = on_length
        self._on_change = on_change
        self._came = came
        self._gives_spans = True
        self._tag = tag
        if came is not None:
            self.begun.set_result(None)
        self._news = asyncio.Event()
        self._going = asyncio.Event()
        self._going.set()
        self._line: _Line | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._seats: dict[int, int] = {}
        """Where each reader is, the one that moved last at the end."""
        self._waiting: dict[int, int] = {}
        """Where readers wait, the one that has waited longest first."""
        self._numbers = 0
        self._failure: MatineeError | None = None
        self._over = False

    @property
    def length(self) -> int:
        """Bytes of the film; 0 as long as its host has not said."""
        return 0 if self._came is None else self._came.length

    @property
    def readers(self) -> int:
        """How many readers are open."""
        return len(self._seats)

    @property
    def ranges(self) -> Ranges:
        """What of it is here."""
        return Ranges(self.length, () if self._came is None else self._came.spans)

    @property
    def bytes_here(self) -> int:
        """How much of it is here."""
        return 0 if self._came is None else self._came.count

    @property
    def tag(self) -> str | None:
        """The strong entity tag that its host gave it."""
        return self._tag

    @property
    def gives_spans(self) -> bool:
        """Whether its host gives parts of it."""
        return self._gives_spans

    @property
    def failed(self) -> bool:
        """Whether it will never be given."""
        return self._failure is not None

    @property
    def paused(self) -> bool:
        """Whether somebody wants nothing of it fetched for now."""
        return not self._going.is_set()

    @property
    def waited_for(self) -> bool:
        """Whether a reader waits for what is not here."""
        return bool(self._waiting)

    def pause(self, paused: bool) -> None:
        """Fetch nothing for now, or go on."""
        (self._going.clear if paused else self._going.set)()
        if paused and self._fetching is not None:
            self._fetching.cancel()
        self._on_change()

    async def fetch(self) -> None:
        """Fetch all of it. A host that is away is asked again, and left alone for as long as it wants.

        Raises:
            BadSource: its host gives something else than the film.
            SourceUnreachable: its host is away from the beginning.
            DiskFailed: it cannot be written.
        """
        rest_s = FIRST_REST_S
        while (place := self._place()) is not None:
            before = self.bytes_here
            try:
                await self._going.wait()
                await self._fetch_from(*place)
            except SourceUnreachable as error:
                if self._came is None:
                    raise
                log.info("A film on the web does not come just now error=%s", error.message)
                self.trouble = error
                self._on_change()
                rest_s = FIRST_REST_S if self.bytes_here > before else min(2 * rest_s, LONGEST_REST_S)
                asked_s = error.details.get("retry_after_s")
                await asyncio.sleep(asked_s if isinstance(asked_s, float) else rest_s)

    async def prove(self) -> None:
        """Hold all of it to what is known of it. Raises BadSource."""
        if self.film.sha1 is not None and await self._on_disk(_sha1, self.path) != self.film.sha1:
            raise BadSource("What came is not the film that was said to be there. Try again later.")

    def settle(self, became: Stream) -> None:
        """Have it read elsewhere from now on; who reads it goes on."""
        self.became = became
        self._end()

    def fail(self, error: MatineeError) -> None:
        """Give nothing of it any more."""
        self.trouble = self._failure = error
        self._end()

    def _end(self) -> None:
        self._over = True
        self._tell()
        self._leave_if_over()

    # What readers ask.

    def sit(self) -> int:
        """Begin to read; gives the reader's number."""
        self._numbers += 1
        self._seats[self._numbers] = 0
        return self._numbers

    def rise(self, number: int) -> None:
        """Read no more."""
        self._waiting.pop(number, None)
        self._seats.pop(number, None)
        self._leave_if_over()

    async def read(self, number: int, start: int, stop: int) -> bytes:
        """Give a non-empty prefix of ``[start, stop)``, once it is here."""
        if not 0 <= start < stop <= self.length or self._came is None:
            raise ValueError(f"cannot read [{start}, {stop}) of {self.length} bytes")
        self._move(number, start)
        try:
            async with asyncio.timeout(self._patience_s):
                while (here := self._came.until(start)) == start and self._failure is None:
                    self._wait(number, start)
                    await self._news.wait()
        except TimeoutError:
            why = self.trouble.message if self.trouble is not None else "Its host sends nothing."
            raise PieceTimeout(f"Nothing came for {self._patience_s:.0f} seconds: {why}") from None
        finally:
            self._waiting.pop(number, None)
        if self._failure is not None:
            raise self._failure
        data = await self._on_disk(_read, self.path, start, min(stop, here, start + CHUNK_BYTES))
        self._move(number, start + len(data))
        return data

    async def read_here(self, start: int, stop: int) -> bytes:
        """Give what is here of ``[start, stop)``. Raises NotHere."""
        if self._came is None or self._failure is not None or (here := self._came.until(start)) == start:
            raise NotHere
        return await self._on_disk(_read, self.path, start, min(stop, here, start + CHUNK_BYTES))

    # How it comes.

    def _place(self) -> tuple[int, int | None] | None:
        """Give what is to be fetched next: what is waited for, then what lies ahead of readers, then the rest."""
        if self._came is None:
            return 0, None
        if not self._gives_spans:
            return None if self._came.whole else (0, None)
        readers = [*self._waiting.values(), *reversed(self._seats.values()), 0]
        return next((gap for at in readers if (gap := self._came.gap(at)) is not None), None)

    async def _fetch_from(self, start: int, stop: int | None) -> None:
        """Fetch until the gap is filled, or somebody waits elsewhere."""
        self._fetching = asyncio.create_task(self._bring(start, stop), name="film-on-the-web")
        try:
            await asyncio.wait({self._fetching})
            if not self._fetching.cancelled():
                self._fetching.result()
        finally:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)
            self._fetching = self._line = None

    async def _bring(self, start: int, stop: int | None) -> None:
        async with self._fetcher.incoming(self.film.url, start, stop, unchanged=self._tag) as incoming:
            came = await self._take(incoming, start)
            self._line = line = _Line(incoming.start)
            async with aclosing(incoming.chunks) as chunks:
                async for chunk in self._steadily(chunks):
                    await self._keep(came, line, chunk)
            if line.at < (came.length if stop is None else stop):
                raise SourceUnreachable("The film's host sent less than was asked for. It is asked again.")

    async def _steadily(self, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        """Give chunks no faster than is wanted, and only while they come faster than they drip."""
        loop = asyncio.get_running_loop()
        look_at_s, brought = loop.time() + LOOKS_S, 0
        async for chunk in chunks:
            yield chunk
            brought += len(chunk)
            if self.limit_bytes_per_s:
                await asyncio.sleep(len(chunk) / self.limit_bytes_per_s)
            elif loop.time() > look_at_s:
                if brought < SLOWEST_BYTES:
                    raise SourceUnreachable("The film's host sends too slowly. It is asked again.")
                look_at_s, brought = loop.time() + LOOKS_S, 0

    async def _keep(self, came: Came, line: _Line, chunk: bytes) -> None:
        if line.at + len(chunk) > came.length:
            raise BadSource("The film's host sends more of it than there is. Try again later.")
        await self._on_disk(_write, self.path, line.at, chunk)
        came.add(line.at, line.at + len(chunk))
        line.at += len(chunk)
        line.brought += len(chunk)
        self.taken += len(chunk)
        self.trouble = None
        self._tell()
        self._turn()

    async def _take(self, incoming: Incoming, start: int) -> Came:
        """Hold what a host begins to send to what it said before."""
        tag = incoming.headers.get("etag", "")
        strong = tag if tag.startswith('"') and len(tag) <= 200 and tag.isascii() else None
        if self._came is None:
            if not incoming.length or incoming.start:
                raise BadSource("The film's host does not say how long it is. Try again later.")
            await self._on_length(incoming.length)
            self._came, self._tag, self._gives_spans = Came(incoming.length), strong, incoming.is_part
            if not self.begun.done():
                self.begun.set_result(None)
            return self._came
        if (
            incoming.is_part != self._gives_spans
            or incoming.length != self._came.length
            or (self._tag is not None and strong is not None and strong != self._tag)
        ):
            raise BadSource("The film changed while it was fetched. Try again.")
        if incoming.start != start:
            raise BadSource("The film's host gives another part of it than was asked for. Try again later.")
        return self._came

    def _turn(self) -> None:
        """Hang up where somebody waits for another part, unless what comes now is read too and has just begun."""
        line, came = self._line, self._came
        if line is None or came is None or self._fetching is None or not self._gives_spans:
            return
        waits = [at for at in self._waiting.values() if came.until(at) == at]
        if not waits or line.at <= waits[0] < line.at + NEAR_BYTES:
            return
        is_read = any(abs(at - line.at) < NEAR_BYTES for at in self._seats.values())
        if is_read and line.brought < LEAST_BYTES:
            return
        self._fetching.cancel()

    def _wait(self, number: int, at: int) -> None:
        if self._waiting.get(number) != at:
            self._waiting[number] = at
            self._turn()
            self._on_change()

    def _move(self, number: int, at: int) -> None:
        self._seats.pop(number, None)
        self._seats[number] = at

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
        self._on_change()

    def _leave_if_over(self) -> None:
        if self._over and not self._seats:
            self.left.set()

    def _on_disk(self, work: Callable[..., T], *arguments: object) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)


def _write(path: Path, at: int, data: bytes) -> None:
    try:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(data)
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull(
                "The disk is full: the film cannot be kept. Make room, and play it again."
            ) from error
        raise DiskFailed(f"The film cannot be written: {error.strerror}.") from error


def _read(path: Path, start: int, stop: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(stop - start)
    except OSError as error:
        raise DiskFailed(f"What has come of the film cannot be read: {error.strerror}.") from error
    if not data:
        raise DiskFailed("What has come of the film is not there any more. Remove it, and play it again.")
    return data


def _sha1(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha1").hexdigest()  # named by whoever has the film
