"""Values as the JSON of ``docs/api.md``. By hand, because events and shell must not wait for pydantic."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from matinee.events import (
    ActivityChanged,
    BufferChanged,
    DevicesChanged,
    Event,
    LibraryChanged,
    PictureCame,
    PlaybackChanged,
    PublicationChanged,
    SettingChanged,
    SpaceChanged,
    TitleChanged,
    TorrentChanged,
    TorrentGone,
)
from matinee.models.torrent import Activity, FileEntry, FileState, Ranges, TorrentView
from matinee.types import DeviceId, InfoHash
from matinee.web.signatures import Signer
from matinee.web.visits import ASKING

LONG_LIST = 1000
"""A list of more files is told to each listener once, not with every event: 100 000 files are 22 MB."""

_REMEMBERED = 64
_NEWS = 16
"""Events that are still on their way to some pages."""
_AT_ONCE = 250
"""So many files are written in 3 ms; others have their turn before the next ones (2026-11-26)."""

_PART_BYTES = 32 * 1024

T = TypeVar("T")
W = TypeVar("W")

Text = tuple[bytes, ...]
"""What is written, in parts, since 22 MB are not copied in no time."""

Told = dict[InfoHash, tuple[tuple[FileEntry, ...], int]]
"""The long lists of files that one listener has been told, and until when their addresses are good."""


class Wire:
    """Writes torrents with the stream addresses of their files.

    The list of files is the long part and changes least; it is written once for each hour's addresses, so
    that a torrent of 50 000 files does not cost 50 000 signatures with every event.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._files: OrderedDict[tuple[InfoHash, DeviceId], tuple[tuple[FileEntry, ...], int, Text]] = (
            OrderedDict()
        )
        self._written: OrderedDict[int, tuple[object, Any]] = OrderedDict()
        """What was written last, by the identity of what it tells, which is kept beside it."""
        self._writing = asyncio.Lock()
        """Held while a long list is written, so that nobody writes the same one beside it."""

    async def torrent(self, view: TorrentView) -> Text:
        """Write one torrent."""
        head = self._once(view, _head_text)
        return _in_parts((head[:-1], b', "files": ', *await self._files_of(view), b"}"))

    async def torrents(self, views: list[TorrentView]) -> Text:
        """Write the list of torrents."""
        written = [await self.torrent(view) for view in views]
        listed = [part for text in written for part in (b", ", *text)]
        return _in_parts((b'{"torrents": [', *listed[1:], b"]}"))

    async def event(self, event: Event, told: Told) -> tuple[str, Text]:
        """Give an event's name and data.

        Args:
            event: what happened.
            told: what its listener knows; kept up to date here.
        """
        if isinstance(event, TorrentChanged):
            return "torrent", await self._news(event.torrent, told)
        if isinstance(event, TorrentGone):
            told.pop(event.info_hash, None)
        name, text = self._once(event, _event)
        return name, (text,)

    @property
    def signer(self) -> Signer:
        """What makes the addresses."""
        return self._signer

    def _once(self, what: T, write: Callable[[T], W]) -> W:
        """Write what every page that listens is told: with 500 of them that took half of a processor (2026-11-27)."""
        found, text = self._written.get(id(what), (None, None))
        if found is not what:
            text = write(what)
            self._written[id(what)] = what, text
            if len(self._written) > _NEWS:
                self._written.popitem(last=False)
        return text  # type: ignore[no-any-return]  # what ``write`` gave for it

    async def _news(self, view: TorrentView, told: Told) -> Text:
        if len(view.files) > LONG_LIST:
            now = (view.files, self._signer.expiry())
            if told.get(view.info_hash) == now:
                return (self._once(view, _head_text),)
            told[view.info_hash] = now
        return await self.torrent(view)

    async def _files_of(self, view: TorrentView) -> Text:
        expires_at = self._signer.expiry()
        if len(view.files) <= _AT_ONCE:
            return self._kept(view, expires_at) or self._keep(
                view, expires_at, [self._write(view, expires_at, view.files)]
            )
        async with self._writing:
            kept = self._kept(view, expires_at)
            if kept is not None:
                return kept
            parts: list[bytes] = []
            for start in range(0, len(view.files), _AT_ONCE):
                separator = b", " if parts else b""
                parts.append(separator + self._write(view, expires_at, view.files[start : start + _AT_ONCE]))
                await asyncio.sleep(0)
            return self._keep(view, expires_at, parts)

    def _kept(self, view: TorrentView, expires_at: int) -> Text | None:
        files, moment, text = self._files.get(_key(view), ((), 0, ()))
        if moment != expires_at or files != view.files:
            return None
        self._files.move_to_end(_key(view))
        return text

    def _keep(self, view: TorrentView, expires_at: int, parts: list[bytes]) -> Text:
        text = (b"[", *parts, b"]")
        self._files[_key(view)] = (view.files, expires_at, text)
        self._files.move_to_end(_key(view))
        if len(self._files) > _REMEMBERED:
            self._files.popitem(last=False)
        return text

    def _write(self, view: TorrentView, expires_at: int, files: tuple[FileEntry, ...]) -> bytes:
        entries = [self._file(view.info_hash, entry, expires_at) for entry in files]
        return json.dumps(entries)[1:-1].encode()

    def _file(self, info_hash: InfoHash, entry: FileEntry, expires_at: int) -> dict[str, object]:
        return {
            "index": entry.index,
            "path": entry.path,
            "length": entry.length,
            "media_type": entry.media_type,
            "stream_url": self._signer.stream_url(info_hash, entry.index, expires_at),
        }


def _event(event: Event) -> tuple[str, bytes]:
    """Give the name and the data of an event, of any but a torrent's."""
    match event:
        case BufferChanged(info_hash, file_index, ranges, waiting):
            spans = {"info_hash": info_hash, "file_index": file_index, **_ranges(ranges), "waiting": waiting}
            return "buffer", json.dumps(spans).encode()
        case TorrentGone(info_hash):
            return "gone", json.dumps({"info_hash": info_hash}).encode()
        case PictureCame(title):
            return "picture", json.dumps({"title_id": title}).encode()
        case TitleChanged(title):
            return "title", json.dumps({"title_id": title}).encode()
        case SettingChanged(key):
            return "setting", json.dumps({"key": key}).encode()
        case PlaybackChanged(session):
            return "playback", json.dumps({"session": session}).encode()
        case PublicationChanged(publication):
            return "publication", json.dumps(asdict(publication)).encode()
        case ActivityChanged(now):
            return "activity", json.dumps(asdict(now)).encode()
        case DevicesChanged():
            return "devices", b"{}"
        case SpaceChanged():
            return "storage", json.dumps(asdict(event)).encode()
        case LibraryChanged():
            from matinee.web.library_wire import change_json

            return "library", change_json(event).encode()
        case TorrentChanged(view):
            return "torrent", _head_text(view)


def _head_text(view: TorrentView) -> bytes:
    return json.dumps(_head(view)).encode()


def _key(view: TorrentView) -> tuple[InfoHash, DeviceId]:
    """Addresses are signed for whoever asks, so what is written is each device's own."""
    return view.info_hash, ASKING.get()


def _in_parts(pieces: Iterable[bytes]) -> Text:
    """Join what is short: each part costs whoever sends it a call."""
    parts: list[bytes] = []
    short: list[bytes] = []
    for piece in pieces:
        short.append(piece)
        if sum(map(len, short)) >= _PART_BYTES:
            parts.append(b"".join(short))
            short = []
    return (*parts, b"".join(short))


def activity_json(activity: Activity) -> str:
    """Write who sees a torrent."""
    return json.dumps(asdict(activity))


def file_json(state: FileState) -> dict[str, object]:
    """Write a file, and what becomes of it."""
    file = state.file
    return {
        "index": file.index,
        "path": file.path,
        "length": file.length,
        "media_type": file.media_type,
        "take": state.take.value,
        "bytes_done": state.bytes_done,
    }


def ranges_json(ranges: Ranges) -> str:
    """Write which bytes of a file are here."""
    return json.dumps(_ranges(ranges))


def _ranges(ranges: Ranges) -> dict[str, object]:
    return {"length": ranges.length, "spans": [list(span) for span in ranges.spans]}


def _head(view: TorrentView) -> dict[str, Any]:
    total = view.progress.bytes_total
    return {
        "info_hash": view.info_hash,
        "name": view.name,
        "state": view.state.value,
        "trouble": asdict(view.trouble) if view.trouble else None,
        "rights": asdict(view.rights) if view.rights else None,
        "sharing": view.sharing.value,
        "length": view.length,
        "piece_length": view.piece_length,
        "progress": {**asdict(view.progress), "fraction": view.progress.bytes_done / total if total else 0.0},
        "rates": asdict(view.rates),
        "peers": asdict(view.peers),
        "added_at": view.added_at,
        "magnet": view.magnet,
        "comes_from": view.comes_from,
        "became": view.became,
        "kept": view.kept,
        "own": view.own,
        "fetching": view.fetching.value,
        "queue_position": view.queue_position,
        "takes": {
            "rest": view.takes.rest.value,
            "files": {str(index): take.value for index, take in view.takes.files.items()},
        },
        "wanted": asdict(view.wanted),
        "giving": asdict(view.giving),
        "limits": asdict(view.limits),
        "homes": asdict(view.homes) if view.homes else None,
    }
