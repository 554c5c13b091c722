"""PeerTube: videos of a thousand hosts, found by Sepia Search, under the licence that their owners chose.

Interfaces, as PeerTube's REST reference documents them: ``/api/v1/search/videos`` (Sepia Search answers as any instance
does), ``/api/v1/videos/UUID`` and its ``/captions`` on the host that has the video.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from matinee.catalogue.providers import reading
from matinee.catalogue.providers.internet_archive import today
from matinee.catalogue.providers.peertube_video import (
    ID,
    SHAREABLE,
    captions,
    is_open,
    place_of,
    read_video,
    releases,
)
from matinee.catalogue.providers.polite import Polite, PoliteHosts
from matinee.errors import BadSource
from matinee.models.provider import About, Feature, Query
from matinee.models.title import HostedSubtitles, Kind, Release, Title, WebAddress
from matinee.outside.fetch import Fetcher

HOME = "https://sepiasearch.org"
NAME = "PeerTube"
PAGE = 50
LAST = 1000
"""Where paging ends: nobody looks further, and the service need not either."""


def _on_the_web(host: str) -> str:
    return f"https://{host}"


class PeerTube:
    """The ``CatalogueProvider`` of ``ports``. Its lists have no releases: ``details`` asks the host for them.

    Args:
        fetcher: how it fetches.
        home: where to search: Sepia Search, or one instance.
        where: says where a host of a video answers.
        nsfw: whether what its owner flags as not fit for all eyes is found too.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        home: str = HOME,
        where: Callable[[str], str] = _on_the_web,
        nsfw: bool = False,
        today: Callable[[], date] = today,
    ) -> None:
        self._search = Polite("Sepia Search", fetcher)
        self._hosts = PoliteHosts(fetcher)
        self._home = home
        self._where = where
        self._nsfw = nsfw
        self._today = today

    @property
    def about(self) -> About:
        """Who it is."""
        features = frozenset({Feature.SEARCH, Feature.DETAILS, Feature.TORRENTS, Feature.SUBTITLES})
        return About(id=ID, name=NAME, home=HOME, features=features, asks=("sepiasearch.org",))

    async def search(self, query: Query) -> AsyncGenerator[tuple[Title, ...], None]:
        """Find videos under a licence that lets everybody share, the likeliest first."""
        words = " ".join(query.words[:200].split())
        if not words or query.kind is Kind.SERIES:
            return
        for start in range(0, LAST, PAGE):
            videos, total = await self._page(words, start)
            found = (read_video(one, self._today(), nsfw=self._nsfw) for one in reading.objects(videos, PAGE))
            yield tuple(one for one in found if one is not None)
            if len(videos) < PAGE or start + PAGE >= total:
                return

    async def browse(self) -> AsyncGenerator[tuple[Title, ...], None]:
        """Give nothing: not declared, so never called. Nobody wants all of it."""
        yield ()

    async def details(self, title: Title) -> Title:
        """Give a video's torrents, one for each size of its picture, and what its host says of it today."""
        place = place_of(title.id)
        if place is None:
            raise BadSource(f"{NAME} does not have this film.")
        host, uuid = place
        address = f"{self._where(host)}/api/v1/videos/{uuid}"
        video = await self._hosts.of(host).json(address)
        if not isinstance(video, dict) or not is_open(video):
            raise BadSource(f"{host} does not show this film to everybody any more. Choose another one.")
        whole = read_video(video, self._today(), nsfw=self._nsfw)
        if whole is None or whole.id != title.id:
            raise BadSource(f"{host} sent something that is no answer to what was asked. Try again later.")
        found = releases(video)
        if not found:
            raise BadSource(f"{host} has no torrent of this film. Choose another one.")
        return replace(whole, releases=found)

    async def subtitles(self, title: Title) -> tuple[HostedSubtitles, ...]:
        """Say which captions a video has on its host."""
        place = place_of(title.id)
        if place is None:
            return ()
        host, uuid = place
        listed = await self._hosts.of(host).json(f"{self._where(host)}/api/v1/videos/{uuid}/captions")
        if not isinstance(listed, dict):
            raise BadSource(f"{host} sent something that is no answer to what was asked. Try again later.")
        return captions(listed, _on_the_web(host))

    async def torrent(self, release: Release) -> bytes:
        """Give the torrent that a host made of a video."""
        if not isinstance(release.place, WebAddress):
            raise BadSource(f"{NAME} has a magnet link of this film, and no torrent.")
        url = release.place.url
        return (await self._hosts.of(urlsplit(url).hostname or NAME).get(url)).body

    async def _page(self, words: str, start: int) -> tuple[list[Any], int]:
        query = urlencode(
            [("search", words), ("start", start), ("count", PAGE), ("sort", "-match"), ("isLive", "false"),
             ("nsfw", "both" if self._nsfw else "false"), *(("licenceOneOf[]", one) for one in SHAREABLE)]
        )  # fmt: skip
        match await self._search.json(f"{self._home}/api/v1/search/videos?{query}"):
            case {"data": list(videos), **rest}:
                return videos[:PAGE], reading.whole(rest.get("total"), 10**12) or 0
        raise BadSource("Sepia Search sent something that is no answer to what was asked. Try again later.")
