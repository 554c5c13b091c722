"""What lies beside a film in an archive's item: which stills show it, which subtitles there are, its trailer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.archive_extras import Frame, chosen, extras_of, richest
from matinee.catalogue.archive_item import Item, read_item
from matinee.catalogue.trailers import trailer_of
from matinee.models.extras import Beside, ItemExtras
from matinee.models.rights import Evidence, Licensed
from matinee.models.title import ArchiveItem, Release, Trailer, WebFilm
from tests.catalogue.made import LICENCE, OLD, SAID, film

PAGE = "https://archive.org/details/Plan9"
OF_THE_ITEM = Licensed(
    licence="CC-BY-3.0", url=LICENCE.url, by="who uploaded it", source=PAGE, checked=LICENCE.checked
)


def file(name: str, **said: Any) -> dict[str, Any]:
    return {"name": name, "source": "derivative", **said}


def thumb(at_s: int, size: int = 5000, **said: Any) -> dict[str, Any]:
    name = said.pop("name", f"Plan9.thumbs/Plan 9_{at_s:06}.jpg")
    return file(name, format="Thumbnail", size=str(size), **{"original": "Plan 9.mpeg", **said})


MAIN = (
    file("Plan 9.mpeg", source="original", format="MPEG2", length="4740"),
    file("Plan 9.mp4", format="h.264", length="4740", original="Plan 9.mpeg"),
)


def item(*files: dict[str, Any]) -> Item:
    """Read an answer of the documented shape."""
    found = read_item({"metadata": {"identifier": "Plan9"}, "files": [*MAIN, *files]})
    assert found is not None
    return found


def test_stills_when_an_item_has_one_a_minute_then_the_richest_of_the_middle_third_in_order() -> None:
    # As the archive makes them: at the first second, then every minute.
    frames = [thumb(1, 90_000), *(thumb(at, 9000 if at == 2370 else 4000 + at) for at in range(90, 4740, 60))]
    stills = extras_of(item(*frames), "Plan 9.mp4", ()).stills
    seconds = [int(one[-10:-4]) for one in stills]
    assert seconds[0] == 2370
    assert len(stills) == 5
    assert seconds[1:] == sorted(seconds[1:])
    assert all(4710 / 3 <= at <= 2 * 4710 / 3 for at in seconds)


@pytest.mark.parametrize(
    "stranger",
    [
        thumb(2400, name="Plan9.thumbs/Another_002400.jpg", original="Another.mpeg"),
        thumb(2400, name="Plan9.thumbs/Plan 9_002400.jpg", source="metadata"),
        thumb(2400, name="elsewhere/Plan 9_002400.jpg"),
        thumb(2400, name="Plan9.thumbs/Plan 9_2400.jpg"),
        thumb(2400, name="Plan9.thumbs/Plan 9_002400.svg"),
        thumb(2400, private="true"),
        thumb(2400, name="Plan9.thumbs/../Plan 9_002400.jpg"),
    ],
)
def test_stills_when_it_is_not_the_films_then_it_is_none(stranger: dict[str, Any]) -> None:
    assert extras_of(item(stranger), "Plan 9.mp4", ()).stills == ()


def test_item_when_it_holds_no_film_then_nothing_lies_beside_it() -> None:
    empty = read_item({"metadata": {"identifier": "Plan9"}, "files": [thumb(90)]})
    assert empty is not None
    assert extras_of(empty, None, ("en",)) == ItemExtras()


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, []), (1, []), (2, [90]), (3, [90]), (4, [90]), (6, [150, 210])]
)
def test_stills_when_the_film_is_short_then_one_after_its_first_minute(
    count: int, seconds: list[int]
) -> None:
    every = [1, *range(90, 3600, 60)][:count]
    assert [one.at_s for one in chosen([Frame(str(at), at, 7) for at in every])] == seconds


frames = st.builds(Frame, st.uuids().map(str), st.integers(0, 20_000), st.integers(0, 10**6))


@given(st.lists(frames, max_size=60), st.integers(1, 9))
def test_stills_when_chosen_then_few_and_never_of_the_first_minute_nor_of_the_end(
    every: list[Frame], most: int
) -> None:
    found = chosen(every, most)
    assert len(set(found)) == len(found) <= most
    assert all(one in every and one.at_s >= 60 for one in found)
    later = sorted(one.at_s for one in every if one.at_s >= 60)
    end = max((one.at_s for one in every), default=0)
    assert all(3 * one.at_s <= 2 * end or one.at_s == later[0] for one in found)
    assert bool(found) == bool(later)
    assert all(one.length_bytes <= found[0].length_bytes for one in found)
    assert len(richest(every, most)) == min(most, len(every))


def test_subtitles_when_a_machine_heard_them_then_that_is_said_in_the_language_that_is_spoken() -> None:
    files = [
        file(f"Plan 9{ending}", format="SubRip") for ending in (".asr.srt", ".fr.srt", "_French.vtt", ".srt")
    ]
    files.append(file("Another.de.srt", format="SubRip"))
    said = [extras_of(item(*files), "Plan 9.mp4", spoken).subtitles for spoken in (("en",), ("en", "fr"))]
    people = (Beside("fr"), Beside("und"))
    assert said == [(Beside("en", True), *people), (Beside("und", True), *people)]


def trailers(*minutes: float | None, name: str = "Plan 9 trailer") -> Item:
    said = ({} if one is None else {"length": str(60 * one)} for one in minutes)
    return item(
        *(
            file(f"{name}{n or ''}.mp4", source="original", format="MPEG4", **one)
            for n, one in enumerate(said)
        )
    )


def test_trailer_when_one_is_called_so_and_short_then_it_is_and_is_never_taken_for_the_film() -> None:
    assert extras_of(trailers(2), None, ()).trailer == "Plan 9 trailer.mp4"
    assert extras_of(trailers(2, name="a/trailer"), None, ()).trailer == "a/trailer.mp4"


@pytest.mark.parametrize(
    "of",
    [
        trailers(),
        trailers(7),
        trailers(None),
        trailers(2, 2, name="trailer "),
        trailers(2, name="trailerpark"),
    ],
)
def test_trailer_when_it_is_none_for_certain_then_it_is_none(of: Item) -> None:
    assert extras_of(of, None, ()).trailer is None


@pytest.mark.parametrize(
    ("evidence", "given"),
    [((*OLD, LICENCE), ()), ((*OLD, LICENCE, OF_THE_ITEM), (OF_THE_ITEM,)), ((), ())],
)
def test_trailer_in_an_item_when_shared_then_only_by_a_licence_of_the_whole_item(
    evidence: tuple[Evidence, ...], given: tuple[Evidence, ...]
) -> None:
    title = film("plan-9-1959", evidence=evidence, releases=(Release(ArchiveItem("Plan9")),))
    expected = Trailer(Release(ArchiveItem("Plan9"), "t.mp4"), given) if given else None
    assert (trailer_of(title, "t.mp4"), trailer_of(title, None)) == (expected, None)


def test_trailer_of_the_shelf_when_there_is_one_then_goes_before_the_items() -> None:
    own = Trailer(Release(WebFilm("https://films.example/t.mp4", None)), (LICENCE,))
    title = film(
        "plan-9-1959", evidence=(OF_THE_ITEM,), releases=(Release(ArchiveItem("Plan9")),), trailer=own
    )
    assert trailer_of(title, "t.mp4") == own
    assert SAID["source"] != PAGE
