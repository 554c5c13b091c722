"""Feeds with torrents: RSS 2.0 and 1.0, Media RSS, Atom. Pure.

A film is an item with a torrent: an enclosure of that type, an address that ends so, or a magnet link. What counts as
its licence is what an item states in the words made for it, else what its feed states of all:
``creativeCommons:license``, ``cc:license``, ``media:license``, ``dcterms:license``, a link with ``rel="license"``, an
address in ``dc:rights``, ``rights`` or ``copyright``. Sources: the specifications of RSS 2.0, RSS 1.0, Atom (RFC 4287,
RFC 4946), Media RSS 1.5.1, Dublin Core's terms, the creativeCommons module of RSS, the torrent namespace of ezRSS.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from matinee.catalogue.providers import claim, reading
from matinee.catalogue.providers.markup import Node, NotWellFormed, read
from matinee.models.provider import Feed
from matinee.models.rights import Evidence
from matinee.models.title import Kind, MagnetLink, Place, Release, Title, WebAddress
from matinee.names import clean_name
from matinee.types import TitleId

ID = "feeds"
MOST_ITEMS = 1000
"""Of one feed."""
LONGEST_LINK = 4000

_ATOM = "http://www.w3.org/2005/Atom "
_RSS1 = "http://purl.org/rss/1.0/ "
_DC = "http://purl.org/dc/elements/1.1/ "
_TERMS = "http://purl.org/dc/terms/ "
_MEDIA = "http://search.yahoo.com/mrss/ "
_CC_RSS = "http://backend.userland.com/creativeCommonsRssModule "
_CC_HARVARD = "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html "
_CC = ("http://web.resource.org/cc/ ", "http://creativecommons.org/ns# ", _CC_HARVARD)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_TORRENT = "http://xmlns.ezrss.it/0.1/ "
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd "

_TYPE = "application/x-bittorrent"
_HOLDERS = ("item", "entry", "channel", "feed")
_YEAR = re.compile(r"\((1[89][0-9]{2}|20[0-9]{2})\)")
_DATED = re.compile(r"\b((?:19|20)[0-9]{2})\b")


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What a feed holds."""

    name: str
    """As it calls itself, for people."""
    titles: tuple[Title, ...]
    items: int
    """How many it lists; those without a torrent are among them."""


def read_feed(data: bytes, address: str, checked: date) -> FeedAnswer:
    """Read a feed.

    Args:
        data: the document.
        address: the https address it came from.
        checked: today.

    Raises:
        NotWellFormed: it is no XML, or no feed.
    """
    nodes = read(data, _HOLDERS, MOST_ITEMS + 8)
    whole = next((one for one in nodes if one.local in ("channel", "feed")), None)
    if whole is None:
        raise NotWellFormed("it is no feed")
    items = [one for one in nodes if one.local in ("item", "entry")][:MOST_ITEMS]
    host = address.partition("//")[2].partition("/")[0]
    name = clean_name(
        reading.plain_text(whole.first("title", f"{_ATOM}title", f"{_RSS1}title"), 100), host, 100
    )
    found: dict[TitleId, Title] = {}
    for item in items:
        title = _title(item, whole, name, address, checked)
        if title is not None:
            found.setdefault(title.id, title)
    return FeedAnswer(name, tuple(found.values()), len(items))


def _title(item: Node, feed: Node, feed_name: str, address: str, checked: date) -> Title | None:
    said = reading.plain_text(item.first("title", f"{_ATOM}title", f"{_RSS1}title", f"{_MEDIA}title"), 200)
    name, released = clean_name(said, "", 200), _year(item, said)
    found = tuple(_releases(item))
    if not name or released is None or not found:
        return None
    page = _page(item) or address
    own = item.first("guid", f"{_ATOM}id") or page if page != address else f"{name} {released}"
    digest = sha256(own.encode("utf-8", "replace")).hexdigest()[:24]
    languages = reading.languages(
        [item.first(f"{_DC}language", "language"), feed.first("language", f"{_DC}language")]
    )
    words = item.first(
        "description", f"{_ATOM}summary", f"{_RSS1}description", f"{_MEDIA}description", f"{_ATOM}content"
    )
    synopsis = reading.plain_text(words)
    duration_s = next((one.duration_s for one in found if one.duration_s), None) or reading.seconds(
        item.first(f"{_ITUNES}duration")
    )
    labels = [
        one.attributes.get("term", "") or one.text
        for one in item.all("category", f"{_ATOM}category", f"{_DC}subject")
    ]
    return Title(
        id=reading.title_id(ID, f"{Feed(address).id}-{digest}"),
        kind=Kind.FILM,
        title=name,
        year=released,
        countries=(),
        languages=languages[:1],
        minutes=round(duration_s / 60) or 1 if duration_s else None,
        genres=reading.genres(labels),
        synopsis={languages[0] if languages else "en": synopsis} if synopsis else {},
        poster=_picture(item),
        releases=found,
        evidence=_evidence(item, feed, feed_name, page, released, checked),
    )  # fmt: skip


def _year(item: Node, title: str) -> int | None:
    """Give the year in brackets behind a title, which is the film's; else that in which it was put there."""
    behind = _YEAR.findall(title)
    dates = item.first("pubDate", f"{_ATOM}published", f"{_DC}date", f"{_TERMS}created", f"{_ATOM}updated")[
        :60
    ]
    return reading.year(*behind[-1:], *_DATED.findall(dates))


def _page(item: Node) -> str | None:
    """Give the https address where a person sees the item."""
    links = [one.attributes.get("href", "") for one in item.all(f"{_ATOM}link")
             if one.attributes.get("rel", "alternate") == "alternate"]  # fmt: skip
    for said in (*links, item.first("link", f"{_RSS1}link"), item.first("guid")):
        address = reading.web_address(said)
        if address and not address.partition("?")[0].endswith(".torrent"):
            return address
    return None


def _picture(item: Node) -> str | None:
    for one in item.all(f"{_MEDIA}thumbnail", f"{_ITUNES}image"):
        address = reading.web_address(one.attributes.get("url") or one.attributes.get("href"))
        if address:
            return address
    return None


def _releases(item: Node) -> Iterator[Release]:
    """Give an item's torrents, none twice."""
    groups = [item, *item.all(f"{_MEDIA}group")]
    content = [one for group in groups for one in group.all(f"{_MEDIA}content")]
    films = [one.attributes for one in content if one.attributes.get("type", "").startswith("video/")]
    places = {
        place: one for one in (*item.all("enclosure", f"{_ATOM}link"), *content) if (place := _place(one))
    }
    for place, node in places.items():
        if node in content:
            yield _release(place, node.attributes)
        elif len(places) == len(films) == 1:
            yield _release(place, films[0])
        else:
            # Which film is in which torrent nobody says; all of them last as long.
            yield _release(place, {"duration": films[0].get("duration", "")} if films else {})
    if not places:
        links = map(_magnet, (*_torrent_module(item), item.first("link"), item.first("guid")))
        yield from (_release(link, films[0] if films else {}) for link in list(filter(None, links))[:1])


def _release(place: Place, said: dict[str, str]) -> Release:
    return Release(
        place,
        length_bytes=reading.whole(said.get("fileSize"), reading.MAX_BYTES) or None,
        duration_s=reading.seconds(said.get("duration")),
        width=reading.whole(said.get("width"), 65_535) or None,
        height=reading.whole(said.get("height"), 65_535) or None,
    )


def _place(node: Node) -> Place | None:
    said = node.attributes
    if node.name == f"{_ATOM}link" and said.get("rel") != "enclosure":
        return None
    address = said.get("url") or said.get("href") or ""
    torrent = reading.web_address(address)
    if torrent and (said.get("type") == _TYPE or torrent.partition("?")[0].endswith(".torrent")):
        return WebAddress(torrent)
    return _magnet(address)


def _torrent_module(item: Node) -> Iterator[str]:
    for holder in (item, *item.all(f"{_TORRENT}torrent")):
        yield holder.first(f"{_TORRENT}magnetURI")


def _magnet(said: str) -> MagnetLink | None:
    said = said.strip()
    good = said.startswith("magnet:?") and len(said) <= LONGEST_LINK and said.isascii() and said.isprintable()
    return MagnetLink(said) if good and " " not in said else None


def _evidence(
    item: Node, feed: Node, feed_name: str, page: str, year: int, checked: date
) -> tuple[Evidence, ...]:
    """Give the licence that an item states, else that of its feed; none where either reserves all rights."""
    for holder in (item, feed):
        if claim.says_all_reserved(" ".join(_words_on_rights(holder))):
            return ()
        said = [one for one in _licences(holder) if one]
        if said:
            # An item that states something of its own, whatever it is, is not under what its feed states of all.
            licences = [licence for one in said for licence in claim.licences_in(one)]
            people = _people(item) or _people(feed) or (feed_name,)
            into = f"the feed “{feed_name}”"
            return claim.stated(licences, people, into=into, source=page, year=year, checked=checked)
    return ()


def _licences(holder: Node) -> Iterator[str]:
    for node in holder.all(f"{_CC_RSS}license", f"{_TERMS}license", *(f"{one}license" for one in _CC)):
        yield node.text or node.attributes.get(f"{_RDF}resource", "")
    groups = (holder, *holder.all(f"{_MEDIA}content", f"{_MEDIA}group"))
    for node in (one for group in groups for one in group.all(f"{_MEDIA}license")):
        yield node.attributes.get("href", "") or node.text
    for node in holder.all(f"{_ATOM}link", "link"):
        if node.attributes.get("rel") == "license":
            yield node.attributes.get("href", "")
    for said in _words_on_rights(holder):
        # Only an address: a sentence on rights names licences that are not given, too.
        yield from (one for one in claim.licences_in(said) if "//" in one)


def _words_on_rights(holder: Node) -> Iterable[str]:
    names = (f"{_DC}rights", f"{_TERMS}rights", f"{_ATOM}rights", "copyright", f"{_MEDIA}copyright")
    return [text for node in holder.all(*names) if (text := node.text)]


def _people(holder: Node) -> tuple[str, ...]:
    said = [
        one.text
        for one in holder.all(
            f"{_DC}creator", f"{_MEDIA}credit", f"{_ITUNES}author", "author", "managingEditor"
        )
    ]
    said += [one.first(f"{_ATOM}name") for one in holder.all(f"{_ATOM}author")]
    # RSS puts an address of mail there, with the name in brackets behind it.
    names = [re.sub(r"^\S+@\S+\s*\((.*)\)$", r"\1", one.strip()) for one in said if one.strip()]
    return reading.names([one for one in names if "@" not in one])
