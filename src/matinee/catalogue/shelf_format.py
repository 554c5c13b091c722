"""A title of the built-in shelf: from the table that a person wrote to a ``Title``, with everything wrong told. Pure.

CONTRIBUTING.md shows such a file.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, TypedDict

from matinee.catalogue.fields import Fields
from matinee.catalogue.fields_known import KnownFields
from matinee.catalogue.lists import LISTS
from matinee.errors import BadTitle
from matinee.models.licences import LICENCES, find_licence
from matinee.models.rights import (
    AuthorDied,
    Evidence,
    GovernmentWork,
    LicenceRevoked,
    Licensed,
    Listed,
    NoNotice,
    NotRenewed,
    Protected,
    Published,
    Renewed,
)
from matinee.models.title import (
    GENRES,
    SHELVES,
    ArchiveItem,
    Episode,
    Kind,
    MagnetLink,
    Place,
    Release,
    Season,
    Title,
    Trailer,
    WebAddress,
    WebFilm,
)
from matinee.types import TitleId

FIRST_FILM = 1874
"""Of the year of the oldest frames that are shown as a film."""
LAST_YEAR = 2100
BYTES_LIMIT = 10**12
MINUTES_LIMIT = 1500
EPISODES_LIMIT = 2000
SYNOPSIS_CHARACTERS = 80
"""Less is no synopsis of two sentences."""
CAST_LIMIT = 8
ROLES = ("director", "writer", "composer", "author")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-([0-9]{4})")
_IMDB = re.compile(r"tt[0-9]{7,9}")
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,9}")
_ARCHIVE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_MAGNET = re.compile(r"magnet:\?(.+&)?xt=urn:(btih:[0-9a-fA-F]{40}|btmh:1220[0-9a-fA-F]{64})(&.+)?")
_FILE = re.compile(r"(?!/)(?!.*(^|/)\.\.?(/|$))[^\\]+")


def read_title(name: str, table: Mapping[str, Any]) -> Title:
    """Read the title of that id.

    Args:
        name: the id, which is the file's name without ``.toml``.
        table: as ``tomllib`` gives it.

    Raises:
        BadTitle: something is wrong with it; a line of the message for each field, with what it should be.
    """
    faults: list[str] = []
    fields = Fields(table, "", faults)
    title = _title(name, fields)
    fields.end()
    _agree(title, fields)
    if faults:
        raise BadTitle("\n".join(f"{name}.toml: {fault}" for fault in faults), title=name)
    return title


def known_title(name: str, table: Mapping[str, Any]) -> Title:
    """Read the title of that id from a table that ``read_title`` has passed, with dates as ISO 8601 texts."""
    return _title(name, KnownFields(table))


def _title(name: str, fields: Fields) -> Title:
    return Title(
        id=TitleId(name),
        kind=Kind.SERIES if fields.choice("kind", tuple(Kind)) == Kind.SERIES else Kind.FILM,
        title=fields.text("title"),
        year=fields.whole("year", FIRST_FILM, LAST_YEAR),
        countries=fields.countries("countries"),
        languages=fields.languages("languages"),
        silent=fields.flag("silent"),
        minutes=fields.optional_whole("minutes", 1, MINUTES_LIMIT),
        directors=fields.texts("directors"),
        writers=fields.texts("writers"),
        cast=fields.texts("cast"),
        genres=fields.texts("genres", required=True, of=GENRES),
        shelves=fields.texts("shelves", required=True, of=SHELVES),
        children=fields.flag("children"),
        imdb=fields.optional_text("imdb", pattern=_IMDB, like="tt and seven digits or more"),
        wikidata=fields.optional_text("wikidata", pattern=_WIKIDATA, like="Q and digits"),
        authors_complete=fields.flag("authors-complete"),
        titles=fields.by_language("titles"),
        synopsis=fields.by_language("synopsis", sentences=True),
        releases=tuple(_releases(fields)),
        seasons=tuple(_seasons(fields)),
        trailer=_trailer(fields),
        evidence=tuple(_evidence(fields)),
    )


def _agree(title: Title, fields: Fields) -> None:
    """Note what is wrong between fields, or missing as a whole."""
    named = _ID.fullmatch(title.id)
    if not named or int(named[2]) != title.year:
        fields.fault("year", f"the file must be called words-of-the-title-{title.year}.toml, in a-z and 0-9")
    for key, found in (("countries", title.countries), ("genres", title.genres), ("shelves", title.shelves)):
        if not found:
            fields.fault(key, "must name one at least")
    if len(title.cast) > CAST_LIMIT:
        fields.fault("cast", f"names {len(title.cast)}, {CAST_LIMIT} are the most")
    for language, other in title.titles.items():
        if other == title.title:
            fields.fault(f"titles.{language}", "is the original title: leave it out")
    english, french = title.synopsis.get("en", ""), title.synopsis.get("fr", "")
    for language, text in (("en", english), ("fr", french)):
        if len(text) < SYNOPSIS_CHARACTERS:
            fields.fault(
                f"synopsis.{language}", f"must be there, with {SYNOPSIS_CHARACTERS} characters or more"
            )
    if english and english == french:
        fields.fault("synopsis.fr", "is the English one")
    if not title.evidence:
        fields.fault("evidence", "must be there: nothing is shown without")
    dead = {one.name for one in title.evidence if isinstance(one, AuthorDied)}
    missing = [name for name in (*title.directors, *title.writers) if name not in dead]
    if title.authors_complete and (missing or not dead):
        fields.fault(
            "authors-complete", f"no author-died in the evidence for {', '.join(missing) or 'anybody'}"
        )
    _agree_on_releases(title, fields)


def _agree_on_releases(title: Title, fields: Fields) -> None:
    episodes = [episode for season in title.seasons for episode in season.episodes]
    if title.kind is Kind.FILM and title.seasons:
        fields.fault("seasons", "a film has none")
    if title.kind is Kind.SERIES and not episodes:
        fields.fault("seasons", "a series must name its episodes")
    if not title.releases and not any(episode.releases for episode in episodes):
        fields.fault("releases", "must be there, or an item of an episode")
    if _out_of_order([season.number for season in title.seasons]):
        fields.fault("seasons", "must be numbered upwards")
    for season in title.seasons:
        if _out_of_order([episode.number for episode in season.episodes]):
            fields.fault("seasons", f"the episodes of season {season.number} must be numbered upwards")


def _out_of_order(numbers: list[int]) -> bool:
    return any(second <= first for first, second in pairwise(numbers))


def _releases(fields: Fields) -> Iterator[Release]:
    for one in fields.tables("releases"):
        place = _place(one)
        if place is None:
            one.fault("archive", "or magnet or url must be there")
        else:
            yield _release(one, place)


def _release(fields: Fields, place: Place) -> Release:
    return Release(
        place,
        fields.optional_text("file", pattern=_FILE, like="a path in it"),
        fields.optional_text("note"),
        length_bytes=fields.optional_whole("bytes", 1, BYTES_LIMIT),
        subtitles=fields.languages("subtitles", required=False),
    )


def _place(fields: Fields) -> Place | None:
    archive = fields.optional_text("archive", pattern=_ARCHIVE, like="an item's name")
    magnet = fields.long_text("magnet", pattern=_MAGNET, like="a magnet link with an info hash in hex")
    url = fields.optional_address("url")
    if sum(one is not None for one in (archive, magnet, url)) > 1:
        fields.fault("archive", "and magnet and url cannot stand together: one place a release")
    if archive is not None:
        return ArchiveItem(archive)
    if magnet is not None:
        return MagnetLink(magnet)
    return WebAddress(url) if url is not None else None


def _trailer(fields: Fields) -> Trailer | None:
    """Read ``[trailer]``: where it is, and what speaks for it alone."""
    one = fields.optional_table("trailer")
    if one is None:
        return None
    archive = one.optional_text("archive", pattern=_ARCHIVE, like="an item's name")
    file = one.optional_text("file", pattern=_FILE, like="a path in it")
    film = one.optional_address("film")
    evidence = tuple(_evidence(one))
    if (archive is None) == (film is None) or (archive is None) != (file is None):
        one.fault("film", "or archive and file must be there, one of both")
    if not evidence:
        one.fault("evidence", "must be there: what speaks for the film says nothing of its trailer")
    one.end()
    place = WebFilm(film or "", None) if archive is None else ArchiveItem(archive)
    return Trailer(Release(place, file), evidence)


def _seasons(fields: Fields) -> Iterator[Season]:
    for one in fields.tables("seasons"):
        number = one.whole("number", 0, EPISODES_LIMIT)
        yield Season(number, tuple(_episodes(one)))


def _episodes(fields: Fields) -> Iterator[Episode]:
    for one in fields.tables("episodes"):
        number, title = one.whole("number", 0, EPISODES_LIMIT), one.text("title")
        minutes = one.optional_whole("minutes", 1, MINUTES_LIMIT)
        titles, synopsis = one.by_language("titles"), one.by_language("synopsis", sentences=True)
        place = _place(one)
        releases = () if place is None else (_release(one, place),)
        yield Episode(number, title, minutes, titles, synopsis, releases)


class _Said(TypedDict):
    by: str
    source: str
    checked: date


CLAIMS = (
    "published", "author-died", "licence", "government", "listed", "no-notice", "not-renewed", "renewed",
    "licence-revoked", "protected",
)  # fmt: skip


def _evidence(fields: Fields) -> Iterator[Evidence]:
    for one in fields.tables("evidence"):
        said = _Said(by=one.text("by"), source=one.address("source"), checked=one.day("checked"))
        yield _claim(one.choice("claim", CLAIMS), one, said)


def _claim(claim: str, one: Fields, said: _Said) -> Evidence:
    match claim:
        case "published":
            year, country = one.whole("year", FIRST_FILM, LAST_YEAR), one.country("country")
            return Published(year=year, country=country, **said)
        case "author-died":
            return AuthorDied(
                name=one.text("name"), role=one.choice("role", ROLES), year=one.whole("year", FIRST_FILM, LAST_YEAR),
                nationality=one.optional_country("nationality"), **said,
            )  # fmt: skip
        case "licence":
            return _licence(one, said)
        case "government":
            return GovernmentWork(country=one.country("country"), **said)
        case "listed":
            return Listed(name=one.choice("list", LISTS), territory=one.country("territory"), **said)
        case "not-renewed":
            return NotRenewed(**said)
        case "renewed":
            return Renewed(**said)
        case "licence-revoked":
            return LicenceRevoked(licence=one.choice("licence", LICENCES), **said)
        case "protected":
            return Protected(country=one.country("country"), **said)
        case _:
            return NoNotice(**said)


def _licence(one: Fields, said: _Said) -> Licensed:
    licence, url = one.choice("licence", LICENCES), one.address("url")
    meant = find_licence(url)
    if licence in LICENCES and (meant is None or meant.id != licence):
        found = "of no licence that is known" if meant is None else f"of {meant.id}"
        one.fault("url", f"must be where {licence} is, such as {LICENCES[licence].url}; it is {found}")
    return Licensed(licence=licence, url=url, **said)
