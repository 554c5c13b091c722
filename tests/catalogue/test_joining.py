"""What several say of one film becomes one title: by identifier, by release, else by name, year and length."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.joining import Part, groups, joined, touching
from matinee.catalogue.shelf import load
from matinee.catalogue.shelf_check import FACTS, read_facts
from matinee.models.catalogue import OWN, SHELF
from matinee.models.rights import Licensed
from matinee.models.title import ArchiveItem, Kind, MagnetLink, Rating, Release, Title
from matinee.types import TitleId
from tests.catalogue.made import LICENCE, PUBLISHED, film

ARCHIVE, PEERTUBE = "internet-archive", "peertube"


def put_together(*parts: Part) -> list[list[str]]:
    return [[part.title.id for part in group] for group in groups(parts)]


def shelf(**fields: object) -> Part:
    return Part(SHELF, one("nosferatu-1922", minutes=94, **fields))


def archive(name: str = "x", **fields: object) -> Part:
    return Part(ARCHIVE, one(f"{ARCHIVE}.{name}", **fields))


def peertube(name: str = "y", **fields: object) -> Part:
    return Part(PEERTUBE, one(f"{PEERTUBE}.{name}", **fields))


def one(name: str, /, **fields: object) -> Title:
    given = {"releases": (Release(ArchiveItem(name)),), **fields}
    return film(name, str(given.pop("title", "Nosferatu")), int(str(given.pop("year", 1922))), **given)


TOGETHER = {
    "identifier, whatever else is said": (
        shelf(imdb="tt0013442"), archive(imdb="tt0013442", title="Count Orlok", year=2009, minutes=3),
    ),
    "identifier of one, name of the other": (shelf(imdb="tt0013442"), archive(minutes=96)),
    "the other identifier": (shelf(wikidata="Q151895", imdb="tt0013442"), archive(wikidata="Q151895", title="N")),
    "identifier of a series, of which its host knows no episodes": (
        shelf(kind=Kind.SERIES, imdb="tt0006206"), archive(imdb="tt0006206"),
    ),
    "the same item": (
        shelf(releases=(Release(ArchiveItem("N")),)), archive(releases=(Release(ArchiveItem("N")),), title="N"),
    ),
    "the same torrent": (
        shelf(releases=(Release(MagnetLink("magnet:?xt=urn:btih:AB&dn=x")),)),
        archive(releases=(Release(MagnetLink("magnet:?dn=y&xt=urn:btih:ab")),), title="N"),
    ),
    "name in another language, year beside it, length a little off": (
        shelf(titles={"fr": "Nosferatu le vampire"}), archive(title="NOSFERATU, le vampire", year=1921, minutes=90),
    ),
    "article": (shelf(title="The General"), archive(title="General", minutes=94)),
    "no length, but it is the shelf's name and year": (shelf(), archive()),
    "a minute of a short film": (archive(minutes=7), peertube(minutes=8)),
    "two strangers": (archive(minutes=90), peertube(minutes=94, year=1923)),
    "a director written in another way": (
        shelf(directors=("F. W. Murnau",)), archive(directors=("Murnau, Friedrich Wilhelm",)),
    ),
}  # fmt: skip

APART = {
    "other identifiers": (shelf(imdb="tt0013442"), archive(imdb="tt0079641", minutes=94)),
    "one identifier agrees and one does not": (
        shelf(imdb="tt0013442", wikidata="Q1"), archive(imdb="tt0013442", wikidata="Q2"),
    ),
    "another file of one item": (
        shelf(releases=(Release(ArchiveItem("N"), file="a"),)),
        archive(releases=(Release(ArchiveItem("N"), file="b"),), title="N"),
    ),
    "another kind": (shelf(), archive(kind=Kind.SERIES, minutes=94)),
    "another name": (shelf(), archive(title="Nosferatu in Venice", minutes=94)),
    "two years": (shelf(), archive(year=1924, minutes=94)),
    "another length": (shelf(), archive(minutes=88)),
    "no length and the year beside it": (shelf(), archive(year=1923)),
    "no length and two strangers": (archive(), peertube(minutes=90)),
    "another director": (shelf(directors=("F. W. Murnau",)), archive(directors=("Werner Herzog",), minutes=94)),
    "a source that has it each year": (archive("a", minutes=60), archive("b", minutes=60, year=1923)),
    "two of the shelf": (shelf(), Part(SHELF, one("nosferatu-2-1922", minutes=94))),
    "no name that can be compared": (archive(title="!", minutes=9), peertube(title="?", minutes=9)),
}  # fmt: skip


@pytest.mark.parametrize("why", TOGETHER)
def test_groups_when_they_are_one_title_then_are_one(why: str) -> None:
    first, second = TOGETHER[why]
    assert put_together(second, first) == [[first.title.id, second.title.id]]
    assert first.near_keys & second.keys, "the store would not have found it"


@pytest.mark.parametrize("why", APART)
def test_groups_when_something_speaks_against_it_then_are_two(why: str) -> None:
    first, second = APART[why]
    assert len(groups([first, second])) == 2


def test_groups_when_it_fits_two_that_are_known_to_be_different_then_is_joined_to_neither() -> None:
    # The serial and the film that was cut from it: the same name and year, and no length told.
    serial, cut = archive("a", imdb="tt0025420", minutes=70), archive("b", imdb="tt0025421", minutes=70)
    assert len(groups([peertube(minutes=70), serial, cut])) == 3
    assert put_together(peertube(minutes=70), serial) == [["internet-archive.a", "peertube.y"]]


def test_groups_when_it_fits_two_that_may_be_one_then_is_joined_to_the_nearer_in_length() -> None:
    assert put_together(archive("a", minutes=90), archive("b", minutes=98), archive("c", minutes=94)) == [
        ["internet-archive.a", "internet-archive.c"],
        ["internet-archive.b"],
    ]


def test_groups_when_identifiers_lead_from_one_to_the_next_then_all_are_one() -> None:
    first, second = archive("a", imdb="tt1", title="A"), archive("b", wikidata="Q1", title="B")
    both = archive("c", imdb="tt1", wikidata="Q1", title="C")
    assert put_together(first, second) == [["internet-archive.a"], ["internet-archive.b"]]
    assert put_together(first, second, both) == [
        ["internet-archive.a", "internet-archive.b", "internet-archive.c"]
    ]


def test_joined_when_the_shelf_leads_then_its_words_stand_and_nothing_is_lost() -> None:
    revoked = Licensed(
        licence="CC0-1.0", url=LICENCE.url, by="An uploader", source=LICENCE.source, checked=LICENCE.checked
    )
    later = replace(LICENCE, checked=date(2026, 12, 1))
    of_shelf = one(
        "nosferatu-1922", releases=(Release(ArchiveItem("N")),), synopsis={"en": "Ours."}, shelves=("horror",),
        titles={"fr": "Nosferatu le vampire"}, evidence=(LICENCE, PUBLISHED),
    )  # fmt: skip
    of_archive = one(
        "internet-archive.N", title="NOSFERATU full movie", year=1923, minutes=94, genres=("comedy",), shelves=(),
        releases=(Release(ArchiveItem("N"), codecs=("h264",)), Release(ArchiveItem("M"))), cast=("Max Schreck",),
        synopsis={"en": "Theirs.", "de": "Ihres."}, titles={"fr": "Autre", "de": "Eine"}, evidence=(later, revoked),
        poster="https://x.example/p.jpg", rating=Rating(8.0, 3, "A"),
    )  # fmt: skip
    found = joined([Part(SHELF, of_shelf), Part(ARCHIVE, of_archive)])
    assert found == replace(
        of_shelf,
        minutes=94,
        cast=("Max Schreck",),
        poster="https://x.example/p.jpg",
        rating=Rating(8.0, 3, "A"),
        titles={"fr": "Nosferatu le vampire", "de": "Eine"},
        synopsis={"en": "Ours.", "de": "Ihres."},
        releases=(Release(ArchiveItem("N"), codecs=("h264",)), Release(ArchiveItem("M"))),
        evidence=(later, PUBLISHED, revoked),
    )


@st.composite
def some_parts(draw: st.DrawFn) -> list[Part]:
    """Draw titles of so few names, years, lengths and identifiers that many may be one."""
    found = []
    for number in range(draw(st.integers(0, 9))):
        source = draw(st.sampled_from((SHELF, ARCHIVE, PEERTUBE)))
        title = film(
            f"{source}.{number}",
            draw(st.sampled_from(("Nosferatu", "The Nosferatu", "Der Golem"))),
            draw(st.integers(1920, 1922)),
            minutes=draw(st.sampled_from((None, 90, 93, 97, 101))),
            imdb=draw(st.sampled_from((None, None, "tt1", "tt2"))),
            wikidata=draw(st.sampled_from((None, None, "Q1", "Q2"))),
            directors=draw(st.sampled_from(((), (), ("Murnau",), ("Wegener",)))),
            kind=draw(st.sampled_from((Kind.FILM, Kind.FILM, Kind.SERIES))),
            releases=tuple(
                Release(ArchiveItem(one)) for one in draw(st.sets(st.sampled_from("abc"), max_size=1))
            ),
        )
        found.append(Part(source, title))
    return found


def as_sets(found: list[tuple[Part, ...]]) -> set[frozenset[TitleId]]:
    return {frozenset(part.title.id for part in group) for group in found}


@given(some_parts(), st.randoms(use_true_random=False))
def test_groups_of_any_parts_then_lose_none_differ_in_nothing_and_do_not_depend_on_the_order(
    parts: list[Part], chance: object
) -> None:
    found = groups(parts)
    assert sorted(part.title.id for group in found for part in group) == sorted(
        part.title.id for part in parts
    )
    for group in found:
        for known in ("imdb", "wikidata"):
            assert len({getattr(part.title, known) for part in group} - {None}) < 2
        assert sum(part.source == SHELF for part in group) < 2
        assert (group[0].source == SHELF) == any(part.source == SHELF for part in group)
    shuffled = list(parts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random
    assert groups(shuffled) == found


@given(some_parts())
def test_groups_when_joined_anew_around_a_change_then_are_as_if_all_had_come_at_once(
    parts: list[Part],
) -> None:
    """What the store does: it takes what touches what came, and what touches that."""
    kept: list[tuple[Part, ...]] = []
    for part in parts:
        pool, frontier = [part], [part]
        while frontier:
            reached = [
                kept[int(number)]
                for number in touching(frontier, {str(at): one for at, one in enumerate(kept)})
            ]
            kept = [one for one in kept if not any(one is other for other in reached)]
            frontier = [other for one in reached for other in one]
            pool += frontier
        kept += groups(pool)
    assert as_sets(kept) == as_sets(groups(parts))


@given(some_parts())
def test_joined_of_any_group_then_has_every_release_and_all_evidence(parts: list[Part]) -> None:
    for group in groups(parts):
        title = joined(group)
        assert title.id == group[0].title.id
        assert {one.place for part in group for one in part.title.releases} == {
            one.place for one in title.releases
        }
        assert {one for part in group for one in part.title.evidence} == set(title.evidence)
        for part in group:
            assert part.title.imdb in (None, title.imdb)
            assert part.title.wikidata in (None, title.wikidata)


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts are not beside the sources")
@pytest.mark.parametrize(("known", "together", "wrong"), [(True, 427, 0), (False, 384, 0)])
def test_groups_of_the_facts_and_the_shelf_then_join_what_is_one_film(
    known: bool, together: int, wrong: int
) -> None:
    parts = [Part(SHELF, title) for title in load().titles]
    imdb_of = {part.title.id: part.title.imdb for part in parts}
    for imdb, fact in read_facts(FACTS).items():
        title = one(
            f"{ARCHIVE}.{imdb}", title=fact.get("title") or imdb, year=fact.get("year") or 1800,
            imdb=imdb if known else None, wikidata=fact.get("wikidata") if known else None, releases=(),
        )  # fmt: skip
        imdb_of[title.id] = imdb
        parts.append(Part(ARCHIVE, title))
    found = [[imdb_of[part.title.id] for part in group] for group in groups(parts) if len(group) > 1]
    pairs = [one for group in found for one in combinations(group, 2)]
    assert (len(found), sum(one != other for one, other in pairs)) == (together, wrong)


def test_own_film_when_all_is_the_same_then_is_joined_with_nothing() -> None:
    own = Part(OWN, one("own.x", minutes=94, imdb="tt0013442", releases=(Release(ArchiveItem("N")),)))
    others = (shelf(imdb="tt0013442", releases=(Release(ArchiveItem("N")),)), archive(minutes=94))
    assert ["own.x"] in put_together(own, *others)
    assert touching([own], {"nosferatu-1922": others}) == []
    assert touching(others, {"own.x": [own]}) == []
