"""What the rules of sharing can say, the page has words for, in both languages."""

import re
from pathlib import Path

import pytest

from matinee.catalogue.shelf_format import CLAIMS, ROLES
from matinee.models.rights import Why
from matinee.models.title import GENRES

WORDS = Path(__file__).parents[2] / "ui" / "src" / "lib" / "i18n"


def _keys(family: str, language: str) -> set[str]:
    text = (WORDS / f"{language}-titles.ts").read_text(encoding="utf-8")
    return set(re.findall(rf"'{family}\.([\w-]+)':", text))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("why", {why.value for why in Why}),
        ("claim", set(CLAIMS)),
        ("role", set(ROLES)),
        ("genre", set(GENRES)),
    ],
)
def test_words_when_the_catalogue_says_something_then_are_there(
    family: str, names: set[str], language: str
) -> None:
    assert names - _keys(family, language) == set()
