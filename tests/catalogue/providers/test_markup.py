"""Strangers' XML: only what was asked for is kept, and nothing in a document makes it grow, or opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.providers.markup import MOST_NODES, NotWellFormed, read
from matinee.catalogue.providers.reading import TEXT_MAX_CHARS

LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "lol">%s]><rss><item>&e9;</item></rss>' % b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10)
)
QUADRATIC = b'<!DOCTYPE a [<!ENTITY a "%s">]><rss><item>%s</item></rss>' % (b"a" * 50_000, b"&a;" * 50_000)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY %% p SYSTEM "http://127.0.0.1/x.dtd">%%p;]><rss><item/></rss>'


def test_read_when_elements_are_wanted_then_those_with_what_is_in_them() -> None:
    channel, first, second = read(
        b'<rss xmlns:m="urn:m"><channel><title>Feed</title><item id="1"><title>A &amp; <![CDATA[<b>]]></title>'
        b'<m:part url="u"><m:deep>d</m:deep></m:part></item><link>l</link><item/></channel><item2/></rss>',
        ("item", "channel"),
        10,
    )
    assert [one.local for one in channel.children] == ["title", "link"]
    assert (first.attributes, first.first("title")) == ({"id": "1"}, "A & <b>")
    (part,) = first.all("urn:m part")
    assert (part.attributes["url"], part.first("urn:m deep"), second.children) == ("u", "d", [])


@pytest.mark.parametrize("bomb", [LAUGHS, QUADRATIC, OUTSIDE, PARAMETER])
def test_read_when_entities_are_declared_then_refused(bomb: bytes) -> None:
    with pytest.raises(NotWellFormed):
        read(bomb, ("item",), 10)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"<!doctype html><p>Down<br></p>",
        b"<a><b></a>",
        b"<a" + b" b='1'" * 3,
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b"<a>\xff\xfe</a>",
        b"<a>" * 100 + b"</a>" * 100,
        b"<a>&nbsp;</a>",
        b"\x00" * 10,
        b"<a>" + b"\xed\xa0\x80" + b"</a>",
    ],
)
def test_read_when_it_is_no_xml_then_not_well_formed(data: bytes) -> None:
    with pytest.raises(NotWellFormed):
        read(data, ("a",), 10)


def test_read_when_a_document_type_is_named_then_nothing_is_fetched_for_it() -> None:
    data = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd"><rss><item><title>t</title></item></rss>'
    (item,) = read(data, ("item",), 10)
    assert item.first("title") == "t"


def test_read_when_there_is_more_than_is_taken_then_the_rest_is_read_past() -> None:
    data = b"<rss>" + b"<item><title>t</title></item>" * 5000 + b"</rss>"
    assert len(read(data, ("item",), 7)) == 7
    (item,) = read(b"<item>" + b"<x>y</x>" * 5000 + b"</item>", ("item",), 7)
    assert len(item.children) == MOST_NODES
    (long,) = read(b"<item>" + b"x" * 200_000 + b"</item>", ("item",), 7)
    assert len(long.text) == TEXT_MAX_CHARS


def test_read_when_encoded_otherwise_then_its_words() -> None:
    data = '<?xml version="1.0" encoding="iso-8859-1"?><item>é</item>'.encode("latin-1")
    assert read(data, ("item",), 1)[0].text == "é"
    assert read("<item>é</item>".encode("utf-16"), ("item",), 1)[0].text == "é"


PIECES = st.sampled_from(
    [b"<item>", b"</item>", b"<a b='c'>", b"</a>", b"<title>", b"</title>", b"text", b"&amp;", b"<![CDATA[", b"]]>",
     b"<!--", b"-->", b"<?x ?>", b"<!DOCTYPE a [", b"<!ENTITY e 'x'>", b"]>", b"&e;", b"\xff", b"xmlns='urn:x'"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(b"".join) | st.binary(max_size=200))
def test_read_when_it_is_anything_then_elements_or_not_well_formed(data: bytes) -> None:
    try:
        found = read(data, ("item",), 5)
    except NotWellFormed:
        return
    assert all(one.local == "item" for one in found)
    assert len(found) <= 5
