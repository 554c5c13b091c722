"""Which files are subtitles of which film."""

from itertools import starmap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.models.torrent import FileEntry
from matinee.subtitles.beside import Sidecar, beside
from matinee.types import FileIndex


def entry(index: int, path: str) -> FileEntry:
    """Make a file, large where it is a film."""
    is_film = path.endswith((".mkv", ".mp4"))
    length = 1_000_000_000 if is_film and "ample" not in path else 50_000
    return FileEntry(FileIndex(index), path, length, 0, "video/x-matroska" if is_film else "text/plain")


def found(film: str, *others: str) -> list[Sidecar]:
    """Give a film's sidecars among others; the film is file 0."""
    files = list(starmap(entry, enumerate((film, *others))))
    return list(beside(files, files[0]))


def short(film: str, *others: str) -> list[str]:
    """Give them as ``id language flags``."""
    return [
        f"{one.choice.id} {one.choice.language}"
        + (" forced" if one.choice.forced else "")
        + (" impaired" if one.choice.hearing_impaired else "")
        + (" default" if one.choice.default else "")
        for one in found(film, *others)
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Film.srt", "und"),
        ("Film.en.srt", "en"),
        ("Film.eng.forced.srt", "en forced"),
        ("film.FR.ass", "fr"),
        ("Film - English (SDH).srt", "en impaired"),
        ("Film.pt-BR.srt", "pt-BR"),
        ("Film.pt.br.srt", "pt-BR"),
        ("Film.Portuguese (Brazil).srt", "pt-BR"),
        ("Film.zh-Hans.srt", "zh-Hans"),
        ("Film.zh_TW.srt", "zh-Hant"),
        ("Film.en.hi.srt", "en impaired"),
        ("Film.hi.srt", "hi"),
        ("Film.de.default.vtt", "de default"),
        ("Film.en.cc.srt", "en impaired"),
        ("Film_2020_es-419.srt", "es-419"),
        ("Film.en.fr.srt", "fr"),
        ("Film.fr.CA.srt", "fr-CA"),
        ("Film.eng.orig.srt", "en"),
        ("Film.sup", "und"),
        ("Film.nb.SUB", "nb"),
    ],
)
def test_beside_when_the_name_goes_on_after_the_films_then_what_it_says(name: str, said: str) -> None:
    assert short("Film.mkv", name) == [f"f1 {said}"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("X/Subs/2_English.srt", "en"),
        ("X/Subs/English.srt", "en"),
        ("X/subtitles/3_French,fre.srt", "fr"),
        ("X/Subs/English/Film 2020.srt", "en"),
        ("X/Subs/Film.2020.1080p/4_Spanish.srt", "es"),
        ("X/Subs/Spanish (Latin America).spa.srt", "es"),
        ("X/English.srt", "en"),
        ("X/en.srt", "en"),
        ("X/The.Man.in.No.Country.srt", "und"),
        ("X/It.is.a.film.he.srt", "he"),
        ("X/Subs/SDH.eng.HI.srt", "en impaired"),
        ("X/Subs/eng forced.srt", "en forced"),
    ],
)
def test_beside_when_there_is_one_film_then_any_name_in_its_folders(path: str, said: str) -> None:
    assert short("X/Film.2020.1080p.mkv", path, "X/Sample/sample.mkv") == [f"f1 {said}"]


EPISODES = ("Show/S01/Show.S01E02.mkv", "Show/S01/Show.S01E01.mkv", "Show/S01/Show.S01E10.mkv")


@pytest.mark.parametrize(
    "path",
    [
        "Show/S01/Show.S01E02.en.srt",
        "Show/S01/Subs/Show.S01E02/2_English.srt",
        "Show/S01/Subs/Show.S01E02.English.srt",
        "Show/S01/Subs/s01e02 english.srt",
        "Show/S01/Subs/Show 1x02 en.srt",
        "Show/Subs/Show.S01E02.en.srt",
        "Show/S01/en/Show.S01E02.srt",
    ],
)
def test_beside_when_there_are_many_episodes_then_only_its_own(path: str) -> None:
    assert short(*EPISODES, path) == ["f3 en"]
    assert short(EPISODES[1], EPISODES[0], EPISODES[2], path) == []


@pytest.mark.parametrize(
    "path",
    [
        "Show/S01/Subs/2_English.srt",
        "Show/S01/English.srt",
        "Other/Show.S01E02.en.srt",
        "Show/S01/Show.S01E02.txt",
        "Show/S01/Show.S01E02.srt.exe",
        "Show/S01/srt",
    ],
)
def test_beside_when_nothing_says_whose_it_is_then_nobodys(path: str) -> None:
    assert short(*EPISODES, path) == []


def test_beside_when_one_films_name_begins_anothers_then_the_longer_one_counts() -> None:
    assert short("Film.mkv", "Film.2.mkv", "Film.2.en.srt", "Film.en.srt") == ["f3 en"]
    assert short("Film.2.mkv", "Film.mkv", "Film.2.en.srt", "Film.en.srt") == ["f2 en"]


def test_beside_when_films_in_two_folders_have_one_name_then_each_has_its_own() -> None:
    assert short("720/Film.mkv", "1080/Film.mkv", "720/Film.en.srt", "1080/Film.fr.srt", "Subs/Film.de.srt") == [
        "f2 en", "f4 de",
    ]  # fmt: skip


def test_beside_when_an_idx_has_its_sub_then_they_are_one_choice() -> None:
    (one,) = found("Film.mkv", "Film.en.sub", "Film.EN.idx")
    assert (one.choice.id, one.choice.form, one.file.index) == ("f2", "picture", 2)
    assert one.partner is not None
    assert one.partner.index == 1


def test_beside_when_an_idx_is_alone_then_it_is_nothing() -> None:
    assert found("Film.mkv", "Film.idx") == []


def test_beside_when_a_file_is_empty_or_huge_then_it_is_not_subtitles() -> None:
    film, empty, huge = entry(0, "F.mkv"), entry(1, "F.en.srt"), entry(2, "F.fr.srt")
    files = [
        film,
        FileEntry(empty.index, empty.path, 0, 0, empty.media_type),
        FileEntry(huge.index, huge.path, 100_000_000, 0, huge.media_type),
    ]
    assert beside(files, film) == ()


def test_beside_when_words_are_left_then_they_are_its_label() -> None:
    (one,) = found("Film.mkv", "Film.en.Commentary by the director.srt")
    assert one.choice.label == "commentary by the director"
    (one,) = found("Film.mkv", "whatever.srt")
    assert one.choice.label == "whatever.srt"


_PARTS = st.sampled_from(
    ["Film", "subs", "en", "S01E02", ".", " ", "/", "-", "english", "2", "é", "hi", "forced", "pt", "br"]
)


@settings(deadline=None)
@given(st.lists(st.lists(_PARTS, min_size=1, max_size=8).map("".join), max_size=6))
def test_beside_when_names_are_anything_then_no_more_than_there_are(names: list[str]) -> None:
    one = found("Film/Film.mkv", *(f"{name}.srt" for name in names))
    assert len({sidecar.choice.id for sidecar in one}) == len(one) <= len(names)


def test_beside_when_there_are_as_many_files_as_may_be_then_in_good_time() -> None:
    many = [
        f"Show/Show.S{at // 100:02}E{at % 100:02}.{end}" for at in range(5_000) for end in ("mkv", "en.srt")
    ]
    assert len(found("Show/Film.mkv", *many)) == 0
