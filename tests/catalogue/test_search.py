"""What is typed finds what is meant, on either database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import pytest

from matinee.catalogue.law import Law
from matinee.catalogue.search import Search
from matinee.catalogue.store import TitleStore
from matinee.errors import BadRequest
from matinee.models.catalogue import Filters, Sort, TitlePage, TitleQuery
from matinee.models.rights import Standing
from matinee.models.title import Kind, Rating, Release, Title
from matinee.storage.database import Database
from matinee.types import Country
from tests.catalogue.made import ELSEWHERE, MAGNET, PUBLISHED, SERIES, film

TITLES = (
    film("metropolis-1927", "Metropolis", 1927, directors=("Fritz Lang",), cast=("Brigitte Helm",),
         genres=("science-fiction", "drama"), rating=Rating(8.3, 10, "People"), minutes=153,
         releases=(Release(MAGNET, subtitles=("fr",)),)),
    film("nosferatu-1922", "Nosferatu, eine Symphonie des Grauens", 1922, titles={"fr": "Nosferatu le vampire"},
         directors=("F. W. Murnau",), cast=("Max Schreck",), genres=("horror",)),
    film("the-general-1926", "The General", 1926, directors=("Buster Keaton",), genres=("comedy",), children=True,
         minutes=90, languages=("en-US",),
         synopsis={"en": "An engine is stolen by spies. Metropolis is far.", "fr": "Un train."}),
    film("general-1931", "General", 1931, languages=("en",), genres=("war",), shelves=("war",), releases=()),
    film("a-general-error-1940", "A General Error", 1940, languages=("en",), genres=("comedy",)),
    film("generals-1935", "Generals", 1935, languages=("en",)),
    film("the-black-general-1950", "The Black General", 1950, languages=("en",)),
    film("zero-for-conduct-1933", "Zéro de conduite", 1933, directors=("Jean Vigo",), languages=("fr",)),
    film("potemkin-1925", "Броненосец «Потёмкин»", 1925, titles={"en": "Battleship Potemkin"}, languages=("ru",)),
    SERIES,
    film("forbidden-1999", "General Secrets", 1999, evidence=()),
    replace(ELSEWHERE, title="Q"),
)  # fmt: skip


@dataclass
class House:
    """A catalogue of some titles."""

    store: TitleStore
    search: Search

    async def find(self, words: str = "", **fields: object) -> TitlePage:
        return await self.search.find(TitleQuery(words=words, **fields))  # type: ignore[arg-type] # a test's own

    async def ids(self, words: str = "", **fields: object) -> list[str]:
        return ids((await self.find(words, **fields)).titles)


def ids(titles: Sequence[Title]) -> list[str]:
    return [title.id for title in titles]


@pytest.fixture
async def house(database: Database) -> House:
    law = Law(Country("FR"), lambda: date(2026, 11, 26))
    store = TitleStore(database, law)
    await store.put("shelf", TITLES)
    return House(store, Search(database, store, law))


async def test_find_when_words_are_in_many_places_then_the_best_come_first(house: House) -> None:
    assert await house.ids("general") == [
        "the-general-1926", "general-1931", "a-general-error-1940", "generals-1935", "the-black-general-1950",
    ]  # fmt: skip
    assert await house.ids("metropolis") == ["metropolis-1927", "the-general-1926"]


FIRST = {
    "n": "nosferatu-1922",
    "nosf": "nosferatu-1922",
    "NOSFERATU VAMP": "nosferatu-1922",
    "nosferatu le v": "nosferatu-1922",
    "zero de": "zero-for-conduct-1933",
    "Zéro": "zero-for-conduct-1933",
    "vigo": "zero-for-conduct-1933",
    "потемкин": "potemkin-1925",
    "battleship": "potemkin-1925",
    "lang 1927": "metropolis-1927",
    "science fiction metropolis": "metropolis-1927",
    "metropolis helm lang": "metropolis-1927",
    "la tete coupee": "les-vampires-1915",
    "severed h": "les-vampires-1915",
    "musidora": "les-vampires-1915",
    "stolen spies": "the-general-1926",
    "metropolsi": "metropolis-1927",
    "mteropolis": "metropolis-1927",
    "metrpo": "metropolis-1927",
    "nosferato": "nosferatu-1922",
    "murnua": "nosferatu-1922",
    "fitz lang": "metropolis-1927",
    "buter keaton": "the-general-1926",
}
"""What must be the first hit of what was typed."""


async def test_find_when_typed_so_then_this_is_first(house: House) -> None:
    assert {typed: (await house.ids(typed))[0] for typed in FIRST} == FIRST


async def test_find_when_nothing_has_the_words_then_says_that_it_is_close(house: House) -> None:
    close = {
        typed: (await house.find(typed)).close for typed in ("metropolis", "metropolsi", "qqqqqqqq", "zq")
    }
    assert close == {"metropolis": False, "metropolsi": True, "qqqqqqqq": False, "zq": False}


async def test_find_when_words_are_made_to_harm_then_they_are_words(house: House) -> None:
    for typed in (
        '"',
        "names : x",
        "' OR 1=1 --",
        "a* NOT b",
        "{",
        "\0",
        ":*",
        "&|!",
        "NEAR(",
        "%_",
        "\ud800",
    ):
        page = await house.find(typed)
        assert len(page.titles) <= len(TITLES)
    for typed in ("!!", "…", "'"):
        assert await house.ids(typed) == []


FILTERED: tuple[tuple[dict[str, object], list[str]], ...] = (
    ({"kind": Kind.SERIES}, ["les-vampires-1915"]),
    ({"genre": "comedy"}, ["the-general-1926", "a-general-error-1940"]),
    ({"genre": "comedy", "children": True}, ["the-general-1926"]),
    ({"decade": 1950}, ["the-black-general-1950"]),
    ({"language": "ru"}, ["potemkin-1925"]),
    ({"language": "fr", "words": "vampires"}, ["les-vampires-1915"]),
    ({"shelf": "war"}, ["general-1931"]),
    ({"words": "general", "genre": "comedy"}, ["the-general-1926", "a-general-error-1940"]),
    (
        {"words": "general", "sort": Sort.NEWEST, "limit": 2},
        ["the-black-general-1950", "a-general-error-1940"],
    ),
    ({"sort": Sort.RATING, "limit": 2}, ["metropolis-1927", "les-vampires-1915"]),
    ({"sort": Sort.OLDEST, "limit": 1}, ["les-vampires-1915"]),
    ({"genre": "nothing"}, []),
    (
        {"years": (1933, None), "language": "en"},
        ["the-black-general-1950", "a-general-error-1940", "generals-1935"],
    ),
    ({"years": (1926, 1927)}, ["the-general-1926", "metropolis-1927"]),
    ({"minutes": (30, 60)}, ["les-vampires-1915"]),
    ({"minutes": (None, 30)}, []),
    ({"country": "FR"}, ["les-vampires-1915"]),
    ({"licence": "CC-BY-3.0", "genre": "war"}, ["general-1931"]),
    ({"licence": "CC-BY-4.0"}, []),
    ({"standing": Standing.NOT_KNOWN}, ["elsewhere-1922"]),
    ({"standing": Standing.ALLOWED, "genre": "drama", "years": (1920, 1922)}, []),
    ({"standing": Standing.NOT_KNOWN, "playable": True}, []),
    ({"playable": True, "genre": "horror"}, ["nosferatu-1922"]),
    ({"playable": True, "genre": "war"}, []),
    ({"subtitled": True}, ["metropolis-1927"]),
)


async def test_find_when_filtered_then_gives_those(house: House) -> None:
    found = [await house.ids(**fields) for fields, _ in FILTERED]  # type: ignore[arg-type] # a test's own
    assert found == [expected for _, expected in FILTERED]


async def test_filters_when_asked_then_what_there_is_among_those_that_are_shown(house: House) -> None:
    found = await house.search.filters(children=False)
    assert found == Filters(("de", "en", "fr", "ru"), (40, 153), subtitled=True)
    found = await house.search.filters(children=True)
    assert found == Filters(("en",), (90, 90), subtitled=False)


async def everything(house: House, words: str, **fields: object) -> list[str]:
    """Turn page after page."""
    page = await house.find(words, **fields)
    found = ids(page.titles)
    for _ in TITLES:
        if page.next is None:
            break
        page = await house.find(words, cursor=page.next, **fields)
        found.extend(ids(page.titles))
    return found


async def test_find_when_turning_pages_then_gives_each_once_as_in_one(house: House) -> None:
    for typed, sort in product(("", "general", "e", "metropolsi", "genral"), (None, *Sort)):
        whole = await house.ids(typed, sort=sort, limit=100)
        assert len(whole) >= 1
        assert await everything(house, typed, sort=sort, limit=1) == whole
        assert await everything(house, typed, sort=sort, limit=2) == whole


async def test_find_when_the_cursor_is_not_ours_then_says_so(house: House) -> None:
    for cursor in ("", "x", "AAAA", "WzAsMSwxXQ", "Wzks IiIsMV0", "WzAsIiIsLTFd", "[" * 1200, "é", "W10"):
        with pytest.raises(BadRequest, match="cursor"):
            await house.find("general", cursor=cursor)


async def test_find_when_a_title_changes_or_goes_then_only_what_is_kept_is_found(house: House) -> None:
    changed = replace(TITLES[0], title="Cosmopolis", directors=("Thea",))
    moment = await house.store.put("shelf", [changed, *TITLES[1:-4]])
    await house.store.forget("shelf", moment)
    assert await house.ids("metropolis lang") == []
    assert await house.ids("cosmop") == ["metropolis-1927"]
    assert await house.ids("vampires musidora") == []


async def test_judge_when_the_year_changes_then_what_became_free_is_found(database: Database) -> None:
    year = [2026]
    law = Law(Country("US"), lambda: date(year[0], 1, 1))
    store = TitleStore(database, law)
    search = House(store, Search(database, store, law))
    published = replace(PUBLISHED, year=1931)
    await store.put("shelf", [film("new-1931", "New", 1931, evidence=(published,))])
    before = await search.ids("new")
    year[0] = 2027
    waiting = await search.ids("new")
    await store.judge()
    assert (before, waiting, await search.ids("new")) == ([], [], ["new-1931"])


async def test_put_when_another_source_has_a_title_of_the_shelf_then_the_shelf_stays(house: House) -> None:
    await house.store.put(
        "archive", [replace(TITLES[0], title="Other"), film("own-1950", "Own", 1950, releases=())]
    )
    kept = await house.store.title(TITLES[0].id)
    assert kept is not None
    assert (kept.title, kept.sources) == (TITLES[0], ("shelf",))
    assert await house.ids("own") == ["own-1950"]
