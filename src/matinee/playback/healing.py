"""Completes films of archive-made torrents whose first or last piece is shared with a file that changed since.

Such a piece never verifies. The archive says by its metadata whether it still has the film as it was; if so the film's
part of the piece is fetched from there by https, and once all of the film is here its own hash proves it. What is
proved so is for this player alone: it is never given to others, nor written among what libtorrent keeps.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Protocol, Self, TypeAlias

from matinee.catalogue.archive_item import Item
from matinee.catalogue.healing import diagnose
from matinee.errors import DiskFailed, MatineeError
from matinee.models.healing import Freshness, HashedFile, ItemTorrent, Mend
from matinee.models.title import ArchiveItem, Release
from matinee.models.torrent import FileEntry
from matinee.playback.renewal import Promised
from matinee.ports import NotHere
from matinee.torrent.film import Film
from matinee.torrent.layout import FileLayout
from matinee.torrent.pieces import PieceStore
from matinee.torrent.torrent import Torrent
from matinee.types import FileIndex, InfoHash, PieceIndex

log = logging.getLogger(__name__)

STEP_BYTES = 4 * 1024 * 1024
"""Fetched at once: a piece may have 64 MiB."""
READ_BYTES = 1024 * 1024
RENEW_AFTER_S = 15.0
"""So long nothing comes of a film that the archive has changed, for somebody who waits, until its new torrent is taken.

Chosen, not measured.
"""

_Key: TypeAlias = tuple[InfoHash, FileIndex, str]
"""A film, and what is done for it."""

Renew = Callable[[Torrent, bytes, Promised], Awaitable[None]]
"""Takes a new torrent in the place of one that cannot be completed, if it holds what the archive says it does."""


class Archive(Protocol):
    """What is asked of the archive: ``InternetArchive`` is one."""

    async def item(self, identifier: str) -> Item:
        """Give an item as it is today. Raises BadSource, SourceUnreachable, TooLarge."""

    async def part(self, identifier: str, path: str, start: int, stop: int, length: int) -> bytes:
        """Give the bytes ``[start, stop)`` of a file of ``length`` bytes. Raises as ``item``."""

    async def torrent(self, release: Release) -> bytes:
        """Give the torrent of an item as it is today. Raises as ``item``."""


class Healer:
    """Mends films that somebody watches. An async context manager; leaving it ends what it does.

    Args:
        archive: None where nobody may be asked straight.
    """

    def __init__(self, archive: Archive | None) -> None:
        self._archive = archive
        self._tasks: dict[_Key, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def watched(self, torrent: Torrent, file: FileEntry, renew: Renew) -> None:
        """Note that somebody watches a file: begin to mend it where it may need that. Asks nobody where it cannot.

        A film that the archive itself has changed is not mended: where nobody else brings the rest of it, ``renew``
        is given the item's new torrent.
        """
        film, key = torrent.film, (torrent.record.info_hash, file.index)
        if self._archive is None or film is None or film.contents.item is None or torrent.record.paused:
            return
        made = film.contents.item
        if _doubtful(film, made, file):
            self._begin((*key, "mend"), self._heal(self._archive, torrent, film, made, file))
        if file.index < len(made.files) and _missing(film, made.files[file.index]) is not None:
            self._begin((*key, "renew"), _renewed(self._archive, torrent, film, made, file, renew))

    def _begin(self, key: _Key, work: Coroutine[None, None, None]) -> None:
        if key in self._tasks:
            work.close()
            return
        task = asyncio.create_task(_or_say(work, key[0], key[1]))
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _heal(
        self, archive: Archive, torrent: Torrent, film: Film, made: ItemTorrent, file: FileEntry
    ) -> None:
        mends = await _mend(archive, torrent, made, file)
        if mends:
            await self._prove(torrent, film, made.files[file.index], mends)

    async def _prove(self, torrent: Torrent, film: Film, wanted: HashedFile, mends: Sequence[Mend]) -> None:
        """Compare a film's hash once all of it is here; what was mended is taken back when it is another."""
        place = FileLayout(film.contents.layout, wanted.offset, wanted.length)
        info_hash = torrent.record.info_hash
        if await _is_right(film, wanted, place):
            log.info("A mended film is proved by its own hash info_hash=%s file=%d", info_hash, wanted.index)
            return
        for mend in mends:
            torrent.unmend(mend)
        log.error("What the archive gave of a film is wrong info_hash=%s file=%d", info_hash, wanted.index)

    async def idle(self) -> None:
        """Wait until nothing is being mended or proved."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


def _doubtful(film: Film, made: ItemTorrent, file: FileEntry) -> bool:
    """Tell whether a missing piece of a file holds a part of another one, so that a stale neighbour would spoil it."""
    place, pieces = film.contents.place(file), film.contents.place(file).pieces
    if not pieces or file.index >= len(made.files):
        return False
    return any(
        not film.pieces.ready[piece] and place.clip(PieceIndex(piece)) != _whole(place, PieceIndex(piece))
        for piece in {pieces[0], pieces[-1]}
    )


def _whole(place: FileLayout, piece: PieceIndex) -> tuple[int, int]:
    start, stop = place.torrent.bounds(piece)
    return start - place.offset, stop - place.offset


async def _or_say(work: Coroutine[None, None, None], info_hash: InfoHash, file: FileIndex) -> None:
    try:
        await work
    except MatineeError as error:
        log.warning("A film was not mended info_hash=%s file=%d error=%s", info_hash, file, error.message)


async def _renewed(
    archive: Archive, torrent: Torrent, film: Film, made: ItemTorrent, file: FileEntry, renew: Renew
) -> None:
    """Take the new torrent of an item whose film was changed, once somebody waits for a part that nobody brings."""
    wanted = made.files[file.index]
    if not await _is_stuck(torrent, film, wanted):
        return
    today = await archive.item(made.identifier)
    if diagnose(made, today).freshness[file.index] is not Freshness.CHANGED:
        return
    now = next((one.sha1 for one in today.files if one.name == wanted.path), None)
    if now is None:
        return
    metainfo = await archive.torrent(Release(ArchiveItem(today.identifier)))
    await renew(torrent, metainfo, Promised(today.identifier, wanted.path, now))
    log.info(
        "The archive has changed a film: its new torrent is taken info_hash=%s", torrent.record.info_hash
    )


def _missing(film: Film, file: HashedFile) -> PieceIndex | None:
    pieces = FileLayout(film.contents.layout, file.offset, file.length).pieces
    found = film.pieces.ready.find(0, pieces.start, pieces.stop)
    return PieceIndex(found) if found >= 0 else None


async def _is_stuck(torrent: Torrent, film: Film, file: HashedFile) -> bool:
    """Wait until nothing comes for somebody who waits; False once all is here, or nobody watches any more."""
    while (missing := _missing(film, file)) is not None:
        before = film.bytes_done
        try:
            async with asyncio.timeout(RENEW_AFTER_S):
                await asyncio.shield(film.pieces.arrival(missing))
        except TimeoutError:
            if file.index not in torrent.files_read:
                return False
            if film.steering.waiting and film.bytes_done == before:
                return True
    return False


async def _mend(archive: Archive, torrent: Torrent, made: ItemTorrent, file: FileEntry) -> Sequence[Mend]:
    """Fetch what a file needs from the archive, and put it in its place."""
    found = diagnose(made, await archive.item(made.identifier))
    mends = [mend for mend in found.mends if mend.file == file.index]
    for mend in mends:
        data = bytearray()
        for start in range(mend.start, mend.stop, STEP_BYTES):
            stop = min(start + STEP_BYTES, mend.stop)
            data += await archive.part(made.identifier, made.files[file.index].path, start, stop, file.length)
        torrent.mend(mend, bytes(data))
        log.info(
            "A part of a film came from the archive info_hash=%s file=%d piece=%d bytes=%d",
            torrent.record.info_hash,
            file.index,
            mend.piece,
            len(data),
        )
    return mends


async def _is_right(film: Film, wanted: HashedFile, place: FileLayout) -> bool:
    """Wait, wanting nothing, until all of a file is here, and compare its hash.

    Raises:
        TorrentRemoved, DiskFailed: it went away, or cannot be read.
    """
    digest = hashlib.sha1(usedforsecurity=False)
    for piece in map(PieceIndex, place.pieces):
        while not film.pieces.ready[piece]:
            await asyncio.shield(film.pieces.arrival(piece))
    for piece in map(PieceIndex, place.pieces):
        start, stop = place.clip(piece)
        await _hash_part(film.pieces, piece, place.to_torrent(start), place.to_torrent(stop), digest)
    return digest.hexdigest() == wanted.sha1


async def _hash_part(
    pieces: PieceStore, piece: PieceIndex, start: int, stop: int, digest: "hashlib._Hash"
) -> None:
    at = start
    while at < stop:
        try:
            data = await pieces.read(piece, at, min(stop, at + READ_BYTES)) if pieces.ready[piece] else None
        except NotHere:
            data = None
        if not data:
            raise DiskFailed("A part of the film was lost again before all of it was here.")
        await asyncio.to_thread(digest.update, data)
        at += len(data)
