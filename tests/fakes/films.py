"""``Films`` in memory: files of bytes whose pieces can be withheld and released."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from matinee.errors import (
    BadMagnet,
    BadTorrent,
    FileNotFound,
    MatineeError,
    RightsUnconfirmed,
    SourceUnreachable,
    TorrentNotFound,
    TorrentRemoved,
)
from matinee.models.limits import LimitsNow
from matinee.models.overview import Contact, Contacts, Given, Overview
from matinee.models.receipt import Day, Entry, Named, Receipt, Stated
from matinee.models.rights import Basis, Rights
from matinee.models.title import WebFilm
from matinee.models.torrent import (
    Activity,
    FileEntry,
    FileState,
    PeerActivity,
    Peers,
    Progress,
    Ranges,
    Rates,
    Sharing,
    State,
    Take,
    TorrentChange,
    TorrentView,
    TrackerActivity,
)
from matinee.playback.overview import overview
from matinee.ports import NotHere
from matinee.types import FileIndex, InfoHash

OWN_WORK = Rights(Basis.OWN_WORK, None, "2026-11-22T20:00:00Z")

RECEIPT = Receipt(
    "2026-11-26T12:00:00Z",
    "0.0",
    (
        Entry(
            info_hash="a" * 40,
            name="film",
            added_at="2026-11-20T10:00:00Z",
            recorded_from="2026-11-25T09:00:00Z",
            removed_at=None,
            title=Named(
                "a-film-1922", "A film", 1922, None, None, "2026-11-20T10:00:00Z", "FR",
                ({"why": "licence", "facts": {"licence": "CC-BY-3.0"}},),
                (
                    {
                        "claim": "licence", "by": "Its maker",
                        "source": "https://film.example/", "checked": "2026-11-19",
                        "facts": {"licence": "CC-BY-3.0", "url": "https://creativecommons.org/licenses/by/3.0/"},
                    },
                ),
            ),
            stated=(
                Stated(
                    "2026-11-20T10:00:00Z", "licence", "CC-BY-3.0", "https://creativecommons.org/licenses/by/3.0/"
                ),
            ),
            before_down=1000,
            before_up=0,
            days=(Day("2026-11-26", "2026-11-26T08:01:00Z", "2026-11-26T09:59:00Z", 0, 2500),),
            bytes_down=1000,
            bytes_up=2500,
        ),
        Entry(
            info_hash="b" * 40, name="=another", added_at="2026-11-26T10:00:00Z", recorded_from="2026-11-26T10:00:00Z",
            removed_at="2026-11-26T11:00:00Z", title=None, stated=(), before_down=0, before_up=0, days=(),
            bytes_down=0, bytes_up=0,
        ),
    ),
)  # fmt: skip


class FakeReader:
    """Gives what is here, waits for what is withheld, and counts itself while it is open."""

    def __init__(self, stream: "FakeStream") -> None:
        self._stream = stream

    @property
    def length(self) -> int:
        return self._stream.file.length

    async def read(self, start: int, stop: int) -> bytes:
        return await self._stream.read(start, stop)

    async def __aenter__(self) -> "FakeReader":
        self._stream.opened()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._stream.closed()


class FakeSpare:
    """Remembers what is wanted, at its stream."""

    def __init__(self, stream: "FakeStream") -> None:
        self._stream = stream

    def want(self, spans: Sequence[tuple[int, int]], film_bytes_per_s: float) -> None:
        assert all(0 <= start < stop <= len(self._stream.data) for start, stop in spans)
        assert film_bytes_per_s > 0
        self._stream.spare_wish = list(spans)

    def __enter__(self) -> "FakeSpare":
        return self

    def __exit__(self, *exc: object) -> None:
        self._stream.spare_wish = None


class FakePresentReader(FakeReader):
    """Gives what is here, and waits for nothing."""

    async def read(self, start: int, stop: int) -> bytes:
        if not self._stream.has(start):
            raise NotHere
        if start >= self._stream.here:
            return self._stream.data[start:stop]
        return await self._stream.read(start, stop)


@dataclass
class FakeStream:
    """One file. ``here`` says how many bytes from its beginning may be read."""

    file: FileEntry
    data: bytes
    etag: str
    piece_bytes: int = 16 * 1024
    here: int = 0
    tail: int = 0
    """How many bytes at the end are here too, for those who wait for nothing."""
    open_readers: int = 0
    """Readers entered and not left."""
    all_readers: int = 0
    """Readers ever entered."""
    reads: list[tuple[int, int]] = field(default_factory=list)
    """Every ``read`` that was asked, in order."""
    spare_wish: list[tuple[int, int]] | None = None
    """What is wanted though nobody waits for it; None while nobody has such a wish."""
    failure: MatineeError | None = None
    """What every read from now on raises."""

    hosted: bytes = b""
    """What a web seed has; empty for none."""
    host_failure: MatineeError | None = None
    """What asking the web seed raises."""

    def __post_init__(self) -> None:
        self.here = self.here or len(self.data)
        self._changed = asyncio.Condition()
        self.waiting = asyncio.Event()
        """Set while a reader waits for bytes that are withheld."""
        self.host_asked = asyncio.Event()
        """Set once the web seed was asked."""
        self.busy = asyncio.Event()
        """Set once a reader has been opened."""
        self.idle = asyncio.Event()
        """Set while no reader is open."""
        self.idle.set()

    def open(self) -> FakeReader:
        return FakeReader(self)

    def peek(self) -> FakePresentReader:
        return FakePresentReader(self)

    @property
    def has_host(self) -> bool:
        return bool(self.hosted) or self.host_failure is not None

    async def from_host(self) -> bytes:
        self.host_asked.set()
        if self.host_failure is not None:
            raise self.host_failure
        return self.hosted

    def spare(self) -> FakeSpare:
        return FakeSpare(self)

    def has(self, position: int) -> bool:
        return position < self.here or position >= len(self.data) - self.tail

    def opened(self) -> None:
        self.open_readers += 1
        self.all_readers += 1
        self.busy.set()
        self.idle.clear()

    def closed(self) -> None:
        self.open_readers -= 1
        if self.open_readers == 0:
            self.idle.set()

    def withhold_from(self, position: int) -> None:
        """Let nothing from ``position`` on be read."""
        self.here = position

    async def release(self, position: int | None = None) -> None:
        """Let everything, or everything before ``position``, be read."""
        async with self._changed:
            self.here = len(self.data) if position is None else position
            self._changed.notify_all()

    async def fail(self, failure: MatineeError) -> None:
        """Have every read that waits, and every later one, raise."""
        async with self._changed:
            self.failure = failure
            self._changed.notify_all()

    async def read(self, start: int, stop: int) -> bytes:
        """Give the rest of the piece at ``start``, no further than ``stop`` or what is here."""
        self.reads.append((start, stop))
        assert 0 <= start < stop <= len(self.data)
        if self.failure is None and start >= self.here:
            async with self._changed:
                self.waiting.set()
                await self._changed.wait_for(lambda: self.failure is not None or start < self.here)
                self.waiting.clear()
        if self.failure is not None:
            raise self.failure
        piece_end = (start // self.piece_bytes + 1) * self.piece_bytes
        return self.data[start : min(stop, piece_end, self.here)]


@dataclass
class FakeTorrent:
    """A torrent and its files."""

    view: TorrentView
    streams: dict[FileIndex, FakeStream]


class FakeFilms:
    """Torrents in memory. ``given`` records what was asked of it."""

    def __init__(self) -> None:
        self.torrents_here: dict[InfoHash, FakeTorrent] = {}
        self.given: list[tuple[object, ...]] = []
        self.metadata_here = asyncio.Event()
        """Cleared: ``stream`` waits as for a magnet link's list of files."""
        self.metadata_here.set()
        self.asked_for_metadata = asyncio.Event()

    def put(self, info_hash: str, files: dict[str, bytes], rights: Rights | None = OWN_WORK) -> FakeTorrent:
        """Have a torrent with these files, all here; returns it so that pieces can be withheld."""
        entries, offset = [], 0
        for index, (path, data) in enumerate(files.items()):
            media_type = "video/mp4" if path.endswith(".mp4") else "application/octet-stream"
            entries.append(FileEntry(FileIndex(index), path, len(data), offset, media_type))
            offset += len(data)
        view = make_view(InfoHash(info_hash), tuple(entries), rights)
        streams = {
            entry.index: FakeStream(entry, data, f'"{info_hash[:16]}-{entry.index}"')
            for entry, data in zip(entries, files.values(), strict=True)
        }
        torrent = FakeTorrent(view, streams)
        self.torrents_here[view.info_hash] = torrent
        return torrent

    async def add_magnet(self, link: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        self.given.append(("magnet", link, rights))
        hex_hash = link.removeprefix("magnet:?xt=urn:btih:")[:40]
        if len(hex_hash) != 40:
            raise BadMagnet("This is not a magnet link. Copy the whole link.")
        return self._add(InfoHash(hex_hash), rights)

    async def add_metainfo(self, metainfo: bytes, rights: Rights | None) -> tuple[TorrentView, bool]:
        self.given.append(("metainfo", metainfo, rights))
        if not metainfo.startswith(b"d"):
            raise BadTorrent("This is not a .torrent file.")
        return self._add(InfoHash("c" * 40), rights)

    async def add_web_film(self, film: WebFilm, title: str, rights: Rights) -> tuple[TorrentView, bool]:
        raise SourceUnreachable("Nobody may be asked.")

    async def add_url(self, url: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        self.given.append(("url", url, rights))
        return self._add(InfoHash("d" * 40), rights)

    async def torrents(self) -> list[TorrentView]:
        return [torrent.view for torrent in reversed(self.torrents_here.values())]

    async def torrent(self, info_hash: InfoHash) -> TorrentView:
        return self._find(info_hash).view

    async def change(self, info_hash: InfoHash, change: TorrentChange) -> TorrentView:
        self.given.append(("change", info_hash, change))
        torrent = self._find(info_hash)
        state = State.PAUSED if change.paused else State.DOWNLOADING
        torrent.view = replace(torrent.view, sharing=change.sharing or torrent.view.sharing, state=state)
        return torrent.view

    async def files(self, info_hash: InfoHash, start: int, most: int) -> tuple[tuple[FileState, ...], int]:
        view = self._find(info_hash).view
        states = tuple(_state(view, file) for file in view.files)
        return states[start : start + most], len(states)

    async def take(self, info_hash: InfoHash, file_index: FileIndex, take: Take) -> FileState:
        self.given.append(("take", info_hash, file_index, take))
        stream, torrent = self._file(info_hash, file_index), self._find(info_hash)
        torrent.view = replace(torrent.view, takes=torrent.view.takes.changed(file_index, take))
        return _state(torrent.view, stream.file)

    def limits(self) -> LimitsNow:
        return LimitsNow(0, 250_000, quiet=True, until="2026-11-27T06:00:00Z")

    async def state_rights(self, info_hash: InfoHash, rights: Rights) -> TorrentView:
        self.given.append(("rights", info_hash, rights))
        torrent = self._find(info_hash)
        torrent.view = replace(torrent.view, rights=rights)
        return torrent.view

    async def remove(self, info_hash: InfoHash, *, delete_files: bool) -> None:
        self.given.append(("remove", info_hash, delete_files))
        torrent = self._find(info_hash)
        del self.torrents_here[info_hash]
        for stream in torrent.streams.values():
            await stream.fail(TorrentRemoved("The torrent was removed.", info_hash=info_hash))

    async def activity(self, info_hash: InfoHash) -> Activity:
        self._find(info_hash)
        tracker = TrackerActivity("http://127.0.0.1:9/announce", "working", "")
        peer = PeerActivity("127.0.0.1:6881", "other/1", "peer", 10, 20, 0.5)
        host = PeerActivity("http://127.0.0.1:8/", "web seed", "web-host", 30, 0, 1.0)
        return Activity(info_hash, (tracker,), True, False, True, (peer,), (host,), 40, 20)

    @property
    def readers(self) -> int:
        return sum(
            stream.open_readers
            for torrent in self.torrents_here.values()
            for stream in torrent.streams.values()
        )

    async def overview(self) -> Overview:
        seen = [
            (torrent.view, await self.activity(torrent.view.info_hash))
            for torrent in self.torrents_here.values()
        ]
        contact = Contact("films.example", ("catalogue", "pictures"), 3, 4096, "2026-11-26T12:00:00Z")
        total = Given(
            2, sum(one.bytes_down for one in RECEIPT.entries), sum(one.bytes_up for one in RECEIPT.entries)
        )
        return overview(seen, Contacts((contact,), 1), total, dht=True)

    async def receipt(self) -> Receipt:
        return RECEIPT

    async def ranges(self, info_hash: InfoHash, file_index: FileIndex) -> Ranges:
        stream = self._file(info_hash, file_index)
        spans, tail = ((0, stream.here),), stream.file.length - stream.tail
        both = (*spans, (tail, stream.file.length)) if stream.here < tail < stream.file.length else spans
        return Ranges(stream.file.length, both)

    async def stream(self, info_hash: InfoHash, file_index: FileIndex | None = None) -> FakeStream:
        torrent = self._find(info_hash)
        if torrent.view.rights is None:
            raise RightsUnconfirmed("State on which basis this may be shared.", info_hash=info_hash)
        self.asked_for_metadata.set()
        await self.metadata_here.wait()
        if file_index is None:
            return max(torrent.streams.values(), key=lambda stream: stream.file.length)
        return self._file(info_hash, file_index)

    def _add(self, info_hash: InfoHash, rights: Rights | None) -> tuple[TorrentView, bool]:
        if info_hash in self.torrents_here:
            return self.torrents_here[info_hash].view, False
        return self.put(info_hash, {}, rights).view, True

    def _find(self, info_hash: InfoHash) -> FakeTorrent:
        if info_hash not in self.torrents_here:
            raise TorrentNotFound("No such torrent is here.", info_hash=info_hash)
        return self.torrents_here[info_hash]

    def _file(self, info_hash: InfoHash, file_index: FileIndex) -> FakeStream:
        streams = self._find(info_hash).streams
        if file_index not in streams:
            raise FileNotFound("The torrent has no such file.", info_hash=info_hash, file_index=file_index)
        return streams[file_index]


def _state(view: TorrentView, file: FileEntry) -> FileState:
    return FileState(file, view.takes.of(file.index), file.length)


def make_view(info_hash: InfoHash, files: tuple[FileEntry, ...], rights: Rights | None) -> TorrentView:
    """Make a torrent that has everything."""
    length = sum(entry.length for entry in files)
    return TorrentView(
        info_hash=info_hash,
        name="A film",
        state=State.COMPLETE,
        trouble=None,
        rights=rights,
        sharing=Sharing.WHILE_WATCHING,
        length=length,
        piece_length=16 * 1024,
        files=files,
        progress=Progress(length, length),
        rates=Rates(0, 0),
        peers=Peers(0, 0, 0),
        added_at="2026-11-22T20:00:00Z",
        magnet=f"magnet:?xt=urn:btih:{info_hash}",
    )
