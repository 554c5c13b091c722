"""What becomes of torrents while nobody plays them: whose turn it is to be fetched, and which have been given enough.

STATES of what is taken of a torrent: here <-> missing: queued -> fetched, by its turn -> here. A turn with nothing
coming for ``STARVED_S`` is *starved*: it goes on, and the next one begins beside it, until something comes again.
STATES of a complete one: given -> enough, by ratio or hours -> given again, once its limits are moved.

Nothing is asked at intervals: each change of a torrent is compared with what was known, and hours have a timer.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import libtorrent as lt

from matinee.models.torrent import AS_SET, Take, Takes, TorrentChange
from matinee.torrent import adding, giving, queue, showing
from matinee.torrent.running import Runner
from matinee.torrent.shared import Shared
from matinee.torrent.store import TorrentStore
from matinee.torrent.torrent import Torrent
from matinee.types import FileIndex, InfoHash

log = logging.getLogger(__name__)

STARVED_S = 60.0
"""A turn in which no piece came for so long takes nobody else's."""

LONGEST_WAIT_S = 24 * 3600.0
"""A timer further away may be off by as much as the computer has slept meanwhile."""

_PLAIN = ("paused", "sharing", "down_limit_bytes_per_s", "up_limit_bytes_per_s", "kept", "own")


@dataclass(slots=True)
class _Known:
    """What was last seen of a torrent."""

    asks: bool = False
    played: bool = False
    bytes_done: int = 0
    starving: asyncio.TimerHandle | None = None
    ending: asyncio.TimerHandle | None = None

    def cancel(self) -> None:
        for timer in (self.starving, self.ending):
            if timer is not None:
                timer.cancel()


class Transfers:
    """All torrents of an engine. Everything runs on the loop's thread.

    Args:
        shared: the settings, looked at each time.
        store: where what is changed is kept.
        torrents: those that are here.
        runner: makes them run.
        tell: told of each that is shown otherwise now.
        begin: does work beside.
    """

    def __init__(
        self,
        shared: Shared,
        store: TorrentStore,
        torrents: Mapping[lt.torrent_handle, Torrent],
        runner: Runner,
        tell: Callable[[Torrent], None],
        begin: Callable[[Coroutine[Any, Any, None], str], object],
    ) -> None:
        self._shared = shared
        self._store = store
        self._torrents = torrents
        self._runner = runner
        self._tell = tell
        self._begin = begin
        self._known: dict[InfoHash, _Known] = {}
        self._due: asyncio.Handle | None = None

    # -- what is told

    def changed(self, torrent: Torrent) -> None:
        """Note that something of a torrent may be otherwise; cheap, for each piece says so."""
        if torrent.handle not in self._torrents:
            return
        known = self._known.setdefault(torrent.record.info_hash, _Known())
        asks, played = torrent.asks, bool(torrent.files_read)
        done = torrent.film.bytes_done if torrent.film is not None else 0
        if done != known.bytes_done:
            known.bytes_done = done
            self._fed(torrent, known)
        if (asks, played) != (known.asks, known.played):
            known.asks, known.played = asks, played
            self.look_soon()
        self._weigh(torrent, known)

    def completed(self, torrent: Torrent) -> None:
        """Note that all of a torrent is here, from now on or since an earlier run."""
        if torrent.record.completed_at is None:
            torrent.change(completed_at=showing.stamp(time.time()))
            self._begin(self._store.put(torrent.record), "completed")
        self.changed(torrent)

    def forget(self, torrent: Torrent) -> None:
        """Note that a torrent is removed; those behind it move up."""
        known = self._known.pop(torrent.record.info_hash, None)
        if known is not None:
            known.cancel()
        self._begin(self._place(self._order()), "places")
        self.look_soon()

    def settings_changed(self) -> None:
        """Go by other limits."""
        self.look_soon()
        for torrent in self._torrents.values():
            self.changed(torrent)

    def close(self) -> None:
        """Look at nothing any more."""
        if self._due is not None:
            self._due.cancel()
        for known in self._known.values():
            known.cancel()

    # -- what the user wants

    @property
    def next_place(self) -> int:
        """The place of a torrent that is added now: the last."""
        return len(self._torrents)

    async def change(self, torrent: Torrent, change: TorrentChange) -> None:
        """Pause, resume, limit, take, move, or change what is shared; it is kept when this returns."""
        record = torrent.record
        fields = {name: value for name in _PLAIN if (value := getattr(change, name)) is not None}
        if change.take is not None:
            fields["takes"] = Takes(change.take)
        elif change.kept and record.takes == Takes():
            # What is to be here when there is no line must come while there is one.
            fields["takes"] = Takes(Take.NORMAL)
        for name, limit in (("give_ratio", change.give_ratio_limit), ("give_hours", change.give_hours_limit)):
            if limit is not None:
                fields[name] = None if limit == AS_SET else limit
        torrent.change(**fields)
        if change.paused is False and torrent.trouble is not None:
            self._runner.recover(torrent)
        if change.sharing is not None:
            adding.apply_sharing(torrent.handle, change.sharing, torrent.record.magnet)
        adding.apply_limits(torrent.handle, torrent.record)
        await self._keep(torrent)
        if change.queue_position is not None:
            order = queue.moved(self._order(), record.info_hash, change.queue_position)
            await self._place(order)
            self.look_soon()

    async def take(self, torrent: Torrent, index: FileIndex, take: Take) -> None:
        """Take a file, or do not; it is kept when this returns."""
        torrent.change(takes=torrent.record.takes.changed(index, take))
        await self._keep(torrent)

    async def _keep(self, torrent: Torrent) -> None:
        torrent.go_by_turn()
        self._runner.steer(torrent)
        self.changed(torrent)
        await self._store.put(torrent.record)

    # -- whose turn it is

    def look_soon(self) -> None:
        """Choose anew before the loop's next turn."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._due = None
        waiting = [
            queue.Waiting(one.record.info_hash, one.record.place, bool(one.files_read), one.starved)
            for one in self._torrents.values()
            if one.asks
        ]
        found = queue.turns(waiting, self._shared.settings.downloads_at_once)
        for torrent in self._torrents.values():
            turn = torrent.record.info_hash in found
            if turn == torrent.turn:
                continue
            torrent.turn, torrent.starved = turn, False
            torrent.go_by_turn()
            known = self._known.setdefault(torrent.record.info_hash, _Known())
            self._watch(torrent, known)
            self._tell(torrent)

    def _watch(self, torrent: Torrent, known: _Known) -> None:
        """Wake up when nothing has come in its turn for long."""
        if known.starving is not None:
            known.starving.cancel()
            known.starving = None
        if torrent.turn and not torrent.starved:
            loop = asyncio.get_running_loop()
            known.starving = loop.call_later(STARVED_S, self._starve, torrent)

    def _fed(self, torrent: Torrent, known: _Known) -> None:
        if torrent.starved:
            torrent.starved = False
            self.look_soon()
        if torrent.turn:
            self._watch(torrent, known)

    def _starve(self, torrent: Torrent) -> None:
        torrent.starved = True
        self.look_soon()

    # -- what was given

    def _weigh(self, torrent: Torrent, known: _Known) -> None:
        """See whether it has been given enough, and wake up when its hours end."""
        if known.ending is not None:
            known.ending.cancel()
            known.ending = None
        record, given, now_s = torrent.record, torrent.given, time.time()
        limits = showing.limits_of(torrent, self._shared.settings.give)
        enough = giving.enough(limits, given, now_s)
        end_s = giving.until_s(limits, given)
        if enough is None and end_s is not None:
            wait_s = min(max(end_s - now_s, 0.0), LONGEST_WAIT_S)
            known.ending = asyncio.get_running_loop().call_later(wait_s, self.changed, torrent)
        if enough is not torrent.enough:
            log.info("Giving a film was weighed info_hash=%s enough=%s", record.info_hash, enough)
            torrent.enough = enough
            self._runner.rest_soon(torrent)
            self._tell(torrent)

    # -- the order

    def _order(self) -> tuple[InfoHash, ...]:
        every = sorted(self._torrents.values(), key=lambda one: (one.record.place, one.record.added_at))
        return tuple(one.record.info_hash for one in every)

    async def _place(self, order: tuple[InfoHash, ...]) -> None:
        """Have the torrents in this order, and keep it."""
        places = {info_hash: place for place, info_hash in enumerate(order)}
        moved = {}
        for torrent in self._torrents.values():
            # Who came since the order was made has its place behind all.
            place = places.get(torrent.record.info_hash, torrent.record.place)
            if place != torrent.record.place:
                torrent.change(place=place)
                moved[torrent.record.info_hash] = place
                self._tell(torrent)
        if moved:
            await self._store.put_places(moved)
