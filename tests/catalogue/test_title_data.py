"""A title comes back as it was."""

import json

import pytest

from matinee.catalogue.shelf import read_file, sources
from matinee.catalogue.title_data import CLAIM_OF, homes_of, title_data, title_from
from matinee.models.rights import Evidence
from matinee.models.title import ArchiveItem, Episode, Release, Season, Title, WebFilm
from tests.catalogue.made import SERIES, film

FILMS = (WebFilm("https://films.example/a.webm", "a" * 40), WebFilm("https://films.example/b.webm", None))
WEB = film("web-2013", releases=tuple(map(Release, FILMS)))


@pytest.mark.parametrize("title", [SERIES, film("bare-1922"), film("b-1922", minutes=None, releases=()), WEB])
def test_title_when_made_data_then_comes_back(title: Title) -> None:
    assert title_from(json.loads(json.dumps(title_data(title)))) == title


def test_shelf_when_made_data_then_comes_back() -> None:
    titles = [read_file(*source) for source in sources()]
    assert len(titles) > 200
    assert [title_from(json.loads(json.dumps(title_data(title)))) for title in titles] == titles


def test_claims_when_compared_then_are_all_kinds_of_evidence() -> None:
    assert set(CLAIM_OF) == set(Evidence.__args__)


def _series(*homes: int) -> Title:
    """Give a series of which each episode comes from so many places."""
    episodes = [
        Episode(n, f"{n}", releases=tuple(Release(ArchiveItem(f"{n}-{at}")) for at in range(count)))
        for n, count in enumerate(homes, 1)
    ]
    return film("serial-1940", releases=(), seasons=(Season(1, tuple(episodes)),))


@pytest.mark.parametrize(
    ("title", "homes"),
    [
        (film("none-1922", releases=()), 0),
        (film("one-1922", releases=(Release(FILMS[0], "a.mp4"), Release(FILMS[0], "b.mp4"))), 1),
        (WEB, 2),
        (_series(2, 1, 0, 3), 1),
        (_series(0, 0), 0),
    ],
)
def test_homes_when_counted_then_are_places_and_of_episodes_the_fewest(title: Title, homes: int) -> None:
    assert homes_of(title) == homes
