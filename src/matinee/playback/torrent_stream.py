"""A file of a torrent as it is served and read."""

from dataclasses import dataclass

from matinee.models.torrent import FileEntry
from matinee.ports import ByteReader, Spare
from matinee.torrent.torrent import Torrent
from matinee.torrent.web_hosts import WebHosts


@dataclass(frozen=True, slots=True)
class TorrentStream:
    """A file that may be served; the ``Stream`` of ``ports``."""

    torrent: Torrent
    file: FileEntry
    hosts: WebHosts
    etag: str
    """The bytes of a file of a torrent never change: its hash and index name them, or those it began under."""

    def open(self) -> ByteReader:
        """Make a reader."""
        return self.torrent.open(self.file.index)

    def peek(self) -> ByteReader:
        """Make a reader that wants nothing."""
        return self.torrent.peek(self.file.index)

    @property
    def has_host(self) -> bool:
        """Whether a web seed may be asked."""
        return self.hosts.may_ask(self.torrent, self.file)

    async def from_host(self) -> bytes:
        """Give the file as a web seed has it, not verified."""
        return await self.hosts.fetch(self.torrent, self.file)

    def spare(self) -> Spare:
        """Make a wish for bytes for which nobody waits."""
        return self.torrent.spare(self.file.index)
