"""What the web asks of publishing films of one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matinee.models.publication import FilmsHere, Order, PublicationView, UploadView
    from matinee.types import InfoHash


class Publishing(Protocol):
    """Takes films and publishes them: ``playback/publishing.py`` is the one that answers.

    What names an upload or a publication raises ``NotFound`` when there is none.
    """

    async def begin_upload(self, name: str, length: int) -> UploadView:
        """Make room for a film that will be sent. Raises BadRequest, Conflict, DiskFull, DiskFailed."""

    def upload(self, upload: str) -> UploadView:
        """How much of it is here."""

    async def receive(self, upload: str, start: int, chunks: AsyncIterator[bytes]) -> UploadView:
        """Take what comes, from the byte ``start`` on. What came before it broke off stays.

        Raises Conflict where that is not where it ended, or somebody else sends; TooLarge, DiskFull, DiskFailed."""

    async def drop_upload(self, upload: str) -> None:
        """Forget it; nothing stays of it."""

    async def films_here(self) -> FilmsHere:
        """What lies in the folder of films, and is not a torrent's. Raises DiskFailed."""

    async def publish(self, order: Order) -> PublicationView:
        """Begin to publish. Raises BadRequest, BadRights, BadSource, Conflict."""

    def publications(self) -> list[PublicationView]:
        """Those of this run, the newest first."""

    def publication(self, publication: str) -> PublicationView:
        """One of them."""

    async def cancel(self, publication: str) -> None:
        """Give it up, if it is not done; nothing stays of it."""

    async def metainfo(self, info_hash: InfoHash) -> bytes:
        """The .torrent of a torrent. Raises TorrentNotFound, NotFound where its list of files is not here yet."""
