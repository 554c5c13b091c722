"""Feeds that the user added: one that is away gives what it gave last, and takes nothing from the others."""

from datetime import date
from typing import Any

import pytest

from matinee.catalogue.providers.feeds import FRESH_S, Feeds
from matinee.errors import BadSource, SourceUnreachable
from matinee.models.provider import Feed, Query
from matinee.models.title import Kind, MagnetLink, Release, WebAddress
from tests.catalogue.providers.services import FAULTS, Route, fetcher, home, serving
from tests.catalogue.providers.test_feed_reading import BY, ENCLOSURE, SPACES
from tests.outside.hosts import TORRENT, ok

TODAY = date(2026, 11, 26)


def feed(*names: str) -> bytes:
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid><pubDate>2020</pubDate>{ENCLOSURE}</item>"
        for name in names
    )
    head = (
        f"<rss {SPACES}><channel><title>Open</title><creativeCommons:license>{BY}</creativeCommons:license>"
    )
    return ok(f"{head}{items}</channel></rss>".encode(), "Content-Type: application/rss+xml")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def feeds(*addresses: str, clock: Clock | None = None, off: tuple[str, ...] = ()) -> Feeds:
    wanted = [Feed(one, enabled=one not in off) for one in addresses]
    return Feeds(fetcher(), lambda: wanted, clock=clock or Clock(), today=lambda: TODAY)


async def names(of: Feeds, words: str = "", kind: Kind | None = None) -> list[str]:
    pages = [page async for page in of.search(Query(words=words, kind=kind))]
    return [one.title for page in pages for one in page]


async def test_search_when_feeds_are_there_then_what_has_the_words_and_no_word_goes_out() -> None:
    async with serving({"/a.xml": feed("To the Moon", "Sun"), "/b.xml": feed("Moon over land")}) as host:
        of = feeds(f"{home(host)}/a.xml", f"{home(host)}/b.xml")
        assert await names(of, "MOON the") == ["To the Moon"]
        assert await names(of, "moon") == ["To the Moon", "Moon over land"]
        assert await names(of, "moon", Kind.SERIES) == []
    assert sorted(head.split()[1] for head in host.asked) == ["/a.xml", "/b.xml"]
    assert all("moon" not in head.lower() for head in host.asked)


async def test_browse_when_a_feed_is_away_then_what_it_gave_last_and_its_fault_at_the_end() -> None:
    routes: dict[str, bytes | Route] = {"/a.xml": feed("Moon"), "/b.xml": feed("Sun")}
    clock = Clock()
    async with serving(routes) as host:
        of = feeds(f"{home(host)}/a.xml", f"{home(host)}/b.xml", clock=clock)
        assert await names(of) == ["Moon", "Sun"]
        routes["/a.xml"] = FAULTS["away"][0]
        clock.now_s += FRESH_S + 1
        pages = of.browse()
        given = await anext(pages)
        with pytest.raises(SourceUnreachable):
            await anext(pages)
    assert [one.title for one in given] == ["Moon", "Sun"]
    state = of.state(f"{home(host)}/a.xml")
    assert state.trouble is not None
    assert (state.trouble.code, state.name, state.titles) == ("source-unreachable", "Open", 1)
    assert state.answered_at is not None


@pytest.mark.parametrize(
    "fault", [name for name in FAULTS if name not in ("deep", "NaN", "a number", "a list")]
)
async def test_ask_when_a_feed_is_faulty_then_a_clear_error(fault: str) -> None:
    answer, kind = FAULTS[fault]
    async with serving({"/a.xml": answer}) as host:
        of = feeds(f"{home(host)}/a.xml")
        with pytest.raises(kind) as error:
            await of.ask(f"{home(host)}/a.xml")
    assert error.value.message.endswith(".")


async def test_ask_when_it_was_asked_a_short_while_ago_then_not_again_unless_wanted_anew() -> None:
    clock = Clock()
    async with serving({"/a.xml": feed("Moon")}) as host:
        of, address = feeds(f"{home(host)}/a.xml", clock=clock), f"{home(host)}/a.xml"
        await of.ask(address)
        # Back, as no clock of this kind goes, and forth.
        clock.now_s += FRESH_S - 1
        await of.ask(address)
        assert len(host.asked) == 1
        await of.ask(address, anew=True)
        clock.now_s += FRESH_S
        await of.ask(address)
    assert len(host.asked) == 3


async def test_browse_when_a_feed_is_off_or_taken_away_then_nobody_asks_it() -> None:
    async with serving({"/a.xml": feed("Moon")}) as host:
        address = f"{home(host)}/a.xml"
        assert await names(feeds(address, off=(address,))) == []
        assert await names(feeds()) == []
    assert host.asked == []


async def test_torrent_when_an_item_has_one_then_its_bytes() -> None:
    async with serving({"/t.torrent": ok(TORRENT)}) as host:
        of = feeds()
        assert await of.torrent(Release(WebAddress(f"{home(host)}/t.torrent"))) == TORRENT
        with pytest.raises(BadSource, match="magnet"):
            await of.torrent(Release(MagnetLink("magnet:?xt=urn:btih:a")))


def test_about_when_asked_then_it_is_nowhere_on_the_web() -> None:
    about: Any = feeds().about
    assert (about.id, about.home) == ("feeds", "")
