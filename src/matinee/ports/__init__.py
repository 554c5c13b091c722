"""What one room asks of another, as protocols; each is shaped by its user. Of what is
played: ``playbacks``; of what is remembered: ``library``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from matinee.models.rights import Rights
from matinee.models.torrent import (
    Activity,
    FileEntry,
    FileState,
    PublishStep,
    Ranges,
    Take,
    TorrentChange,
    TorrentView,
)
from matinee.types import FileIndex, InfoHash

if TYPE_CHECKING:
    # Records cost a millisecond each to make, and these are needed only once a film is played.
    from matinee.models.catalogue import (
        AddedTitle,
        Answered,
        Filters,
        JudgedTitle,
        ShelfRows,
        TitlePage,
        TitleQuery,
        Wanted,
    )
    from matinee.models.choice import Forecast
    from matinee.models.extras import Extras
    from matinee.models.limits import LimitsNow
    from matinee.models.overview import Overview
    from matinee.models.playback import ClientSupport
    from matinee.models.provider import About, FeedEntry, Kept, Query, SourceList
    from matinee.models.receipt import Receipt
    from matinee.models.settings import SettingsView
    from matinee.models.subtitles import Offer, Sought
    from matinee.models.title import HostedSubtitles, PictureKind, Release, Title, WebFilm
    from matinee.types import TitleId

Report: TypeAlias = Callable[[PublishStep, int, int], None]
"""Told, on the loop, of which step how much is done, of how much."""


class NotHere(Exception):
    """A reader that waits for nothing was asked for bytes that are not here."""


@runtime_checkable
class ByteReader(Protocol):
    """Reads one file that may not be there yet. Reading is the only way to want pieces.

    An async context manager; leaving it withdraws every wish at once. One reader, one consumer: calls
    to ``read`` do not overlap. What nobody waits for has ``Spare``.
    """

    @property
    def length(self) -> int:
        """The file's length in bytes."""

    async def read(self, start: int, stop: int) -> bytes | bytearray:
        """Give a non-empty prefix of the bytes ``[start, stop)``, waiting until it is here and verified.

        A call whose ``start`` is not where the last one ended is a seek: the old window is withdrawn.
        ``stop`` says how far the caller will read, it is not a promise to fetch so much ahead.

        Raises:
            TorrentRemoved: the torrent went away.
            PieceTimeout: nobody sent the piece within the configured time.
            DiskFailed: what had arrived cannot be read any more.
        """

    async def __aenter__(self) -> ByteReader: ...

    async def __aexit__(self, *exc: object) -> None: ...


class Spare(Protocol):
    """Bytes of one file that come only when nobody who plays needs the line. A context manager; leaving it withdraws
    the wish at once.
    """

    def want(self, spans: Sequence[tuple[int, int]], film_bytes_per_s: float) -> None:
        """Have ``[start, stop)`` fetched while there is room, the first first; replaces what was wanted.

        No more than a small part of the file is, and nothing of a film that is paused, or fetched from archives
        alone. ``film_bytes_per_s`` is what a second of it takes to play.
        """

    def __enter__(self) -> Spare: ...

    def __exit__(self, *exc: object) -> None: ...


class Stream(Protocol):
    """A file that may be served: its entry, its identity, and a way to read it."""

    @property
    def file(self) -> FileEntry:
        """The file."""

    @property
    def etag(self) -> str:
        """A strong entity tag with its quotes, from info hash and file; never changes while data arrive."""

    def open(self) -> ByteReader:
        """Make a reader. The caller enters and leaves it."""

    def peek(self) -> ByteReader:
        """Make a reader that wants nothing: it gives what is here, and raises ``NotHere`` instead of waiting."""

    @property
    def has_host(self) -> bool:
        """Whether a web seed may be asked for the whole of a small file, past the swarm's hashes."""

    async def from_host(self) -> bytes:
        """Give the file as a web seed has it now, not verified; its length may be another one.

        Raises:
            BadSource, SourceUnreachable, TooLarge: it cannot be had."""

    def spare(self) -> Spare:
        """Make a wish for bytes for which nobody waits. The caller enters and leaves it."""


class Films(Protocol):
    """What web and command line ask of the program: ``playback/service.py`` is the one that answers.

    Every method raises ``TorrentNotFound`` when the info hash is unknown, ``Starting`` while the stored
    torrents are still being loaded and the wait ran out.
    """

    async def add_magnet(self, link: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        """Add by magnet link; the flag is False when it was here already. Raises BadMagnet."""

    async def add_metainfo(self, metainfo: bytes, rights: Rights | None) -> tuple[TorrentView, bool]:
        """Add by the bytes of a .torrent. Raises BadTorrent, TooLarge."""

    async def add_url(self, url: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        """Fetch a .torrent by https, or by http where private sources are allowed, and add it.

        Raises BadSource, SourceUnreachable, BadTorrent, TooLarge."""

    async def add_web_film(self, film: WebFilm, title: str, rights: Rights) -> tuple[TorrentView, bool]:
        """Begin to fetch a film of which there is no torrent, and show it as one: under 64 hex digits that no swarm
        knows, until all of it is here and proved and a torrent was made of it; then its ``became`` names that.

        Args:
            film: where it is.
            title: what people call it.
            rights: on which basis it will be shared.

        Raises BadSource, SourceUnreachable, DiskFull."""

    async def torrents(self) -> list[TorrentView]:
        """All torrents, the newest first."""

    async def torrent(self, info_hash: InfoHash) -> TorrentView:
        """One torrent."""

    async def change(self, info_hash: InfoHash, change: TorrentChange) -> TorrentView:
        """Pause, resume, limit, take, move, or change what is shared."""

    async def state_rights(self, info_hash: InfoHash, rights: Rights) -> TorrentView:
        """Record on which basis the torrent may be shared; it starts when it was waiting for that."""

    async def remove(self, info_hash: InfoHash, *, delete_files: bool) -> None:
        """Remove it; its readers end with TorrentRemoved."""

    async def files(self, info_hash: InfoHash, start: int, most: int) -> tuple[tuple[FileState, ...], int]:
        """Some of its files, each with what becomes of it, and how many there are."""

    async def take(self, info_hash: InfoHash, file_index: FileIndex, take: Take) -> FileState:
        """Have a file fetched though nobody plays it, or not. Raises FileNotFound."""

    def limits(self) -> LimitsNow:
        """The limits that hold at this hour; raises nothing."""

    async def activity(self, info_hash: InfoHash) -> Activity:
        """Who sees this, and what was given."""

    @property
    def readers(self) -> int:
        """How many readers of films are open now."""

    async def overview(self) -> Overview:
        """Who can see this computer now, over all torrents, and whom it asked itself."""

    async def receipt(self) -> Receipt:
        """What was taken and given, when, and on what basis; of torrents that were removed, too."""

    async def ranges(self, info_hash: InfoHash, file_index: FileIndex) -> Ranges:
        """Which bytes of a file are here. Raises FileNotFound."""

    async def stream(self, info_hash: InfoHash, file_index: FileIndex | None = None) -> Stream:
        """Find a file that may be served, waiting for the metadata of a magnet link.

        Without an index it is the torrent's largest film.

        Raises RightsUnconfirmed, FileNotFound, MetadataTimeout."""


class Pictures(Protocol):
    """What the web asks of posters and backdrops: ``playback/posters.py`` is the one that answers."""

    async def get(self, title_id: TitleId, kind: PictureKind, key: str, width: int) -> bytes | None:
        """A picture as WebP, by what it is called; None when it is not here, and then it may come.

        Raises NotFound when the title has no such picture, TitleNotFound, TitleNotAllowed.
        """

    async def extras(self, title_id: TitleId, *, ask: bool) -> Extras:
        """What there is of a title beside the film, as far as it is known. With ``ask`` what is not known is asked for,
        and ``PictureCame`` says when there is more. Raises TitleNotFound, TitleNotAllowed.
        """


class Titles(Protocol):
    """What web and command line ask of the catalogue: ``playback/titles.py`` is the one that answers."""

    async def shelves(self) -> ShelfRows:
        """The rows of the home page; the same object as long as they are the same."""

    async def find(self, query: TitleQuery) -> TitlePage:
        """A part of the titles that are asked for. Raises BadRequest, Starting."""

    async def filters(self, *, children: bool) -> Filters:
        """What titles may be narrowed by: of all, or of what a child may see alone. Raises Starting."""

    async def title(self, title_id: TitleId) -> JudgedTitle:
        """A title that may be shared here. Raises TitleNotFound, TitleNotAllowed."""

    async def complete(self, title_id: TitleId) -> JudgedTitle:
        """The same, and others begin to be asked for what it lacks, where they may be. Raises what ``title`` does."""

    async def forecast(self, title_id: TitleId, wanted: Wanted, client: ClientSupport) -> Forecast:
        """What playing a title would do: which release, why, when it starts and how it plays. Nobody else is asked.

        Raises what ``title`` does, FileNotFound when nobody offers it, and BadRequest."""

    async def add(self, title_id: TitleId, wanted: Wanted, client: ClientSupport | None = None) -> AddedTitle:
        """Add a title's torrent on the basis of its evidence.

        Raises what ``title`` and ``Films.add_url`` do, and BadRequest when it has no such episode or release."""

    async def file(
        self, title_id: TitleId, wanted: Wanted, client: ClientSupport | None = None
    ) -> tuple[InfoHash, FileIndex]:
        """Add a title's torrent, wait for its list of files, and say which of them is the film.

        Unless one is wanted, the release is the one that is best for this player and this line.

        Raises MetadataTimeout, FileNotFound besides."""


class Further(Protocol):
    """What web and command line ask of searching further than what is kept here: ``catalogue/further.py``."""

    async def providers(self) -> tuple[About, ...]:
        """Who is asked; nobody when nobody may be."""

    def search(self, query: TitleQuery) -> AsyncGenerator[Answered, None]:
        """Ask everybody for a query's words, and give what each has as it comes. Raises BadRequest, Starting."""


class Sources(Protocol):
    """What web and command line ask of where titles come from: ``catalogue/sources.py`` is the one that answers."""

    async def all(self) -> SourceList:
        """Who there is, who is asked, and what came of it."""

    async def switch(self, provider: str, enabled: bool) -> None:
        """Have a provider asked, or not. Raises NotFound."""

    async def add_feed(self, address: str) -> FeedEntry:
        """Add a feed, once it has been read. Raises BadSource, SourceUnreachable, TooLarge, Conflict."""

    async def switch_feed(self, key: str, enabled: bool) -> None:
        """Have a feed asked, or not. Raises NotFound."""

    async def remove_feed(self, key: str) -> None:
        """Remove a feed. Raises NotFound."""


class Settings(Protocol):
    """What web and command line ask of the settings: ``settings.py`` is the one that answers."""

    def all(self) -> SettingsView:
        """What is set, where, and whether it can be changed."""

    async def change(self, changes: Mapping[str, str | int | float | bool | None]) -> SettingsView:
        """Change settings, all of these or none; None goes back to the default.

        Raises BadSetting, Conflict, DiskFailed."""


class SubtitleProvider(Protocol):
    """A service that has subtitles: ``providers/opensubtitles.py`` is one. Asked only when a person wants it.

    Every method raises ``SourceUnreachable`` when it does not answer, or has given enough for today, and
    ``BadSetting`` when it does not take the key.
    """

    async def search(self, sought: Sought) -> tuple[Offer, ...]:
        """What there is for a film, the likeliest first."""

    async def fetch(self, offer: int) -> tuple[str, bytes]:
        """The name and the bytes of a file of subtitles. Raises TooLarge."""


class CatalogueProvider(Protocol):
    """A service that has titles: each file in ``catalogue/providers`` is one, and ``docs/providers.md`` shows how to
    write another. Only what ``about.features`` declares is ever called.

    Every method may raise ``SourceUnreachable`` (it is away), ``SourceLimited`` (it wants to be left alone for a time),
    ``BadSource`` or ``TooLarge`` (what it sent makes no sense). A title carries what the service says of its rights as
    evidence; that the service has it is none.
    """

    @property
    def about(self) -> About:
        """Who it is and what it can do; asks nobody."""

    def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find titles by words, the likeliest first, page by page; a page is asked for when it is wanted."""

    def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Go through everything it has, page by page."""

    async def details(self, title: Title) -> Title:
        """Give one of its titles with all that is known, releases ranked the best first."""

    async def torrent(self, release: Release) -> bytes:
        """Give the .torrent of one of its releases, unread."""


@runtime_checkable
class SubtitledProvider(Protocol):
    """A ``CatalogueProvider`` whose host has subtitles beside its films, as ``Feature.SUBTITLES`` declares."""

    async def subtitles(self, title: Title) -> tuple[HostedSubtitles, ...]:
        """Say which there are of one of its titles, as its host lists them now. Raises what the others do."""


@runtime_checkable
class CompletingProvider(Protocol):
    """A ``CatalogueProvider`` that may have what others describe, as ``Feature.COMPLETE`` declares."""

    def complete(self, title: Title) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find releases of a title's episodes of which none is known, and what people here thought of it.

        Gives a title of its own, which has the other's kind, name, year and identifiers and is joined with it, as often
        as there is more in it. It brings no evidence: what others say of the title is the basis, and what contradicts
        that is left out. Raises what the others do.
        """


class HostedCaptions(Protocol):
    """What a playback asks of subtitles on the web: ``playback/captions.py`` is the one that answers."""

    async def find(self, info_hash: InfoHash) -> tuple[HostedSubtitles, ...]:
        """What the host of the title has for which a torrent was added; none where nobody knows, or may be asked.
        Raises SourceUnreachable when it gives no answer: it is asked again."""

    async def fetch(self, subtitles: HostedSubtitles) -> bytes:
        """Their bytes, unread. Raises BadSource, SourceUnreachable, TooLarge."""


class AnswerCache(Protocol):
    """Keeps the last good answer to each question."""

    async def find(self, provider: str, question: str) -> Kept | None:
        """Give the last answer; None when there never was one."""

    async def keep(self, provider: str, question: str, kept: Kept) -> None:
        """Keep an answer in the place of the last."""
