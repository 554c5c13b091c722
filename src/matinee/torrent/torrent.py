"""One torrent: its record, its handle, and what grows once the metadata is here. See STATE.md beside this file."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import libtorrent as lt

from matinee.errors import FileNotFound, MetadataTimeout, TorrentRemoved
from matinee.models.healing import Mend
from matinee.models.torrent import Enough, Ranges, Sharing, TorrentView, Trouble
from matinee.torrent import showing
from matinee.torrent.contents import Contents
from matinee.torrent.disk import Disk
from matinee.torrent.fetcher import SwarmFetcher
from matinee.torrent.film import Film
from matinee.torrent.giving import Given
from matinee.torrent.lane.lane import Lane
from matinee.torrent.layout import FileLayout
from matinee.torrent.metadata_wait import MetadataWait
from matinee.torrent.pieces import PieceStore
from matinee.torrent.reader import PresentReader, TorrentReader
from matinee.torrent.reasons import Situation, why_no_metadata, why_waiting
from matinee.torrent.resume import ResumeSaver
from matinee.torrent.shared import Shared, Snapshot
from matinee.torrent.space import Share
from matinee.torrent.spare import SpareWish
from matinee.torrent.steering import Steering
from matinee.torrent.store import Record
from matinee.types import FileIndex, PieceIndex

log = logging.getLogger(__name__)


class Torrent:
    """A torrent in the engine. Everything runs on the loop's thread."""

    def __init__(
        self,
        record: Record,
        handle: lt.torrent_handle,
        shared: Shared,
        folder: Path,
        lane: Lane | None,
    ) -> None:
        self.record = record
        self.handle = handle
        self._shared = shared
        self.folder = folder
        self.film: Film | None = None
        self.lane = lane
        """The peers that we called for it; none where they may not be called straight."""
        self.limit_lane()
        self.runs = False
        """Whether libtorrent was told to run it."""
        self.turn = False
        """Whether it is its turn to be fetched though nobody plays it; said by ``transfers``."""
        self.starved = False
        """Whether it has had its turn for long, and nothing came."""
        self.enough: Enough | None = None
        """Why it is given no longer; said by ``transfers``."""
        self.snapshot = Snapshot()
        self.trouble: Trouble | None = None
        self.tracker_errors: dict[str, str] = {}
        self.trackers_working: set[str] = set()
        self._removed: TorrentRemoved | None = None
        self._metadata = MetadataWait(shared.settings.metadata_timeout_s, self._metadata_late)
        self._saving: asyncio.Task[None] | None = None
        self._readers: dict[FileIndex, int] = {}
        self.share: Share | None = None
        """What it takes of the disk; None until its list of files is here."""
        self.left_at_s: float | None = None
        """When its last reader left, by the loop's clock."""
        self.on_readers_changed: Callable[[], None] = _nothing
        self.on_metadata_late: Callable[[], None] = _nothing
        self.on_fits: Callable[[], None] = _nothing

    # -- metadata

    def expect_metadata(self) -> None:
        """Start the clock within which the metadata should come."""
        if self.film is not None:
            return
        if self.lane is not None:
            # What the person asked for will be wanted at once: peers may as well know now.
            self.lane.urgent = self.record.rights is not None
        self._metadata.begin()

    def give_up_metadata(self) -> None:
        """Tell whoever waits for the metadata why it did not come; it is still looked for."""
        if self.film is not None or self._removed is not None:
            return
        sentence = why_no_metadata(self.situation(), self._shared.settings.metadata_timeout_s)
        self.trouble = Trouble(MetadataTimeout.code, sentence)
        self._metadata.give_up(MetadataTimeout(sentence, info_hash=self.record.info_hash))

    def _metadata_late(self) -> None:
        self.on_metadata_late()

    async def metadata(self) -> Film:
        """Wait for the metadata.

        Raises:
            MetadataTimeout: it did not come in time; it is still looked for.
            TorrentRemoved: the torrent went away.
        """
        if self.film is None:
            self.expect_metadata()
            await self._metadata.wait()
        if self.film is None:
            raise TorrentRemoved("The torrent was removed.", info_hash=self.record.info_hash)
        return self.film

    def begin(self, contents: Contents) -> Film:
        """Take over the contents: from now on the torrent can be read."""
        pool = self._shared.pool
        disk = Disk(self.folder, contents.disk_files, pool)
        pieces = PieceStore(
            self.record.info_hash,
            contents.layout,
            contents.hashes,
            disk,
            self.handle,
            self._shared.cache,
            pool,
            self._rotten,
        )
        if self.lane is not None and not contents.private:
            self.lane.begin(contents.layout, contents.hashes, contents.disk_files.runs, self)
        fetcher = SwarmFetcher(self.handle, self.lane)
        steering = Steering(
            contents.layout,
            pieces.ready,
            fetcher,
            lambda: pieces.early_pieces,
            line=self._shared.line,
            may_spare=lambda: self.may_spare,
        )
        self.share = self._shared.space.share(self.record.info_hash, contents.layout, steering.touch)
        self.share.on_fits, steering.share = self.on_fits, self.share
        saver = ResumeSaver(
            self.record.info_hash, self.handle, pieces, self.share, disk, self._shared.store.put_resume, pool
        )
        self.share.hurry = saver.hurry
        self.film = Film(contents, disk, pieces, steering, saver, self.lane, self.share)
        self.film.count()
        self.film.take(self.record.takes)
        self._saving = asyncio.create_task(saver.run(), name=f"resume {self.record.info_hash}")
        if self.trouble is not None and self.trouble.code == MetadataTimeout.code:
            self.trouble = None
        self._metadata.came()
        return self.film

    def want_opening(self) -> None:
        """Fetch head and tail of the film before a player asks: called when a person has chosen to watch."""
        if self.film is not None:
            self.film.want_opening()

    # -- what alerts tell

    def claimed(self, pieces: list[bool]) -> None:
        """Take over which pieces libtorrent found on the disk."""
        if self.film is not None:
            self.film.claimed(pieces)

    def piece_arrived(self, piece: PieceIndex) -> None:
        """Note a downloaded piece."""
        if self.film is not None:
            self.film.arrived(piece)

    # -- what the lane tells (its Owner)

    def proved(self, piece: PieceIndex, data: bytearray) -> None:
        """Take a piece that the lane has gathered."""
        if self.film is not None:
            self.film.proved(piece, data)

    def early(self, piece: PieceIndex) -> bytearray | None:
        """Give a piece that the lane has gathered and that libtorrent does not have yet."""
        return self.film.pieces.early(piece) if self.film is not None else None

    def lane_changed(self) -> None:
        """Plan anew: the lane became able to gather, or no longer is."""
        if self.film is not None:
            self.film.steering.touch()

    def peer_failed(self) -> None:
        """Note that a peer let us down."""
        if self.film is not None:
            self.film.steering.peer_failed()

    def _rotten(self, piece: PieceIndex) -> None:
        """A piece on the disk is wrong: have libtorrent check everything, it fetches again what is not right."""
        if self.film is not None:
            self.film.count()
        self.handle.force_recheck()

    # -- what an archive gives of pieces that never verify

    def mend(self, mend: Mend, data: bytes) -> None:
        """Take a part of a file; nobody is asked for its piece any more."""
        if self.film is not None:
            self.film.mend(mend, data)

    def unmend(self, mend: Mend) -> None:
        """Take a part back: its piece is missing again."""
        if self.film is not None:
            self.film.unmend(mend)

    # -- reading

    def open(self, index: FileIndex) -> TorrentReader:
        """Make a reader of a shown file.

        Raises:
            FileNotFound: there is no such file.
            TorrentRemoved: the torrent went away.
        """
        film, layout = self._shown(index)
        return TorrentReader(
            layout,
            film.pieces,
            film.steering,
            self._shared.settings.piece_timeout_s,
            why_waiting=self.why_waiting,
            counted=partial(self._count_reader, index),
        )

    def peek(self, index: FileIndex) -> PresentReader:
        """Make a reader of a shown file that wants nothing. Raises as ``open`` does."""
        film, layout = self._shown(index)
        return PresentReader(layout, film.pieces)

    def spare(self, index: FileIndex) -> SpareWish:
        """Make a wish for bytes of a shown file that come when there is room. Raises as ``open`` does."""
        film, layout = self._shown(index)
        return SpareWish(layout, film.steering.spare)

    @property
    def readers(self) -> int:
        """How many readers of its files are open now."""
        return sum(self._readers.values())

    @property
    def files_read(self) -> tuple[FileIndex, ...]:
        """The files that somebody reads now."""
        return tuple(self._readers)

    def _shown(self, index: FileIndex) -> tuple[Film, FileLayout]:
        if self._removed is not None or self.film is None:
            raise self._removed or TorrentRemoved("The torrent was removed.", info_hash=self.record.info_hash)
        file = self.film.contents.file(index)
        if file is None:
            raise FileNotFound(
                f"The torrent has no file {index} that can be opened.", info_hash=self.record.info_hash
            )
        return self.film, self.film.contents.place(file)

    def _count_reader(self, index: FileIndex, step: int) -> None:
        count = self._readers.get(index, 0) + step
        if count > 0:
            self._readers[index] = count
        else:
            self._readers.pop(index, None)
            self.left_at_s = asyncio.get_running_loop().time()
        if self._removed is None:
            self.on_readers_changed()

    # -- views

    @property
    def complete(self) -> bool:
        """Whether every shown file is here."""
        return self.film is not None and self.film.complete

    def situation(self) -> Situation:
        """Say what is known, for a sentence."""
        peers = self.snapshot.peers
        return Situation(
            has_metadata=self.film is not None,
            connected=peers.connected,
            seeds=peers.seeds,
            known=peers.known,
            rate_bytes_per_s=self.snapshot.rates.down_bytes_per_s,
            tracker_errors=tuple(self.tracker_errors.values()),
            trackers=len(self.tracker_errors) + len(self.trackers_working),
            dht=self._shared.settings.dht,
            offline=self._shared.settings.offline,
        )

    def why_waiting(self) -> str:
        """Say in a sentence why a reader waits."""
        return self.trouble.sentence if self.trouble is not None else why_waiting(self.situation())

    def view(self) -> TorrentView:
        """Show the torrent as it is now."""
        return showing.view(self, self._shared.settings.give)

    def ranges(self, index: FileIndex) -> Ranges:
        """Show which bytes of a file are here.

        Raises:
            FileNotFound: there is no such file.
        """
        file = self.film.contents.file(index) if self.film else None
        if self.film is None or file is None:
            raise FileNotFound(
                f"The torrent has no file {index} that is shown.", info_hash=self.record.info_hash
            )
        return self.film.ranges(file)

    # -- what should run

    @property
    def should_run(self) -> bool:
        """Whether the swarm may see this torrent now."""
        if self.record.paused:
            return False
        if self.film is None:
            return True
        if self.record.rights is None:
            return False
        if self.complete and self.record.sharing is not Sharing.KEEP:
            return self.record.sharing is Sharing.WHILE_WATCHING and bool(self._readers)
        return not (self.complete and self.enough is not None)

    @property
    def asks(self) -> bool:
        """Whether anything is to be fetched of it though nobody plays it, and may be."""
        film = self.film
        return film is not None and self.trouble is None and self.should_run and film.lacks

    @property
    def given(self) -> Given:
        """Say what was given of it."""
        since = self.record.completed_at
        return Given(
            self.film.bytes_done if self.film is not None else 0,
            self.snapshot.bytes_down,
            self.snapshot.bytes_up,
            datetime.fromisoformat(since).timestamp() if since is not None and self.complete else None,
        )

    @property
    def may_spare(self) -> bool:
        """Whether anything may be fetched for which nobody waits: archives are not asked for more than is played."""
        return self.should_run and self.record.sharing is not Sharing.ARCHIVE_ONLY

    def change(self, **fields: object) -> None:
        """Replace fields of the record; keeping it is the engine's."""
        self.record = replace(self.record, **fields)  # type: ignore[arg-type]  # replace() checks the names
        self.limit_lane()
        if self.film is not None:
            if "takes" in fields:
                self.film.take(self.record.takes)
            self.film.steering.touch()

    def limit_lane(self) -> None:
        """Have the lane know whether a limit holds: its own, or that of all torrents."""
        if self.lane is not None:
            limit = self._shared.settings.down_limit_bytes_per_s or self.record.down_limit_bytes_per_s
            self.lane.limited = bool(limit)

    def go_by_turn(self) -> None:
        """Have what is taken fetched, or not."""
        if self.film is not None:
            self.film.steering.take(self.film.taken if self.turn else ())

    async def end(self) -> None:
        """Let go of everything. Readers end with TorrentRemoved."""
        self._removed = TorrentRemoved("The torrent was removed.", info_hash=self.record.info_hash)
        self._metadata.end(self._removed)
        if self._saving is not None:
            self._saving.cancel()
            await asyncio.gather(self._saving, return_exceptions=True)
        if self.film is not None:
            self.film.end(self._removed)


def _nothing() -> None:
    """Nobody asked to be told."""
