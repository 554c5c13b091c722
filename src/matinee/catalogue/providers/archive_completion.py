"""What the Internet Archive has of a title of the shelf: chapters of which no copy is known, and reviews.

First the items that the shelf names are looked into: one often holds a whole serial, a file a chapter. What is still
missing is searched for by the serial's name. What belongs to which episode ``catalogue/chapters`` says, strictly. An
item's being there is no evidence of anything; one that claims rights is left out.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from matinee.catalogue import archive_choice
from matinee.catalogue.archive_choice import Film
from matinee.catalogue.archive_item import Item, contradicts, restricted
from matinee.catalogue.chapters import Chapters, Sighting
from matinee.catalogue.folding import without_article
from matinee.catalogue.providers import internet_archive, reading
from matinee.errors import BadSource, TooLarge
from matinee.models.title import ArchiveItem, Episode, Kind, Release, Season, Title
from matinee.names import clean_name
from matinee.types import TitleId

if TYPE_CHECKING:
    from matinee.catalogue.providers.internet_archive import InternetArchive

MOST_OWN = 20
MOST_ITEMS = 30
"""That are looked into for one title: a serial has fifteen chapters, each perhaps an item, some uploaded twice."""
MOST_COPIES = 2
"""Of an episode: a second one is there for when the first is away."""
MOST_WHOLE = 6
"""Items that name the serial and no chapter: one of them may hold all."""

_Key = tuple[int, int]


@dataclass(slots=True)
class _Gathered:
    """What is known so far."""

    title: Title
    missing: set[_Key]
    """Episodes of which no release was known before: season and number."""
    chapters: Chapters
    found: dict[_Key, list[Release]] = field(default_factory=dict)
    stars: list[tuple[float, int]] = field(default_factory=list)
    """Of the items that hold something of the title."""

    @property
    def lacks(self) -> set[_Key]:
        """Of which episodes there still is none."""
        return self.missing - self.found.keys()

    @property
    def completion(self) -> Title:
        """What there is, as a title that is joined with the other one."""
        title = self.title
        votes = sum(count for _, count in self.stars)
        mean = sum(stars * count for stars, count in self.stars) / votes if votes else 0.0
        seasons = (
            Season(season.number, tuple(self._episodes(season)))
            for season in title.seasons
            if any((season.number, one.number) in self.found for one in season.episodes)
        )
        return Title(
            id=TitleId(f"{internet_archive.ID}..{title.id}"),
            kind=title.kind,
            title=title.title,
            year=title.year,
            countries=(),
            languages=(),
            imdb=title.imdb,
            wikidata=title.wikidata,
            rating=internet_archive.rating((mean, votes)) if votes else None,
            # By its release a film is joined; a series' would be said to hold every episode.
            releases=() if title.kind is Kind.SERIES else _places(title.releases),
            seasons=tuple(seasons),
        )

    def _episodes(self, season: Season) -> Iterable[Episode]:
        for one in season.episodes:
            releases = self.found.get((season.number, one.number))
            if releases:
                yield Episode(one.number, one.title, releases=tuple(releases))


async def complete(archive: "InternetArchive", title: Title) -> AsyncGenerator[tuple[Title, ...], None]:
    """Give what the Archive has of a title, again and with more as it is found.

    Raises:
        SourceUnreachable, SourceLimited, BadSource, TooLarge: the service is away, or makes no sense.
    """
    every = {(season.number, one.number): one for season in title.seasons for one in season.episodes}
    missing = {key for key, one in every.items() if not one.releases}
    gathered = _Gathered(title, missing, Chapters(title))
    own = _items(title)
    for identifier in own:
        item = await _open(archive, identifier)
        if item is not None and not contradicts(item.metadata, title.evidence):
            _take(gathered, item, of_series=True)
    if gathered.found or gathered.stars:
        yield (gathered.completion,)
    # A release of all of it is there: what is in it is found when it is played.
    if title.kind is not Kind.SERIES or title.releases or not gathered.lacks:
        return
    async for _ in _searched(archive, gathered, own):
        yield (gathered.completion,)


async def _searched(
    archive: "InternetArchive", gathered: _Gathered, known: Sequence[str]
) -> AsyncGenerator[None, None]:
    """Look into what has the serial's name, the likeliest first; comes back whenever more is known."""
    docs, _ = await archive.page(_asked(gathered.title))
    for identifier in _likely(gathered, docs, known):
        if not gathered.lacks:
            return
        item = await _open(archive, identifier)
        if item is None or contradicts(item.metadata, gathered.title.evidence):
            continue
        if _take(gathered, item, of_series=False):
            yield


def _asked(title: Title) -> str:
    """Write the question for a serial. Not its year, which uploaders leave out or take for that of the upload: it is
    held against what comes.
    """
    words = reading.words(without_article(title.title.lower()))
    return f"title:({' AND '.join(words)}) AND {internet_archive.FILMS}"


def _likely(gathered: _Gathered, docs: Iterable[Mapping[str, Any]], known: Sequence[str]) -> list[str]:
    """Give the items that may hold what is missing: those that name a chapter of it, and some that name the serial."""
    named: dict[_Key, list[str]] = {}
    whole: list[str] = []
    for doc in docs:
        identifier, name = reading.text(doc.get("identifier")), _name(doc)
        if not internet_archive.fit(identifier) or identifier in known or restricted(doc):
            continue
        if contradicts(doc, gathered.title.evidence) or not gathered.chapters.names_series(name):
            continue
        one = Sighting(name, "", None, _year(doc), alone=True)
        key = gathered.chapters.matched([one]).get(0)
        if key is None:
            whole.append(identifier)
        elif key in gathered.missing:
            named.setdefault(key, []).append(identifier)
    first = [items[0] for _, items in sorted(named.items())]
    second = [items[1] for _, items in sorted(named.items()) if len(items) > 1]
    return [*first, *whole[:MOST_WHOLE], *second][:MOST_ITEMS]


async def _open(archive: "InternetArchive", identifier: str) -> Item | None:
    """Give an item; None where it is gone, lent, or makes no sense: others may do."""
    try:
        return await archive.item(identifier)
    except (BadSource, TooLarge):
        return None


def _take(gathered: _Gathered, item: Item, *, of_series: bool) -> bool:
    """Take what an item has of a title; says whether there is anything."""
    films = archive_choice.films(item)
    if gathered.title.kind is not Kind.SERIES:
        return _voted(gathered, item, bool(films))
    sightings = [_sighting(item, film, alone=len(films) == 1, of_series=of_series) for film in films]
    matched = gathered.chapters.matched(sightings)
    if gathered.title.releases and len(set(matched.values()) & gathered.missing) < len(gathered.missing):
        # One release is said to hold all of them. A few with places of their own would put the others out of theirs.
        matched = {}
    for place, key in matched.items():
        copies = gathered.found.setdefault(key, []) if key in gathered.missing else None
        if copies is not None and len({one.place for one in copies}) < MOST_COPIES:
            copies += archive_choice.releases_of(item, films[place])
    return _voted(gathered, item, bool(matched) or of_series)


def _voted(gathered: _Gathered, item: Item, holds: bool) -> bool:
    if holds and item.stars is not None:
        gathered.stars.append(item.stars)
    return holds


def _sighting(item: Item, film: Film, *, alone: bool, of_series: bool) -> Sighting:
    duration_s = next((one.duration_s for one in film.files if one.duration_s), None)
    name = "" if of_series else _name(item.metadata)
    return Sighting(name, film.name, duration_s, _year(item.metadata), alone=alone, of_series=of_series)


def _items(title: Title) -> list[str]:
    """Give the items that a title's releases name, each once."""
    episodes = (one for season in title.seasons for one in season.episodes)
    releases = (*title.releases, *(release for one in episodes for release in one.releases))
    found = (one.place.identifier for one in releases if isinstance(one.place, ArchiveItem))
    return [one for one in dict.fromkeys(found) if internet_archive.fit(one)][:MOST_OWN]


def _places(releases: Iterable[Release]) -> tuple[Release, ...]:
    return tuple(replace(one, note=None) for one in releases if isinstance(one.place, ArchiveItem))[:1]


def _name(said: Mapping[str, Any]) -> str:
    return clean_name(reading.plain_text(reading.text(said.get("title")), 200), "", 200)


def _year(said: Mapping[str, Any]) -> int | None:
    return reading.year(said.get("year"), said.get("date"))
