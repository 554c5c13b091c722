"""Titles made for tests."""

from datetime import date
from typing import Any

from matinee.models.rights import AuthorDied, Licensed, Published
from matinee.models.title import (
    ArchiveItem,
    Episode,
    Kind,
    MagnetLink,
    Rating,
    Release,
    Season,
    Title,
    WebAddress,
)
from matinee.types import Country, TitleId

CHECKED = date(2026, 11, 26)
SAID: dict[str, Any] = {"by": "Wikidata", "source": "https://www.wikidata.org/wiki/Q1", "checked": CHECKED}
LICENCE = Licensed(licence="CC-BY-3.0", url="https://creativecommons.org/licenses/by/3.0/", **SAID)
PUBLISHED = Published(year=1922, country=Country("DE"), **SAID)
OLD = (
    PUBLISHED,
    AuthorDied(name="F. W. Murnau", role="director", year=1931, **SAID),
)
MAGNET = MagnetLink("magnet:?xt=urn:btih:" + "a" * 40)


def film(name: str, title: str = "A film", year: int = 1922, **fields: Any) -> Title:
    """Make a film that is licensed everywhere."""
    given: dict[str, Any] = {
        "countries": (Country("DE"),), "languages": ("de",), "genres": ("drama",), "shelves": ("drama",),
        "synopsis": {"en": "Something happens.", "fr": "Il se passe quelque chose."}, "evidence": (LICENCE,),
        "releases": (Release(MAGNET),), **fields,
    }  # fmt: skip
    return Title(id=TitleId(name), kind=given.pop("kind", Kind.FILM), title=title, year=year, **given)


ELSEWHERE = film(
    "elsewhere-1922",
    countries=(Country("US"),),
    evidence=(
        Published(
            by="Wikidata", source="https://www.wikidata.org/wiki/Q1", checked=date(2026, 11, 26), year=1922,
            country=Country("US"),
        ),
    ),
)  # fmt: skip
"""Free in the US; whether it is in France, nothing tells."""

SERIES = film(
    "les-vampires-1915", "Les Vampires", 1915, kind=Kind.SERIES, titles={"en": "The Vampires"}, minutes=40,
    directors=("Louis Feuillade",), cast=("Musidora", "Édouard Mathé"), genres=("crime", "mystery"),
    shelves=("serials", "french"), languages=("fr",), countries=(Country("FR"),), silent=True,
    rating=Rating(7.5, 12, "People"), poster="https://films.example/p.jpg", imdb="tt0006206", wikidata="Q1",
    releases=(Release(ArchiveItem("item"), file="a/b.mp4", note="restored", codecs=("h264", "aac"), width=640),),
    seasons=(
        Season(1, (
            Episode(0, "Prologue", releases=(Release(WebAddress("https://films.example/0.torrent")),)),
            Episode(1, "La Tête coupée", 33, {"en": "The Severed Head"}, {"en": "A head."}),
        )),
    ),
    evidence=(LICENCE, *OLD), authors_complete=True,
)  # fmt: skip
"""A title with one of everything."""
