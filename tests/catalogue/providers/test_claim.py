"""What a service's words say of a licence, and what they do not."""

from datetime import date

import pytest

from matinee.catalogue.providers import claim
from matinee.models.rights import Licensed

TODAY = date(2026, 11, 26)
BY = "https://creativecommons.org/licenses/by/4.0/"


def licence(*said: str, people: tuple[str, ...] = ("Ada",), year: int | None = 2020) -> str | None:
    found = claim.stated(said, people, into="a place", source="https://a.example/", year=year, checked=TODAY)
    return next((one.licence for one in found if isinstance(one, Licensed)), None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"See {BY}deed.de.", "CC-BY-4.0"),
        (f"({BY})", "CC-BY-4.0"),
        ("CC BY-NC-ND 3.0", "CC-BY-NC-ND-3.0"),
        ("cc0", "CC0-1.0"),
        ("CC0 1.0", "CC0-1.0"),
        ("http://artlibre.org/licence/lal/en/", "LAL-1.3"),
        ("Public domain", None),
        ("public-domain", None),
        ("CC", None),
        ("all rights reserved", None),
        ("CC BY 4.0 is not what this is under, whatever somebody else says of it somewhere", None),
        ("https://creativecommons.org.evil.example/licenses/by/4.0/", None),
        ("", None),
    ],
)
def test_licences_in_when_a_text_names_one_then_that(text: str, wanted: str | None) -> None:
    assert licence(*claim.licences_in(text)) == wanted


def test_stated_when_nobody_gives_it_or_it_cannot_be_then_nothing() -> None:
    assert licence(BY) == "CC-BY-4.0"
    assert licence(BY, people=()) is None
    assert licence(BY, year=2001) is None
    assert licence(BY, year=None) is None
    assert licence(BY, "CC0") is None
    assert licence(BY, "CC-BY-4.0", "no licence") == "CC-BY-4.0"


def test_stated_when_it_is_a_mark_then_it_may_stand_on_an_old_film_and_come_from_nobody() -> None:
    assert licence("CC0", people=(), year=1902) == "CC0-1.0"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("All Rights Reserved.", True), ("Tous droits réservés", True), ("Some rights reserved", False)],
)
def test_says_all_reserved_when_it_does_then_true(text: str, wanted: bool) -> None:
    assert claim.says_all_reserved(text) is wanted
