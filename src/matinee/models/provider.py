"""Services that have titles: what each can do, what it is asked, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from matinee.models.title import Kind, Title


class Feature(StrEnum):
    """What a provider can do. It is asked for nothing that it does not declare."""

    SEARCH = "search"
    """Finds titles by words."""
    BROWSE = "browse"
    """Goes through all that it has."""
    DETAILS = "details"
    """Knows more of a title than its lists say: releases above all."""
    TORRENTS = "torrents"
    """Gives the .torrent of a release."""
    SUBTITLES = "subtitles"
    """Knows which subtitles its host has beside a title: a ``SubtitledProvider`` of ``ports.py``."""
    COMPLETE = "complete"
    """Knows what a title lacks that another source describes: a ``CompletingProvider`` of ``ports.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Who a provider is."""

    id: str
    """Lower-case words joined by hyphens; its titles' ids begin with it and a full stop."""
    name: str
    """As people know the service."""
    home: str
    """https address of the service, for people; empty when it is none on the web."""
    features: frozenset[Feature]
    asks: tuple[str, ...] = ()
    """The hosts that see what is looked for, and this computer's address; empty when nobody sees the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody looks for."""

    words: str
    """As they were typed; never empty."""
    kind: Kind | None = None
    """None for films and series."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a provider gave nothing, or not all."""

    code: str
    """Of ``errors.py``; ``internal`` when the provider itself is broken."""
    message: str
    """For people."""
    retry_after_s: float | None = None
    """How long the service wants to be left alone; None when it does not say."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was kept."""

    titles: tuple[Title, ...]
    at: datetime
    """When the service gave it, UTC."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something a provider was asked for: a page of titles, or why there is none."""

    provider: str
    """Its id."""
    titles: tuple[Title, ...]
    kept_at: datetime | None = None
    """When the service gave them, if they are from the cache; None when it gave them now."""
    trouble: Trouble | None = None
    last: bool = False
    """Whether this provider has nothing to add."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a provider has of a title that another source describes."""

    provider: str
    """Its id."""
    title: Title | None
    """To be joined with the other one; None when it has nothing."""
    whole: bool
    """Whether this is all that it has; else more may come, or it was cut short."""


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What came of a provider when it was asked last, since the program began."""

    answered_at: datetime | None = None
    """When it gave what is shown, UTC; None when it was not asked yet."""
    kept_at: datetime | None = None
    """From when the answers are that stand in while it is away, UTC; None when none do."""
    trouble: Trouble | None = None
    """None when it answered the last time."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that the user added."""

    address: str
    """https; http where private sources are allowed."""
    enabled: bool = True

    @property
    def id(self) -> str:
        """12 hex digits, of its address."""
        return sha256(self.address.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class FeedState:
    """What came of a feed when it was asked last."""

    answered_at: datetime | None = None
    """UTC; None when it never gave anything since the program began."""
    name: str = ""
    """As it calls itself, for people."""
    items: int = 0
    titles: int = 0
    """Those with a torrent."""
    trouble: Trouble | None = None
    """None when it answered the last time."""


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider, and what the user and it make of each other."""

    about: About
    enabled: bool
    state: ProviderState


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed of the user's, and what came of it."""

    feed: Feed
    state: FeedState


@dataclass(frozen=True, slots=True)
class SourceList:
    """Where titles come from beside the shelf."""

    providers: tuple[ProviderEntry, ...]
    feeds: tuple[FeedEntry, ...]
    asked: bool
    """False while nobody is asked at all: offline, or behind a proxy."""


@dataclass(frozen=True, slots=True)
class TorrentFacts:
    """What a .torrent says of itself, read with care."""

    name: str
    """Cleaned for people."""
    title: str | None
    """What its maker called the film."""
    licence: str | None
    comment: str | None
    length_bytes: int
    magnet: str
    """A link rebuilt from what was understood; begins with its info hash."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of a provider's answer is taken."""

    page_s: float = 15.0
    """Seconds for one page: longer than any fetch of its own, so that its own words are heard."""
    pages: int = 4
    titles: int = 400


Clock = Callable[[], datetime]
"""Gives the time now, UTC."""
