"""Where titles come from, as ports say, without anybody being asked."""

from dataclasses import replace
from datetime import UTC, datetime

from matinee.errors import Conflict, NotFound
from matinee.models.provider import (
    About,
    Feature,
    Feed,
    FeedEntry,
    FeedState,
    ProviderEntry,
    ProviderState,
    SourceList,
    Trouble,
)

ANSWERED = datetime(2026, 11, 26, 12, tzinfo=UTC)
ABOUT = About(
    id="tea-house",
    name="The Tea House",
    home="https://films.example",
    features=frozenset({Feature.SEARCH}),
    asks=("films.example",),
)
AWAY = ProviderState(ANSWERED, ANSWERED, Trouble("source-unreachable", "It is away.", 60.0))


class FakeSources:
    """One provider, which is away, and the feeds that were added."""

    def __init__(self) -> None:
        self.enabled = True
        self.feeds: list[Feed] = []

    async def all(self) -> SourceList:
        return SourceList(
            (ProviderEntry(ABOUT, self.enabled, AWAY),), tuple(map(_entry, self.feeds)), asked=True
        )

    async def switch(self, provider: str, enabled: bool) -> None:
        if provider != ABOUT.id:
            raise NotFound("There is no provider of this name.")
        self.enabled = enabled

    async def add_feed(self, address: str) -> FeedEntry:
        if address in [one.address for one in self.feeds]:
            raise Conflict("This feed is here already.")
        self.feeds.append(Feed(address))
        return _entry(self.feeds[-1])

    async def switch_feed(self, key: str, enabled: bool) -> None:
        at = self._find(key)
        self.feeds[at] = replace(self.feeds[at], enabled=enabled)

    async def remove_feed(self, key: str) -> None:
        del self.feeds[self._find(key)]

    def _find(self, key: str) -> int:
        for at, one in enumerate(self.feeds):
            if one.id == key:
                return at
        raise NotFound("There is no such feed.")


def _entry(feed: Feed) -> FeedEntry:
    return FeedEntry(feed, FeedState(ANSWERED, "Open films", 3, 2))
