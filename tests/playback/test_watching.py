"""A file of a torrent is the film or the episode that it is, whoever asks."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from matinee.catalogue.law import Law
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf
from matinee.events import Bus
from matinee.library.service import Library
from matinee.models.catalogue import Wanted
from matinee.models.library import FIRST, Kind, Progress, Seen, Work
from matinee.models.title import Episode, Release, Season, Title, WebAddress
from matinee.playback.watching import Watching
from matinee.storage.database import Database
from matinee.storage.item_files import ItemFiles
from matinee.types import Country, FileIndex, InfoHash, TitleId
from tests.catalogue.made import MAGNET, SERIES, film
from tests.fakes.films import FakeFilms

OWN, WHOLE, SINGLE, MINE, ALONE = (InfoHash(letter * 40) for letter in "abcde")
FILM = film("a-film-1922", "A film")
SHARED = replace(
    SERIES,
    id=TitleId("shared-1915"),
    releases=(Release(MAGNET),),
    seasons=(Season(1, (Episode(1, "One"), Episode(2, "Two"), Episode(3, "Three"))),),
)
APART = replace(
    SERIES,
    id=TitleId("apart-1915"),
    releases=(),
    seasons=(
        Season(1, tuple(
            Episode(number, f"E{number}", releases=(Release(WebAddress(f"https://films.example/{number}.torrent")),))
            for number in (1, 2)
        )),
    ),
)  # fmt: skip
TITLES: tuple[Title, ...] = (FILM, SHARED, APART)
HALF = Seen(500.0, 1000.0)
END = Seen(1000.0, 1000.0)


@dataclass
class House:
    watching: Watching
    films: FakeFilms
    catalogue: Catalogue

    async def see(self, info_hash: InfoHash, index: int, seen: Seen = HALF) -> Work:
        return (await self.watching.see(FIRST, Work(info_hash, file=FileIndex(index)), seen)).work

    async def record(self, info_hash: InfoHash, title: Title, wanted: Wanted) -> None:
        await (await self.catalogue.store()).record(info_hash, title.id, wanted, "{}")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = Database(f"sqlite:///{tmp_path}/matinee.sqlite")
    await database.open()
    with ThreadPoolExecutor(1) as pool:
        law = Law(Country("FR"), lambda: date(2026, 11, 26))
        catalogue = Catalogue(database, law, lambda: Shelf(TITLES, "digest"), pool)
        await catalogue.settle()
        films = FakeFilms()
        films.put(OWN, {"film/A film.mp4": b"x" * 900, "film/Trailer.mp4": b"x" * 5, "film/en.srt": b""})
        films.put(WHOLE, {f"s/E{n} S01E0{n}.mp4": b"x" * 100 for n in (1, 2, 3)})
        films.put(SINGLE, {"Two.mp4": b"x" * 100})
        films.put(MINE, {"my holiday.mp4": b"x" * 100})
        made = House(Watching(Library(database, Bus()), catalogue, films), films, catalogue)
        await made.record(OWN, FILM, Wanted())
        await made.record(WHOLE, SHARED, Wanted(1, 1))
        await made.record(SINGLE, APART, Wanted(1, 2))
        yield made
    await database.close()


async def test_file_of_a_titles_torrent_is_the_film_and_others_of_it_are_not(house: House) -> None:
    names = [entry.path for entry in (await house.films.torrent(OWN)).files]
    film_at, trailer = names.index("film/A film.mp4"), names.index("film/Trailer.mp4")
    assert await house.see(OWN, film_at) == Work(FILM.id)
    assert await house.see(OWN, trailer) == Work(OWN, file=FileIndex(trailer))
    assert await house.see(MINE, 0) == Work(MINE, file=FileIndex(0))
    (last, *_) = await house.watching.library.records(FIRST, Kind.PROGRESS, 9)
    assert isinstance(last, Progress)
    assert (last.info_hash, last.file_index) == (MINE, 0)


async def test_trailer_is_neither_gone_on_with_nor_remembered(house: House) -> None:
    names = [entry.path for entry in (await house.films.torrent(OWN)).files]
    alone = house.films.put(ALONE, {"trailer_480p.mov": b"x" * 100})
    alone.view = replace(alone.view, name="A film (trailer)")
    await house.see(OWN, names.index("film/Trailer.mp4"))
    await house.see(ALONE, 0)
    for kind in (Kind.PROGRESS, Kind.HISTORY):
        assert await house.watching.library.records(FIRST, kind, 9) == []
    # What was remembered of one before is not gone on with either.
    await house.watching.library.see(FIRST, Work(ALONE, file=FileIndex(0)), HALF)
    assert (await house.watching.going_on(FIRST))[0] == []


@pytest.mark.parametrize(
    "paths",
    [
        ("Trailer Park (2001)/one.mp4", "Trailer Park (2001)/two.mp4"),
        ("s/Trailer Park S01E01.mp4", "s/Trailer Park S01E02.mp4"),
        ("s/The.Trailer.mp4",),
    ],
)
async def test_film_is_no_trailer_for_its_name_alone(house: House, paths: tuple[str, ...]) -> None:
    house.films.put(ALONE, {path: b"x" * (10 + 90 * nth) for nth, path in enumerate(paths)})
    await house.see(ALONE, 0)
    assert len(await house.watching.library.records(FIRST, Kind.PROGRESS, 9)) == 1


async def test_file_of_a_series_is_the_episode_in_one_torrent_or_in_its_own(house: House) -> None:
    assert [await house.see(WHOLE, index) for index in (0, 1, 2)] == [
        Work(SHARED.id, 1, number) for number in (1, 2, 3)
    ]
    assert await house.see(SINGLE, 0) == Work(APART.id, 1, 2)


async def test_torrent_that_was_somebodys_own_is_the_titles_once_it_was_added_for_it(house: House) -> None:
    assert await house.see(MINE, 0) == Work(MINE, file=FileIndex(0))
    await house.record(MINE, FILM, Wanted())
    assert await house.see(MINE, 0) == Work(FILM.id)


async def test_going_on_names_the_file_that_is_here_and_the_next_episode(house: House) -> None:
    await house.see(OWN, 0)
    await house.see(WHOLE, 0, END)
    await house.see(MINE, 0)
    going, cards = await house.watching.going_on(FIRST)
    found = {one.work.key: (one.position_s, one.follows, one.info_hash, one.file_index) for one in going}
    assert found == {
        f"{MINE}:f0": (500.0, False, MINE, 0),
        f"{SHARED.id}:s1e2": (0.0, True, WHOLE, 1),
        FILM.id: (500.0, False, OWN, 0),
    }
    assert set(cards) == {SHARED.id, FILM.id}


async def test_going_on_leaves_out_what_is_gone_and_has_no_title(house: House) -> None:
    await house.see(OWN, 0)
    await house.see(MINE, 0)
    for info_hash in (OWN, MINE):
        await house.films.remove(info_hash, delete_files=False)
    (one,) = (await house.watching.going_on(FIRST))[0]
    assert (one.work.key, one.info_hash) == (FILM.id, None)


async def test_names_are_those_of_the_catalogue_or_of_the_torrent(house: House) -> None:
    torrent = await house.films.torrent(MINE)
    names = await asyncio.gather(*map(house.watching.name_of, (FILM.id, MINE, "no-such-1900", "e" * 40)))
    assert names == ["A film", torrent.name, "", ""]


async def test_import_of_what_a_browser_remembered_is_of_the_films_that_they_are(house: House) -> None:
    left = {
        "title": WHOLE, "season": None, "number": None, "file": 2, "position_s": 500, "duration_s": 1000,
        "watched": False, "info_hash": WHOLE, "file_index": 2, "name": "", "changed_ms": 5,
    }  # fmt: skip
    profile = {
        "id": "home", "name": "", "colour": "amber", "child": False, "keeps_history": True, "created_ms": 0,
        "progress": [left, {**left, "title": "f" * 40}],
    }  # fmt: skip
    text = json.dumps({"format": "matinee-library", "version": 1, "profiles": [profile]}).encode()
    assert (await house.watching.take(text)).added == 2
    keys = {one.key for one in await house.watching.library.records(FIRST, Kind.PROGRESS, 9)}
    assert keys == {f"{SHARED.id}:s1e3", f"{'f' * 40}:f2"}


async def test_file_of_an_item_whose_torrent_was_made_anew_is_what_it_was(
    house: House, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path}/items.sqlite")
    await database.open()
    items = ItemFiles(database)
    await items.keep(MINE, {FileIndex(0): "item/1"})
    again = InfoHash("e" * 40)
    house.films.put(again, {"a.txt": b"", "my holiday.mp4": b"x" * 100})
    await items.keep(again, {FileIndex(1): "item/1"})
    house.watching = Watching(house.watching.library, house.catalogue, house.films, items)
    assert await house.see(MINE, 0) == Work(MINE, file=FileIndex(0))
    assert await house.see(again, 1) == Work(MINE, file=FileIndex(0))
    await house.films.remove(MINE, delete_files=True)
    going, _ = await house.watching.going_on(FIRST)
    assert [(one.info_hash, one.file_index, one.name) for one in going] == [(again, 1, "A film")]
    await database.close()
