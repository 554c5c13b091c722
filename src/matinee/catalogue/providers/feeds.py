"""Feeds that the user added: RSS, Atom and Media RSS with torrents. No word that is looked for leaves here."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from matinee.catalogue.providers.feed_reading import ID, FeedAnswer, read_feed
from matinee.catalogue.providers.internet_archive import today
from matinee.catalogue.providers.markup import NotWellFormed
from matinee.catalogue.providers.polite import PoliteHosts
from matinee.errors import BadSource, MatineeError
from matinee.models.provider import About, Feature, Feed, FeedState, Query, Trouble
from matinee.models.title import Kind, Release, Title, WebAddress
from matinee.outside.fetch import Answer, Fetcher

log = logging.getLogger(__name__)

NAME = "Feeds"
FRESH_S = 1800.0
"""So long a feed is not asked again."""
MOST_TITLES = 5000
"""Of all feeds together, in memory: 10 MB."""
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class _Held:
    """What a feed gave last, and when by the clock that only grows."""

    answer: FeedAnswer
    at_s: float


class Feeds:
    """The ``CatalogueProvider`` of ``ports``.

    Args:
        fetcher: how it fetches.
        wanted: gives the feeds that are to be asked, each time anew.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        wanted: Callable[[], Sequence[Feed]],
        *,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = today,
    ) -> None:
        self._hosts = PoliteHosts(fetcher, clock=clock)
        self._wanted = wanted
        self._clock = clock
        self._today = today
        self._held: dict[str, _Held] = {}
        self._states: dict[str, FeedState] = {}

    @property
    def about(self) -> About:
        """Who it is."""
        features = frozenset({Feature.SEARCH, Feature.BROWSE, Feature.TORRENTS})
        return About(id=ID, name=NAME, home="", features=features)

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find items by words in their names and descriptions, here: the feeds are asked for all they have."""
        words = query.words[:200].casefold().split()
        async for page in self.browse():
            if query.kind is not Kind.SERIES:
                yield tuple(one for one in page if all(word in _text(one) for word in words))

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Give all titles of all feeds, which are asked at once: some dead ones cost no more time than one.

        A feed that is away gives what it gave last; the first fault comes after the titles.
        """
        feeds = [one for one in self._wanted() if one.enabled]
        self._forget(feeds)
        heard = await asyncio.gather(*(self._heard(one.address) for one in feeds))
        yield tuple(title for titles, _ in heard for title in titles)
        for _, failure in heard:
            if failure is not None:
                raise failure

    async def _heard(self, address: str) -> tuple[tuple[Title, ...], MatineeError | None]:
        """Give what a feed holds, or held last, and why it gave nothing."""
        try:
            return (await self.ask(address)).titles, None
        except MatineeError as error:
            held = self._held.get(address)
            return () if held is None else held.answer.titles, error

    async def details(self, title: Title) -> Title:
        """Not declared, so never called: a feed's items are whole."""
        return title

    async def torrent(self, release: Release) -> bytes:
        """Give the torrent of an item."""
        if not isinstance(release.place, WebAddress):
            raise BadSource("The feed has a magnet link of this film, and no torrent.")
        return (await self._get(release.place.url, "*/*")).body

    async def ask(self, address: str, *, anew: bool = False) -> FeedAnswer:
        """Give what a feed holds: asked now, unless it was asked a short while ago.

        Raises:
            SourceUnreachable, SourceLimited, TooLarge: as ``Polite.get``.
            BadSource: it is no feed.
        """
        held = self._held.get(address)
        if held is not None and not anew and self._clock() - held.at_s < FRESH_S:
            return held.answer
        try:
            answer = await self._read(address)
        except MatineeError as error:
            log.warning("A feed gave nothing address=%s error=%s", address, error.message)
            self._note(address, Trouble(error.code, error.message))
            raise
        room = MOST_TITLES - sum(len(one.answer.titles) for key, one in self._held.items() if key != address)
        answer = replace(answer, titles=answer.titles[: max(0, room)])
        self._held[address] = _Held(answer, self._clock())
        self._states[address] = FeedState(datetime.now(UTC), answer.name, answer.items, len(answer.titles))
        return answer

    def state(self, address: str) -> FeedState:
        """Say what came of a feed when it was asked last."""
        return self._states.get(address, FeedState())

    async def _read(self, address: str) -> FeedAnswer:
        answer = await self._get(address, ACCEPT)
        try:
            return await asyncio.to_thread(read_feed, answer.body, address, self._today())
        except NotWellFormed as exc:
            host = urlsplit(address).hostname
            raise BadSource(f"{host} sent something that is no feed. Check the address.") from exc

    async def _get(self, address: str, accept: str) -> Answer:
        host = urlsplit(address).hostname or "The feed"
        return await self._hosts.of(host).get(address, accept=accept)

    def _note(self, address: str, trouble: Trouble) -> None:
        self._states[address] = replace(self.state(address), trouble=trouble)

    def _forget(self, feeds: Sequence[Feed]) -> None:
        """Let go of feeds that are not wanted any more."""
        known = {one.address for one in feeds}
        for address in [one for one in self._held if one not in known]:
            del self._held[address]


def _text(title: Title) -> str:
    return " ".join((title.title, *title.synopsis.values())).casefold()
