"""What grows of a torrent once its metadata is here: what can be read, and how much of it has come."""

from dataclasses import dataclass

from matinee.errors import TorrentRemoved
from matinee.models.healing import Mend
from matinee.models.torrent import FileEntry, Ranges, Takes
from matinee.torrent import taking
from matinee.torrent.contents import Contents
from matinee.torrent.disk import Disk
from matinee.torrent.lane.lane import Lane
from matinee.torrent.pieces import PieceStore
from matinee.torrent.resume import ResumeSaver
from matinee.torrent.space import Share
from matinee.torrent.steering import Steering
from matinee.types import PieceIndex

TAIL_BYTES = 64 * 1024
"""Where an MP4's or a Matroska's index may lie. Not more: where it is larger, the player says so as soon as the head
is here; and a piece too many is what a first frame waits for longest."""


@dataclass(slots=True)
class Film:
    """A torrent's contents, and what of them is here. Everything runs on the loop's thread."""

    contents: Contents
    disk: Disk
    pieces: PieceStore
    steering: Steering
    saver: ResumeSaver
    lane: Lane | None
    share: Share
    bytes_done: int = 0
    """Bytes of shown files that are here."""
    taken: taking.Runs = ()
    """The pieces of the files that are taken."""

    @property
    def complete(self) -> bool:
        """Whether every shown file is here."""
        return self.bytes_done == self.contents.length

    def take(self, takes: Takes) -> None:
        """Go by which files are taken."""
        self.taken = taking.runs(self.contents.layout, self.contents.files, takes)

    @property
    def lacks(self) -> bool:
        """Whether anything of the files that are taken is missing on the disk. What only the lane has gathered may be
        lost again before libtorrent takes it."""
        if taking.lacks(self.pieces.ready, self.taken):
            return True
        return any(piece in run for piece in self.pieces.early_pieces for run in self.taken)

    def want_opening(self) -> None:
        """Fetch head and tail of the main film before a player asks."""
        main = self.contents.main_file
        if main is not None:
            self.steering.want_opening(self.contents.place(main), TAIL_BYTES)

    def count(self) -> None:
        """Count anew how much is here."""
        mended = sum(map(self.pieces.mends.size, self.pieces.mends.pieces))
        self.bytes_done = self.contents.shown.here(self.pieces.have) + mended

    def claimed(self, pieces: list[bool]) -> None:
        """Take over which pieces libtorrent found on the disk."""
        self.pieces.claim(pieces)
        self.share.claimed(self.pieces.have)
        self.count()
        self.steering.reset()

    def arrived(self, piece: PieceIndex) -> None:
        """Note a downloaded piece."""
        new = not self.pieces.have[piece]
        was_ready = self.pieces.ready[piece]
        mended = self.pieces.mends.size(piece)
        self.pieces.arrived(piece)
        if self.lane is not None:
            self.lane.finished(piece)
        if was_ready:
            self.steering.touch()
        else:
            self.steering.arrived(piece)
        self.saver.arrived(self.contents.layout.size(piece))
        if new:
            self.share.came(piece)
            self.bytes_done += self.contents.shown[piece] - mended

    def proved(self, piece: PieceIndex, data: bytearray) -> None:
        """Take a piece that the lane has gathered."""
        self.pieces.proved(piece, data)
        self.steering.arrived(piece)

    def mend(self, mend: Mend, data: bytes) -> None:
        """Take a part of a file; nobody is asked for its piece any more."""
        file = self.contents.file(mend.file)
        if file is None:
            return
        self.pieces.mend(mend.piece, file.offset + mend.start, data)
        self.count()
        self.steering.arrived(mend.piece)

    def unmend(self, mend: Mend) -> None:
        """Take a part back: its piece is missing again."""
        self.pieces.unmend(mend.piece)
        self.count()
        self.steering.reset()

    def ranges(self, file: FileEntry) -> Ranges:
        """Show which bytes of a shown file are here."""
        place, mends = self.contents.place(file), self.pieces.mends
        here = bytearray(self.pieces.have)
        for piece in mends.pieces:
            here[piece] |= mends.complete(place, piece) if piece in place.pieces else 0
        return Ranges(file.length, place.spans(here))

    def end(self, removed: TorrentRemoved) -> None:
        """Let go of everything; whoever reads is told so."""
        self.saver.stop()
        self.steering.stop()
        self.pieces.end(removed)
        self.disk.close()
