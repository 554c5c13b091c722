"""Items of the Internet Archive as they are described, and what they say of rights."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.archive_choice import films, ranked, releases
from matinee.catalogue.archive_item import Item, ItemFile, Made, evidence, read_item
from matinee.models.rights import Licensed

BY = "https://creativecommons.org/licenses/by/3.0/"
MARK = "http://creativecommons.org/licenses/publicdomain/"
TODAY = date(2026, 11, 26)
HOME = "https://archive.org/details/item"
MIB = 2**20

# The shape of a public answer for a film that was uploaded once and made into others by the Archive.
ANSWER: dict[str, Any] = {
    "server": "ia601508.us.archive.org",
    "dir": "/14/items/Laundromat",
    "files_count": 9,
    "metadata": {"identifier": "Laundromat", "title": "Laundromat", "year": "2015", "creator": "Blender"},
    "files": [
        {"name": "Film.mp4", "source": "original", "format": "MPEG4", "size": "220514438", "length": "730.1",
         "height": "858", "width": "2048", "md5": "A" * 32, "sha1": "b" * 40},
        {"name": "Film.ia.mp4", "source": "derivative", "format": "h.264 IA", "size": "40000000", "length": "730.1",
         "original": "Film.mp4", "height": "268", "width": "640"},
        {"name": "Film_512kb.mp4", "source": "derivative", "format": "512Kb MPEG4", "size": 20_000_000,
         "length": "12:10", "original": "Film.mp4"},
        {"name": "Film.ogv", "source": "derivative", "format": "Ogg Video", "size": "56000000",
         "original": ["Film.mp4"]},
        {"name": "Film.fr.srt", "source": "original", "format": "SubRip"},
        {"name": "Film.srt", "source": "original", "format": "SubRip"},
        {"name": "Laundromat_archive.torrent", "source": "metadata", "format": "Archive BitTorrent", "btih": "c" * 40},
        {"name": "secret.mp4", "source": "original", "format": "h.264", "private": "true"},
        {"name": "../up.mp4", "format": "h.264"},
        {"name": 7}, "no object", None,
    ],
}  # fmt: skip


def item() -> Item:
    found = read_item(ANSWER)
    assert found is not None
    return found


def file(name: str, form: str, mib: int | None = None, minutes: float | None = 10, **more: Any) -> ItemFile:
    given: dict[str, Any] = {
        "made": Made.DERIVATIVE,
        "length_bytes": mib * MIB if mib else None,
        "duration_s": minutes * 60 if minutes else None,
        **more,
    }
    return ItemFile(name=name, format=form, **given)


def test_item_when_it_is_as_documented_then_its_files_with_what_is_said_of_them() -> None:
    found = {one.name: one for one in item().files}
    assert len(found) == 7
    assert found["Film.mp4"] == ItemFile(
        name="Film.mp4", made=Made.ORIGINAL, format="MPEG4", length_bytes=220_514_438, md5="a" * 32, sha1="b" * 40,
        duration_s=730.1, width=2048, height=858,
    )  # fmt: skip
    assert found["Film_512kb.mp4"].duration_s == 730
    assert found["Film.ogv"].original == "Film.mp4"
    assert found["Laundromat_archive.torrent"].info_hash == "c" * 40


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        {"metadata": {"identifier": "a"}},
        {"metadata": [], "files": []},
        {"metadata": {"identifier": ["a"]}, "files": []},
        {"metadata": {"identifier": "a"}, "files": {}},
        {**ANSWER, "is_dark": True},
        {"metadata": {"identifier": "a", "access-restricted-item": "true"}, "files": []},
        {"metadata": {"identifier": "a", "access-restricted-item": True}, "files": []},
        {"metadata": {"identifier": "a", "access-restricted-item": ["True"]}, "files": []},
    ],
)
def test_item_when_there_is_none_or_it_is_not_for_everybody_then_none(answer: Any) -> None:
    assert read_item(answer) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SAID = (
    "name",
    "source",
    "format",
    "size",
    "md5",
    "sha1",
    "length",
    "width",
    "height",
    "original",
    "private",
    "btih",
)


@given(
    st.lists(st.dictionaries(st.sampled_from(SAID), JSON | st.just("a.mp4"), max_size=12), max_size=4), JSON
)
def test_item_when_its_fields_are_of_any_kind_then_read_without_harm(listed: list[Any], field: Any) -> None:
    metadata = {"identifier": "a", "licenseurl": field, "rights": field, "creator": field, "year": field}
    found = read_item({"metadata": metadata, "files": listed})
    assert found is not None
    assert all(isinstance(one.name, str) and one.name for one in found.files)
    assert len(releases(found, 1e6)) <= len(listed)
    assert evidence(metadata, HOME, TODAY) == () or isinstance(field, str | list)


def test_choice_when_nothing_is_known_of_the_line_then_the_largest_mp4_and_ogg_last() -> None:
    assert [one.file for one in releases(item())] == ["Film.mp4", "Film.ia.mp4", "Film_512kb.mp4", "Film.ogv"]


def test_choice_when_the_line_is_slow_then_a_smaller_mp4_and_ogg_last_of_those_that_it_carries() -> None:
    found = [one.file for one in releases(item(), 0.2e6)]
    assert found[0] == "Film.ia.mp4"
    assert found.index("Film_512kb.mp4") < found.index("Film.mp4")


def test_choice_when_a_release_is_made_then_with_all_that_is_known() -> None:
    first = releases(item())[1]
    assert (first.length_bytes, first.duration_s, first.width, first.height) == (40_000_000, 730.1, 640, 268)
    assert first.codecs == ("h264", "aac")
    assert first.subtitles == ("fr", "und")
    assert first.note is None


HD = file("a_hd.mp4", "h.264 HD", 900)
SD = file("a.mp4", "h.264", 300)
SMALL = file("a_512kb.mp4", "512Kb MPEG4", 60)
OGG = file("a.ogv", "Ogg Video", 50)
MKV = file("a.mkv", "Matroska", 1500, made=Made.ORIGINAL)
UNMEASURED = file("a.ia.mp4", "h.264 IA", None)


@pytest.mark.parametrize(
    ("mib_per_s", "order"),
    [
        # A line that was not measured is taken for one of 10 Mbit/s.
        (None, [SD, SMALL, UNMEASURED, OGG, HD, MKV]),
        (10.0, [HD, SD, MKV, SMALL, UNMEASURED, OGG]),
        # 900 MiB in 600 s need 1.5 MiB/s and a fifth more.
        (1.79, [SD, SMALL, UNMEASURED, OGG, HD, MKV]),
        (0.59, [SMALL, UNMEASURED, OGG, SD, HD, MKV]),
        (0.01, [UNMEASURED, OGG, SMALL, SD, HD, MKV]),
    ],
)
def test_ranked_when_the_line_is_so_fast_then_the_largest_that_it_carries_and_the_rest_by_need(
    mib_per_s: float | None, order: list[ItemFile]
) -> None:
    line = None if mib_per_s is None else mib_per_s * MIB
    assert list(ranked([OGG, MKV, UNMEASURED, SMALL, SD, HD], line)) == order


def test_films_when_an_item_holds_a_feature_and_a_trailer_then_the_feature_first() -> None:
    listed = (file("a_trailer.mp4", "h.264", 5, 2), file("film.mp4", "h.264", 700, 90))
    assert [one.name for one in films(Item(identifier="i", metadata={}, files=listed))] == [
        "film",
        "a_trailer",
    ]


def test_films_when_an_item_holds_chapters_then_by_name_and_each_says_which_it_is() -> None:
    listed = tuple(file(f"Chapter {n:02}.mp4", "h.264", 100, 20) for n in (3, 1, 2))
    found = releases(Item(identifier="i", metadata={}, files=listed))
    assert [(one.file, one.note) for one in found] == [
        (f"Chapter 0{n}.mp4", f"Chapter 0{n}") for n in (1, 2, 3)
    ]


def test_films_when_files_were_made_of_each_other_in_a_circle_then_read_without_harm() -> None:
    listed = (file("a.mp4", "h.264", 1, original="b.mp4"), file("b.mp4", "h.264", 1, original="a.mp4"))
    assert sum(len(one.files) for one in films(Item(identifier="i", metadata={}, files=listed))) == 2


def test_films_when_there_is_none_then_nothing() -> None:
    listed = (file("cover.jpg", "JPEG", 1), file("i_meta.mp4", "h.264", 1, made=Made.METADATA))
    assert films(Item(identifier="i", metadata={}, files=listed)) == ()


def said(**fields: Any) -> dict[str, Any]:
    return {"licenseurl": BY, "creator": "Blender Foundation", "year": "2015", **fields}


def test_evidence_when_a_licence_is_stated_by_somebody_then_that_with_who_and_where() -> None:
    assert evidence(said(), HOME, TODAY) == (
        Licensed(
            licence="CC-BY-3.0", url=BY, by="Whoever put it into the Internet Archive: Blender Foundation", source=HOME,
            checked=TODAY,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"licenseurl": None},
        {"licenseurl": ""},
        {"licenseurl": "https://films.example/licence"},
        {"licenseurl": "javascript:alert(1)"},
        {"licenseurl": [BY, MARK]},
        {"licenseurl": {"url": BY}},
        {"creator": None},
        {"creator": " \u200b "},
        {"year": None},
        {"year": "1939"},
        {"rights": "Copyright 2015 Somebody. All rights reserved."},
        {"rights": ["fine", "© Studio"]},
        {"possible-copyright-status": "IN_COPYRIGHT"},
    ],
)
def test_evidence_when_it_is_unknown_nameless_too_early_or_contradicted_then_none(
    fields: dict[str, Any],
) -> None:
    assert evidence(said(**fields), HOME, TODAY) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"licenseurl": [BY]},
        {"licenseurl": [BY, f"{BY}deed.fr"]},
        {"creator": None, "uploader": "somebody"},
        {"year": None, "date": "2015-08-10T00:00:00Z"},
        {"rights": "Creative Commons Attribution; not in copyright otherwise"},
        {"possible-copyright-status": "NOT_IN_COPYRIGHT"},
        {"licenseurl": MARK, "year": "1939"},
        {"licenseurl": MARK, "creator": None, "year": None},
    ],
)
def test_evidence_when_it_is_stated_in_any_documented_way_then_it_counts(fields: dict[str, Any]) -> None:
    (found,) = evidence(said(**fields), HOME, TODAY)
    assert isinstance(found, Licensed)


@pytest.mark.parametrize(
    "fields", [{"collection": ["feature_films", "moviesandfilms"]}, {"mediatype": "movies"}]
)
def test_evidence_when_the_archive_merely_has_it_then_none(fields: dict[str, Any]) -> None:
    assert evidence({"title": "A film", "year": "1922", "creator": "UFA", **fields}, HOME, TODAY) == ()
