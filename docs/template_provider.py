"""A provider of films to copy from, with every line that one needs. ``docs/providers.md`` says how to install it.

It reads a list of films that somebody keeps on a web server, as JSON:

    {"films": [{"name": "tea-house", "title": "Tea House", "year": 2019, "licence": "https://creativecommons.org/...",
                "by": "Who made it", "torrent": "https://films.example/tea-house.torrent"}]}

Run it to see what it finds: ``python docs/template_provider.py https://films.example/list.json tea``.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from matinee.catalogue.providers import reading
from matinee.catalogue.providers.polite import Polite
from matinee.errors import BadSource, MatineeError
from matinee.models.licences import find_licence
from matinee.models.provider import About, Feature, Query
from matinee.models.rights import Evidence, Licensed
from matinee.models.title import Kind, Release, Title, WebAddress
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Fetcher

ID = "tea-house"
"""Yours alone; the ids of your titles begin with it and a full stop."""
LIST = "https://films.example/list.json"
MOST_FILMS = 10_000
"""Whatever a stranger's list holds, there is an end to what is read of it."""


class TeaHouse:
    """A ``CatalogueProvider``: the protocol in ``ports.py`` says what each method owes."""

    def __init__(self, fetcher: Fetcher, address: str = LIST) -> None:
        # Fetch with this and nothing else: it keeps the program out of the house's own network, follows no redirect
        # to a file, takes no more than it should, asks at most two things at once and waits when it is told to.
        self._web = Polite("The Tea House", fetcher)
        self._address = address

    @property
    def about(self) -> About:
        """Declare what you can do. Nothing else is ever called: leave TORRENTS out, and ``torrent`` may raise."""
        return About(
            id=ID,
            name="The Tea House",
            home="https://films.example",
            features=frozenset({Feature.SEARCH, Feature.BROWSE, Feature.TORRENTS}),
            # Who sees what is looked for; nobody here, for the whole list is fetched. People are told.
            asks=(),
        )

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find films. A page is asked for when somebody wants it, so ask your service then and not before."""
        words = query.words.casefold().split()
        async for page in self.browse():
            yield tuple(one for one in page if all(word in one.title.casefold() for word in words))

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Go through everything. What goes wrong on the way is an error of ``errors.py``; never sleep, never retry."""
        answer = await self._web.json(self._address)
        if not isinstance(answer, dict):
            raise BadSource("The Tea House sent something that is no list of films. Try again later.")
        yield tuple(self._titles(answer.get("films")))

    async def details(self, title: Title) -> Title:
        """Give more than the lists do. Not declared here, so never called."""
        return title

    async def torrent(self, release: Release) -> bytes:
        """Give a .torrent, as it is: the program reads it with care."""
        if not isinstance(release.place, WebAddress):
            raise BadSource("The Tea House does not have this film.")
        return (await self._web.get(release.place.url)).body

    def _titles(self, films: object) -> Iterator[Title]:
        # ``reading`` gives what is there and of the kind that is wanted, and nothing else. Nothing in it raises.
        for one in reading.objects(films, MOST_FILMS):
            name, year = next(iter(reading.names(one.get("title"))), ""), reading.year(one.get("year"))
            torrent = reading.text(one.get("torrent"))
            if not name or year is None or not torrent.startswith("https://"):
                continue
            title = Title(
                id=reading.title_id(ID, reading.text(one.get("name"))), kind=Kind.FILM, title=name, year=year,
                countries=(), languages=reading.languages(one.get("language")),
                releases=(Release(WebAddress(torrent)),),
            )  # fmt: skip
            yield replace(title, evidence=tuple(self._evidence(one.get("licence"), one.get("by"))))

    def _evidence(self, licence: object, by: object) -> Iterator[Evidence]:
        # Who says that it may be shared, and where? A title without evidence is never shown. That your service has a
        # film is none, and what you believe of it is none either: give what its maker says, and the program judges.
        found, who = find_licence(reading.text(licence)), next(iter(reading.names(by)), "")
        if found is not None and who:
            yield Licensed(
                licence=found.id,
                url=found.url,
                by=who,
                source=self._address,
                checked=datetime.now(UTC).date(),
            )


async def show(address: str, words: str) -> None:
    """Print what it finds."""
    # A server of your own, on this computer, may be asked only because of ``allow_private``.
    provider = TeaHouse(Fetcher(AddressPolicy(allow_private=True)), address)
    try:
        async for page in provider.search(Query(words=words)):
            for one in page:
                print(one.id, one.title, one.year, *(f"({claim.by})" for claim in one.evidence))  # noqa: T201 - its purpose
    except MatineeError as error:
        sys.exit(error.message)


if __name__ == "__main__":
    asyncio.run(show(*sys.argv[1:3]))
