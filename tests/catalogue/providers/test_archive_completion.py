"""What the Internet Archive has of a serial of the shelf, on loopback: its own item, a search, and everything wrong."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from matinee.catalogue.providers.archive_completion import MOST_COPIES
from matinee.errors import BadSource, MatineeError, TooLarge
from matinee.models.title import ArchiveItem, Episode, Kind, Rating, Release, Season, Title
from tests.catalogue.made import film
from tests.catalogue.providers.services import FAULTS, home, says, serving
from tests.catalogue.providers.test_internet_archive import SEARCH, archive, found
from tests.catalogue.test_archive_item import BY, MARK
from tests.outside.hosts import Host

NAMES = ("The Purple Death", "Freezing Torture", "Walking Bombs")
NAME = "Flash Gordon Conquers the Universe"


def serial(own: int = 1, releases: tuple[Release, ...] = ()) -> Title:
    """Make a serial of the shelf of which so many chapters have an item."""
    episodes = tuple(
        Episode(
            number, name, releases=(Release(ArchiveItem(f"flash_gordon{number}")),) if number <= own else ()
        )
        for number, name in enumerate(NAMES, 1)
    )
    return film(
        "flash-1940",
        NAME,
        1940,
        kind=Kind.SERIES,
        seasons=(Season(1, episodes),),
        releases=releases,
        imdb="tt0032475",
    )


def item(identifier: str, title: str, *names: str, reviews: object = (), **said: object) -> bytes:
    """Describe an item as the Archive does: each film as it was uploaded, and in a small copy."""
    files: list[dict[str, Any]] = []
    for name in names:
        files += [
            {"name": f"{name}.mp4", "source": "original", "format": "h.264", "size": "90000000", "length": "1210.5"},
            {"name": f"{name}_512kb.mp4", "source": "derivative", "format": "512Kb MPEG4", "size": 50_000_000,
             "length": "20:10", "original": f"{name}.mp4"},
        ]  # fmt: skip
    metadata = {"identifier": identifier, "title": title, "mediatype": "movies", **said}
    return says({"server": "ia6.us.archive.org", "metadata": metadata, "files": files, "reviews": reviews})


def doc(identifier: str, title: str, **said: object) -> dict[str, Any]:
    return {"identifier": identifier, "title": title, **said}


async def completed(routes: Mapping[str, bytes], title: Title) -> tuple[Title | None, Host]:
    """Ask until nothing more comes; gives the last."""
    last: Title | None = None
    async with serving({**routes}) as host:
        async for (one,) in archive(home(host)).complete(title):
            last = one
    return last, host


def places(title: Title | None) -> dict[int, list[tuple[str, str | None]]]:
    """Give where each episode of a title is."""
    assert title is not None
    return {
        one.number: [(release.place.identifier, release.file) for release in one.releases]  # type: ignore[union-attr]
        for season in title.seasons
        for one in season.episodes
    }


OWN = "/metadata/flash_gordon1"


async def test_complete_when_the_shelfs_item_holds_all_then_each_missing_chapter_and_nobody_is_searched() -> (
    None
):
    files = ("flash ch 1", "flash ch 2", "flash ch 3")
    title, host = await completed({OWN: item("flash_gordon1", "FG", *files)}, serial())
    assert places(title) == {
        2: [("flash_gordon1", "flash ch 2.mp4"), ("flash_gordon1", "flash ch 2_512kb.mp4")],
        3: [("flash_gordon1", "flash ch 3.mp4"), ("flash_gordon1", "flash ch 3_512kb.mp4")],
    }
    assert title is not None
    assert (title.id, title.kind, title.imdb, title.evidence) == (
        "internet-archive..flash-1940",
        Kind.SERIES,
        "tt0032475",
        (),
    )
    (first, small) = title.seasons[0].episodes[0].releases
    assert (first.length_bytes, first.duration_s, small.length_bytes) == (90_000_000, 1210.5, 50_000_000)
    assert len(host.asked) == 1


ELSEWHERE = {
    OWN: item("flash_gordon1", "Flash Gordon ch 1", "fg1"),
    SEARCH: found(
        doc("two", f"{NAME} - Chapter 2", year="1940"),
        doc("three", f"{NAME} (1940) Ch. Three: Walking Bombs"),
        doc("other", "Flash Gordon's Trip to Mars - Chapter 2"),
        doc("../up", f"{NAME} - Chapter 2"),
        doc("lent", f"{NAME} - Chapter 2", **{"access-restricted-item": "true"}),
        doc("first", f"{NAME} - Chapter 1"),
    ),
    "/metadata/two": item("two", f"{NAME} - Chapter 2", "fg2"),
    "/metadata/three": item("three", f"{NAME} (1940) Ch. Three: Walking Bombs", "walking"),
}


async def test_complete_when_chapters_are_items_of_their_own_then_they_are_searched_by_name() -> None:
    title, host = await completed(ELSEWHERE, serial())
    assert places(title) == {
        2: [("two", "fg2.mp4"), ("two", "fg2_512kb.mp4")],
        3: [("three", "walking.mp4"), ("three", "walking_512kb.mp4")],
    }
    asked = [urlsplit(head.split()[1]) for head in host.asked]
    assert [one.path for one in asked] == [OWN, SEARCH, "/metadata/two", "/metadata/three"]
    (words,) = parse_qs(asked[1].query)["q"]
    assert words.startswith(
        "title:(flash AND gordon AND conquers AND the AND universe) AND mediatype:movies AND format:"
    )
    assert "-access-restricted-item:true AND -collection:(movie_trailers" in words
    assert "licenseurl" not in words


async def test_complete_when_an_item_found_holds_all_then_each_of_its_files() -> None:
    routes = {
        OWN: FAULTS["gone"][0],
        SEARCH: found(doc("all", f"{NAME} 1940, complete serial, 3 chapters")),
        "/metadata/all": item("all", f"{NAME} 1940, complete serial, 3 chapters", "01", "02", "03"),
    }
    title, _ = await completed(routes, serial())
    assert places(title) == {
        2: [("all", "02.mp4"), ("all", "02_512kb.mp4")],
        3: [("all", "03.mp4"), ("all", "03_512kb.mp4")],
    }
    title, _ = await completed(routes, serial(own=0))
    assert list(places(title)) == [1, 2, 3]


async def test_complete_when_many_have_a_chapter_then_a_few_of_them() -> None:
    several = [doc(f"copy-{number}", f"{NAME} chapter 2") for number in range(9)]
    items = {
        f"/metadata/copy-{number}": item(f"copy-{number}", f"{NAME} chapter 2", "x") for number in range(9)
    }
    title, _ = await completed({OWN: FAULTS["gone"][0], SEARCH: found(*several), **items}, serial())
    assert len({identifier for identifier, _ in places(title)[2]}) == MOST_COPIES


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({"licenseurl": MARK}, True),
        ({"licenseurl": "https://creativecommons.org/publicdomain/mark/1.0/"}, True),
        ({"rights": "Public domain"}, True),
        ({"licenseurl": "http://creativecommons.org/licenses/by-nc-nd/3.0/us/"}, False),
        ({"licenseurl": "https://example.org/terms"}, False),
        ({"licenseurl": BY}, True),  # the very licence under which it is known to be
        ({"licenseurl": [MARK, "http://creativecommons.org/licenses/by-nc-nd/3.0/"]}, False),
        ({"rights": "© 1940 Universal. All rights reserved."}, False),
        ({"possible-copyright-status": "IN_COPYRIGHT"}, False),
        ({"access-restricted-item": "true"}, False),
    ],
)
@pytest.mark.parametrize("own", [True, False])
async def test_complete_when_an_item_claims_rights_then_it_is_left_out(
    said: dict[str, object], taken: bool, own: bool
) -> None:
    holds = "all" if not own else "flash_gordon1"
    name = f"{NAME} (serial)"
    routes = {
        OWN: FAULTS["gone"][0],
        SEARCH: found(doc("all", name, **said)),
        f"/metadata/{holds}": item(holds, name, "ch 1", "ch 2", "ch 3", reviews=[{"stars": "5"}], **said),
    }
    title, _ = await completed(routes, serial())
    assert (title is not None) is taken


async def test_complete_when_only_the_items_files_say_so_then_what_the_list_did_not_tell_counts_too() -> None:
    claimed = item("two", f"{NAME} - Chapter 2", "fg2", rights="All rights reserved")
    title, _ = await completed({**ELSEWHERE, "/metadata/two": claimed}, serial())
    assert list(places(title)) == [3]


async def test_complete_when_the_shelf_says_that_an_item_holds_all_then_all_of_it_or_nothing() -> None:
    whole = serial(own=0, releases=(Release(ArchiveItem("flash_gordon1")),))
    title, host = await completed({OWN: item("flash_gordon1", "FG", "ch 1", "ch 2", "ch 3")}, whole)
    assert list(places(title)) == [1, 2, 3]
    title, more = await completed({OWN: item("flash_gordon1", "FG", "ch 1", "ch 2", "end")}, whole)
    assert title is None
    assert [len(one.asked) for one in (host, more)] == [1, 1]


@pytest.mark.parametrize(
    ("reviews", "said", "rating"),
    [
        ([{"stars": "5"}, {"stars": 4}, {"stars": "4"}], {}, Rating(8.7, 3, "Internet Archive")),
        (
            {"info": {"num_reviews": 27, "avg_rating": "4.30"}, "reviews": []},
            {},
            Rating(8.6, 27, "Internet Archive"),
        ),
        ([], {"avg_rating": "3.5", "num_reviews": "2"}, Rating(7.0, 2, "Internet Archive")),
        ([{"stars": "0"}, {"stars": "many"}, {"stars": 9}, 7, None], {}, None),
        ("none", {"avg_rating": "6", "num_reviews": 3}, None),
    ],
)
async def test_complete_when_people_reviewed_it_then_their_stars(
    reviews: object, said: dict[str, object], rating: Rating | None
) -> None:
    of_film = film("a-film-1940", "A film", 1940, releases=(Release(ArchiveItem("it"), "f.mp4"),))
    title, _ = await completed({"/metadata/it": item("it", "A film", "f", reviews=reviews, **said)}, of_film)
    assert (title and title.rating) == rating
    if title is not None:
        assert title.releases == of_film.releases


async def test_complete_when_chapters_are_reviewed_then_all_their_stars_together() -> None:
    routes = {
        **ELSEWHERE,
        OWN: item("flash_gordon1", "Flash Gordon ch 1", "fg1", avg_rating="5.0", num_reviews="3"),
        "/metadata/two": item("two", f"{NAME} - Chapter 2", "fg2", avg_rating="1.0", num_reviews="1"),
    }
    title, _ = await completed(routes, serial())
    assert title is not None
    assert title.rating == Rating(8.0, 4, "Internet Archive")


async def completed_until(routes: Mapping[str, bytes]) -> tuple[list[Title], MatineeError | None]:
    """Ask until it fails, or nothing more comes; gives all that came, and why it ended."""
    given: list[Title] = []
    async with serving({**routes}) as host:
        try:
            async for (one,) in archive(home(host)).complete(serial()):
                given.append(one)
        except MatineeError as error:
            return given, error
    return given, None


@pytest.mark.parametrize("fault", FAULTS)
async def test_complete_when_the_search_is_faulty_then_a_clear_error_after_what_the_item_had(
    fault: str,
) -> None:
    answer, kind = FAULTS[fault]
    given, error = await completed_until({OWN: item("flash_gordon1", "FG", "ch 1", "ch 2"), SEARCH: answer})
    assert [list(places(one)) for one in given] == [[2]]
    assert isinstance(error, kind)
    assert error.message.startswith("The Internet Archive")


@pytest.mark.parametrize("fault", FAULTS)
async def test_complete_when_an_item_is_faulty_then_others_are_looked_into_unless_it_is_away(
    fault: str,
) -> None:
    answer, kind = FAULTS[fault]
    given, error = await completed_until({**ELSEWHERE, "/metadata/two": answer})
    if kind in (BadSource, TooLarge):
        assert ([list(places(one)) for one in given], error) == ([[3]], None)
    else:
        assert (given, type(error)) == ([], kind)


async def test_complete_when_an_item_has_nothing_of_ours_then_nothing() -> None:
    of_nobody = replace(serial(own=0), imdb=None)
    title, host = await completed({SEARCH: found()}, of_nobody)
    assert (title, len(host.asked)) == (None, 1)
