"""The file that a person means, among those that an archive keeps side by side."""

from typing import Any

import libtorrent as lt
import pytest

from matinee.catalogue.film_file import Found, encodings, episode_file, film_file
from matinee.catalogue.rank import BROWSER, Place
from matinee.models.choice import Why
from matinee.models.torrent import FileEntry
from matinee.torrent.contents import media_type
from matinee.types import FileIndex
from tests.registry import archive_torrent

TYPES = {
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "avi": "video/x-msvideo",
    "mkv": "video/x-matroska",
    "mpg": "video/mpeg",
}


def files(**sizes: int) -> list[FileEntry]:
    """Make a torrent's files; ``__`` stands for the dot before the ending."""
    made = []
    for index, (name, length) in enumerate(sizes.items()):
        path = name.replace("__", ".").replace("_O_", "/")
        kind = TYPES.get(path.rpartition(".")[2], "text/plain")
        made.append(FileEntry(FileIndex(index), path, length, length, kind))
    return made


def chosen(found: Found | None) -> str | None:
    return None if found is None else found.file.path


@pytest.mark.parametrize(
    ("there", "film"),
    [
        (files(f__mp4=700, f__ogv=900, f__avi=1400, f_512kb__mp4=300, f__srt=9), "f.mp4"),
        (files(f__ogv=900, f_512kb__mp4=300), "f_512kb.mp4"),
        (files(f__ogv=900, f__avi=1000), "f.avi"),
        (files(f__ogv=900, f__mkv=300), "f.mkv"),
        (files(trailer__mp4=10, f__avi=1000), "f.avi"),
        (files(f__ia__mp4=500, f__mp4=600), "f.mp4"),
    ],
)
def test_film_when_there_are_several_then_is_the_largest_that_plays_everywhere(
    there: list[FileEntry], film: str
) -> None:
    found = film_file(there)
    assert found is not None
    assert found.file.path == film


def test_film_when_the_archive_made_the_torrent_then_is_its_mp4() -> None:
    document: Any = lt.bdecode(archive_torrent())
    name = document[b"info"][b"name"].decode()
    there = [
        FileEntry(FileIndex(index), path, entry[b"length"], entry[b"length"], media_type(path))
        for index, entry in enumerate(document[b"info"][b"files"])
        if (path := "/".join((name, *(part.decode() for part in entry[b"path"]))))
    ]
    found = film_file(there)
    assert found is not None
    assert found.file.path.endswith(".mp4")
    assert len(there) > 6
    assert found.file.length > 200_000_000


def test_film_when_it_is_named_then_is_that_one() -> None:
    there = files(item_O_a__mp4=10, item_O_b__mp4=900)
    assert [film_file(there, named) for named in ("a.mp4", "item/a.mp4")] == [
        Found(there[0]),
        Found(there[0]),
    ]
    assert chosen(film_file(there, "c.mp4")) == "item/b.mp4"


def test_film_when_the_line_does_not_bear_the_largest_then_is_one_that_it_bears_and_says_why() -> None:
    there = files(f__mp4=1200_000_000, f_512kb__mp4=400_000_000, f__ogv=300_000_000)
    found = film_file(there, place=Place(BROWSER, 1e5), duration_s=6000.0)
    assert chosen(found) == "f_512kb.mp4"
    assert found is not None
    assert found.choice is not None
    assert Why.FITS_LINE in {reason.why for reason in found.choice.reasons}
    assert chosen(film_file(there, place=Place(BROWSER, 1e6), duration_s=6000.0)) == "f.mp4"
    assert chosen(film_file(there, place=Place(BROWSER, 1e5))) == "f.mp4"


def test_encodings_when_a_film_has_several_then_are_its_own_and_it_is_the_first() -> None:
    there = files(i_O_a__ogv=9, i_O_A_512kb__mp4=5, i_O_a__mp4=9, i_O_b__mp4=9, i_O_a__srt=1)
    assert [one.path for one in encodings(there, there[2])] == ["i/a.mp4", "i/a.ogv", "i/A_512kb.mp4"]


def test_film_when_there_is_none_then_is_none() -> None:
    assert film_file(files(readme__txt=10)) is None
    assert film_file([]) is None


@pytest.mark.parametrize(
    ("there", "found"),
    [
        (files(S01E01__mp4=5, S01E02__mp4=5, S01E02__ogv=9), "S01E02.mp4"),
        (files(Show_1x01__mp4=5, Show_1x02__mp4=5), "Show_1x02.mp4"),
        (files(chapter_1_x__mp4=5, chapter_02_y__mp4=5, chapter_12_z__mp4=5), "chapter_02_y.mp4"),
        (files(a__mp4=5, a__ogv=5, b__mp4=5, b_512kb__mp4=5), "b.mp4"),
        (files(s10__mp4=5, s9__mp4=5), "s10.mp4"),
    ],
)
def test_episode_when_its_number_or_place_tells_then_is_found(there: list[FileEntry], found: str) -> None:
    episode = episode_file(there, season=1, number=2, position=1, count=2)
    assert chosen(episode) == found


def test_episode_when_nothing_tells_then_is_none() -> None:
    assert episode_file(files(a__mp4=5, b__mp4=5, c__mp4=5), 1, 2, 1, 2) is None
    assert episode_file(files(part1__mp4=5, part_01__mp4=5), 1, 1, 0, 2) is None
    named = files(a__mp4=5, b__mp4=5, c__mp4=5)
    assert episode_file(named, 1, 2, 1, 2, named="c.mp4") == Found(named[2])
