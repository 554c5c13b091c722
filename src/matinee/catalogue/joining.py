"""Joins what several say of one film. Pure.

What is certain comes first: the same identifier, or the same release. Else a name, a year and a length must agree, and
where that fits two films that are known to be different, it is joined to neither. Which titles belong together does not
depend on the order in which they came, and what does not touch a title does not change with whom it is joined: the
store joins anew what touches a change, and leaves the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from itertools import combinations, product
from typing import Any

from matinee.catalogue.folding import fold, without_article, words
from matinee.models.catalogue import OWN, SHELF
from matinee.models.rights import Evidence
from matinee.models.title import ArchiveItem, Episode, Kind, MagnetLink, Release, Season, Title

YEARS_APART = 1
LENGTHS_APART = 0.05
"""Of the longer."""
MINUTES_APART = 1
"""Lengths are whole minutes: of a short film one is more than that."""
TELLING_LETTERS = 3
"""Shorter words of a director's name are initials and particles: everybody has them."""

_CERTAIN = ("imdb:", "wikidata:", "at:")
"""What the keys begin with that are enough."""
_OWN = ("id", "kind", "title", "year", "silent", "children", "authors_complete")
"""What the leading title alone says; these and what is gathered below are not filled from others."""
_GATHERED = ("titles", "synopsis", "shelves", "releases", "evidence")


@dataclass(frozen=True)
class Part:
    """What one source says of a title. Without slots: its names are compared often, and folded once."""

    source: str
    title: Title

    @cached_property
    def names(self) -> frozenset[str]:
        """By what it is compared."""
        return frozenset(names(self.title))

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it is found by among those it may be joined with: two that have none in common never are.

        What was published here has none: its maker's word must not speak for anybody else's film.
        """
        if self.source == OWN:
            return frozenset()
        named = (named_key(self.title.kind, self.title.year, name) for name in self.names)
        return self.certain.union(named)

    @cached_property
    def certain(self) -> frozenset[str]:
        """Those of the keys that are enough: its identifiers and its releases."""
        return frozenset() if self.source == OWN else frozenset(_certain_keys(self.title))

    def keys_beside(self, kind: Kind, year: int) -> frozenset[str]:
        """The keys that do not follow from its names, for who has those beside a kind and a year."""
        if (kind, year) == (self.title.kind, self.title.year):
            return self.certain
        return self.keys - {named_key(kind, year, name) for name in self.names}

    @cached_property
    def near_keys(self) -> frozenset[str]:
        """The keys of all that it may be joined with."""
        if self.source == OWN:
            return frozenset()
        years = range(self.title.year - YEARS_APART, self.title.year + YEARS_APART + 1)
        named = (named_key(self.title.kind, year, name) for year in years for name in self.names)
        return self.certain.union(named)

    @property
    def rank(self) -> tuple[bool, bool, bool, str]:
        """Who speaks first: the shelf, then who knows identifiers, then who knows of episodes."""
        title = self.title
        known = title.imdb is not None or title.wikidata is not None
        return self.source != SHELF, not known, title.kind is not Kind.SERIES, title.id


@dataclass(slots=True)
class _Cluster:
    """Parts that belong together, and what would forbid another to be of them."""

    parts: list[Part]
    imdb: str | None
    wikidata: str | None
    shelf: bool
    certain: list[Part] = field(default_factory=list)
    """Those that an identifier or a release joined: whoever is to be described by this must be like one of them."""

    def clashes(self, other: "_Cluster") -> bool:
        """Tell whether these are known to be two films."""
        return (
            (self.shelf and other.shelf)
            or (None is not self.imdb != other.imdb is not None)
            or (None is not self.wikidata != other.wikidata is not None)
        )

    def take(self, other: "_Cluster") -> None:
        """Make one of two; this one leads."""
        self.parts += other.parts
        self.imdb = self.imdb or other.imdb
        self.wikidata = self.wikidata or other.wikidata
        self.shelf = self.shelf or other.shelf


def names(title: Title) -> set[str]:
    """Give a title's names as they are compared: folded, without an article."""
    found = {without_article(fold(name)) for name in (title.title, *title.titles.values())}
    return {name for name in found if name}


def touching(parts: Iterable[Part], near: Mapping[str, Iterable[Part]]) -> list[str]:
    """Name the groups with which some parts may have to be joined: nothing else changes when these come or go."""
    by_key: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        for key in part.near_keys:
            by_key[key].append(part)
    return [
        name
        for name, group in near.items()
        if any(
            key.startswith(_CERTAIN) or any(_same(one, other) for other in by_key[key])
            for one in group
            for key in one.keys & by_key.keys()
        )
    ]


def groups(parts: Iterable[Part]) -> list[tuple[Part, ...]]:
    """Put together what is one title; in each group the first leads.

    Args:
        parts: no two of one id.
    """
    ordered = sorted(parts, key=lambda one: one.rank)
    clusters = _by_keys(ordered)
    found: list[_Cluster] = []
    by_name: dict[str, list[_Cluster]] = defaultdict(list)
    for cluster in clusters:
        cluster.certain = list(cluster.parts)
        fitting = [
            one for one in _near(cluster, by_name) if not one.clashes(cluster) and _alike(one, cluster)
        ]
        if fitting and not any(one.clashes(other) for one, other in combinations(fitting, 2)):
            min(fitting, key=lambda one: _minutes_between(one, cluster)).take(cluster)
            continue
        found.append(cluster)
        for key in {key for part in cluster.parts for key in part.keys}:
            by_name[key].append(cluster)
    return [tuple(sorted(one.parts, key=lambda part: part.rank)) for one in found]


def joined(group: Sequence[Part]) -> Title:
    """Make one title of a group: what the first says stands, and what it does not say the others do."""
    titles = [part.title for part in group]
    if len(titles) == 1:
        return titles[0]
    lead = titles[0]
    filled: dict[str, Any] = {}
    for one in fields(lead):
        if one.name not in _OWN + _GATHERED and (one.name != "seasons" or lead.kind is Kind.SERIES):
            said = (getattr(title, one.name) for title in titles)
            filled[one.name] = next(
                (value for value in said if value not in (None, (), "")), getattr(lead, one.name)
            )
    if lead.kind is Kind.SERIES:
        filled["seasons"] = tuple(_season(season, titles) for season in filled["seasons"])
    return replace(
        lead,
        **filled,
        titles=_first_said(title.titles for title in titles),
        synopsis=_first_said(title.synopsis for title in titles),
        shelves=tuple(dict.fromkeys(shelf for title in titles for shelf in title.shelves)),
        releases=_releases(titles),
        evidence=_evidence(titles),
        authors_complete=any(title.authors_complete for title in titles),
    )


def _season(season: Season, titles: Sequence[Title]) -> Season:
    """Give a season with places for episodes that had none, where others know some for the episode of that name."""
    known = [one for title in titles for one in title.seasons if one.number == season.number]
    if len(known) < 2:
        return season
    return replace(season, episodes=tuple(_episode(one, known) for one in season.episodes))


def _episode(one: Episode, seasons: Sequence[Season]) -> Episode:
    if one.releases:
        return one
    same = (
        other
        for season in seasons
        for other in season.episodes
        if (other.number, fold(other.title)) == (one.number, fold(one.title))
    )
    found = {(release.place, release.file): release for other in same for release in other.releases}
    return replace(one, releases=tuple(found.values())) if found else one


def _by_keys(ordered: Sequence[Part]) -> list[_Cluster]:
    """Join what an identifier or a release joins; in the order of the parts that lead."""
    cluster_of = {part.title.id: _cluster(part) for part in ordered}
    holders: dict[str, list[Part]] = defaultdict(list)
    for part in ordered:
        for key in part.certain:
            holders[key].append(part)
    for _, sharing in sorted(holders.items()):
        here: list[_Cluster] = []
        for part in sharing:
            cluster = cluster_of[part.title.id]
            if any(cluster is one for one in here):
                continue
            other = next((one for one in here if not one.clashes(cluster)), None)
            if other is None:
                here.append(cluster)
                continue
            other.take(cluster)
            cluster_of.update({one.title.id: other for one in cluster.parts})
    clusters = {id(one): one for one in cluster_of.values()}.values()
    for one in clusters:
        one.parts.sort(key=lambda part: part.rank)
    return sorted(clusters, key=lambda one: one.parts[0].rank)


def _cluster(part: Part) -> _Cluster:
    title = part.title
    return _Cluster([part], title.imdb, title.wikidata, part.source == SHELF)


def _certain_keys(title: Title) -> Iterator[str]:
    if title.imdb:
        yield f"imdb:{title.imdb}"
    if title.wikidata:
        yield f"wikidata:{title.wikidata}"
    for release in title.releases:
        if (place := _place(release)) is not None:
            yield f"at:{place} {release.file or ''}"


def _place(release: Release) -> str | None:
    match release.place:
        case ArchiveItem(identifier):
            return f"archive:{identifier}"
        case MagnetLink(link):
            _, found, rest = link.lower().partition("xt=urn:btih:")
            return f"torrent:{rest.partition('&')[0]}" if found else None
        case web:
            return f"web:{web.url}"


def named_key(kind: Kind, year: int, name: str) -> str:
    """Give the key that a name has, of a title of this kind and year."""
    return f"named:{kind.value}:{year}:{name}"


def _near(cluster: _Cluster, by_name: dict[str, list[_Cluster]]) -> list[_Cluster]:
    near = {id(one): one for part in cluster.parts for key in part.near_keys for one in by_name.get(key, ())}
    return list(near.values())


def _alike(lead: _Cluster, cluster: _Cluster) -> bool:
    return any(_same(one, other) for one, other in product(lead.certain, cluster.parts))


def _minutes_between(lead: _Cluster, cluster: _Cluster) -> int:
    lengths = [[part.title.minutes for part in one.parts if part.title.minutes] for one in (lead, cluster)]
    return min((abs(one - other) for one, other in product(*lengths)), default=0)


def _same(one: Part, other: Part) -> bool:
    """Tell whether two descriptions are of one title."""
    first, second = one.title, other.title
    apart = abs(first.year - second.year)
    # A source is at one with itself: what it dates differently is another year's.
    if first.kind is not second.kind or apart > (0 if one.source == other.source else YEARS_APART):
        return False
    if not one.names & other.names or not _may_share_directors(first, second):
        return False
    if first.minutes is None or second.minutes is None:
        # Of 2 478 films on lists none has the name and year of another on the shelf; of what anybody uploads many do.
        return apart == 0 and SHELF in (one.source, other.source)
    longer = max(first.minutes, second.minutes)
    return abs(first.minutes - second.minutes) <= max(MINUTES_APART, LENGTHS_APART * longer)


def _may_share_directors(first: Title, second: Title) -> bool:
    told, also = _telling(first.directors), _telling(second.directors)
    return not told or not also or bool(told & also)


def _telling(people: Sequence[str]) -> set[str]:
    return {word for name in people for word in words(name) if len(word) >= TELLING_LETTERS}


def _first_said(said: Iterable[Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in said:
        found.update({language: text for language, text in one.items() if language not in found})
    return found


def _releases(titles: Sequence[Title]) -> tuple[Release, ...]:
    """Gather releases; one that several know is told once, with what each knows of it."""
    found: dict[object, Release] = {}
    for release in (release for title in titles for release in title.releases):
        known = found.setdefault((_place(release) or release.place, release.file), release)
        if known is not release:
            missing = {
                one.name: getattr(release, one.name)
                for one in fields(known)
                if getattr(known, one.name) in (None, ())
            }
            found[(_place(release) or release.place, release.file)] = replace(known, **missing)
    return tuple(found.values())


def _evidence(titles: Sequence[Title]) -> tuple[Evidence, ...]:
    """Gather evidence; what was looked at twice is told once, with the later day."""
    found: dict[Evidence, Evidence] = {}
    for one in (one for title in titles for one in title.evidence):
        undated = replace(one, checked=date.min)
        known = found.get(undated)
        if known is None or known.checked < one.checked:
            found[undated] = one
    return tuple(found.values())
