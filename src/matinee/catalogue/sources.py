"""Where titles come from beside the shelf, as the user wants it: which providers are asked, and which feeds there are.

Kept in the database, as one value. Until it is read nobody is asked.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from matinee.catalogue.service import Catalogue
from matinee.errors import BadSource, Conflict, NotFound
from matinee.models.provider import Feed, FeedEntry, FeedState, ProviderEntry, SourceList
from matinee.models.title import Title
from matinee.outside.addresses import AddressPolicy, Refusal, UrlKind

if TYPE_CHECKING:
    from matinee.catalogue.providers.asking import Asking
    from matinee.catalogue.providers.feeds import Feeds

log = logging.getLogger(__name__)

KEY = "sources"
FEEDS = "feeds"
"""The id of the provider that asks them; with its own switches."""
MOST_FEEDS = 50


class Sources:
    """What the user wants of providers and feeds.

    Args:
        catalogue: whose database keeps it.
        policy: which addresses may be feeds.
        make: makes who asks the providers, and who asks the feeds; blocks. None where nobody may be asked.
        pool: the threads it may block.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        policy: AddressPolicy,
        make: "Callable[[Sources], tuple[Asking, Feeds]] | None",
        pool: Executor,
    ) -> None:
        self._catalogue = catalogue
        self._policy = policy
        self._make = make
        self._pool = pool
        self._made: asyncio.Future[tuple[Asking, Feeds]] | None = None
        self._off: frozenset[str] | None = None
        self._feeds: tuple[Feed, ...] = ()

    async def asking(self) -> "Asking | None":
        """Give who asks the providers; None where nobody may be. Nothing of it is loaded before somebody wants it.

        Waits until it is known whom the user wants asked: a page that was open before that would be told of nobody.
        """
        if self._make is None:
            return None
        await self._settled()
        ready = await self._ready()
        return None if ready is None else ready[0]

    async def details(self, title: Title) -> Title:
        """Give a title with what its provider knows of it; as it is when nobody may be asked, or it is away."""
        ready = await self._ready()
        return title if ready is None else (await ready[0].details(title))[0]

    async def load(self) -> None:
        """Read what is kept; what cannot be read is as if there were nothing."""
        kept = await (await self._catalogue.store()).state(KEY)
        try:
            found = json.loads(kept) if kept else {}
            self._feeds = tuple(
                Feed(str(one["address"]), bool(one["enabled"])) for one in found.get("feeds", ())
            )
            self._off = frozenset(map(str, found.get("off", ())))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.warning("Which sources are wanted cannot be read any more error=%r", error)
            self._feeds, self._off = (), frozenset()

    def enabled(self, provider: str) -> bool:
        """Tell whether the user wants a provider asked; nobody is before that is known."""
        if provider == FEEDS:
            return any(one.enabled for one in self._feeds)
        return self._off is not None and provider not in self._off

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The user's feeds, in the order in which they came."""
        return self._feeds

    async def all(self) -> SourceList:
        """Say who there is, who is asked, and what came of it."""
        await self._settled()
        ready = await self._ready()
        if ready is None:
            return SourceList((), tuple(self._entries(None)), asked=False)
        asking, feeds = ready
        providers = [
            ProviderEntry(about, self.enabled(about.id), asking.state(about.id))
            for about in asking.abouts
            # A folder that nobody has named can do nothing.
            if about.id != FEEDS and about.features
        ]
        return SourceList(tuple(providers), tuple(self._entries(feeds)), asked=True)

    async def switch(self, provider: str, enabled: bool) -> None:
        """Have a provider asked, or not. Raises NotFound: there is none of this id."""
        await self._settled()
        ready = await self._ready()
        if ready is None or provider not in [one.id for one in ready[0].abouts if one.id != FEEDS]:
            raise NotFound("There is no provider of this name. Is Matinee offline?", provider=provider)
        off = self._off or frozenset()
        await self._keep(off - {provider} if enabled else off | {provider}, self._feeds)

    async def add_feed(self, address: str) -> FeedEntry:
        """Add a feed, once it has been read.

        Raises:
            BadSource: the address may not be fetched, or holds no feed.
            SourceUnreachable, TooLarge: it cannot be read now.
            Conflict: it is here already, or there are too many.
        """
        clean = self._policy.clean_url(address.strip(), UrlKind.TORRENT)
        if isinstance(clean, Refusal):
            raise BadSource(f"This address cannot be a feed: {clean.reason}. Copy the feed's own address.")
        await self._settled()
        if any(one.address == clean for one in self._feeds):
            raise Conflict("This feed is here already.")
        if len(self._feeds) >= MOST_FEEDS:
            raise Conflict(f"There are {MOST_FEEDS} feeds already. Remove one first.")
        feeds = await self._reader()
        await feeds.ask(clean, anew=True)
        await self._keep(self._off, (*self._feeds, Feed(clean)))
        return FeedEntry(Feed(clean), feeds.state(clean))

    async def switch_feed(self, key: str, enabled: bool) -> None:
        """Have a feed asked, or not. Raises NotFound."""
        await self._settled()
        self._feed(key)
        changed = [Feed(one.address, enabled) if one.id == key else one for one in self._feeds]
        await self._keep(self._off, changed)

    async def remove_feed(self, key: str) -> None:
        """Remove a feed. Raises NotFound."""
        await self._settled()
        self._feed(key)
        await self._keep(self._off, [one for one in self._feeds if one.id != key])

    async def _ready(self) -> "tuple[Asking, Feeds] | None":
        if self._make is None:
            return None
        if self._made is None or (self._made.done() and self._made.exception() is not None):
            self._made = asyncio.get_running_loop().run_in_executor(self._pool, self._make, self)
        return await asyncio.shield(self._made)

    async def _settled(self) -> None:
        """Read what is kept, before anything is said or changed."""
        if self._off is None:
            await self.load()

    def _feed(self, key: str) -> Feed:
        found = next((one for one in self._feeds if one.id == key), None)
        if found is None:
            raise NotFound("There is no such feed.", feed=key)
        return found

    def _entries(self, feeds: "Feeds | None") -> Iterable[FeedEntry]:
        for one in self._feeds:
            yield FeedEntry(one, feeds.state(one.address) if feeds else FeedState())

    async def _reader(self) -> "Feeds":
        ready = await self._ready()
        if ready is None:
            raise BadSource("Nobody may be asked now: Matinee is offline, or behind a proxy.")
        return ready[1]

    async def _keep(self, off: frozenset[str] | None, feeds: Iterable[Feed]) -> None:
        self._off, self._feeds = off or frozenset(), tuple(feeds)
        whole: dict[str, Any] = {
            "off": sorted(self._off),
            "feeds": [{"address": one.address, "enabled": one.enabled} for one in self._feeds],
        }
        await (await self._catalogue.store()).put_state(KEY, json.dumps(whole))
