"""The Internet Archive: films under licences that their uploaders state, as ``catalogue/archive_item`` reads them.

Interfaces, as documented: advancedsearch.php (its pages stop at the 10 000th result), services/search/v1/scrape
beyond, metadata/ITEM, download/ITEM/PATH. Items move between hosts: no redirected address is ever kept.
"""

import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from matinee.catalogue import archive_choice
from matinee.catalogue.archive_item import Item, evidence, read_item, restricted, stars
from matinee.catalogue.providers import reading
from matinee.catalogue.providers.polite import Polite
from matinee.errors import BadSource
from matinee.models.provider import About, Feature, Query
from matinee.models.title import ArchiveItem, Kind, Rating, Release, Title
from matinee.names import clean_name
from matinee.outside.fetch import Fetcher

HOME = "https://archive.org"
ID = "internet-archive"
NAME = "The Internet Archive"
BY = "Internet Archive"
"""Where a rating was given."""
PAGE = 100
SCRAPE = 500
"""A step of the scrape; the service takes no fewer than 100."""
LAST_SORTED = 10_000
"""Where sorted paging ends."""
MOST_STEPS = 1000
"""Of a scrape: half a million items, ten times what it has."""
FIELDS = (
    "identifier", "title", "creator", "director", "uploader", "year", "date", "description", "subject", "language",
    "licenseurl", "rights", "possible-copyright-status", "avg_rating", "num_reviews", "external-identifier", "runtime",
    "access-restricted-item", "collection",
)  # fmt: skip
PLAYABLE = '("h.264" OR "h.264 IA" OR "h.264 HD" OR "MPEG4" OR "512Kb MPEG4" OR "HiRes MPEG4" OR "Matroska" OR "WebM")'
FILMS = (
    f"mediatype:movies AND format:{PLAYABLE} AND -access-restricted-item:true "
    "AND -collection:(movie_trailers OR sabucat_trailers OR stock_footage OR home_movies OR prelinger_mashups "
    "OR brick_films OR tvnews OR tvarchive)"
)
"""What anybody may see, and is no trailer, no news and nobody's holiday."""
NET = f"{FILMS} AND licenseurl:(*creativecommons.org*)"
"""Without a licence's address there is no evidence here, and without evidence nothing is shown: it is not fetched."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")


def today() -> date:
    """Give the day, UTC."""
    return datetime.now(UTC).date()


class InternetArchive:
    """The ``CatalogueProvider`` of ``ports``.

    Args:
        fetcher: how it fetches.
        home: where the service is.
        line_bytes_per_s: asked each time releases are ranked; gives None while the line was not measured.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        home: str = HOME,
        line_bytes_per_s: Callable[[], float | None] = lambda: None,
        today: Callable[[], date] = today,
    ) -> None:
        self._polite = Polite(NAME, fetcher)
        self._home = home
        self._line = line_bytes_per_s
        self._today = today

    @property
    def about(self) -> About:
        """Who it is."""
        return About(
            id=ID,
            name=BY,
            home=HOME,
            features=frozenset(Feature) - {Feature.SUBTITLES},
            asks=("archive.org",),
        )

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find items by words in their title, subject, creator or description, the most fetched first."""
        words = reading.words(query.words)
        if not words:
            return
        asked = f"({' AND '.join(words)}) AND {NET}"
        seen: set[str] = set()
        for page in range(1, LAST_SORTED // PAGE + 1):
            docs, total = await self.page(asked, page)
            seen.update(reading.text(doc.get("identifier")) for doc in docs)
            yield self._titles(docs, query)
            if len(docs) < PAGE or page * PAGE >= total:
                return
        async for docs in self._scrape(asked):
            yield self._titles(
                [doc for doc in docs if reading.text(doc.get("identifier")) not in seen], query
            )

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Go through all items that say something of their rights."""
        async for docs in self._scrape(NET):
            yield self._titles(docs, None)

    async def details(self, title: Title) -> Title:
        """Give an item's releases, and what the whole of its metadata says."""
        item = await self.item(_identifier(title.releases))
        whole = self._title(item.metadata)
        found = archive_choice.releases(item, self._line())
        if whole is None or not found:
            raise BadSource(f"{NAME} has no film in this item any more. Choose another one.")
        first = found[0].duration_s
        minutes = round(first / 60) or 1 if first else whole.minutes
        voted = whole.rating or rating(item.stars)
        return replace(whole, id=title.id, releases=found, minutes=minutes, rating=voted)

    def complete(self, title: Title) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find what the Archive has of a title that others describe, as ``providers/archive_completion`` does."""
        from matinee.catalogue.providers.archive_completion import complete

        return complete(self, title)

    async def torrent(self, release: Release) -> bytes:
        """Give the torrent that the Archive made of the item."""
        name = _identifier((release,))
        return (await self._polite.get(f"{self._home}/download/{name}/{name}_archive.torrent")).body

    async def item(self, identifier: str) -> Item:
        """Give an item with its files as they are today.

        Raises:
            BadSource: there is none of that name, or it is not for everybody; else as ``Polite.json``.
        """
        if not _IDENTIFIER.fullmatch(identifier):
            raise BadSource(f"{NAME} cannot have an item of this name.")
        found = read_item(await self._polite.json(f"{self._home}/metadata/{identifier}"))
        if found is None or found.identifier != identifier:
            raise BadSource(f"{NAME} has no item of this name that is open to everybody. Choose another one.")
        return found

    async def part(self, identifier: str, path: str, start: int, stop: int, length: int) -> bytes:
        """Give the bytes ``[start, stop)`` of a file of an item, which has ``length`` bytes.

        Raises:
            BadSource: the file has another length, or the Archive gives another part; else as ``Polite.json``.
        """
        answer = await self._polite.get(self.address(identifier, path), span=(start, stop))
        if answer.length is None:
            body = answer.body[start:stop] if len(answer.body) == length else b""
        else:
            body = answer.body if (answer.start, answer.length) == (start, length) else b""
        if len(body) != stop - start:
            raise BadSource(f"{NAME} gave another part of the film than was asked for.")
        return body

    def address(self, identifier: str, path: str) -> str:
        """Say where a file of an item is, by the address that does not change."""
        return f"{self._home}/download/{identifier}/{quote(path)}"

    async def page(self, asked: str, page: int = 1) -> tuple[list[Mapping[str, Any]], int]:
        """Give a page of what it finds for a query of its own grammar, and how many there are in all.

        Raises:
            BadSource: the answer has no such shape; else as ``Polite.json``.
        """
        query = urlencode(
            [("q", asked), *(("fl[]", one) for one in FIELDS), ("sort[]", "downloads desc"),
             ("rows", PAGE), ("page", page), ("output", "json")]
        )  # fmt: skip
        answer = await self._polite.json(f"{self._home}/advancedsearch.php?{query}")
        match answer:
            case {"response": {"docs": list(docs), **rest}}:
                return list(reading.objects(docs, PAGE)), reading.whole(rest.get("numFound"), 10**12) or 0
        raise _nonsense()

    async def _scrape(self, asked: str) -> AsyncGenerator[list[Mapping[str, Any]], None]:
        cursor = ""
        for _ in range(MOST_STEPS):
            said = {"q": asked, "fields": ",".join(FIELDS), "sorts": "identifier", "count": SCRAPE}
            query = urlencode({**said, "cursor": cursor} if cursor else said)
            match await self._polite.json(f"{self._home}/services/search/v1/scrape?{query}"):
                case {"items": list(items), **rest}:
                    yield list(reading.objects(items, SCRAPE))
                case _:
                    raise _nonsense()
            following = rest.get("cursor")
            # The last step has no cursor; one that stays where it is would go round for ever.
            if not isinstance(following, str) or following in ("", cursor) or len(following) > 1000:
                return
            cursor = following

    def _titles(self, docs: Sequence[Mapping[str, Any]], query: Query | None) -> tuple[Title, ...]:
        found = (self._title(doc) for doc in docs if not restricted(doc))
        wanted = None if query is None else query.kind
        return tuple(one for one in found if one is not None and wanted in (None, one.kind))

    def _title(self, said: Mapping[str, Any]) -> Title | None:
        """Read a row of an answer, or an item's metadata; None for what cannot be shown as a film."""
        identifier = reading.text(said.get("identifier"))
        name = clean_name(reading.plain_text(reading.text(said.get("title")), 200), "", 200)
        year = reading.year(said.get("year"), said.get("date"))
        if not _IDENTIFIER.fullmatch(identifier) or not name or year is None:
            return None
        languages = reading.languages(said.get("language"))
        synopsis = reading.plain_text(" ".join(reading.texts(said.get("description"))))
        imdb, wikidata = reading.identifiers(said.get("external-identifier"))
        duration_s = reading.seconds(said.get("runtime"))
        return Title(
            id=reading.title_id(ID, identifier),
            kind=Kind.FILM,
            title=name,
            year=year,
            countries=(),
            languages=languages,
            minutes=round(duration_s / 60) or 1 if duration_s else None,
            directors=reading.names(said.get("director"))[:8],
            genres=reading.genres(said.get("subject")),
            imdb=imdb,
            wikidata=wikidata,
            synopsis={languages[0] if languages else "en": synopsis} if synopsis else {},
            poster=f"{self._home}/services/img/{identifier}",
            rating=rating(stars(said)),
            releases=(Release(ArchiveItem(identifier)),),
            evidence=evidence(said, f"{HOME}/details/{identifier}", self._today()),
        )


def fit(identifier: str) -> bool:
    """Tell whether an item can have this name."""
    return _IDENTIFIER.fullmatch(identifier) is not None


def _identifier(releases: Sequence[Release]) -> str:
    for one in releases:
        if isinstance(one.place, ArchiveItem) and _IDENTIFIER.fullmatch(one.place.identifier):
            return one.place.identifier
    raise BadSource(f"{NAME} does not have this film.")


def rating(given: tuple[float, int] | None) -> Rating | None:
    """Make a rating of stars, see ``archive_item``; each is two points."""
    return None if given is None else Rating(round(given[0] * 2, 1), given[1], BY)


def _nonsense() -> BadSource:
    return BadSource(f"{NAME} sent something that is no answer to what was asked. Try again later.")
