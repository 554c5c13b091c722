"""Makes room for films on the disk: has those go that may, when there is none for what is wanted.

Nothing is looked at every so often. What may change something tells: a piece that has no room, a reader or a playback
that has ended, a film that is kept no more, another cap. Only free space that others make is told by nobody: while the
disk is full it is looked at now and then.

STATES: calm -> looking (something has no room) -> calm, where room was made; else held, until something is told again.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from matinee.errors import Conflict, MatineeError, TorrentNotFound
from matinee.events import Bus, SpaceChanged
from matinee.models.torrent import Sharing
from matinee.playback.service import Service
from matinee.playback.sessions import Sessions
from matinee.playback.watching import Watching
from matinee.storage.freed import FreedStore
from matinee.tasks import Tasks
from matinee.torrent.engine import Engine
from matinee.torrent.quota import reason
from matinee.torrent.space import Limit
from matinee.torrent.torrent import Torrent

if TYPE_CHECKING:
    # Records cost a millisecond each to make, and the start waits for none of these.
    from matinee.models.space import FilmHere, FilmSpace, SpaceView

log = logging.getLogger(__name__)

TELLS_S = 1.0
"""At most so often it is told that films take more or less."""
RETRY_S = 10.0
"""While the disk is full: nobody tells of free space that others make."""
REST_S = 5.0
"""A film whose last reader has just left may have another in a moment: players ask for a file piece by piece."""
LOOKS_S = 0.05
"""Pieces without room are told of with every byte that is read."""
HELD_LOOKS_S = 2.0
"""While nothing may go. What changes that is looked at at once; but whoever seeks gives back what was booked."""


class Freeing:
    """The ``Disk`` of ``ports``. An async context manager; leaving it ends what it does.

    Args:
        engine: whose films they are.
        service: removes them, as a person would.
        playbacks: knows what plays.
        watching: knows what was watched.
        bus: told when something has changed.
        freed: keeps which films went.
    """

    def __init__(
        self,
        engine: Engine,
        service: Service,
        playbacks: Sessions,
        watching: Watching,
        bus: Bus,
        freed: FreedStore,
    ) -> None:
        self._engine = engine
        self._service = service
        self._playbacks = playbacks
        self._watching = watching
        self._bus = bus
        self._space = engine.quota.space
        self._freed = freed
        self._held: Limit | None = None
        self._tasks = Tasks()
        self._turn = asyncio.Lock()
        self._looking: asyncio.TimerHandle | None = None
        self._again: asyncio.TimerHandle | None = None
        self._telling: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._space.on_short = self._look_if_new
        self._space.on_chance = self.look
        self._space.on_change = self._tell_soon
        self._playbacks.on_end = self._space.reconsider
        self._space.reconsider()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._space.on_short = self._space.on_chance = self._space.on_change = _nothing
        self._playbacks.on_end = _nothing
        for timer in (self._looking, self._again, self._telling):
            if timer is not None:
                timer.cancel()
        self._tasks.cancel()
        await self._tasks.done()

    def look(self) -> None:
        """Make room soon, if there is none for what is wanted: something may go now that could not before."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = asyncio.get_running_loop().call_later(LOOKS_S, self._begin)

    def _look_if_new(self) -> None:
        if self._looking is None:
            after_s = LOOKS_S if self._held is None else HELD_LOOKS_S
            self._looking = asyncio.get_running_loop().call_later(after_s, self._begin)

    async def view(self) -> SpaceView:
        """Say what films take, and which would go."""
        from matinee.models.space import SpaceView
        from matinee.playback.first_to_go import in_order

        await self._engine.ready()
        disk = self._space.look()
        films = in_order([await self._fact(torrent) for torrent in self._engine.all()])
        listed_bytes = sum(film.taken_bytes for film in films)
        return SpaceView(
            cap_bytes=self._space.cap_bytes,
            used_bytes=self._space.used_bytes,
            other_bytes=max(0, self._space.used_bytes - listed_bytes),
            free_bytes=disk.free_bytes,
            floor_bytes=disk.floor_bytes,
            held=None if self._held is None else reason(self._space, self._held).code,
            films=tuple(films),
            freed=tuple(await self._freed.load()),
        )

    async def make_room(self, needed_bytes: int) -> None:
        """Have films go until there is room for so much besides.

        Raises:
            CapReached, DiskFull: there is none, and nothing more may go.
        """
        await self._free(needed_bytes)
        limit = self._space.refusal(needed_bytes)
        if limit is not None:
            raise reason(self._space, limit)

    def lies(self, name: str, taken_bytes: int) -> None:
        """Note how much lies in a folder among the films; 0 when it is gone."""
        self._space.lies(name, taken_bytes)

    # -- inside

    def _begin(self) -> None:
        self._looking = None
        self._tasks.begin(self._make_way(), "making room")

    async def _make_way(self) -> None:
        """Make room for what has none; where nothing may go, say so of all that wait."""
        rests = await self._free(0)
        limit = next((share.short for share in self._space.short), None)
        if limit is None or self._space.lacking_bytes() == 0:
            self._engine.quota.go_on()
            limit = None
        else:
            self._engine.quota.hold(reason(self._space, limit))
            if rests or limit is Limit.FLOOR:
                self._look_again(REST_S if rests else RETRY_S)
        if limit is not self._held:
            self._held = limit
            self._tell_soon()

    async def _free(self, more_bytes: int) -> bool:
        """Have films go, one after the other, as long as there is no room for what is wanted, and ``more_bytes``.

        Gives whether a film has stayed that was read a moment ago, and may go in another.
        """
        from matinee.models.space import Standing
        from matinee.playback.first_to_go import first_to_go

        async with self._turn:
            if self._lacking(more_bytes) == 0:
                return False
            await self._engine.quota.let_go()
            films = [await self._fact(torrent) for torrent in self._engine.all()]
            rests = any(_rests(torrent) for torrent in self._engine.all())
            for film in first_to_go(films, self._lacking(more_bytes), self._lacking(more_bytes, urgent=True)):
                if self._lacking(more_bytes, urgent=film.standing is not Standing.WATCHED) > 0:
                    await self._remove(film)
        return rests

    def _lacking(self, more_bytes: int, *, urgent: bool = False) -> int:
        return self._space.lacking_bytes(more_bytes, urgent=urgent)

    async def _remove(self, film: FilmSpace) -> None:
        """Remove a film with its files, unless somebody has begun to play it meanwhile."""
        from matinee.models.space import Freed

        try:
            torrent = self._engine.get(film.info_hash)
            await self._service.remove(
                film.info_hash, delete_files=True, unless=lambda: self._is_played(torrent)
            )
        except (Conflict, TorrentNotFound):
            return
        except MatineeError as error:
            log.warning("A film could not make room info_hash=%s error=%s", film.info_hash, error.message)
            return
        log.info("A film made room info_hash=%s bytes=%d", film.info_hash, film.taken_bytes)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        magnet = torrent.record.magnet
        gone = Freed(film.info_hash, film.name, film.title_id, film.taken_bytes, film.standing, magnet, now)
        try:
            await self._freed.add(gone)
        except MatineeError as error:
            # It has gone all the same, and there is room.
            log.warning("A film that went is not on the list error=%s", error.message)

    async def _fact(self, torrent: Torrent) -> FilmHere:
        from matinee.models.space import FilmHere

        record = torrent.record
        watched, left_ms = await self._watching.left(record.info_hash)
        used_at = max(record.added_at, record.used_at or "", _moment(left_ms))
        return FilmHere(
            info_hash=record.info_hash,
            name=record.name,
            taken_bytes=torrent.share.taken_bytes if torrent.share is not None else 0,
            used_at=used_at,
            title_id=await self._watching.title_of(record.info_hash),
            watched=watched,
            playing=self._is_played(torrent) or self._is_wanted(torrent),
            given=record.sharing is Sharing.KEEP,
            kept=record.kept,
            own=record.own,
        )

    def _is_played(self, torrent: Torrent) -> bool:
        """Tell whether somebody reads of a film, has just read of it, or has a playback of it."""
        names = {self._service.settled(one) for one in self._playbacks.playing()}
        return torrent.record.info_hash in names or bool(torrent.files_read) or _rests(torrent)

    def _is_wanted(self, torrent: Torrent) -> bool:
        """Tell whether somebody waits for more room for this one itself."""
        share = torrent.share
        return share is not None and share.short is not None and not share.is_patient

    def _look_again(self, after_s: float) -> None:
        if self._again is not None:
            self._again.cancel()
        self._again = asyncio.get_running_loop().call_later(after_s, self.look)

    def _tell_soon(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(TELLS_S, self._tell)

    def _tell(self) -> None:
        self._telling = None
        held = None if self._held is None else reason(self._space, self._held).code
        self._bus.publish(SpaceChanged(self._space.used_bytes, held))


def _rests(torrent: Torrent) -> bool:
    """Tell whether a film was read a moment ago."""
    left_at_s = torrent.left_at_s
    return left_at_s is not None and asyncio.get_running_loop().time() - left_at_s < REST_S


def _moment(unix_ms: int | None) -> str:
    if unix_ms is None:
        return ""
    return datetime.fromtimestamp(unix_ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _nothing() -> None:
    """Nobody is told any more."""
