"""What goes over the wire as a code, the page has words for, in both languages."""

import re
from pathlib import Path

import pytest

from matinee.catalogue.shelf_format import CLAIMS, ROLES
from matinee.config_keys import SETTINGS
from matinee.errors import BadTitle, DataFolderInUse
from matinee.models import choice
from matinee.models.rights import Why
from matinee.models.title import GENRES
from matinee.web.problems import STATUSES

WORDS = Path(__file__).parents[2] / "ui" / "src" / "lib" / "i18n"
OF_THE_WIRE = {"internal", "http"}
"""Problems of ``web/problems`` that are no errors of ours."""
NEVER_THERE = {BadTitle, DataFolderInUse}
"""They end a check or the start: no page sees them."""
NOT_SHOWN = {"open", "welcomed"}
"""Settings that no page shows: one is for the command line, one the first screens set."""
PROBLEMS = {error.code for error in STATUSES if error not in NEVER_THERE} | OF_THE_WIRE


def _keys(family: str, language: str) -> set[str]:
    text = "".join(one.read_text(encoding="utf-8") for one in sorted(WORDS.glob(f"{language}*.ts")))
    return set(re.findall(rf"'{family}\.([\w-]+)':", text))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("why", {why.value for why in Why}),
        ("claim", set(CLAIMS)),
        ("role", set(ROLES)),
        ("genre", set(GENRES)),
        ("problem", PROBLEMS),
        ("choice", {why.value for why in choice.Why}),
        ("set", {one.key for one in SETTINGS if one.key not in NOT_SHOWN}),
    ],
)
def test_words_when_a_code_can_be_on_the_wire_then_are_there(
    family: str, names: set[str], language: str
) -> None:
    assert names - _keys(family, language) == set()
