"""Publishing as it is, into films in memory: files are taken, looked into and moved, and no torrent is made."""

from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from matinee.errors import NotFound
from matinee.models.media import MediaInfo
from matinee.models.publication import Order, PublicationView
from matinee.models.rights import Basis, Rights
from matinee.models.torrent import PublishStep, TorrentView
from matinee.outside.addresses import AddressPolicy
from matinee.playback.publishing import Publishing
from matinee.playback.uploads import Uploads
from matinee.ports import Report
from matinee.types import InfoHash, TitleId
from tests.fakes.films import FakeFilms

PUBLISHED = InfoHash("c" * 40)
TITLE = TitleId("own.film")


class FakeSharing:
    """What of ``Service`` publishing needs."""

    def __init__(self, films: FakeFilms) -> None:
        self._films = films
        self.trackers: tuple[str, ...] = ()
        self.shared: list[tuple[Path, bytes, str | None, str | None, bool]] = []

    async def share(
        self, path: Path, licence: str | None, title: str | None, web_seeds: Sequence[str], trackers: Sequence[str],
        report: Report, *, ours: bool = False, also: Callable[[TorrentView], Awaitable[None]],
    ) -> tuple[TorrentView, bytes]:  # fmt: skip
        data = path.read_bytes()
        report(PublishStep.HASHING, 1, 1)
        self.shared.append((path, data, licence, title, ours))
        self.trackers = tuple(trackers)
        rights = Rights(Basis.OWN_WORK if licence is None else Basis.LICENCE, licence, "2026-11-26T20:00:00Z")
        torrent = self._films.put(PUBLISHED, {path.name: data}, rights)
        torrent.view = replace(torrent.view, magnet=f"magnet:?xt=urn:btih:{PUBLISHED}&dn=film")
        await also(torrent.view)
        return torrent.view, b"d4:infodee"

    async def metainfo(self, info_hash: InfoHash) -> bytes:
        await self._films.torrent(info_hash)
        if info_hash != PUBLISHED:
            raise NotFound("The list of this film's files is not here yet.")
        return b"d4:infodee"


class FakeOwn:
    """Titles of one's own, as they were told."""

    def __init__(self) -> None:
        self.kept: list[tuple[Order, str, MediaInfo]] = []
        self.forgotten: list[InfoHash] = []

    async def keep(self, order: Order, name: str, view: TorrentView, info: MediaInfo) -> TitleId:
        self.kept.append((order, name, info))
        return TITLE

    async def forget(self, info_hash: InfoHash) -> None:
        self.forgotten.append(info_hash)


class FakePublishing(Publishing):
    """An async context manager."""

    def __init__(
        self,
        films: FakeFilms,
        folder: Path,
        tell: Callable[[PublicationView], None],
        reserve_bytes: int = 0,
        pool: Executor | None = None,
    ) -> None:
        self.pool = pool or ThreadPoolExecutor(2)
        self.sharing, self.own = FakeSharing(films), FakeOwn()
        self.uploads = Uploads(folder, reserve_bytes, self.pool)
        super().__init__(self.sharing, self.uploads, self.own, AddressPolicy(), folder, self.pool, tell)

    async def close(self) -> None:
        """Give up what is not done."""
        await super().close()
        self.pool.shutdown()

    async def __aenter__(self) -> "FakePublishing":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()
