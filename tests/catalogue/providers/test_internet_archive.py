"""The Internet Archive as it is documented, on loopback, and everything that can go wrong with it."""

import asyncio
import json
from datetime import date
from typing import Any

import pytest

from matinee.catalogue.providers import internet_archive
from matinee.catalogue.providers.internet_archive import PAGE, InternetArchive
from matinee.catalogue.rights import judge_title
from matinee.errors import BadSource, MatineeError, SourceLimited, SourceUnreachable
from matinee.models.provider import Query
from matinee.models.rights import Standing
from matinee.models.title import ArchiveItem, Kind, Rating, Release, Title
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Fetcher
from matinee.types import Country, TitleId
from tests.catalogue.providers.services import FAULTS, fetcher, home, says, serving
from tests.catalogue.test_archive_item import ANSWER, BY
from tests.outside.hosts import TORRENT, hosting, ok, redirect

TODAY = date(2026, 11, 26)
SEARCH = "/advancedsearch.php"
SCRAPE = "/services/search/v1/scrape"
MOON = Query(words="Le Voyage dans la lune!")

DOC: dict[str, Any] = {
    "identifier": "Laundromat", "title": "Cosmos <b>Laundromat</b>", "creator": ["Blender Foundation"], "year": "2015",
    "description": "<p>On a desolate island,<br>a sheep.</p><script>alert(1)</script>", "language": ["eng", "French"],
    "subject": "animation;short film", "licenseurl": BY, "avg_rating": "4.50", "num_reviews": 3,
    "external-identifier": ["urn:imdb:tt4957236", "urn:wikidata:q20982654"],
    "director": "Mathieu Auvray", "runtime": "12:10",
}  # fmt: skip


def archive(base: str, **options: Any) -> InternetArchive:
    return InternetArchive(fetcher(), home=base, today=lambda: TODAY, **options)


def found(*docs: dict[str, Any], total: object = None) -> bytes:
    return says({"responseHeader": {"status": 0}, "response": {"numFound": total or len(docs), "docs": docs}})


async def search(of: InternetArchive, query: Query = MOON) -> list[tuple[Title, ...]]:
    async with asyncio.timeout(20):
        return [page async for page in of.search(query)]


async def test_search_when_the_service_answers_then_titles_as_far_as_they_are_known() -> None:
    async with serving({SEARCH: found(DOC)}) as host:
        ((title,),) = await search(archive(home(host)))
        (head,) = host.asked
    assert title == Title(
        id=title.id, kind=Kind.FILM, title="Cosmos Laundromat", year=2015, countries=(), languages=("en", "fr"),
        minutes=12, directors=("Mathieu Auvray",), genres=("animation", "short"),
        imdb="tt4957236", wikidata="Q20982654",
        synopsis={"en": "On a desolate island, a sheep."}, poster=f"{home(host)}/services/img/Laundromat",
        rating=Rating(9.0, 3, "Internet Archive"),
        releases=(Release(ArchiveItem("Laundromat")),), evidence=title.evidence,
    )  # fmt: skip
    assert title.id == "internet-archive.Laundromat"
    assert judge_title(title, Country("FR"), TODAY).standing is Standing.ALLOWED
    assert "q=%28le+AND+voyage+AND+dans+AND+la+AND+lune%29+AND+mediatype%3Amovies" in head
    assert "sort%5B%5D=downloads+desc&rows=100&page=1&output=json" in head
    assert "\r\nUser-Agent: Matinee/" in head


async def test_search_when_fields_are_of_other_kinds_then_what_can_be_read_is() -> None:
    docs = [
        {"identifier": "scalar", "title": ["A film"], "year": 1999, "language": "eng", "subject": ["War", 7, None]},
        {"identifier": ["list"], "title": "Listed", "date": ["2003-01-01"],
         "avg_rating": "many", "description": {"a": 1}},
        {"identifier": "../../etc", "title": "Path", "year": "2000"},
        {"identifier": "no-year", "title": "No year", "year": "soon"},
        {"identifier": "no-title", "year": "2000"},
        {"identifier": "lent", "title": "Lent", "year": "2000", "access-restricted-item": "true"},
        "no object", None, 7, [],
    ]  # fmt: skip
    async with serving({SEARCH: says({"response": {"docs": docs, "numFound": "3"}})}) as host:
        ((scalar, listed),) = await search(archive(home(host)))
    assert (scalar.title, scalar.year, scalar.languages, scalar.genres) == ("A film", 1999, ("en",), ("war",))
    assert (listed.id, listed.year, listed.rating, listed.evidence) == (
        "internet-archive.list",
        2003,
        None,
        (),
    )


async def test_search_when_the_words_are_grammar_then_they_mean_nothing_to_it() -> None:
    async with serving({SEARCH: found()}) as host:
        assert await search(archive(home(host)), Query(words='a" OR NOT mediatype:(x) AND')) == [()]
        assert await search(archive(home(host)), Query(words='"*?:()')) == []
    (head,) = host.asked
    assert "q=%28a+AND+or+AND+not+AND+mediatype+AND+x+AND+and%29+AND" in head


def many(first: int, count: int) -> list[dict[str, Any]]:
    return [{"identifier": f"item-{n}", "title": "A film", "year": 2020} for n in range(first, first + count)]


async def test_search_when_there_are_more_than_sorted_pages_reach_then_the_rest_by_scrape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = 3 * PAGE
    monkeypatch.setattr(internet_archive, "LAST_SORTED", last)

    def page(query: dict[str, list[str]]) -> bytes:
        return found(*many((int(query["page"][0]) - 1) * PAGE, PAGE), total=last + 2)

    def scrape(query: dict[str, list[str]]) -> bytes:
        if "cursor" not in query:
            return says({"items": many(0, last), "cursor": "W3siaWRl", "count": 500, "total": last + 2})
        assert query["cursor"] == ["W3siaWRl"]
        return says({"items": many(last - 1, 3), "count": 3})

    async with serving({SEARCH: page, SCRAPE: scrape}) as host:
        pages = await search(archive(home(host)))
    assert [len(page) for page in pages] == [PAGE] * 3 + [0, 2]
    assert len({title.id for page in pages for title in page}) == last + 2


async def test_browse_when_the_cursor_does_not_move_then_it_ends() -> None:
    async with serving({SCRAPE: says({"items": many(0, 2), "cursor": "same"})}) as host:
        pages = [page async for page in archive(home(host)).browse()]
    assert [len(page) for page in pages] == [2, 2]


async def test_search_when_only_series_are_wanted_then_no_film() -> None:
    async with serving({SEARCH: found(DOC)}) as host:
        assert await search(archive(home(host)), Query(words="a", kind=Kind.SERIES)) == [()]


@pytest.mark.parametrize("fault", FAULTS)
async def test_search_when_the_service_is_faulty_then_a_clear_error(fault: str) -> None:
    answer, kind = FAULTS[fault]
    async with serving({SEARCH: answer}) as host:
        with pytest.raises(kind) as error:
            await search(archive(home(host)))
    assert error.value.message.startswith("The Internet Archive")
    assert error.value.message.endswith(".")


@pytest.mark.parametrize(
    "answer", [{"response": {"docs": {}}}, {"response": []}, {"error": "no"}, {"response": {"numFound": 3}}]
)
async def test_search_when_the_answer_has_another_shape_then_bad_source(answer: object) -> None:
    async with serving({SEARCH: says(answer)}) as host:
        with pytest.raises(BadSource, match="no answer"):
            await search(archive(home(host)))


async def test_search_when_the_answer_drips_then_unreachable_within_the_time() -> None:
    async with hosting(lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") as host:
        of = InternetArchive(fetcher(timeout_s=0.2), home=home(host))
        with pytest.raises(SourceUnreachable, match="did not answer"):
            await search(of)


class Outside(AddressPolicy):
    """Takes 127.0.0.1 for the whole internet, and everything else for what is in the house."""

    def may_contact(self, address: Any) -> bool:
        return str(address) == "127.0.0.1"


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/latest", "http://192.168.1.1/"]
)
async def test_search_when_redirected_into_the_house_then_nobody_there_is_asked(target: str) -> None:
    async with serving({SEARCH: redirect(target)}) as host:
        of = InternetArchive(Fetcher(Outside(allow_private=True)), home=home(host))
        with pytest.raises(BadSource, match="private network"):
            await search(of)


async def test_search_when_asked_to_wait_then_nothing_is_asked_meanwhile() -> None:
    async with serving({SEARCH: FAULTS["limited"][0]}) as host:
        of = archive(home(host))
        for _ in range(3):
            with pytest.raises(SourceLimited) as error:
                await search(of)
    assert len(host.asked) == 1
    wait_s = error.value.details["retry_after_s"]
    assert isinstance(wait_s, float)
    assert 50 < wait_s <= 60


async def test_search_when_many_ask_then_two_at_once_at_most() -> None:
    gate, running, most = asyncio.Event(), 0, 0
    both = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal running, most
        await reader.readuntil(b"\r\n\r\n")
        running += 1
        most = max(most, running)
        if running == 2:
            both.set()
        await gate.wait()
        running -= 1
        writer.write(found(DOC))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, asyncio.timeout(20):
        of = archive(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        asked = [asyncio.create_task(search(of)) for _ in range(6)]
        await both.wait()
        gate.set()
        pages = await asyncio.gather(*asked)
    assert most == 2
    assert [len(page) for (page,) in pages] == [1] * 6


def title(identifier: str = "Laundromat") -> Title:
    return Title(
        id=TitleId(f"internet-archive.{identifier}"), kind=Kind.FILM, title="Listed", year=2015, countries=(),
        languages=(), releases=(Release(ArchiveItem(identifier)),),
    )  # fmt: skip


async def test_details_when_the_item_is_there_then_its_files_ranked_for_the_line() -> None:
    async with serving({"/metadata/Laundromat": says(ANSWER)}) as host:
        whole = await archive(home(host)).details(title())
        slow = await archive(home(host), line_bytes_per_s=lambda: 40_000.0).details(title())
    assert (whole.id, whole.title, whole.minutes) == (title().id, "Laundromat", 12)
    assert whole.releases[0].file == "Film.mp4"
    assert slow.releases[0].file == "Film_512kb.mp4"


@pytest.mark.parametrize(
    "answer", [{}, [], {**ANSWER, "files": []}, {**ANSWER, "metadata": {"identifier": "Other"}}]
)
async def test_details_when_the_item_is_gone_or_has_no_film_then_bad_source(answer: object) -> None:
    async with serving({"/metadata/Laundromat": says(answer)}) as host:
        with pytest.raises(BadSource):
            await archive(home(host)).details(title())


@pytest.mark.parametrize("fault", FAULTS)
async def test_details_when_the_service_is_faulty_then_a_clear_error(fault: str) -> None:
    answer, kind = FAULTS[fault]
    async with serving({"/metadata/Laundromat": answer}) as host:
        with pytest.raises(kind):
            await archive(home(host)).details(title())


@pytest.mark.parametrize("identifier", ["../secret", "a/b", "", "a?b", "é", "." * 3])
async def test_details_when_the_item_cannot_be_then_nobody_is_asked(identifier: str) -> None:
    async with serving({}) as host:
        with pytest.raises(MatineeError):
            await archive(home(host)).details(title(identifier))
    assert host.asked == []


async def test_torrent_when_the_item_has_one_then_its_bytes_wherever_it_lies_today() -> None:
    path = "/download/Laundromat/Laundromat_archive.torrent"
    async with serving({path: redirect("/14/items/L.torrent"), "/14/items/L.torrent": ok(TORRENT)}) as host:
        assert await archive(home(host)).torrent(title().releases[0]) == TORRENT


async def test_details_when_the_item_is_large_then_read_all_the_same() -> None:
    files = [
        {"name": f"frame_{n:06}.jpg", "source": "derivative", "format": "Thumbnail"} for n in range(4000)
    ]
    answer = json.dumps({**ANSWER, "files": files + ANSWER["files"]}).encode()
    async with serving({"/metadata/Laundromat": ok(answer)}) as host:
        of = InternetArchive(fetcher(max_bytes=8 * 2**20), home=home(host))
        assert len((await of.details(title())).releases) == 4


def test_address_when_a_name_has_anything_in_it_then_one_path_that_stays() -> None:
    of = InternetArchive(fetcher())
    assert of.address("Item", "a b/ç#?.mp4") == "https://archive.org/download/Item/a%20b/%C3%A7%23%3F.mp4"


def test_about_when_asked_then_its_titles_begin_with_its_id() -> None:
    assert title().id.startswith(f"{InternetArchive(fetcher()).about.id}.")


async def test_details_when_a_country_is_asked_then_the_uploaders_word_is_evidence_with_its_source() -> None:
    answer = {**ANSWER, "metadata": {**ANSWER["metadata"], "licenseurl": BY}}
    async with serving({"/metadata/Laundromat": says(answer)}) as host:
        whole = await archive(home(host)).details(title())
    assert judge_title(whole, Country("US"), TODAY).standing is Standing.ALLOWED
    (claim,) = whole.evidence
    assert (claim.source, claim.checked) == ("https://archive.org/details/Laundromat", TODAY)


def part(first: int, length: int | str, body: bytes) -> bytes:
    head = f"HTTP/1.1 206 Partial\r\nContent-Range: bytes {first}-9/{length}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def test_part_when_the_archive_gives_it_or_the_whole_then_the_bytes() -> None:
    routes = {"/download/I/a%20b.mp4": part(4, 10, b"efgh"), "/download/I/c.mp4": ok(b"abcdefghij")}
    async with serving({**routes}) as host:
        of = archive(home(host))
        assert await of.part("I", "a b.mp4", 4, 8, 10) == b"efgh"
        assert await of.part("I", "c.mp4", 4, 8, 10) == b"efgh"
    assert "\r\nRange: bytes=4-7\r\n" in host.asked[0]


@pytest.mark.parametrize(
    "answer",
    [
        part(3, 10, b"efgh"),
        part(4, 11, b"efgh"),
        part(4, "*", b"efgh"),
        part(4, 10, b"efg"),
        ok(b"abcdefghijk"),
        ok(b"efgh"),
    ],
)
async def test_part_when_the_archive_gives_something_else_then_bad_source(answer: bytes) -> None:
    async with serving({"/download/I/a.mp4": answer}) as host:
        with pytest.raises(BadSource, match="another part"):
            await archive(home(host)).part("I", "a.mp4", 4, 8, 10)
