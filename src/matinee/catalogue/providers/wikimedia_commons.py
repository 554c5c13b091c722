"""Wikimedia Commons: video files whose licence stands on their page. It has no torrents: they are made of its files.

Interface, as MediaWiki documents it: ``action=query`` with ``generator=search`` in the namespace of files and
``prop=videoinfo``; the next page by ``gsroffset``.
"""

from collections.abc import AsyncGenerator, Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from matinee.catalogue.providers import reading
from matinee.catalogue.providers.commons_file import ID, NAME, read_file, subtitles
from matinee.catalogue.providers.internet_archive import today
from matinee.catalogue.providers.polite import Polite
from matinee.errors import BadSource
from matinee.models.provider import About, Feature, Query
from matinee.models.title import HostedSubtitles, Kind, Release, Title
from matinee.outside.fetch import Fetcher

HOME = "https://commons.wikimedia.org"
PAGE = 50
LAST = 1000
"""Where paging ends: nobody looks further."""
_ASKED = {
    "action": "query", "format": "json", "formatversion": 2, "prop": "videoinfo",
    "viprop": "timestamp|user|url|size|sha1|mime|extmetadata|derivatives", "viurlwidth": 640,
    "viextmetadatalanguage": "en",
    "viextmetadatafilter": "ObjectName|DateTimeOriginal|ImageDescription|Artist|Attribution|License|LicenseUrl"
                           "|LicenseShortName|NonFree|Categories",
}  # fmt: skip


class WikimediaCommons:
    """The ``CatalogueProvider`` of ``ports``.

    Args:
        fetcher: how it fetches.
        home: where the service is.
    """

    def __init__(self, fetcher: Fetcher, *, home: str = HOME, today: Callable[[], date] = today) -> None:
        self._polite = Polite(NAME, fetcher)
        self._home = home
        self._today = today

    @property
    def about(self) -> About:
        """Who it is. Not TORRENTS: it has none."""
        features = frozenset({Feature.SEARCH, Feature.DETAILS, Feature.SUBTITLES})
        return About(id=ID, name=NAME, home=HOME, features=features, asks=("commons.wikimedia.org",))

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find video files, the likeliest first."""
        words = reading.words(query.words)
        if not words or query.kind is Kind.SERIES:
            return
        offset = 0
        while offset < LAST:
            asked = {
                "generator": "search", "gsrsearch": f"filetype:video {' '.join(words)}", "gsrnamespace": 6,
                "gsrlimit": PAGE, "gsroffset": offset,
            }  # fmt: skip
            answer = await self._ask(asked)
            pages = sorted(_pages(answer), key=lambda one: reading.whole(one.get("index"), 10**6) or 0)
            yield tuple(title for one in pages if (title := read_file(one, self._today())) is not None)
            following = answer.get("continue")
            further = reading.whole(following.get("gsroffset"), LAST) if isinstance(following, dict) else None
            if further is None or further <= offset:
                return
            offset = further

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Give nothing: not declared, so never called. Nobody wants all of it."""
        yield ()

    async def details(self, title: Title) -> Title:
        """Give a file as it is today."""
        provider, _, number = title.id.partition(".")
        if provider != ID or not number.isdecimal():
            raise BadSource(f"{NAME} does not have this film.")
        pages = _pages(await self._ask({"pageids": number}))
        whole = read_file(pages[0], self._today()) if pages else None
        if whole is None or whole.id != title.id:
            raise BadSource(f"{NAME} has no film of this name any more. Choose another one.")
        return whole

    async def subtitles(self, title: Title) -> tuple[HostedSubtitles, ...]:
        """Say which timed texts a file has."""
        number = title.id.partition(".")[2]
        if not number.isdecimal():
            return ()
        pages = _pages(await self._ask({"pageids": number, "viprop": "timedtext"}))
        return subtitles(pages[0]) if pages else ()

    async def torrent(self, release: Release) -> bytes:
        """Not declared, so never called."""
        raise BadSource(f"{NAME} has no torrents.")

    async def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        answer = await self._polite.json(f"{self._home}/w/api.php?{urlencode({**_ASKED, **asked})}")
        if not isinstance(answer, dict) or "error" in answer:
            raise BadSource(f"{NAME} sent something that is no answer to what was asked. Try again later.")
        return answer


def _pages(answer: dict[str, Any]) -> list[Any]:
    """Give the pages of an answer; one that found nothing has no ``query``."""
    query = answer.get("query", {"pages": []})
    match query:
        case {"pages": list(pages)}:
            return list(reading.objects(pages, PAGE))
    raise BadSource(f"{NAME} sent something that is no answer to what was asked. Try again later.")
