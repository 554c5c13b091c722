"""Which episode a file of an archive's item is: as people name them, and never one of which anybody could doubt."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.chapters import Chapters, Sighting
from matinee.catalogue.shelf import load
from matinee.models.title import Episode, Kind, Season, Title
from tests.catalogue.made import film

TITLES = (
    "The Purple Death", "Freezing Torture", "Walking Bombs", "The Destroying Ray", "The Palace of Terror",
    "Flaming Death", "The Land of the Dead", "The Fiery Abyss", "The Pool of Peril", "The Death Mist",
    "Stark Treachery", "Doom of the Dictator",
)  # fmt: skip
FLASH = film(
    "flash-1940", "Flash Gordon Conquers the Universe", 1940, kind=Kind.SERIES, releases=(),
    directors=("Ford Beebe",), cast=("Buster Crabbe",),
    seasons=(Season(1, tuple(Episode(number, name) for number, name in enumerate(TITLES, 1))),),
)  # fmt: skip
TRACY = film(
    "dick-tracy-1937", "Dick Tracy", 1937, kind=Kind.SERIES, releases=(), cast=("Ralph Byrd",),
    seasons=(
        Season(1, (Episode(1, "The Spider Strikes"), Episode(2, "The Bridge of Terror"), Episode(3, "The Trap"))),
    ),
)  # fmt: skip
FLASH_ITEM = "Flash Gordon Conquers the Universe (1940)"
LASTS_S = 1200.0


def alone(item: str, name: str = "file", series: Title = FLASH, **fields: Any) -> tuple[int, int] | None:
    """Match an item of one film."""
    one = Sighting(item, name, **{"duration_s": LASTS_S, "alone": True, **fields})
    return Chapters(series).matched([one]).get(0)


def among(
    *names: str, item: str = FLASH_ITEM, series: Title = FLASH, of_series: bool = False
) -> list[int | None]:
    """Match the films of an item; gives the episodes' numbers."""
    sightings = [Sighting(item, name, LASTS_S, of_series=of_series) for name in names]
    found = Chapters(series).matched(sightings)
    return [found[place][1] if place in found else None for place in range(len(names))]


@pytest.mark.parametrize(
    ("item", "number"),
    [
        ("Flash Gordon Conquers the Universe - Chapter 2", 2),
        ("Flash Gordon Conquers The Universe Ch. 02: Freezing Torture", 2),
        ("FLASH GORDON CONQUERS THE UNIVERSE (1940) Chapter Two", 2),
        ("Flash Gordon Conquers the Universe, chapter IV", 4),
        ("Flash Gordon Conquers the Universe Episode XII of 12", 12),
        ("Flash Gordon Conquers the Universe 3 of 12", 3),
        ("Flash Gordon Conquers the Universe E05 The Palace of Terror", 5),
        ("Flash Gordon Conquers the Universe S01E07", 7),
        ("Flash Gordon Conquers the Universe 1x07", 7),
        ("Flash Gordon Conquers the Universe: Ninth Chapter", 9),
        ("Flash Gordon Conquers the Universe 11th chapter", 11),
        ("Flash Gordon Conquers the Universe - Stark Treachery", 11),
        ("Buster Crabbe in Flash Gordon Conquers the Universe, part 6", 6),
        ("FlashGordonConquersTheUniverseE01ThePurpleDeath", 1),
        ("Universal serial: Flash Gordon Conquers the Universe, chapter 10 [restored, 720p]", 10),
    ],
)
def test_match_when_an_item_names_series_and_chapter_then_that_episode(item: str, number: int) -> None:
    assert alone(item) == (1, number)


@pytest.mark.parametrize(
    "item",
    [
        "Flash Gordon Conquers the Universe",
        "Flash Gordon Conquers the Universe 3",
        "Flash Gordon chapter 2",
        "Flash Gordon's Trip to Mars - Chapter 2",
        "Space Soldiers and Flash Gordon Conquers the Universe Chapter 2",
        "Flash Gordon Conquers the Universe (1936) Chapter 2",
        "Flash Gordon Conquers the Universe Chapter 13",
        "Flash Gordon Conquers the Universe Chapter 0",
        "Flash Gordon Conquers the Universe Chapters 1-6",
        "Flash Gordon Conquers the Universe Chapter 1 to 6",
        "Flash Gordon Conquers the Universe Chapter 1 & 2",
        "Flash Gordon Conquers the Universe all 12 chapters",
        "Flash Gordon Conquers the Universe, complete, chapter 2",
        "Flash Gordon Conquers the Universe chapter 2: The Purple Death",
        "Flash Gordon Conquers the Universe: The Purple Death and Freezing Torture",
        "Flash Gordon Conquers the Universe 3 of 4",
        "Flash Gordon Conquers the Universe S02E02",
        "Flash Gordon Conquers the Universe trailer chapter 2",
        "Flash Gordon Conquers the Universe chapter 2 trailer",
        "Freezing Torture",
        "chapter 2",
        "",
    ],
)
def test_match_when_it_could_be_something_else_then_nothing(item: str) -> None:
    assert alone(item) is None


def test_match_when_another_work_has_a_longer_name_then_nothing() -> None:
    assert alone("Dick Tracy chapter 1", series=TRACY) == (1, 1)
    assert alone("Dick Tracy (1937) starring Ralph Byrd - chapter 1", series=TRACY) == (1, 1)
    for name in (
        "Dick Tracy Returns",
        "Dick Tracy's G-Men",
        "Dick Tracy vs. Crime Inc.",
        "The New Dick Tracy",
    ):
        assert alone(f"{name} chapter 1", series=TRACY) is None
    # A short word is no title by itself, but it is held against a number.
    assert alone("Dick Tracy - the trap", series=TRACY) is None
    assert alone("Dick Tracy - chapter 2, the trap", series=TRACY) is None
    assert alone("Dick Tracy - chapter 3, the trap", series=TRACY) == (1, 3)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"year": 1940}, True), ({"year": 1941}, True), ({"year": 2012}, True), ({"year": 1936}, False),
        ({"duration_s": None}, True), ({"duration_s": 250.0}, False), ({"duration_s": 3 * 3600.0}, False),
        ({"name": "flash_chapter_2"}, True), ({"name": "flash_chapter_3"}, False),
        ({"name": "The Purple Death"}, False), ({"name": "Freezing.Torture"}, True),
    ],
)  # fmt: skip
def test_match_when_year_length_or_file_speak_against_it_then_nothing(
    fields: dict[str, Any], found: bool
) -> None:
    assert alone("Flash Gordon Conquers the Universe Chapter 2", **{"name": "x", **fields}) == (
        (1, 2) if found else None
    )


def test_match_when_the_episodes_length_is_known_then_within_a_tolerance() -> None:
    season = Season(1, tuple(Episode(number, name, minutes=20) for number, name in enumerate(TITLES, 1)))
    timed = film("flash", FLASH.title, 1940, kind=Kind.SERIES, seasons=(season,), releases=())
    name = "Flash Gordon Conquers the Universe Chapter 2"
    lengths = {
        duration_s: alone(name, series=timed, duration_s=duration_s)
        for duration_s in (1000.0, 1019.0, 1381.0)
    }
    assert lengths == {1000.0: None, 1019.0: None, 1381.0: None}
    assert {alone(name, series=timed, duration_s=duration_s) for duration_s in (1021.0, 1200.0, 1379.0)} == {
        (1, 2)
    }


def test_match_when_an_item_holds_all_then_each_by_number_word_or_title() -> None:
    assert among("fgctu_ch01", "fgctu_ch02", "fgctu_ch03") == [1, 2, 3]
    assert among("Chapter One", "Chapter II", "03 - Walking Bombs", "trailer", "extras") == [
        1,
        2,
        3,
        None,
        None,
    ]
    assert among("ch 2 a", "ch 2 b", "ch 3") == [None, None, 3]
    assert among("chapter 2", item="Old serials") == [None]
    assert among("bonus reel, chapter 2", "chapter 3") == [None, 3]
    assert among("The Purple Death", item="", of_series=True) == [1]
    assert among("flash_gordon2", item="", of_series=True) == [None]


def test_match_when_files_are_numbered_through_then_all_or_none() -> None:
    every = [f"{number:02}" for number in range(1, 13)]
    assert among(*every) == list(range(1, 13))
    assert among(*every, item="", of_series=True) == list(range(1, 13))
    assert among(*every[:-1]) == [None] * 11
    assert among(*every, "99") == [None] * 13


def test_match_when_there_are_two_seasons_then_a_number_alone_is_nothing() -> None:
    two = film(
        "two", "Two Seasons", 1955, kind=Kind.SERIES, releases=(),
        seasons=(Season(1, (Episode(1, "Here"), Episode(2, "There"))), Season(2, (Episode(1, "Everywhere"),))),
    )  # fmt: skip
    assert alone("Two Seasons episode 2", series=two) is None
    assert alone("Two Seasons s02e01", series=two) == (2, 1)
    assert alone("Two Seasons - Everywhere", series=two) == (2, 1)


SERIES = tuple(title for title in load().titles if title.kind is Kind.SERIES)
_SPELLED = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_NUMERALS = _SPELLED.split()
_CAPITALS = "0 I II III IV V VI VII VIII IX X XI XII XIII XIV XV"
_ROMAN = _CAPITALS.split()
chosen = st.sampled_from([(series, one) for series in SERIES for one in series.seasons[0].episodes])
written = st.sampled_from(
    (
        "{name} Chapter {n}", "{name} - Ch {n:02} - {title}", "{name} ({year}) Chapter {word}: {title}",
        "{NAME} CHAPTER {roman}", "{name} Episode {n} of {count}", "{name} {title}", "{name}_chapter_{n}",
        "{name} S01E{n:02} {title}",
    )
)  # fmt: skip


@given(chosen, written)
def test_match_of_every_chapter_on_the_shelf_as_people_write_it_is_that_one_or_none_and_with_its_number_that_one(
    which: tuple[Title, Episode], pattern: str
) -> None:
    series, one = which
    text = pattern.format(
        name=series.title, NAME=series.title.upper(), year=series.year, n=one.number, word=_NUMERALS[one.number],
        roman=_ROMAN[one.number], title=one.title, count=len(series.seasons[0].episodes),
    )  # fmt: skip
    found = alone(text, series=series)
    if re.search(r"hapter|HAPTER|pisode|Ch |S01", text) is None and found is None:
        return  # a short title by itself tells nothing
    assert found == (1, one.number), text


@given(chosen, st.integers(0, 40), st.sampled_from(SERIES))
def test_match_when_the_name_is_of_another_series_or_the_number_of_none_then_never_that_one(
    which: tuple[Title, Episode], number: int, other: Title
) -> None:
    series, one = which
    text = f"{series.title} ({series.year}) chapter {number}"
    found = alone(text, series=series)
    assert found == ((1, number) if 1 <= number <= len(series.seasons[0].episodes) else None)
    if other is not series:
        assert alone(f"{series.title} chapter {number} {one.title}", series=other) is None


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=14))
def test_match_of_anything_never_fails_and_gives_each_episode_once(item: str, names: list[str]) -> None:
    for of_series in (False, True):
        sightings = [Sighting(item, name, None, of_series=of_series) for name in names]
        found = Chapters(FLASH).matched(sightings)
        assert len(set(found.values())) == len(found)
        assert set(found.values()) <= {(1, number) for number in range(1, 13)}


@given(st.permutations([f"ch {number}" for number in (1, 2, 2, 5)]))
def test_match_does_not_depend_on_the_order_of_files(names: list[str]) -> None:
    assert among(*names) == [None if name == "ch 2" else int(name[3:]) for name in names]
