"""A title comes back as it was."""

import json

import pytest

from matinee.catalogue.shelf import read_file, sources
from matinee.catalogue.title_data import CLAIM_OF, title_data, title_from
from matinee.models.rights import Evidence
from matinee.models.title import Release, Title, WebFilm
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
