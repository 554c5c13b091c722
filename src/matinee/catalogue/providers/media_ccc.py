"""media.ccc.de: recordings of talks at conferences, each a film of its own, under the licence its conference states.

Interfaces, as voctoweb documents them: ``/public/events/search``, ``/public/events/GUID``, and a
conference's own address; pages by ``page`` and the header ``Link`` (RFC 8288, once 5988).
"""

import asyncio
import logging
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from matinee.catalogue.providers import claim, reading
from matinee.catalogue.providers.ccc_talk import (
    ID,
    NAME,
    conference_of,
    evidence,
    read_schedule,
    read_talk,
    schedule_of,
    subtitles,
)
from matinee.catalogue.providers.internet_archive import today
from matinee.catalogue.providers.markup import NotWellFormed
from matinee.catalogue.providers.polite import Polite, PoliteHosts
from matinee.errors import BadSource, MatineeError, SourceUnreachable
from matinee.models.provider import About, Feature, Query
from matinee.models.rights import Evidence
from matinee.models.title import HostedSubtitles, Kind, Release, Title, WebAddress
from matinee.outside.fetch import Fetcher

log = logging.getLogger(__name__)

HOME = "https://media.ccc.de"
API = "https://api.media.ccc.de/public"
MOST_PAGES = 20
MOST_EVENTS = 500
"""Of one page."""
CONFERENCES_ASKED = 2
"""For one page of talks: a conference and its schedule are two questions, of a megabyte each."""
CONFERENCES_S = 6.0
"""For all of them: whoever asks gives a page 15 seconds."""
CONFERENCES_KEPT = 8
"""Whose licences are remembered."""

_NEXT = re.compile(r'<[^>]*>\s*;[^,]*\brel="?next\b')


class MediaCcc:
    """The ``CatalogueProvider`` of ``ports``.

    Args:
        fetcher: how it fetches.
        api: where the service answers.
        where: gives the address under which one that the service names is asked.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        api: str = API,
        where: Callable[[str], str] = str,
        today: Callable[[], date] = today,
    ) -> None:
        self._polite = Polite(NAME, fetcher)
        self._hosts = PoliteHosts(fetcher)
        self._api = api
        self._where = where
        self._today = today
        self._licences: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    @property
    def about(self) -> About:
        """Who it is."""
        features = frozenset({Feature.SEARCH, Feature.DETAILS, Feature.TORRENTS, Feature.SUBTITLES})
        return About(id=ID, name=NAME, home=HOME, features=features, asks=("api.media.ccc.de",))

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find talks, as the service ranks them."""
        words = " ".join(query.words[:200].split())
        if not words or query.kind is Kind.SERIES:
            return
        seen: set[str] = set()
        for page in range(1, MOST_PAGES + 1):
            asked = urlencode({"q": words, "page": page})
            answer = await self._polite.get(f"{self._api}/events/search?{asked}", accept="application/json")
            events = _events(await self._polite.read(answer.body))
            new = [one for one in events if reading.text(one.get("guid")) not in seen]
            seen.update(reading.text(one.get("guid")) for one in new)
            yield await self._titles(new)
            if not new or not _NEXT.search(answer.headers.get("link", "")):
                return

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Give nothing: not declared, so never called. Nobody wants all of it."""
        yield ()

    async def details(self, title: Title) -> Title:
        """Give a talk with its recordings as they are today."""
        provider, _, guid = title.id.partition(".")
        if provider != ID or not guid:
            raise BadSource(f"{NAME} does not have this film.")
        event = await self._event(guid)
        whole = read_talk(event, self._today()) if isinstance(event, dict) else None
        if whole is None or whole.id != title.id:
            raise BadSource(f"{NAME} has no film of this talk any more. Choose another one.")
        if whole.evidence:
            return whole
        await self._ask_conferences(filter(None, [conference_of(event)]))
        return replace(whole, evidence=self._scheduled(event))

    async def subtitles(self, title: Title) -> tuple[HostedSubtitles, ...]:
        """Say which subtitles a talk has."""
        event = await self._event(title.id.partition(".")[2])
        return subtitles(event) if isinstance(event, dict) else ()

    async def _event(self, guid: str) -> Any:
        return await self._polite.json(f"{self._api}/events/{quote(guid, safe='')}")

    async def torrent(self, release: Release) -> bytes:
        """Give the torrent that the service makes of a recording."""
        if not isinstance(release.place, WebAddress):
            raise BadSource(f"{NAME} does not have this film.")
        return (await self._polite.get(release.place.url)).body

    async def _titles(self, events: list[Mapping[str, Any]]) -> tuple[Title, ...]:
        """Read talks; of those that do not name their licence, the conferences that most belong to are asked."""
        read = [(one, title) for one in events if (title := read_talk(one, self._today())) is not None]
        silent = Counter(
            address for one, title in read if not title.evidence and (address := conference_of(one))
        )
        await self._ask_conferences([address for address, _ in silent.most_common(CONFERENCES_ASKED)])
        return tuple(
            title if title.evidence else replace(title, evidence=self._scheduled(one)) for one, title in read
        )

    async def _ask_conferences(self, addresses: Iterable[str]) -> None:
        """Have what conferences say of licences known, as far as it comes in time: the talks do not wait for longer."""
        try:
            async with asyncio.timeout(CONFERENCES_S):
                await asyncio.gather(*map(self._of_conference, addresses))
        except TimeoutError:
            log.info("A conference's licences did not come in time")

    def _scheduled(self, event: Mapping[str, Any]) -> tuple[Evidence, ...]:
        """Give what the conference's schedule says of a talk, as evidence; nothing where that is not known."""
        licences = self._licences.get(conference_of(event) or "", {})
        licence = licences.get(reading.text(event.get("guid")), "")
        return evidence(event, claim.licences_in(licence), self._today())

    async def _of_conference(self, address: str) -> None:
        """Remember the licences of a conference's talks by guid, also where it does not say any."""
        if address in self._licences:
            return
        try:
            found = await self._ask_schedule(address)
        except MatineeError as error:
            log.info("A conference's licences are not known address=%s error=%s", address, error.message)
            if isinstance(error, SourceUnreachable):
                return
            found = {}
        self._licences[address] = found
        if len(self._licences) > CONFERENCES_KEPT:
            self._licences.popitem(last=False)

    async def _ask_schedule(self, address: str) -> Mapping[str, str]:
        schedule = schedule_of(await self._polite.json(self._where(address)))
        if schedule is None:
            return {}
        asked = self._where(schedule)
        answer = await self._hosts.of(urlsplit(asked).hostname or NAME).get(asked, accept="application/xml")
        try:
            return await asyncio.to_thread(read_schedule, answer.body)
        except NotWellFormed as exc:
            raise BadSource("The schedule of this conference cannot be read.") from exc


def _events(answer: Any) -> list[Mapping[str, Any]]:
    match answer:
        case {"events": list(events)}:
            return list(reading.objects(events, MOST_EVENTS))
    raise BadSource(f"{NAME} sent something that is no answer to what was asked. Try again later.")
