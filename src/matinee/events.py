"""What happened, told upwards: a bus that never makes the teller wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from matinee.models.torrent import Ranges, TorrentView
from matinee.types import FileIndex, InfoHash, ProfileId, SessionId, TitleId

if TYPE_CHECKING:
    # Records cost a millisecond each to make, and nothing of these happens before the program has started.
    from matinee.models.library import Record
    from matinee.models.overview import Glance
    from matinee.models.publication import PublicationView


@dataclass(frozen=True, slots=True)
class TorrentChanged:
    """A torrent was added or changed."""

    torrent: TorrentView


@dataclass(frozen=True, slots=True)
class TorrentGone:
    """A torrent was removed."""

    info_hash: InfoHash


@dataclass(frozen=True, slots=True)
class BufferChanged:
    """More of a file that somebody reads has arrived, or the reader waits."""

    info_hash: InfoHash
    file_index: FileIndex
    ranges: Ranges
    waiting: str | None
    """Why a reader waits, for a person; None while none waits."""


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """Something is remembered of somebody, or forgotten."""

    profile: ProfileId
    """``*`` where the profiles themselves have changed."""
    kind: str
    """A ``Kind`` of ``models/library``, ``profiles``, or ``*`` when all of a profile has to be read anew."""
    key: str
    """``*`` for all of the kind."""
    record: Record | None
    """None when it was forgotten, and where more than one has changed."""


@dataclass(frozen=True, slots=True)
class PictureCame:
    """A poster or a backdrop of a title is here now."""

    title: TitleId


@dataclass(frozen=True, slots=True)
class TitleChanged:
    """More is known of a title, or it is not looked for any more."""

    title: TitleId


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting was changed; its value is not told, for it may be a secret."""

    key: str


@dataclass(frozen=True, slots=True)
class PlaybackChanged:
    """More is known of a playback than when it was opened: which subtitles there are."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class ActivityChanged:
    """Others can see this computer, or no longer can; or more or less is taken and given."""

    now: Glance


@dataclass(frozen=True, slots=True)
class SpaceChanged:
    """Films take more or less of the disk, or fetching has begun or ended to wait for room."""

    used_bytes: int
    held: str | None
    """The code of the trouble for which it waits; None while it does not."""


@dataclass(frozen=True, slots=True)
class PublicationChanged:
    """A film of one's own gets on, or is shared now."""

    publication: PublicationView


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """A device asks, came in or was sent away; or where other screens find this computer has changed."""


Event: TypeAlias = (
    TorrentChanged
    | TorrentGone
    | BufferChanged
    | LibraryChanged
    | PictureCame
    | TitleChanged
    | SettingChanged
    | PlaybackChanged
    | ActivityChanged
    | SpaceChanged
    | PublicationChanged
    | DevicesChanged
)


class Subscription:
    """One listener's queue. A listener that does not keep up keeps only the newest event of each subject."""

    def __init__(self) -> None:
        self._pending: dict[tuple[object, ...], Event] = {}
        self._arrived = asyncio.Event()

    def put(self, event: Event) -> None:
        """Queue an event, replacing an older one of the same subject."""
        key = _subject(event)
        self._pending.pop(key, None)
        self._pending[key] = event
        self._arrived.set()

    async def next(self) -> Event:
        """Wait for the oldest event not yet taken."""
        while not self._pending:
            self._arrived.clear()
            await self._arrived.wait()
        return self._pending.pop(next(iter(self._pending)))

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            yield await self.next()


class Bus:
    """Delivers events on the loop's thread to every subscription."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._listening: Callable[[bool], None] | None = None
        self._overhearing: list[Callable[[Event], None]] = []

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens now."""
        return bool(self._subscriptions)

    def overhear(self, tell: Callable[[Event], None]) -> None:
        """Have ``tell`` called with each event, without being a listener for whom anything is told."""
        self._overhearing.append(tell)

    def on_listening(self, tell: Callable[[bool], None]) -> None:
        """Have ``tell`` called with True when the first listener comes and False when the last one leaves."""
        self._listening = tell

    def publish(self, event: Event) -> None:
        """Tell everybody; nobody is waited for."""
        for subscription in self._subscriptions:
            subscription.put(event)
        for tell in self._overhearing:
            tell(event)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Listen while the context lasts."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        if len(self._subscriptions) == 1 and self._listening is not None:
            self._listening(True)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            if not self._subscriptions and self._listening is not None:
                self._listening(False)


def _subject(event: Event) -> tuple[object, ...]:
    match event:
        case TorrentChanged(torrent):
            return ("torrent", torrent.info_hash)
        case TorrentGone(info_hash):
            return ("gone", info_hash)
        case BufferChanged(info_hash, file_index):
            return ("buffer", info_hash, file_index)
        case LibraryChanged(profile, kind, key):
            return ("library", profile, kind, key)
        case PictureCame(title):
            return ("picture", title)
        case TitleChanged(title):
            return ("title", title)
        case SettingChanged(key):
            return ("setting", key)
        case PlaybackChanged(session):
            return ("playback", session)
        case PublicationChanged(publication):
            return ("publication", publication.id)
        case ActivityChanged():
            return ("activity",)
        case SpaceChanged():
            return ("storage",)
        case DevicesChanged():
            return ("devices",)
