"""Feeds in every dress: what is a film in them, and what of their words is a licence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.providers.feed_reading import FeedAnswer, read_feed
from matinee.catalogue.providers.markup import NotWellFormed
from matinee.models.provider import Feed
from matinee.models.rights import Licensed
from matinee.models.title import Kind, MagnetLink, Release, Title, WebAddress
from matinee.types import TitleId

TODAY = date(2026, 11, 26)
ADDRESS = "https://films.example/feed.xml"
BY = "https://creativecommons.org/licenses/by/4.0/"
TORRENT = "https://films.example/t/moon.torrent"
SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule" '
    'xmlns:cc="http://web.resource.org/cc/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:torrent="http://xmlns.ezrss.it/0.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
ENCLOSURE = f'<enclosure url="{TORRENT}" type="application/x-bittorrent" length="4711"/>'


def rss(item: str, channel: str = "", *, name: str = "Open films") -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel><title>{name}</title><language>fr</language>'
        f"{channel}<item>{item}</item></channel></rss>"
    ).encode()


def film(more: str = "", *, title: str = "To the moon", channel: str = "") -> Title:
    item = f"<title>{title}</title><link>https://films.example/moon</link>"
    item += "<pubDate>Tue, 15 Dec 2020 10:00:00 GMT</pubDate>"
    (found,) = read_feed(rss(f"{item}{ENCLOSURE}{more}", channel), ADDRESS, TODAY).titles
    return found


def licence(title: Title) -> str | None:
    return next((one.licence for one in title.evidence if isinstance(one, Licensed)), None)


def test_read_feed_when_rss_then_items_with_a_torrent_are_films() -> None:
    more = (
        "<guid isPermaLink='false'>moon-1</guid>"
        "<description>&lt;p&gt;A &lt;b&gt;trip&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;</description>"
        f"<category>Animation</category><dc:creator>Ada</dc:creator><creativeCommons:license>{BY}</creativeCommons:license>"
        '<media:thumbnail url="https://films.example/moon.jpg"/><media:group><media:content type="video/mp4" '
        'url="https://films.example/m.mp4" fileSize="900" duration="754" width="1280" height="720"/></media:group>'
    )
    found = film(more)
    assert found == Title(
        id=TitleId(found.id), kind=Kind.FILM, title="To the moon", year=2020, countries=(), languages=("fr",),
        minutes=13,
        genres=("animation",), synopsis={"fr": "A trip"}, poster="https://films.example/moon.jpg",
        releases=(Release(WebAddress(TORRENT), length_bytes=900, duration_s=754, width=1280, height=720),),
        evidence=found.evidence,
    )  # fmt: skip
    assert found.id.startswith(f"feeds.{Feed(ADDRESS).id}-")
    (claim,) = found.evidence
    assert (claim.by, claim.source) == (
        "Whoever put it into the feed “Open films”: Ada",
        "https://films.example/moon",
    )


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Open &lt;b&gt;films</title>
<link rel="license" href="https://creativecommons.org/licenses/by-nd/3.0/"/><author><name>Ada</name></author>
<entry><id>tag:films.example,2020:1</id><title>Moon (1902)</title><published>2020-12-15T00:00:00Z</published>
<link href="https://films.example/moon"/><link rel="enclosure" href="{TORRENT}" type="application/x-bittorrent"/>
<rights>{BY}</rights></entry>
<entry><id>2</id><title>Sun</title><updated>2021-01-01T00:00:00Z</updated><summary>Short</summary>
<link rel="enclosure" href="https://films.example/t?id=1" type="application/x-bittorrent"/></entry>
<entry><id>3</id><title>No torrent</title><updated>2021-01-01T00:00:00Z</updated><link href="{TORRENT}x"/></entry>
</feed>"""


def test_read_feed_when_atom_then_its_entries_each_with_its_own_licence_first() -> None:
    found = read_feed(ATOM.encode(), ADDRESS, TODAY)
    moon, sun = found.titles
    assert (found.name, found.items) == ("Open films", 3)
    # A licence on a film of 1902 is nobody's to give; nor does the feed's stand in where the item has its own word.
    assert (moon.title, moon.year, licence(moon)) == ("Moon (1902)", 1902, None)
    assert (sun.year, licence(sun), sun.evidence[0].source) == (2021, "CC-BY-ND-3.0", ADDRESS)
    assert sun.releases == (Release(WebAddress("https://films.example/t?id=1")),)


def test_read_feed_when_rss_1_then_its_items() -> None:
    data = (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SPACES}><channel><title>Old</title></channel><item rdf:about="a">'
        f"<title>Moon</title><link>https://films.example/moon</link><dc:date>2004-05-06</dc:date><dc:creator>Ada</dc:creator>"
        f'<enclosure xmlns="" url="{TORRENT}"/><cc:license rdf:resource="http://creativecommons.org/licenses/by/2.0/"/></item></rdf:RDF>'
    )
    (found,) = read_feed(data.encode(), ADDRESS, TODAY).titles
    assert (found.title, found.year, licence(found)) == ("Moon", 2004, "CC-BY-2.0")


@pytest.mark.parametrize(
    ("words", "channel", "wanted"),
    [
        (f'<media:content url="x"><media:license href="{BY}">CC</media:license></media:content>', "", "CC-BY-4.0"),
        (f'<media:license type="text/html" href="{BY}"/>', "", "CC-BY-4.0"),
        (f"<dc:rights>Ada, {BY}deed.fr.</dc:rights>", "", "CC-BY-4.0"),
        (f'<atom:link rel="license" href="{BY}"/>', "", "CC-BY-4.0"),
        ("<dcterms:license>CC BY-SA 4.0</dcterms:license>", "", "CC-BY-SA-4.0"),
        ("", f"<creativeCommons:license>{BY}</creativeCommons:license>", "CC-BY-4.0"),
        ("", f"<copyright>Ada 2020, {BY}</copyright>", "CC-BY-4.0"),
        # Nothing, something that is none, two at once, all rights reserved, and words that only speak of a licence.
        ("", "", None),
        ("<creativeCommons:license>ours</creativeCommons:license>", f'<atom:link rel="license" href="{BY}"/>', None),
        (f"<cc:license>{BY}</cc:license><media:license>{BY.replace('by', 'by-nd')}</media:license>", "", None),
        (f"<cc:license>{BY}</cc:license><dc:rights>All rights reserved</dc:rights>", "", None),
        ("", f"<cc:license>{BY}</cc:license><copyright>ALL RIGHTS RESERVED</copyright>", None),
        ("<dc:rights>Not CC BY 4.0</dc:rights>", "", None),
        (f"<description>{BY}</description>", "", None),
        (f'<atom:link rel="related" href="{BY}"/>', "", None),
    ],
)  # fmt: skip
def test_read_feed_when_a_licence_is_stated_in_its_own_words_then_that(
    words: str, channel: str, wanted: str | None
) -> None:
    assert licence(film(words, channel=channel)) == wanted


@pytest.mark.parametrize(
    "author",
    ["<author>ada@films.example (Ada)</author>", "<atom:author><atom:name>Ada</atom:name></atom:author>",
     "<media:credit>Ada</media:credit>"],
)  # fmt: skip
def test_read_feed_when_somebody_is_named_then_that_is_who_says_it(author: str) -> None:
    (claim,) = film(f"{author}<cc:license>{BY}</cc:license>").evidence
    assert claim.by.endswith(": Ada")


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString"])
def test_read_feed_when_it_names_what_every_object_of_a_page_has_then_it_is_no_language_and_no_genre(
    name: str,
) -> None:
    said = f"<dc:language>{name}</dc:language><category>{name}</category><description>A trip</description>"
    found = film(said)
    assert (found.synopsis, found.languages, found.genres) == ({"fr": "A trip"}, ("fr",), ())


def releases(words: str) -> tuple[Release, ...]:
    item = f"<title>Moon</title><pubDate>2020</pubDate>{words}"
    return next((one.releases for one in read_feed(rss(item), ADDRESS, TODAY).titles), ())


def test_read_feed_when_torrents_are_named_in_other_ways_then_found_too() -> None:
    magnet = "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c&amp;dn=a"
    link = MagnetLink(magnet.replace("&amp;", "&"))
    assert releases(f"<link>{magnet}</link>") == (Release(link),)
    assert releases(f'<enclosure url="{magnet}" type="x"/>') == (Release(link),)
    module = f"<torrent:torrent><torrent:magnetURI>{magnet}</torrent:magnetURI></torrent:torrent>"
    assert releases(module) == (Release(link),)
    assert releases(f'<enclosure url="{TORRENT}?x=1" type="x"/>') == (Release(WebAddress(f"{TORRENT}?x=1")),)
    both = releases(
        f'{ENCLOSURE}{ENCLOSURE}<media:content url="https://films.example/b.torrent" duration="60"/>'
    )
    assert both == (
        Release(WebAddress(TORRENT)),
        Release(WebAddress("https://films.example/b.torrent"), duration_s=60),
    )


@pytest.mark.parametrize(
    "words",
    ["", '<enclosure url="file:///etc/passwd.torrent" type="application/x-bittorrent"/>',
     "<link>javascript:alert(1)</link>",
     '<enclosure url="https://films.example/a.mp4" type="video/mp4"/>', "<link>magnet:?xt=urn:btih:a b</link>",
     '<enclosure url="http://films.example/a.torrent" type="application/x-bittorrent"/>'],
)  # fmt: skip
def test_read_feed_when_an_item_has_no_torrent_that_may_be_fetched_then_it_is_no_film(words: str) -> None:
    assert releases(words) == ()


@pytest.mark.parametrize(
    "data", [b"", b"<html><body>x</body></html>", b"{}", b"<rss><item></rss>", b"<item/>"]
)
def test_read_feed_when_it_is_none_then_not_well_formed(data: bytes) -> None:
    with pytest.raises(NotWellFormed):
        read_feed(data, ADDRESS, TODAY)


def test_read_feed_when_two_items_are_one_then_once() -> None:
    item = f"<item><title>Moon</title><guid>1</guid><pubDate>2020</pubDate>{ENCLOSURE}</item>"
    found = read_feed(f"<rss {SPACES}><channel>{item}{item}</channel></rss>".encode(), ADDRESS, TODAY)
    assert (len(found.titles), found.items, found.name) == (1, 2, "films.example")


WORDS = st.sampled_from(
    ["<title>", "</title>", "<item>", "</item>", ENCLOSURE, "<media:group>", "</media:group>",
     f"<cc:license>{BY}</cc:license>",
     "<pubDate>2020</pubDate>", "<atom:link rel='license'/>", "<guid/>", "<dc:rights>x</dc:rights>", "\u202e",
     "&#0;", "&lt;script&gt;",
     "<atom:author/>", "<category term='war'/>", "<media:content/>", "<link/>", "9" * 30]
)  # fmt: skip


@given(st.lists(WORDS, max_size=30).map("".join))
def test_read_feed_when_it_is_anything_then_films_that_keep_their_promise_or_none(words: str) -> None:
    try:
        found = read_feed(rss(words), ADDRESS, TODAY)
    except NotWellFormed:
        found = FeedAnswer("", (), 0)
    for one in found.titles:
        assert one.releases
        assert one.title
        assert "<" not in one.title
