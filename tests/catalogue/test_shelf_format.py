"""The form of a title's file: what is read of it, and what is said of each thing that is wrong."""

import tomllib
from datetime import date
from typing import Any

import pytest

from matinee.catalogue.shelf_format import read_title
from matinee.errors import BadTitle
from matinee.models.rights import (
    AuthorDied,
    Evidence,
    GovernmentWork,
    LicenceRevoked,
    Licensed,
    Listed,
    NoNotice,
    NotRenewed,
    Protected,
    Published,
    Renewed,
)
from matinee.models.title import ArchiveItem, Kind, MagnetLink, Release, WebAddress, WebFilm

FILM = """
kind = "film"
title = "Nosferatu, eine Symphonie des Grauens"
year = 1922
countries = ["DE"]
languages = ["de"]
silent = true
minutes = 94
directors = ["F. W. Murnau"]
cast = ["Max Schreck"]
genres = ["horror", "fantasy"]
shelves = ["silent-classics", "horror"]
imdb = "tt0013442"
wikidata = "Q151895"
authors-complete = true

[titles]
fr = "Nosferatu le vampire"

[synopsis]
en = "A young clerk travels to a count in the mountains to sell him a house. The plague comes to town with the buyer."
fr = "Un jeune clerc part vendre une maison à un comte des Carpates. L'acheteur arrive en ville, et la peste avec lui."

[[releases]]
archive = "Nosferatu1922"
file = "a/film.mp4"

[[releases]]
magnet = "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c&dn=x"

[[releases]]
url = "https://example.org/film.torrent"
note = "tinted"
bytes = 700_000_000
subtitles = ["en", "fr"]

[[evidence]]
claim = "published"
year = 1922
country = "DE"
by = "Wikidata"
source = "https://www.wikidata.org/wiki/Q151895"
checked = 2026-11-26

[[evidence]]
claim = "author-died"
name = "F. W. Murnau"
role = "director"
year = 1931
nationality = "DE"
by = "Wikidata"
source = "https://www.wikidata.org/wiki/Q151895"
checked = 2026-11-26

[[evidence]]
claim = "listed"
list = "publicdomainreview"
territory = "US"
by = "The Public Domain Review"
source = "https://github.com/petterreinholdtsen/public-domain-free-imdb"
checked = 2026-11-26
"""
NAME = "nosferatu-1922"

SERIES = (
    FILM.replace('kind = "film"', 'kind = "series"')
    + """
[[seasons]]
number = 1
  [[seasons.episodes]]
  number = 1
  title = "One"
  minutes = 20
  archive = "one"
  titles.fr = "Un"
  synopsis.en = "It begins."
  [[seasons.episodes]]
  number = 2
  title = "Two"
"""
)


def said(**fields: object) -> dict[str, object]:
    """One piece of evidence as a person writes it."""
    return {"by": "A", "source": "https://example.org/", "checked": date(2026, 11, 26), **fields}


def film(**changes: object) -> dict[str, Any]:
    """The film's table, with fields changed; None leaves one out."""
    table = {**tomllib.loads(FILM), **{key.replace("_", "-"): value for key, value in changes.items()}}
    return {key: value for key, value in table.items() if value is not None}


def faults_of(table: dict[str, Any], name: str = NAME) -> str:
    with pytest.raises(BadTitle) as error:
        read_title(name, table)
    return error.value.message


def test_read_when_a_film_is_right_then_gives_all_of_it() -> None:
    title = read_title(NAME, film())
    assert (title.id, title.kind, title.year, title.silent, title.minutes) == (
        NAME,
        Kind.FILM,
        1922,
        True,
        94,
    )
    assert (title.titles, title.children, title.writers) == ({"fr": "Nosferatu le vampire"}, False, ())
    assert [one.place for one in title.releases] == [
        ArchiveItem("Nosferatu1922"),
        MagnetLink("magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c&dn=x"),
        WebAddress("https://example.org/film.torrent"),
    ]
    assert (title.releases[0].file, title.releases[2].note) == ("a/film.mp4", "tinted")
    assert (title.releases[2].length_bytes, title.releases[2].subtitles) == (700_000_000, ("en", "fr"))
    assert (title.releases[0].length_bytes, title.releases[0].subtitles) == (None, ())
    published, died, listed = title.evidence
    assert isinstance(published, Published)
    assert (published.year, published.country, published.checked) == (1922, "DE", date(2026, 11, 26))
    assert isinstance(died, AuthorDied)
    assert (died.name, died.year, died.nationality) == ("F. W. Murnau", 1931, "DE")
    assert isinstance(listed, Listed)
    assert (listed.name, listed.territory) == ("publicdomainreview", "US")
    assert title.authors_complete


def test_read_when_a_series_is_right_then_gives_its_episodes() -> None:
    title = read_title(NAME, tomllib.loads(SERIES))
    first, second = title.seasons[0].episodes
    assert title.kind is Kind.SERIES
    assert (first.title, first.titles, first.minutes) == ("One", {"fr": "Un"}, 20)
    assert [one.place for one in first.releases] == [ArchiveItem("one")]
    assert (second.number, second.releases) == (2, ())


def test_read_when_it_is_licensed_and_not_renewed_then_reads_those_too() -> None:
    licence = said(
        claim="licence", licence="CC-BY-3.0", url="https://creativecommons.org/licenses/by/3.0/deed.fr"
    )
    title = read_title(NAME, film(evidence=[licence, said(claim="not-renewed")], authors_complete=None))
    licensed, not_renewed = title.evidence
    assert isinstance(licensed, Licensed)
    assert isinstance(not_renewed, NotRenewed)
    assert licensed.licence == "CC-BY-3.0"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"claim": "government", "country": "US"}, GovernmentWork),
        ({"claim": "no-notice"}, NoNotice),
        ({"claim": "renewed"}, Renewed),
        ({"claim": "licence-revoked", "licence": "CC-BY-3.0"}, LicenceRevoked),
        ({"claim": "protected", "country": "FR"}, Protected),
    ],
)
def test_read_when_somebody_claims_it_then_gives_that(fields: dict[str, str], kind: type[Evidence]) -> None:
    (evidence,) = read_title(NAME, film(evidence=[said(**fields)], authors_complete=None)).evidence
    assert type(evidence) is kind


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "movie"}, "kind: 'movie' is not known (of: film, series)"),
        ({"kind": None}, "kind: is missing"),
        ({"title": 7}, "title: must be a text, is 7"),
        ({"title": " x"}, "title: is empty, or has spaces too many"),
        ({"title": "a\nb"}, "title: has a control character or a line break"),
        ({"title": "x" * 201}, "title: has 201 characters, 200 are the most"),
        ({"year": "1922"}, "year: must be a whole number, is '1922'"),
        ({"year": True}, "year: must be a whole number, is True"),
        ({"year": 1923}, "year: the file must be called words-of-the-title-1923.toml"),
        ({"year": 1600}, "year: must lie between 1874 and 2100"),
        ({"countries": ["UK"]}, "countries: 'UK' is no country's code (ISO 3166-1, two capitals); Great Britain is GB"),
        ({"countries": []}, "countries: must name one at least"),
        ({"languages": ["English"]}, "languages: 'English' is no language"),
        ({"silent": False}, "silent: is left out when it is false"),
        ({"directors": "Murnau"}, "directors: must be a list, is 'Murnau'"),
        ({"directors": [1]}, "directors: must hold texts only, has 1"),
        ({"directors": ["A", "A"]}, "directors: names something twice"),
        ({"cast": [str(n) for n in range(9)]}, "cast: names 9, 8 are the most"),
        ({"genres": ["horor"]}, "genres: 'horor' is not known; is it 'horror'?"),
        ({"shelves": ["best"]}, "shelves: 'best' is not known"),
        ({"imdb": "0013442"}, "imdb: must be tt and seven digits or more"),
        ({"wikidata": "151895"}, "wikidata: must be Q and digits"),
        ({"titles": {"fr": "Nosferatu, eine Symphonie des Grauens"}}, "titles.fr: is the original title: leave it out"),
        ({"titles": {"french": "x"}}, "titles.french: 'french' is no language"),
        ({"titles": {"fr": 1}}, "titles.fr: must be a text, is 1"),
        ({"titles": "x"}, "titles: must be a table, is 'x'"),
        ({"synopsis": None}, "synopsis.en: must be there, with 80 characters or more"),
        ({"synopsis": {"en": "Short."}}, "synopsis.fr: must be there, with 80 characters or more"),
        ({"synopsis": {"en": "x" * 90 + "."} | {"fr": "x" * 90 + "."}}, "synopsis.fr: is the English one"),
        ({"synopsis": {"en": "x" * 90}}, "synopsis.en: must end with a full stop"),
        ({"releases": None}, "releases: must be there"),
        ({"releases": "x"}, "releases: must be tables"),
        ({"releases": [1]}, "releases[1]: must be a table"),
        ({"releases": [{}]}, "releases[1].archive: or magnet or url must be there"),
        ({"releases": [{"archive": "a b"}]}, "releases[1].archive: must be an item's name"),
        ({"releases": [{"archive": "a", "url": "https://a.b/"}]}, "cannot stand together: one place a release"),
        ({"releases": [{"url": "http://example.org/"}]}, "releases[1].url: must be an https address"),
        ({"releases": [{"url": "https://u:p@example.org/"}]}, "releases[1].url: must be an https address"),
        ({"releases": [{"magnet": "magnet:?dn=x"}]}, "releases[1].magnet: must be a magnet link"),
        ({"releases": [{"archive": "a", "file": "../b"}]}, "releases[1].file: must be a path in it"),
        ({"releases": [{"archive": "a", "bytes": 0}]}, "releases[1].bytes: must lie between 1 and"),
        ({"releases": [{"archive": "a", "subtitles": ["english"]}]}, "releases[1].subtitles: 'english' is no language"),
        ({"releases": [{"archive": "a", "size": 1}]}, "releases[1].size: is not known here"),
        ({"evidence": None}, "evidence: must be there: nothing is shown without"),
        ({"evidence": [said(claim="free")]}, "evidence[1].claim: 'free' is not known"),
        ({"evidence": [said(claim="published", year=1922)]}, "evidence[1].country: is missing"),
        ({"evidence": [said(claim="listed", list="mine", territory="US")]}, "evidence[1].list: 'mine' is not known"),
        ({"evidence": [said(claim="no-notice") | {"source": "ftp://x"}]}, "[1].source: must be an https address"),
        ({"evidence": [said(claim="no-notice", checked="2026")]}, "checked: must be a date without quotation marks"),
        ({"evidence": [said(claim="no-notice", year=1950)]}, "evidence[1].year: is not known here"),
        (
            {"evidence": [said(claim="licence", licence="CC-BY-3.0", url="https://creativecommons.org/licenses/by/4.0/")]},
            "such as https://creativecommons.org/licenses/by/3.0/; it is of CC-BY-4.0",
        ),
        (
            {"evidence": [said(claim="licence", licence="CC-BY-3.0", url="https://example.org/")]},
            "it is of no licence that is known",
        ),
        ({"directors": ["A"]}, "authors-complete: no author-died in the evidence for A"),
        ({"evidence": [said(claim="no-notice")], "directors": None}, "no author-died in the evidence for anybody"),
        ({"seasons": [{"number": 1}]}, "seasons: a film has none"),
        ({"kind": "series"}, "seasons: a series must name its episodes"),
        ({"language": ["de"]}, "language: is not known here; is it 'languages'?"),
    ],
)  # fmt: skip
def test_read_when_a_field_is_wrong_then_names_it_and_what_it_should_be(
    changes: dict[str, object], sentence: str
) -> None:
    assert f"{NAME}.toml: " in faults_of(film(**changes))
    assert sentence in faults_of(film(**changes))


@pytest.mark.parametrize("name", ["Nosferatu-1922", "nosferatu", "nosferatu_1922", "nosferatu-1921", "-1922"])
def test_read_when_the_file_has_another_name_then_says_so(name: str) -> None:
    assert "the file must be called words-of-the-title-1922.toml" in faults_of(film(), name)


def test_read_when_several_things_are_wrong_then_tells_all() -> None:
    assert len(faults_of(film(kind="x", title="", year=0, imdb="x")).splitlines()) >= 4


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("number = 2", "number = 1", "seasons: the episodes of season 1 must be numbered upwards"),
        ('title = "Two"', "", "seasons[1].episodes[2].title: is missing"),
        (
            'archive = "one"',
            'archive = "one"\n  length = 3',
            "seasons[1].episodes[1].length: is not known here",
        ),
        ("[[seasons]]", "[[seasons]]\nnumber = 1\n[[seasons]]", "seasons: must be numbered upwards"),
    ],
)
def test_read_when_an_episode_is_wrong_then_names_it(old: str, new: str, sentence: str) -> None:
    assert sentence in faults_of(tomllib.loads(SERIES.replace(old, new)))


def test_read_when_one_episode_of_a_series_has_an_item_then_the_others_need_no_place() -> None:
    table = tomllib.loads(SERIES)
    del table["releases"]
    title = read_title(NAME, table)
    assert title.releases == ()
    assert [len(episode.releases) for episode in title.seasons[0].episodes] == [1, 0]


def test_read_when_nothing_of_a_series_is_known_to_be_anywhere_then_tells_it() -> None:
    table = tomllib.loads(SERIES.replace('archive = "one"', ""))
    del table["releases"]
    assert "releases: must be there, or an item of an episode" in faults_of(table)


LICENCE = {"claim": "licence", "licence": "CC-BY-3.0", "url": "https://creativecommons.org/licenses/by/3.0/"}


@pytest.mark.parametrize(
    ("place", "release"),
    [
        ({"film": "https://films.example/t.mp4"}, Release(WebFilm("https://films.example/t.mp4", None))),
        ({"archive": "Item", "file": "a/t.mp4"}, Release(ArchiveItem("Item"), "a/t.mp4")),
    ],
)
def test_read_when_it_has_a_trailer_then_gives_it_with_what_speaks_for_it_alone(
    place: dict[str, str], release: Release
) -> None:
    title = read_title(NAME, film(trailer={**place, "evidence": [said(**LICENCE)]}))
    assert title.trailer is not None
    assert (title.trailer.release, [type(one) for one in title.trailer.evidence]) == (release, [Licensed])
    assert Licensed not in [type(one) for one in title.evidence]


@pytest.mark.parametrize(
    ("trailer", "sentence"),
    [
        ({"film": "https://films.example/t.mp4"}, "trailer.evidence: must be there"),
        ({"evidence": []}, "trailer.film: or archive and file must be there"),
        ({"archive": "Item"}, "trailer.film: or archive and file must be there"),
        ({"archive": "Item", "file": "../t.mp4"}, "trailer.file: must be a path in it"),
        ({"film": "http://films.example/t.mp4"}, "trailer.film: must be"),
        (
            {"film": "https://films.example/t.mp4", "archive": "Item", "file": "t.mp4"},
            "trailer.film: or archive",
        ),
        ({"film": "https://films.example/t.mp4", "minutes": 2}, "trailer.minutes: is not known here"),
        ([], "trailer: must be a table"),
    ],
)
def test_read_when_its_trailer_is_wrong_then_says_so(trailer: object, sentence: str) -> None:
    assert sentence in faults_of(film(trailer=trailer))
