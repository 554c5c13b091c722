"""Makes promises, watches what comes of them, and learns from it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from matinee.catalogue.rank import MARGIN, Handling, container_of
from matinee.errors import MatineeError, StorageFailed
from matinee.models.playback import Plan, PlaybackView, TrackPlan, Way
from matinee.models.promise import Outcome, Plays, Promise
from matinee.models.title import Release
from matinee.models.torrent import FileEntry, TorrentView
from matinee.playback.promise import (
    METADATA_S,
    OPENING_S,
    Film,
    Line,
    Look,
    gave_bytes_per_s,
    learned,
    missing_bytes,
    opening,
    promise,
    reach_s,
)
from matinee.playback.watch import Watch
from matinee.ports import Films
from matinee.tasks import Tasks
from matinee.types import FileIndex, InfoHash, SessionId

log = logging.getLogger(__name__)

KEPT = 200
"""Outcomes; the line is judged by the last few, the model by all."""
WATCHED_S = 60.0
"""So long after the first picture it is looked whether it stalls."""
LOOKS_S = 2.0
LOOKS = int(WATCHED_S / LOOKS_S)
"""So often it is looked how much has come, and how fast."""
KNOWN_FILMS = 64
"""Films of which it is remembered how long they last."""


class Store(Protocol):
    """Keeps outcomes: ``storage/promises.py``."""

    async def load(self, most: int) -> list[Outcome]:
        """Give those kept last, the newest last. Raises StorageFailed."""

    async def add(self, outcome: Outcome) -> None:
        """Keep one. Raises StorageFailed."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What was promised when somebody wished to see a film, and of what was known then."""

    clicked_s: float
    at: str
    promise: Promise
    fresh: bool
    metadata_here: bool = True


@dataclass(slots=True)
class _Live:
    """A film that is being watched."""

    told: _Told
    info_hash: InfoHash
    file_index: FileIndex
    etag: str
    opening_bytes: int
    tail_start: int
    """Where its index begins, as far as anybody knows."""
    bytes_per_s: float
    film: Film
    watch: Watch
    start_s: float | None = None
    drawn_s: float = 0.0
    asked_tail: bool = False
    """Whether its index was asked for before the first picture."""
    looks: list[Look] = field(default_factory=list)
    """At its torrent, as long as that was not whole."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Promises:
    """What was promised and what came of it. Everything runs on the loop's thread.

    Args:
        films: knows what is here of a film.
        store: keeps outcomes over a restart; None where nothing is kept.
    """

    def __init__(self, films: Films, store: Store | None = None) -> None:
        self._films = films
        self._store = store
        self._outcomes: deque[Outcome] = deque(maxlen=KEPT)
        self._known: dict[tuple[InfoHash, FileIndex], Film] = {}
        self._live: dict[SessionId, _Live] = {}
        self._tasks = Tasks()

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What happened, the oldest first."""
        return tuple(self._outcomes)

    async def load(self) -> None:
        """Bring back what was kept; a film plays without it, and promises are guesses again."""
        try:
            if self._store is not None:
                self._outcomes.extendleft(reversed(await self._store.load(KEPT)))
        except StorageFailed as error:
            log.warning("What was learned of this line is not known error=%s", error.message)

    async def make(self, info_hash: InfoHash, file_index: FileIndex | None) -> Promise:
        """Say when a film would start, were it wanted now. Raises TorrentNotFound."""
        return (await self.wished(info_hash, file_index)).promise

    def line(self, info_hash: InfoHash | None = None) -> Line:
        """Say what is known of the line, or of those who have a torrent."""
        return learned(self._outcomes, info_hash)

    def of_release(self, release: Release, handling: Handling, info_hash: InfoHash | None) -> Promise:
        """Say when a release would start whose torrent is not here; of its swarm what was learned before, if it was."""
        matroska = container_of(release.file) in ("matroska", "webm")
        known = release.length_bytes is not None and release.duration_s is not None
        film = Film(
            (release.length_bytes or 0) if known else 0,
            release.duration_s,
            matroska=matroska,
            handling=handling,
            metadata_here=False,
        )
        return promise(film, self.line(info_hash))

    async def of_film(
        self, info_hash: InfoHash, file_index: FileIndex, duration_s: float | None, handling: Handling
    ) -> Promise:
        """Say as ``make`` does, where the catalogue knows how long the film is, or what its player must have done."""
        return (await self.wished(info_hash, file_index, Film(0, duration_s, handling=handling))).promise

    async def wished(
        self, info_hash: InfoHash, file_index: FileIndex | None, told: Film | None = None
    ) -> _Told:
        """Note that somebody wants to see a film, and promise.

        Args:
            info_hash: of its torrent.
            file_index: of the film; None for the torrent's largest.
            told: what is known of it from elsewhere: how long it is, and what must be done to it.
        """
        clicked_s = asyncio.get_running_loop().time()
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        torrent = await self._films.torrent(info_hash)
        file = _file(torrent, file_index)
        line = learned(self._outcomes, info_hash)
        if file is None:
            return _Told(clicked_s, at, promise(Film(0, metadata_here=False), line), True, False)
        film = self._known.get((info_hash, file.index))
        if film is None:
            film = self._as_it_was(info_hash, _film(torrent, file), file)
            if told is not None:
                film = replace(film, duration_s=film.duration_s or told.duration_s, handling=told.handling)
        wanted = opening(film)
        missing = missing_bytes(wanted, (await self._films.ranges(info_hash, file.index)).spans)
        fresh = missing == wanted.length_bytes
        return _Told(clicked_s, at, promise(film, line, missing), fresh)

    def _as_it_was(self, info_hash: InfoHash, film: Film, file: FileEntry) -> Film:
        """Add how long a film is that was played before a restart."""
        for one in reversed(self._outcomes):
            needs = one.promise.needs_bytes_per_s
            if (one.info_hash, one.file_index) == (info_hash, file.index) and needs:
                return replace(film, duration_s=file.length / needs * MARGIN)
        return film

    async def opened(self, told: _Told, view: PlaybackView, etag: str) -> Promise:
        """Watch a film that is being opened, and say what was promised of it with what is known by now."""
        torrent = await self._films.torrent(view.info_hash)
        file = _file(torrent, view.file_index)
        if file is None or not view.duration_s:
            return told.promise
        film = replace(
            _film(torrent, file),
            duration_s=view.duration_s,
            handling=_handling(view.plan),
        )
        self._known[view.info_hash, file.index] = film
        if len(self._known) > KNOWN_FILMS:
            del self._known[next(iter(self._known))]
        now = promise(film, learned(self._outcomes, view.info_hash))
        plays = now.plays if view.plan.keeps_up else Plays.CONVERTS_SLOWLY
        said = replace(told.promise, plays=plays, needs_bytes_per_s=now.needs_bytes_per_s)
        wanted = opening(film)
        self._live[view.session] = _Live(
            replace(told, promise=said),
            view.info_hash,
            file.index,
            etag,
            wanted.length_bytes,
            wanted.spans[-1][0] if len(wanted.spans) > 1 else file.length,
            file.length / view.duration_s,
            film,
            Watch(OPENING_S * MARGIN if film.handling is Handling.PLAYS else OPENING_S),
        )
        return said

    def sent(self, etag: str, start: int, stop: int, waited_s: float) -> None:
        """Note bytes that a player took, ``[start, stop)`` of a file, and how long they were waited for."""
        for session, live in list(self._live.items()):
            if live.etag == etag and live.start_s is None:
                live.asked_tail |= start >= live.tail_start
            if live.etag == etag and (live.start_s is not None or start < live.tail_start):
                rate = live.bytes_per_s
                self._note(session, live, start / rate, stop / rate, waited_s)

    def showed(self, session: SessionId, start_s: float, stop_s: float, waited_s: float) -> None:
        """Note a segment that a player took, and how long it was waited for."""
        live = self._live.get(session)
        if live is not None:
            self._note(session, live, start_s, stop_s, waited_s)

    def ended(self, session: SessionId) -> None:
        """Note that a playback has ended: what was seen of it is kept, if it ever began."""
        live = self._live.pop(session, None)
        if live is not None:
            for timer in live.timers:
                timer.cancel()
            if live.start_s is not None:
                self._begin(self._finish(live, live.start_s))

    async def close(self) -> None:
        """Keep what is being watched."""
        for session in list(self._live):
            self.ended(session)
        await self._tasks.done()

    def _note(self, session: SessionId, live: _Live, start_s: float, stop_s: float, waited_s: float) -> None:
        if not live.watch.sent(start_s, stop_s, waited_s):
            return
        loop = asyncio.get_running_loop()
        live.drawn_s = loop.time()
        live.start_s = live.drawn_s - live.told.clicked_s
        known = self._known.get((live.info_hash, live.file_index))
        if known is not None and known.handling is Handling.PLAYS:
            # The player says where the index lies: it asks for the end before it draws, or does not.
            self._known[live.info_hash, live.file_index] = replace(known, index_at_tail=live.asked_tail)
        live.timers = [
            loop.call_later(LOOKS_S * number, lambda: self._begin(self._look(live)))
            for number in range(LOOKS)
        ]
        live.timers.append(loop.call_later(WATCHED_S, self.ended, session))

    async def _look(self, live: _Live) -> None:
        view = await self._films.torrent(live.info_hash)
        done, total = view.progress.bytes_done, view.progress.bytes_total
        if done < total:
            live.looks.append(Look(asyncio.get_running_loop().time(), done, view.rates.down_bytes_per_s))

    async def _finish(self, live: _Live, start_s: float) -> None:
        came_s = start_s if live.told.metadata_here else start_s - METADATA_S
        rate = gave_bytes_per_s(live.looks)
        reach = reach_s(came_s, live.opening_bytes, rate, live.film) if rate else 0.0
        outcome = Outcome(
            live.told.at,
            live.info_hash,
            live.file_index,
            live.told.promise,
            live.told.fresh,
            start_s,
            reach,
            rate,
            asyncio.get_running_loop().time() - live.drawn_s,
            live.watch.stalls,
            live.watch.stalled_s,
        )
        self._outcomes.append(outcome)
        if self._store is not None:
            await self._store.add(outcome)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.begin(_or_say(work))


async def _or_say(work: Awaitable[None]) -> None:
    try:
        await work
    except MatineeError as error:  # the torrent went away, or the disk is full: only a figure is lost
        log.info("What came of a promise is not known error=%s", error.message)


def _file(torrent: TorrentView, index: FileIndex | None) -> FileEntry | None:
    """Find a file, or the largest that is a film."""
    if index is not None:
        return next((one for one in torrent.files if one.index == index), None)
    films = [one for one in torrent.files if one.media_type.startswith("video/")] or torrent.files
    return max(films, key=lambda one: one.length, default=None)


def _film(torrent: TorrentView, file: FileEntry) -> Film:
    matroska = container_of(file.path) in ("matroska", "webm")
    return Film(file.length, piece_bytes=torrent.piece_length or 1, matroska=matroska)


def _handling(plan: Plan) -> Handling:
    if plan.way is Way.DIRECT:
        return Handling.PLAYS
    if plan.way is Way.TRANSCODE:
        return Handling.PICTURE
    return Handling.SOUND if any(one.plan is TrackPlan.CONVERT for one in plan.audio) else Handling.SEGMENTS
