"""What is typed and what is called so meet as the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.folding import WORD_LIMIT, fold, without_article, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Le Voyage dans la Lune", "le voyage dans la lune"),
        ("FAUST – Eine deutsche Volkssage", "faust eine deutsche volkssage"),
        ("L'Atalante", "l atalante"),
        ("Zéro de conduite: Jeunes diables au collège", "zero de conduite jeunes diables au college"),
        ("Don't Look Now", "dont look now"),
        ("D’Artagnan", "d artagnan"),
        ("Häxan", "haxan"),
        ("Straße", "strasse"),
        ("Œdipe, Ærø, Łódź", "oedipe aero lodz"),
        ("Броненосец «Потёмкин»", "броненосец потемкин"),
        ("七人の侍", "七人の侍"),
        ("M", "m"),
        ("2001: A Space Odyssey", "2001 a space odyssey"),
        ("... ' ’ !", ""),
        ("", ""),
    ],
)
def test_fold_when_given_a_name_then_case_accents_and_marks_are_gone(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_fold_when_done_twice_then_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(max_size=200))
def test_words_when_given_anything_then_are_letters_and_digits(text: str) -> None:
    found = words(text)
    assert all(word.isalnum() and len(word) <= WORD_LIMIT for word in found)


@given(st.text(st.characters(max_codepoint=127), max_size=200))
def test_words_when_a_text_is_plain_then_are_those_that_it_has_among_others(text: str) -> None:
    assert words(f"{text} é") == [*words(text), "e"]


@pytest.mark.parametrize(
    ("folded", "rest"),
    [("the general", "general"), ("l atalante", "atalante"), ("the", "the"), ("m", "m"), ("", "")],
)
def test_without_article_when_more_follows_then_is_the_rest(folded: str, rest: str) -> None:
    assert without_article(folded) == rest
