"""What web and command line may ask of the program: the ``Films`` of ``ports``."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from matinee.errors import FileNotFound, NotFound, RightsUnconfirmed, SourceUnreachable
from matinee.models.limits import LimitsNow
from matinee.models.receipt import Receipt
from matinee.models.rights import Basis, Rights
from matinee.models.title import WebFilm
from matinee.models.torrent import (
    Activity,
    FileState,
    Ranges,
    Sharing,
    Take,
    TorrentChange,
    TorrentView,
)
from matinee.outside.contacts import ContactBook
from matinee.outside.fetch import Fetcher
from matinee.playback.healing import Healer
from matinee.playback.renewal import Keeper, Promised, Renewal
from matinee.playback.room import Endless, Room
from matinee.playback.torrent_stream import TorrentStream
from matinee.playback.web_film import WebFilmHere, renamed
from matinee.playback.web_films import WebFilms
from matinee.ports import Report, Stream
from matinee.torrent import showing
from matinee.torrent.engine import Engine
from matinee.torrent.intake import Intake
from matinee.torrent.metainfo import Metainfo
from matinee.torrent.publish import Publication, Published, labelled, size_of
from matinee.torrent.publisher import Publisher
from matinee.torrent.torrent import Torrent
from matinee.torrent.web_hosts import WebHosts
from matinee.types import FileIndex, InfoHash

if TYPE_CHECKING:
    from matinee.models.overview import Glance, Overview


async def _nothing(_: TorrentView) -> None:
    """Belong to nothing."""


def _no_limits() -> LimitsNow:
    return LimitsNow(0, 0, quiet=False, until=None)


class Service:
    """Joins the engine with what guards its entrance, and holds the rights gate."""

    def __init__(
        self,
        engine: Engine,
        intake: Intake,
        fetcher: Fetcher | None,
        publisher: Publisher,
        hosts: WebHosts,
        healer: Healer,
        web_films: WebFilms,
        items: Keeper | None = None,
        limits: Callable[[], LimitsNow] = _no_limits,
        contacts: ContactBook | None = None,
    ) -> None:
        self.limits = limits
        """Says which limits hold at this hour."""
        self._engine = engine
        self._intake = intake
        self._fetcher = fetcher
        self._publisher = publisher
        self._hosts = hosts
        self._healer = healer
        self._web_films = web_films
        self._web_films_back = asyncio.Event()
        self._items = items
        self._contacts = contacts or ContactBook()
        self.space: Room = Endless()
        self.on_renewed: list[Callable[[InfoHash, InfoHash], Awaitable[None]]] = []
        """Told of a torrent that an archive has made anew, and of the one that takes its place."""
        self.on_removed: list[Callable[[InfoHash], Awaitable[None]]] = []
        """Told of a torrent that was removed."""

    async def add_magnet(self, link: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        """Add by magnet link."""
        magnet = await self._intake.magnet(link)
        await self._engine.ready()
        torrent, new = await self._engine.add(magnet, rights)
        return torrent.view(), new

    async def add_metainfo(self, metainfo: bytes, rights: Rights | None) -> tuple[TorrentView, bool]:
        """Add by the bytes of a .torrent."""
        checked = await self._intake.metainfo(metainfo)
        await self._engine.ready()
        torrent, new = await self._add(checked, rights, Renewal(self._engine.all()))
        return torrent.view(), new

    async def _add(self, metainfo: Metainfo, rights: Rights | None, renewal: Renewal) -> tuple[Torrent, bool]:
        """Add a torrent; of an archive's item with what an earlier one has of it, and remembered as that was."""
        torrent, new = await self._engine.add(metainfo, rights, renewal.carry)
        if new and self._items is not None:
            info_hash = torrent.record.info_hash
            await self._items.keep(info_hash, renewal.keys)
            if renewal.old is not None:
                before = renewal.old.record.info_hash
                places = {one: (before, old) for one, old in renewal.places.items()}
                await self._items.follow(info_hash, places)
        return torrent, new

    async def _renew(self, old: Torrent, metainfo: bytes, promised: Promised) -> None:
        """Take the new torrent of an item in the place of one that the archive cannot complete any more.

        The old one stays, for others may have the rest of it. Rights are the item's: the archive gave both over TLS.
        """
        checked = await self._intake.metainfo(metainfo)
        torrent, new = await self._add(checked, old.record.rights, Renewal(self._engine.all(), promised))
        if not new:
            return
        was = old.record
        await self._engine.change(
            torrent,
            TorrentChange(
                sharing=was.sharing,
                down_limit_bytes_per_s=was.down_limit_bytes_per_s,
                up_limit_bytes_per_s=was.up_limit_bytes_per_s,
                kept=was.kept,
                take=was.takes.rest,
            ),
        )
        for tell in self.on_renewed:
            await tell(was.info_hash, torrent.record.info_hash)

    async def add_url(self, url: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        """Fetch a .torrent and add it; where nobody may be asked straight, offline or by a proxy, it is refused."""
        if self._fetcher is None:
            raise SourceUnreachable(
                "Matinee is offline, or reaches others by a proxy alone: it fetches no address itself. "
                "Fetch the .torrent otherwise, and add the file."
            )
        return await self.add_metainfo(await self._fetcher.fetch(url), rights)

    async def add_web_film(self, film: WebFilm, title: str, rights: Rights) -> tuple[TorrentView, bool]:
        """Begin to fetch a film of which there is no torrent; it becomes one when all of it is here."""
        await self._engine.ready()
        here, new = await self._web_films.add(film, title, rights, self._settle)
        return await self.torrent(here.info_hash), new

    async def restore_web_films(self) -> None:
        """Go on with the films that were on their way from the web when the program ended."""
        await self._engine.ready()
        await self._web_films.restore(self._settle)
        self._web_films_back.set()

    async def _settle(self, here: WebFilmHere) -> tuple[TorrentView, Stream]:
        """Make a torrent of a film that is here whole, and have all who knew it by its address know that."""
        path, film = here.arriving.path, here.arriving.film
        publication = Publication(path, here.rights.licence, here.title, (film.url,))
        published = await self._publisher.publish(publication, lambda *_: None)
        torrent, _ = await self._engine.add(published.description, here.rights)
        await self._engine.change(torrent, here.change)
        (file,) = (await torrent.metadata()).contents.files
        # The engine hashes all of it once more: whoever plays it is not to wait for that.
        async with torrent.open(file.index) as reader:
            await reader.read(file.length - 1, file.length)
        info_hash = torrent.record.info_hash
        for tell in self.on_renewed:
            await tell(here.info_hash, info_hash)
        return torrent.view(), TorrentStream(torrent, file, self._hosts, here.stream.etag)

    async def share(
        self,
        path: Path,
        licence: str | None,
        title: str | None,
        web_seeds: Sequence[str],
        trackers: Sequence[str],
        report: Report,
        *,
        ours: bool = False,
        also: Callable[[TorrentView], Awaitable[None]] = _nothing,
    ) -> tuple[TorrentView, bytes]:
        """Make a torrent of the user's own files, share it, and give it with its .torrent.

        Without a licence it is their own work, of which all other rights are reserved. ``ours`` are files that were
        sent here, and are moved. ``also`` belongs to it: where that fails, or whoever asked gives up before the end,
        nothing is shared that was not before.
        """
        await self._engine.ready()
        publication = Publication(path, licence, title, tuple(web_seeds), tuple(trackers), ours)
        await self.space.make_room(await asyncio.to_thread(size_of, path))
        published = await self._publisher.publish(publication, report)
        # What lies where films are kept belongs to a torrent: it is taken back as one, not left in the middle.
        begun = asyncio.ensure_future(self._shared(published))
        try:
            view, _ = await asyncio.shield(begun)
            await also(view)
        except BaseException:
            view, new = await begun
            if new:
                await self.remove(view.info_hash, delete_files=True)
            raise
        return view, published.metainfo

    async def _shared(self, published: Published) -> tuple[TorrentView, bool]:
        stated_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        basis = Basis.OWN_WORK if published.licence is None else Basis.LICENCE
        torrent, new = await self._engine.add(
            published.description, Rights(basis, published.licence, stated_at)
        )
        await self._engine.change(torrent, TorrentChange(sharing=Sharing.KEEP, own=True))
        return torrent.view(), new

    async def metainfo(self, info_hash: InfoHash) -> bytes:
        """Give the .torrent of a torrent, as it was rebuilt."""
        torrent = await self._find(info_hash)
        found = await self._engine.store.metainfo(torrent.record.info_hash)
        if found is None:
            raise NotFound("The list of this film's files is not here yet. Try again once it has come.")
        record = torrent.record
        licence = record.rights.licence if record.rights is not None else None
        return labelled(found, record.name, licence, record.magnet) if record.own else found

    async def torrents(self) -> list[TorrentView]:
        """Show all torrents, the newest first, and films on the web that are on their way."""
        await self._ready()
        await self._engine.refresh()
        views = [torrent.view() for torrent in self._engine.all()]
        there = {view.info_hash: view for view in views}
        for here in reversed(self._web_films.all()):
            if here.became is None:
                views.insert(0, here.view())
            elif here.became in there:
                views.append(renamed(there[here.became], here))
        return views

    async def torrent(self, info_hash: InfoHash) -> TorrentView:
        """Show one torrent."""
        if (coming := await self._coming(info_hash)) is not None:
            return coming.view()
        torrent = await self._find(info_hash)
        await self._engine.refresh()
        return self._named(torrent.view(), info_hash)

    async def change(self, info_hash: InfoHash, change: TorrentChange) -> TorrentView:
        """Pause, resume, limit, take, move, or change what is shared."""
        if (coming := await self._coming(info_hash)) is not None:
            self._web_films.change(coming, change)
            return coming.view()
        torrent = await self._find(info_hash)
        await self._engine.change(torrent, change)
        return self._named(torrent.view(), info_hash)

    async def files(self, info_hash: InfoHash, start: int, most: int) -> tuple[tuple[FileState, ...], int]:
        """Show some of a torrent's files, and say how many there are."""
        if (coming := await self._coming(info_hash)) is not None:
            return coming.files[start : start + most], 1
        torrent = await self._find(info_hash)
        total = len(torrent.film.contents.files) if torrent.film is not None else 0
        return showing.files(torrent, start, most), total

    async def take(self, info_hash: InfoHash, file_index: FileIndex, take: Take) -> FileState:
        """Have a file fetched though nobody plays it, or not; a film on the web comes whole all the same."""
        if (coming := await self._coming(info_hash)) is not None:
            coming.file(file_index)
            return coming.files[0]
        torrent = await self._find(info_hash)
        showing.file(torrent, file_index)
        await self._engine.take(torrent, file_index, take)
        return showing.file(torrent, file_index)

    async def state_rights(self, info_hash: InfoHash, rights: Rights) -> TorrentView:
        """Record on which basis a torrent may be shared."""
        if (coming := await self._coming(info_hash)) is not None:
            coming.rights = rights
            return coming.view()
        torrent = await self._find(info_hash)
        await self._engine.state_rights(torrent, rights)
        return self._named(torrent.view(), info_hash)

    async def remove(
        self, info_hash: InfoHash, *, delete_files: bool, unless: Callable[[], bool] = lambda: False
    ) -> None:
        """Remove a torrent; nothing is kept of a film that is still on its way.

        Raises:
            Conflict: ``unless`` says at the last moment that it has to stay.
        """
        await self._ready()
        here = self._web_films.get(info_hash)
        if here is None or here.became is not None:
            torrent = await self._find(info_hash)
            await self._engine.remove(torrent, delete_files=delete_files, unless=unless)
            for forget in self.on_removed:
                await forget(torrent.record.info_hash)
        if here is not None:
            await self._web_films.remove(here)

    async def activity(self, info_hash: InfoHash) -> Activity:
        """Say who sees a torrent, and what was given."""
        if (coming := await self._coming(info_hash)) is not None:
            return coming.activity()
        (activity,) = await self._engine.activities([await self._find(info_hash)])
        return activity

    @property
    def readers(self) -> int:
        """How many readers of films are open now."""
        torrents, web_films = self._engine.all(), self._web_films.all()
        return sum(one.readers for one in torrents) + sum(one.readers for one in web_films)

    async def overview(self) -> "Overview":
        """Say who can see this computer now."""
        from matinee.playback.overview import overview

        seen = await self._seen()
        return overview(
            seen, self._contacts.all(), await self._engine.ledger.given(), dht=self._engine.in_dht
        )

    async def glance(self) -> "Glance":
        """Give the sums of that."""
        from matinee.playback.overview import glance

        return glance(await self._seen(), self._contacts.all(), dht=self._engine.in_dht)

    async def _seen(self) -> list[tuple[TorrentView, Activity]]:
        await self._ready()
        torrents = self._engine.all()
        activities = await self._engine.activities(torrents)
        coming = [here for here in self._web_films.all() if here.became is None]
        views = [torrent.view() for torrent in torrents]
        return [*((here.view(), here.activity()) for here in coming), *zip(views, activities, strict=True)]

    async def receipt(self) -> Receipt:
        """Say what was taken and given, when, and on what basis."""
        await self._engine.ready()
        return await self._engine.ledger.receipt()

    async def ranges(self, info_hash: InfoHash, file_index: FileIndex) -> Ranges:
        """Say which bytes of a file are here."""
        if (coming := await self._coming(info_hash)) is not None:
            return coming.file(file_index).arriving.ranges
        return (await self._find(info_hash)).ranges(file_index)

    async def stream(self, info_hash: InfoHash, file_index: FileIndex | None = None) -> Stream:
        """Find a file that may be served, waiting for the metadata of a magnet link."""
        if (coming := await self._coming(info_hash)) is not None:
            return coming.file(file_index)
        torrent = await self._find(info_hash)
        if torrent.record.rights is None:
            raise RightsUnconfirmed(
                "Nobody has said yet why this film may be shared. State the basis, then it plays.",
                info_hash=info_hash,
            )
        contents = (await torrent.metadata()).contents
        file = contents.main_file if file_index is None else contents.file(file_index)
        if file is None:
            which = "file" if file_index is None else f"file {file_index}"
            raise FileNotFound(f"The torrent has no {which} that can be opened.", info_hash=info_hash)
        self._healer.watched(torrent, file, self._renew)
        here = self._web_films.get(info_hash)
        named = torrent.record.info_hash if here is None else here.info_hash
        return TorrentStream(torrent, file, self._hosts, f'"{named}-{file.index}"')

    def settled(self, info_hash: InfoHash) -> InfoHash:
        """Name the torrent that a film from the web has become; others are called what they are."""
        here = self._web_films.get(info_hash)
        return info_hash if here is None or here.became is None else here.became

    async def _coming(self, info_hash: InfoHash) -> WebFilmHere | None:
        """Find a film on the web that is on its way."""
        await self._ready()
        here = self._web_films.get(info_hash)
        return here if here is not None and here.became is None else None

    def _named(self, view: TorrentView, info_hash: InfoHash) -> TorrentView:
        here = self._web_films.get(info_hash)
        return view if here is None else renamed(view, here)

    async def _ready(self) -> None:
        """Wait until all that was kept is back: what is not back yet is not to be taken for what is not there."""
        await self._engine.ready()
        await self._web_films_back.wait()

    async def _find(self, info_hash: InfoHash) -> Torrent:
        await self._ready()
        return self._engine.get(self.settled(info_hash))
