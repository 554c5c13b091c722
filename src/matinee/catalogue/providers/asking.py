"""Asks several providers at once, so that a broken one, one that hangs, or one that is away empties no page.

Each runs under a time limit for each page. What it gave last is kept; while that is fresh nobody is asked, and when
the provider gives nothing it stands in, and is said to be old. A provider that wants to be left alone is.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, TypeVar

from matinee.errors import MatineeError, SourceLimited, SourceUnreachable
from matinee.models.provider import (
    About,
    Budget,
    Clock,
    Completion,
    Feature,
    Found,
    Kept,
    ProviderState,
    Query,
    Trouble,
)
from matinee.models.title import HostedSubtitles, Title
from matinee.outside.fetch import MOST_WAIT_S
from matinee.ports import AnswerCache, CatalogueProvider, CompletingProvider, SubtitledProvider

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=30)
"""So long an answer is given again without asking."""

COMPLETE_FRESH = timedelta(days=3)
"""What is uploaded for a film of the last century can wait for so long."""
COMPLETE_S = 60.0

WORDS_MAX_CHARS = 200
"""Of a question's words, in the cache's key."""

MOST_SUBTITLES = 200
"""Of one title."""

T = TypeVar("T")
Page: TypeAlias = tuple[Title, ...]


def now() -> datetime:
    """Give the time, UTC."""
    return datetime.now(UTC)


def _always(provider: str) -> bool:
    """Have everybody asked."""
    return True


class Asking:
    """Asks providers. Keeps no task when nobody listens.

    Args:
        providers: whom to ask; the first of an id counts.
        cache: where answers are kept.
        enabled: tells, each time anew, whether the user wants a provider asked.
    """

    def __init__(
        self,
        providers: Sequence[CatalogueProvider],
        cache: AnswerCache,
        *,
        budget: Budget | None = None,
        clock: Clock = now,
        enabled: Callable[[str], bool] = _always,
    ) -> None:
        self._providers: dict[str, CatalogueProvider] = {}
        for one in providers:
            self._providers.setdefault(one.about.id, one)
        self._cache = cache
        self._budget = budget or Budget()
        self._clock = clock
        self._quiet_until: dict[str, datetime] = {}
        self._enabled = enabled
        self._states: dict[str, ProviderState] = {}

    @property
    def abouts(self) -> tuple[About, ...]:
        """Who there is, also of those that nobody wants asked."""
        return tuple(one.about for one in self._providers.values())

    def state(self, provider: str) -> ProviderState:
        """Say what came of a provider when it was asked last."""
        return self._states.get(provider, ProviderState())

    @property
    def searched(self) -> tuple[About, ...]:
        """Who is asked by ``search``."""
        return tuple(one.about for one in self._searched())

    async def search(self, query: Query) -> AsyncGenerator[Found, None]:
        """Ask all that search, and give what each finds as it comes; the last of each says so.

        Never raises what a provider raises: it is in ``Found.trouble``.
        """
        asked = self._searched()
        question = f"search:{query.kind or ''}:{' '.join(query.words[:WORDS_MAX_CHARS].casefold().split())}"
        news: asyncio.Queue[Found] = asyncio.Queue(maxsize=1)
        tasks = [asyncio.create_task(self._answer(one, query, question, news)) for one in asked]
        try:
            open_answers = len(tasks)
            while open_answers:
                found = await news.get()
                open_answers -= found.last
                yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _searched(self) -> list[CatalogueProvider]:
        return [
            one
            for name, one in self._providers.items()
            if Feature.SEARCH in one.about.features and self._enabled(name)
        ]

    async def details(self, title: Title) -> tuple[Title, Trouble | None]:
        """Give a title with what its provider knows of it now; as it was, and why, when that gives nothing."""
        provider = self._of(title, Feature.DETAILS)
        if provider is None:
            return title, None
        return await self._kept_or_asked(provider, title)

    async def subtitles(self, title: Title) -> tuple[HostedSubtitles, ...] | None:
        """Say which subtitles the host of a title has; None when it gives no answer. What it did is in its state."""
        provider: object = self._of(title, Feature.SUBTITLES)
        if not isinstance(provider, SubtitledProvider):
            return ()
        name = title.id.partition(".")[0]
        try:
            self._check_quiet(name)
            found = await self._in_time(provider.subtitles(title))
            return tuple(one for one in found if isinstance(one, HostedSubtitles))[:MOST_SUBTITLES]
        except Exception as error:  # noqa: BLE001 - as above
            self._trouble(name, error, None)
            return None

    async def complete(self, title: Title) -> AsyncGenerator[Completion, None]:
        """Ask who may have what a title lacks; gives what each has, growing as more is found.

        Nobody is asked again within ``COMPLETE_FRESH``, nor is what they gave given again: it is kept.
        """
        for name, provider in self._providers.items():
            if Feature.COMPLETE in provider.about.features and self._enabled(name):
                # One after the other: nobody waits at a page for the last of them.
                async for one in self._completed(name, provider, title):
                    yield one

    async def _completed(self, name: str, provider: object, title: Title) -> AsyncGenerator[Completion, None]:
        if not isinstance(provider, CompletingProvider):
            return
        question = f"complete:{title.id}"
        kept = await self._cache.find(name, question)
        if kept is not None and self._fresh(kept, COMPLETE_FRESH):
            return
        last: tuple[Title, ...] = ()
        try:
            self._check_quiet(name)
            async with aclosing(provider.complete(title)) as parts:
                async for part in self._growing(parts):
                    last = _checked(name, part)[:1]
                    if last:
                        yield Completion(name, last[0], whole=False)
        except Exception as error:  # noqa: BLE001 - a provider is somebody else's code: whatever it does, the page stays
            self._trouble(name, error, None)
            return
        await self._cache.keep(name, question, Kept(last, self._clock()))
        self._states[name] = ProviderState(self._clock())
        yield Completion(name, last[0] if last else None, whole=True)

    async def _growing(self, parts: AsyncGenerator[Page, None]) -> AsyncGenerator[Page, None]:
        """Give what comes while each part does within ``COMPLETE_S``: one may take some questions of its own."""
        while True:
            try:
                async with asyncio.timeout(COMPLETE_S):
                    part = await anext(parts)
            except StopAsyncIteration:
                return
            except TimeoutError as exc:
                raise SourceUnreachable(
                    f"It did not answer within {COMPLETE_S:g} seconds. Try again later."
                ) from exc
            yield part

    def _of(self, title: Title, feature: Feature) -> CatalogueProvider | None:
        provider = self._providers.get(title.id.partition(".")[0])
        if provider is None or feature not in provider.about.features:
            return None
        return provider if self._enabled(provider.about.id) else None

    async def _kept_or_asked(self, provider: CatalogueProvider, title: Title) -> tuple[Title, Trouble | None]:
        name, question = provider.about.id, f"details:{title.id}"
        kept = await self._cache.find(name, question)
        if kept is not None and kept.titles and self._fresh(kept):
            return kept.titles[0], None
        try:
            self._check_quiet(name)
            whole = _checked(name, (await self._in_time(provider.details(title)),))[0]
        except Exception as error:  # noqa: BLE001 - a provider is somebody else's code: whatever it does, the page stays
            trouble = self._trouble(name, error, kept)
            return (kept.titles[0] if kept is not None and kept.titles else title), trouble
        await self._cache.keep(name, question, Kept((whole,), self._clock()))
        self._states[name] = ProviderState(self._clock())
        return whole, None

    async def _answer(
        self, provider: CatalogueProvider, query: Query, question: str, news: asyncio.Queue[Found]
    ) -> None:
        """Tell what one provider has; ends with one ``Found`` that is the last."""
        name = provider.about.id
        kept = await self._cache.find(name, question)
        if kept is not None and self._fresh(kept):
            self._states.setdefault(name, ProviderState(kept.at))
            await news.put(Found(name, kept.titles, kept.at, last=True))
            return
        given: list[Title] = []
        try:
            self._check_quiet(name)
            async with aclosing(self._pages(provider.search(query))) as pages:
                async for page in pages:
                    titles = _checked(name, page)[: self._budget.titles - len(given)]
                    given += titles
                    await news.put(Found(name, titles))
        except Exception as error:  # noqa: BLE001 - as above
            # Half an answer is given with its fault; the old one stands in only where there is nothing at all.
            old = kept if kept is not None and not given else None
            trouble = self._trouble(name, error, old)
            await news.put(
                Found(name, old.titles if old else (), old.at if old else None, trouble, last=True)
            )
            return
        await self._cache.keep(name, question, Kept(tuple(given), self._clock()))
        self._states[name] = ProviderState(self._clock())
        await news.put(Found(name, (), last=True))

    async def _pages(self, pages: AsyncGenerator[Page, None]) -> AsyncGenerator[Page, None]:
        """Give pages within the budget, each within its time."""
        given = 0
        async with aclosing(pages):
            for _ in range(self._budget.pages):
                try:
                    page = await self._in_time(anext(pages))
                except StopAsyncIteration:
                    return
                yield page
                given += len(page)
                if given >= self._budget.titles:
                    return

    async def _in_time(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._budget.page_s):
                return await work
        except TimeoutError as exc:
            raise SourceUnreachable(
                f"It did not answer within {self._budget.page_s:g} seconds. Try again later."
            ) from exc

    def _fresh(self, kept: Kept, within: timedelta | None = None) -> bool:
        # One from the future was kept before the clock was set right.
        return timedelta(0) <= self._clock() - kept.at < (FRESH if within is None else within)

    def _check_quiet(self, name: str) -> None:
        until = self._quiet_until.get(name)
        wait_s = (until - self._clock()).total_seconds() if until is not None else 0.0
        if 0 < wait_s <= MOST_WAIT_S:
            raise SourceLimited(
                f"It wants to be left alone for {wait_s:.0f} seconds. Try again then.", retry_after_s=wait_s
            )

    def _trouble(self, name: str, error: Exception, kept: Kept | None) -> Trouble:
        """Note what went wrong, and which answer stands in."""
        trouble = self._said(name, error)
        before = self.state(name)
        self._states[name] = ProviderState(before.answered_at, kept.at if kept else before.kept_at, trouble)
        return trouble

    def _said(self, name: str, error: Exception) -> Trouble:
        if not isinstance(error, MatineeError):
            log.error("A provider is broken provider=%s", name, exc_info=error)
            return Trouble("internal", "This provider is broken. The log of the program says more.")
        log.warning("A provider gave nothing provider=%s error=%s", name, error.message)
        wait_s = error.details.get("retry_after_s")
        if isinstance(error, SourceLimited) and isinstance(wait_s, float):
            self._quiet_until[name] = self._clock() + timedelta(seconds=wait_s)
            return Trouble(error.code, error.message, wait_s)
        return Trouble(error.code, error.message)


def _checked(name: str, page: Page) -> Page:
    """Hold a page to its promise: what is no title, or carries another's id, is a fault of the provider.

    Raises:
        TypeError, ValueError: it does not keep it.
    """
    for one in page:
        if not isinstance(one, Title):
            raise TypeError(f"{name} gave {type(one).__name__} for a title")
        if not one.id.startswith(f"{name}."):
            raise ValueError(f"{name} gave the id {one.id!r:.80}, which is not its own")
    return tuple(page)
