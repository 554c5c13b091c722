"""The title that a person means."""

import re
from typing import Any

import pytest

from matinee.cli.naming import is_id, meant, wanted
from matinee.errors import BadInput, BadSetting, TitleNotFound
from matinee.models.catalogue import Wanted


def card(name: str, title: str, **titles: str) -> dict[str, Any]:
    return {"id": name, "title": title, "titles": titles, "year": int(name[-4:])}


GENERAL = card("the-general-1926", "The General", fr="Le Mécano de la General")
OTHER = card("general-1931", "General")
BLACK = card("the-black-general-1950", "The Black General")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("nosferatu-1922", True),
        ("internet-archive.Some_item", True),
        ("Nosferatu", False),
        ("the general", False),
        ("spider-man", False),
    ],
)
def test_is_id_when_given_an_id_or_a_name_then_tells_them_apart(source: str, found: bool) -> None:
    assert is_id(source) is found


@pytest.mark.parametrize(
    ("words", "cards", "found"),
    [
        ("the GENERAL", [GENERAL, BLACK], "the-general-1926"),
        ("mecano de la general", [GENERAL, BLACK], "the-general-1926"),
        ("black", [BLACK], "the-black-general-1950"),
    ],
)
def test_meant_when_one_is_called_so_then_is_that(
    words: str, cards: list[dict[str, Any]], found: str
) -> None:
    assert meant(words, cards) == found


def test_meant_when_several_may_be_then_names_them() -> None:
    with pytest.raises(BadInput, match=re.escape("the-general-1926  The General (1926)\n  general-1931")):
        meant("general", [GENERAL, OTHER, BLACK])


def test_meant_when_nothing_was_found_then_says_so() -> None:
    with pytest.raises(TitleNotFound, match="“zork”"):
        meant("zork", [])


def test_wanted_when_an_episode_is_named_then_reads_it() -> None:
    read = [wanted(text) for text in (None, "3", "2x03", "S01E10")]
    assert read == [Wanted(), Wanted(1, 3), Wanted(2, 3), Wanted(1, 10)]
    with pytest.raises(BadSetting):
        wanted("last")
