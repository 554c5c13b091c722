"""media.ccc.de as its program documents it, on loopback: talks, recordings, and schedules that say who may share."""

import asyncio
import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from matinee.catalogue.providers import media_ccc
from matinee.catalogue.providers.ccc_talk import read_schedule, read_talk
from matinee.catalogue.providers.media_ccc import MediaCcc
from matinee.catalogue.rights import judge_title
from matinee.errors import BadSource
from matinee.models.provider import Query
from matinee.models.rights import Licensed, Standing
from matinee.models.title import Kind, Release, Title, WebAddress
from matinee.types import Country, TitleId
from tests.catalogue.providers.hostile import broken
from tests.catalogue.providers.services import FAULTS, Route, fetcher, home, says, serving
from tests.outside.hosts import TORRENT, ok

TODAY = date(2026, 11, 26)
GUID = "1c4d8ad8-e072-11e8-981a-6c400891b752"
PICTURE = "https://static.media.ccc.de/p.jpg"
CDN = "https://cdn.media.ccc.de/congress/2023"
SEARCH = "/public/events/search"
TALK = Query(words="  qwerty  & keys ")
CONFERENCE = "https://api.media.ccc.de/public/conferences/37c3"


def recording(name: str, **more: Any) -> dict[str, Any]:
    return {
        "size": 512, "length": 3600, "mime_type": "video/mp4", "language": "eng-deu", "filename": name,
        "state": "downloaded", "folder": "h264-hd", "high_quality": True, "width": 1920, "height": 1080,
        "recording_url": f"{CDN}/h264-hd/{name}", "url": "https://api.media.ccc.de/public/recordings/1",
        "event_url": f"https://api.media.ccc.de/public/events/{GUID}", "conference_url": CONFERENCE, **more,
    }  # fmt: skip


EVENT: dict[str, Any] = {
    "guid": GUID, "title": "Qwerty &amp; keys", "subtitle": "a <i>talk</i>", "slug": "37c3-22-qwerty",
    "description": "On keys.<script>x</script>", "original_language": "eng", "persons": ["Ada", "Bob"],
    "tags": ["37c3", "22", "History"], "date": "2023-12-27T11:00:00.000+01:00", "release_date": "2024-01-02",
    "length": 3541, "duration": 3541, "thumb_url": "https://static.media.ccc.de/t.jpg",
    "poster_url": PICTURE, "frontend_link": "https://media.ccc.de/v/37c3-22-qwerty",
    "url": f"https://api.media.ccc.de/public/events/{GUID}", "conference_title": "37C3: Unlocked",
    "conference_url": CONFERENCE,
    "recordings": [
        recording("q.webm", mime_type="video/webm", folder="webm-hd"), recording("q.mp4"),
        recording("q_sd.mp4", folder="h264-sd", width=720, height=576, size="120"),
        recording("q.mp3", mime_type="audio/mpeg", width=None, height=None),
        recording("q.srt", mime_type="application/x-subrip", language="eng"),
        recording("q.vtt", mime_type="text/vtt", language="deu"),
        recording("n.mp4", state="new"), recording("f.mp4", recording_url="file:///etc/passwd"),
    ],
}  # fmt: skip
LICENCE = "Licensed to the public under http://creativecommons.org/licenses/by/4.0."
SCHEDULE = f"""<?xml version="1.0" encoding="utf-8"?>
<schedule><conference><acronym>37c3</acronym></conference><day><room>
<event guid="{GUID}" id="22"><recording><license>CC BY-SA 4.0</license><optout>false</optout></recording></event>
<event guid="no"><recording><license>CC BY 4.0</license><optout>true</optout></recording></event>
<event guid="empty"><recording><license></license><optout>false</optout></recording></event><event/>
</room></day></schedule>
""".encode()


def ccc(base: str) -> MediaCcc:
    return MediaCcc(
        fetcher(),
        api=f"{base}/public",
        where=lambda url: f"{base}/{url.partition('//')[2].partition('/')[2]}",
        today=lambda: TODAY,
    )


def events(*found: Any, headers: str = "") -> bytes:
    whole = says({"events": found})
    return whole.replace(b"\r\n\r\n", f"\r\n{headers}\r\n\r\n".encode(), 1) if headers else whole


def conference(schedule: Any = "https://fahrplan.example.org/schedule.xml") -> dict[str, bytes | Route]:
    return {
        "/public/conferences/37c3": says({"acronym": "37c3", "schedule_url": schedule, "events": []}),
        "/schedule.xml": ok(SCHEDULE),
    }


async def search(of: MediaCcc, query: Query = TALK) -> list[tuple[Title, ...]]:
    async with asyncio.timeout(20):
        return [page async for page in of.search(query)]


def licences(title: Title) -> list[str]:
    return [one.licence for one in title.evidence if isinstance(one, Licensed)]


async def test_search_when_the_service_answers_then_talks_with_a_torrent_for_each_recording() -> None:
    async with serving({SEARCH: events({**EVENT, "description": LICENCE})}) as host:
        ((title,),) = await search(ccc(home(host)))
        (head,) = host.asked
    assert "q=qwerty+%26+keys&page=1" in head
    large = Release(
        WebAddress(f"{CDN}/h264-hd/q.mp4.torrent"), note="1080p mp4 en + de", length_bytes=512_000_000, duration_s=3600,
        width=1920, height=1080, codecs=("h264", "aac"),
    )  # fmt: skip
    assert title == Title(
        id=TitleId(f"media-ccc-de.{GUID}"), kind=Kind.FILM, title="Qwerty & keys", year=2023, countries=(),
        languages=("en",), minutes=59, cast=("Ada", "Bob"), genres=("talk", "history"), synopsis=title.synopsis,
        poster=PICTURE, backdrop=PICTURE, releases=title.releases, evidence=title.evidence,
    )  # fmt: skip
    assert title.releases[0] == large
    assert [(one.height, one.note) for one in title.releases] == [
        (1080, "1080p mp4 en + de"),
        (1080, "1080p webm en + de"),
        (576, "576p mp4 en + de"),
    ]
    assert licences(title) == ["CC-BY-4.0"]
    assert judge_title(title, Country("DE"), TODAY).standing is Standing.ALLOWED


async def test_search_when_a_talk_names_no_licence_then_its_conferences_schedule_is_asked_once() -> None:
    others = [{**EVENT, "guid": guid} for guid in ("no", "empty", "unknown")]
    async with serving({SEARCH: events(EVENT, *others), **conference()}) as host:
        of = ccc(home(host))
        (titles,) = await search(of)
        await search(of)
    assert [licences(one) for one in titles] == [["CC-BY-SA-4.0"], [], [], []]
    assert titles[0].evidence[0].by == "Whoever put it into media.ccc.de: Ada, Bob"
    assert [head.split()[1].partition("?")[0] for head in host.asked] == [
        SEARCH, "/public/conferences/37c3", "/schedule.xml", SEARCH,
    ]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_search_when_the_schedule_is_faulty_then_talks_without_evidence(fault: str) -> None:
    routes = {SEARCH: events(EVENT), **conference(), "/schedule.xml": FAULTS[fault][0]}
    async with serving({**routes}) as host:
        ((title,),) = await search(ccc(home(host)))
    assert title.evidence == ()


@pytest.mark.parametrize("schedule", [None, "", "file:///etc/passwd", "http://127.0.0.1/", 7])
async def test_search_when_the_schedule_is_nowhere_then_nobody_is_asked_for_it(schedule: Any) -> None:
    async with serving({SEARCH: events(EVENT), **conference(schedule)}) as host:
        ((title,),) = await search(ccc(home(host)))
    assert title.evidence == ()
    assert len(host.asked) == 2


async def test_search_when_the_conference_is_away_then_it_is_asked_again_the_next_time() -> None:
    async with serving({SEARCH: events(EVENT), "/public/conferences/37c3": FAULTS["away"][0]}) as host:
        of = ccc(home(host))
        await search(of)
        await search(of)
    assert len([head for head in host.asked if "conferences" in head]) == 2


async def test_search_when_the_schedule_drips_then_the_talks_do_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(media_ccc, "CONFERENCES_S", 0.2)
    drip = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<"
    async with serving({SEARCH: events(EVENT), **conference(), "/schedule.xml": drip}) as host:
        ((title,),) = await search(ccc(home(host)))
    assert title.evidence == ()


async def test_search_when_there_are_more_pages_then_as_far_as_the_header_leads() -> None:
    def page(query: dict[str, list[str]]) -> bytes:
        number = int(query["page"][0])
        link = f'Link: <https://x/?page=1>; rel="first", <https://x/?page={number + 1}>; rel="next"'
        return events(
            {**EVENT, "guid": f"g{number}", "description": LICENCE}, headers=link if number < 3 else ""
        )

    async with serving({SEARCH: page}) as host:
        pages = await search(ccc(home(host)))
    assert [len(page) for page in pages] == [1, 1, 1]


async def test_search_when_the_next_page_is_always_the_same_then_it_ends() -> None:
    again = events({**EVENT, "description": LICENCE}, headers='Link: <https://x/>; rel="next"')
    async with serving({SEARCH: again}) as host:
        assert [len(page) for page in await search(ccc(home(host)))] == [1, 0]


async def test_search_when_series_are_wanted_or_nothing_then_nobody_is_asked() -> None:
    async with serving({}) as host:
        assert await search(ccc(home(host)), Query(words="a", kind=Kind.SERIES)) == []
        assert await search(ccc(home(host)), Query(words=" ")) == []
    assert host.asked == []


@pytest.mark.parametrize("answer", [{"events": {}}, {"error": "no"}, {}])
async def test_search_when_the_answer_has_another_shape_then_bad_source(answer: object) -> None:
    async with serving({SEARCH: says(answer)}) as host:
        with pytest.raises(BadSource, match="no answer"):
            await search(ccc(home(host)))


def listed() -> Title:
    title = read_talk(EVENT, TODAY)
    assert title is not None
    return title


async def test_details_when_the_talk_is_there_then_its_recordings_and_what_the_schedule_says() -> None:
    async with serving({f"/public/events/{GUID}": says(EVENT), **conference()}) as host:
        whole = await ccc(home(host)).details(listed())
    assert (len(whole.releases), licences(whole)) == (3, ["CC-BY-SA-4.0"])


@pytest.mark.parametrize(
    "event", [{}, [], {**EVENT, "recordings": []}, {**EVENT, "guid": "other"}, {**EVENT, "title": None}]
)
async def test_details_when_it_is_gone_or_another_then_bad_source(event: Any) -> None:
    async with serving({f"/public/events/{GUID}": says(event)}) as host:
        with pytest.raises(BadSource):
            await ccc(home(host)).details(listed())


async def test_torrent_when_the_service_has_it_then_its_bytes() -> None:
    async with serving({"/q.mp4.torrent": ok(TORRENT)}) as host:
        assert await ccc(home(host)).torrent(Release(WebAddress(f"{home(host)}/q.mp4.torrent"))) == TORRENT


@pytest.mark.parametrize(
    "description",
    ["Everything is CC somewhere", "All rights reserved. " + LICENCE, f"{LICENCE} or https://creativecommons.org/licenses/by-nd/4.0/",
     "https://creativecommons.org.evil.example/licenses/by/4.0/"],
)  # fmt: skip
def test_read_talk_when_the_words_are_no_licence_or_two_then_no_evidence(description: str) -> None:
    title = read_talk({**EVENT, "description": description}, TODAY)
    assert title is not None
    assert title.evidence == ()


def test_read_talk_when_a_recording_is_named_without_encryption_then_with_it() -> None:
    (release,) = read_only(recording("a.mp4", recording_url="http://cdn.media.ccc.de/a.mp4"))
    assert release.place == WebAddress("https://cdn.media.ccc.de/a.mp4.torrent")


def read_only(*recordings: Any) -> tuple[Release, ...]:
    title = read_talk({**EVENT, "recordings": list(recordings)}, TODAY)
    assert title is not None
    return title.releases


def test_read_schedule_when_it_says_something_then_by_talk() -> None:
    assert read_schedule(SCHEDULE) == {GUID: "CC BY-SA 4.0"}


@given(broken({**EVENT, "description": LICENCE}))
def test_read_talk_when_anything_is_broken_then_a_title_that_keeps_its_promise_or_none(event: Any) -> None:
    said = event if isinstance(event, dict) else {}
    before = copy.deepcopy(said)
    title = read_talk(said, TODAY)
    assert said == before
    if title is not None:
        assert title.id.startswith("media-ccc-de.")
        assert title.releases
        assert all(
            isinstance(one.place, WebAddress) and one.place.url.startswith("https://")
            for one in title.releases
        )
