"""How much of the disk films take, and how much more they may. Pure: the disk is looked at by its caller.

Space is booked for a piece before it is asked of anybody, and stays booked until the piece is here, or until it is
known that nothing of it lies on the disk: half a piece takes room too. So films never take more than they may, in
whatever order pieces come, and whoever seeks about.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matinee.torrent.layout import Layout
from matinee.types import PieceIndex

LOOK_BYTES = 16 * 1024 * 1024
"""After so much has come the disk is looked at again: others write to it too."""


class Limit(StrEnum):
    """Why nothing more may come."""

    CAP = "cap"
    """Films take all that they were given."""
    FLOOR = "floor"
    """No more than what must stay free is free on the disk."""


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """The disk that films are on, at one moment."""

    free_bytes: int
    floor_bytes: int
    """So much stays free."""


class Space:
    """What films share of the disk.

    Args:
        look: looks at the disk; quick, for it is called on the loop.
        cap_bytes: the most that films may take; 0 is no cap.
    """

    def __init__(self, look: Callable[[], DiskSpace], cap_bytes: int = 0) -> None:
        self._look = look
        self._cap_bytes = cap_bytes
        self._disk: DiskSpace | None = None
        self._came_bytes = 0
        """Since the disk was looked at, or not written then."""
        self._booked_bytes = 0
        self._used_bytes = 0
        self._shares: dict[str, Share] = {}
        self._lying: dict[str, int] = {}
        """What lies there of nobody who has a share, by the name of its folder."""
        self.is_known = False
        """Whether it is known what lay there when the program began; before, nothing is booked under a cap."""
        self.on_short: Callable[[], None] = _nothing
        """Called when a piece that somebody waits for has no room; may be called often."""
        self.on_chance: Callable[[], None] = _nothing
        """Called when something may go now that could not before, or more has to."""
        self.on_change: Callable[[], None] = _nothing
        """Called when films take more or less."""

    @property
    def cap_bytes(self) -> int:
        """The most that films may take; 0 is no cap."""
        return self._cap_bytes

    @property
    def used_bytes(self) -> int:
        """What films take, with what is booked."""
        return self._used_bytes

    @property
    def lying_bytes(self) -> int:
        """What of it belongs to nothing that is listed: files of films that were removed, films on their way."""
        return sum(self._lying.values())

    def lacking_bytes(self, more_bytes: int = 0, *, urgent: bool = False) -> int:
        """Say how much has to go, so that what is wanted has room and the cap is one.

        Args:
            more_bytes: wanted besides, of nothing that has a share.
            urgent: count only what somebody waits for.
        """
        shares = [share for share in self._shares.values() if not (urgent and share.is_patient)]
        wanted_bytes = more_bytes + sum(share.short_bytes for share in shares)
        over = self._used_bytes + wanted_bytes - self._cap_bytes if self._cap_bytes else 0
        if not wanted_bytes:
            return max(0, over)
        self.look()
        return max(0, over, wanted_bytes - self._left_bytes)

    @property
    def short(self) -> "list[Share]":
        """Those that have no room for what is wanted of them."""
        return [share for share in self._shares.values() if share.short is not None]

    def look(self) -> DiskSpace:
        """Look at the disk, and go by what is seen: what has come and is not written yet still takes room from it."""
        self._disk, self._came_bytes = self._look(), self.unwritten_bytes
        return self._disk

    @property
    def unwritten_bytes(self) -> int:
        """What has come and may not be on the disk yet: libtorrent says so of a piece before it has written it."""
        return sum(share.unwritten_bytes for share in self._shares.values())

    def hurry(self) -> None:
        """Have written what has come: then it is known how much is left."""
        for share in self._shares.values():
            if share.unwritten_bytes:
                share.hurry()

    def written_out(self) -> None:
        """Have those want again that could not be told whether there is room."""
        for share in [share for share in self._shares.values() if share.unsure]:
            share.unsure = False
            share.touch()

    def limit(self, cap_bytes: int) -> None:
        """Set another cap; 0 is none."""
        if cap_bytes != self._cap_bytes:
            self._cap_bytes = cap_bytes
            self.retry()
            self.reconsider()
            self.on_change()

    def measured(self, found: Mapping[str, int]) -> None:
        """Take over what lies on the disk, in bytes by the names of folders: at the start."""
        for name, taken_bytes in found.items():
            share = self._shares.get(name)
            if share is None:
                self.lies(name, taken_bytes)
            else:
                share.measured(taken_bytes)
        self.is_known = True
        self.retry()
        self.reconsider()

    def lies(self, name: str, taken_bytes: int) -> None:
        """Note how much lies in a folder of which nobody has a share; 0 when it is gone."""
        before = self._lying.pop(name, 0)
        if taken_bytes:
            self._lying[name] = taken_bytes
        self.moved(taken_bytes - before)
        if taken_bytes < before:
            self.retry()

    def share(self, name: str, layout: Layout, touch: Callable[[], None]) -> "Share":
        """Give a torrent its share, with what lies in its folder already.

        Args:
            name: of its folder.
            layout: of its pieces.
            touch: has it want again what there was no room for.
        """
        share = Share(self, layout, touch)
        self._shares[name] = share
        lay_bytes = self._lying.pop(name, 0)
        self.moved(-lay_bytes)
        share.measured(lay_bytes)
        return share

    def drop(self, name: str, *, deleted: bool) -> None:
        """Forget a torrent's share; its files lie there still unless they were deleted."""
        share = self._shares.pop(name, None)
        if share is None:
            if deleted:
                self.lies(name, 0)
            return
        taken_bytes = share.taken_bytes
        share.end()
        self.moved(-taken_bytes)
        if not deleted:
            self.lies(name, taken_bytes)
        self._disk = None
        self.retry()

    def retry(self) -> None:
        """Have everybody want again what there was no room for."""
        for share in self.short:
            share.touch()

    def reconsider(self) -> None:
        """Have whoever makes room look again."""
        if self.is_known:
            self.on_chance()

    def refusal(self, needed_bytes: int, growth_bytes: int | None = None) -> Limit | None:
        """Say why there is no room; None when there is.

        Args:
            needed_bytes: to be written.
            growth_bytes: by which it makes films take more; the same when not said.
        """
        growth_bytes = needed_bytes if growth_bytes is None else growth_bytes
        is_over = not self.is_known or self._used_bytes + growth_bytes > self._cap_bytes
        if self._cap_bytes and growth_bytes and is_over:
            return Limit.CAP
        if self._disk is None or self._came_bytes > LOOK_BYTES or self._left_bytes < needed_bytes:
            self.look()
        return Limit.FLOOR if self._left_bytes < needed_bytes else None

    @property
    def _left_bytes(self) -> int:
        """What is left above the floor, with all that is booked on it."""
        if self._disk is None:
            return 0
        return self._disk.free_bytes - self._disk.floor_bytes - self._booked_bytes - self._came_bytes

    # -- what shares tell

    def wants_room(self) -> None:
        """Note that something has no room; while it is not known what lies there nothing can be done about it."""
        if self.is_known:
            self.on_short()

    def moved(self, by_bytes: int) -> None:
        """Note that films take more or less."""
        if by_bytes:
            self._used_bytes += by_bytes
            self.on_change()

    def booked(self, by_bytes: int) -> None:
        """Note that more or less is booked."""
        self._booked_bytes += by_bytes

    def written(self, came_bytes: int) -> None:
        """Note that what was booked has come."""
        self._booked_bytes -= came_bytes
        self._came_bytes += came_bytes


class Share:
    """What one torrent takes: the pieces that are here, those that may be soon, and what else lies in its folder."""

    def __init__(self, space: Space, layout: Layout, touch: Callable[[], None]) -> None:
        self.touch = touch
        self.on_fits: Callable[[], None] = _nothing
        """Called when there is room again for what was wanted, or it is not wanted any more."""
        self.short: Limit | None = None
        """Why what is wanted has no room; None while it has."""
        self.short_bytes = 0
        self.is_patient = False
        """Whether nobody waits for what is wanted: it is fetched to be here one day."""
        self.hurry: Callable[[], None] = _nothing
        """Called when it has to be known soon how much is left: what has come is to be written."""
        self.unsure = False
        """Whether something was refused that may have room after all, once all that has come is written."""
        self.came_bytes = 0
        """All that has come."""
        self._written_bytes = 0
        """Of it, what is on the disk for certain."""
        self.asked: set[PieceIndex] | None = None
        """What was wanted since somebody began to find out what has begun to come; None while nobody does."""
        self._space = space
        self._layout = layout
        self._here_bytes = 0
        self._stray_bytes = 0
        """Found in its folder beyond the pieces that are here: of those that had begun to come in an earlier run."""
        self._booked: dict[PieceIndex, int] = {}
        self._booked_bytes = 0

    @property
    def taken_bytes(self) -> int:
        """What it takes, with what is booked; never more than the whole torrent."""
        return min(self._here_bytes + self._stray_bytes + self._booked_bytes, self._layout.length)

    @property
    def unwritten_bytes(self) -> int:
        """What has come and may not be on the disk yet."""
        return self.came_bytes - self._written_bytes

    def written(self, came_bytes: int) -> None:
        """Note that so much of all that has come is on the disk."""
        self._written_bytes = came_bytes
        self._space.written_out()

    @property
    def booked(self) -> Collection[PieceIndex]:
        """The pieces for which space is booked."""
        return self._booked.keys()

    def book(self, pieces: Collection[PieceIndex], *, must: bool = True) -> Collection[PieceIndex]:
        """Book space for pieces that are missing, the first first, and give those that have it.

        Args:
            pieces: all that are wanted now, those that were before included.
            must: whether room should be made where there is none.
        """
        if not pieces:
            return ()  # that nothing is asked for just now says nothing of what was
        granted, refused_bytes = [], 0
        limit: Limit | None = None
        for piece in pieces:
            if piece not in self._booked:
                size = self._layout.size(piece)
                # Where one has no room, those that are wanted less have none.
                limit = limit or self._space.refusal(size, min(size, self._layout.length - self.taken_bytes))
                if limit is not None:
                    refused_bytes += size
                    continue
                self._put(piece, size)
            granted.append(piece)
        if self.asked is not None:
            self.asked.update(granted)
        if must and limit is Limit.FLOOR and self._space.unwritten_bytes:
            self.unsure = True
            self._space.hurry()
        elif must:
            self._tell(limit, refused_bytes)
        return granted

    def hold(self, pieces: Iterable[PieceIndex]) -> None:
        """Book space for pieces that are proved in memory and will be written in any case."""
        for piece in pieces:
            if piece not in self._booked:
                self._put(piece, self._layout.size(piece))

    def came(self, piece: PieceIndex) -> None:
        """Note that a piece is here that was not before."""
        before, size = self.taken_bytes, self._layout.size(piece)
        if (booked := self._booked.pop(piece, None)) is not None:
            self._booked_bytes -= booked
            self._space.written(booked)
        self._here_bytes += size
        self.came_bytes += size
        self._space.moved(self.taken_bytes - before)

    def claimed(self, have: bytearray) -> None:
        """Take over which pieces are here, one byte each; what lay there before lies there still."""
        before = self.taken_bytes
        lay_bytes = self._here_bytes + self._stray_bytes
        self._drop(piece for piece in list(self._booked) if have[piece])
        self._here_bytes = self._bytes_of(have)
        self._stray_bytes = max(0, lay_bytes - self._here_bytes)
        self._space.moved(self.taken_bytes - before)

    def measured(self, taken_bytes: int) -> None:
        """Take over how much lies in its folder."""
        before = self.taken_bytes
        self._stray_bytes = max(0, taken_bytes - self._here_bytes - self._booked_bytes)
        self._space.moved(self.taken_bytes - before)

    def let_go(self, pieces: Iterable[PieceIndex]) -> None:
        """Give back what was booked for pieces that are not wanted any more, and of which nothing is on the disk."""
        before = self.taken_bytes
        self._drop(pieces)
        self._space.moved(self.taken_bytes - before)

    def forget(self) -> None:
        """Forget that something had no room: nobody wants it any more, or there is room now."""
        self._tell(None, 0)

    def end(self) -> None:
        """Let go of all of it: the space forgets what it took."""
        self._space.booked(-self._booked_bytes)
        self._booked.clear()
        self._booked_bytes = 0
        self.short, self.short_bytes = None, 0
        self.touch = self.on_fits = self.hurry = _nothing

    def _put(self, piece: PieceIndex, size: int) -> None:
        before = self.taken_bytes
        self._booked[piece] = size
        self._booked_bytes += size
        self._space.booked(size)
        self._space.moved(self.taken_bytes - before)

    def _drop(self, pieces: Iterable[PieceIndex]) -> None:
        for piece in pieces:
            size = self._booked.pop(piece, 0)
            self._booked_bytes -= size
            self._space.booked(-size)

    def _tell(self, limit: Limit | None, refused_bytes: int) -> None:
        was, self.short, self.short_bytes = self.short, limit, refused_bytes
        if limit is not None:
            self._space.wants_room()
        elif was is not None:
            self.on_fits()

    def _bytes_of(self, have: bytearray) -> int:
        count = have.count(1)
        if count == 0:
            return 0
        last = PieceIndex(len(have) - 1)
        missing = self._layout.piece_length - self._layout.size(last) if have[last] else 0
        return count * self._layout.piece_length - missing


def _nothing() -> None:
    """Nobody asked to be told."""
