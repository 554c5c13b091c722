"""Strangers' names made fit for people to read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.names import NAME_MAX_CHARS, PATH_MAX_PARTS, clean_name, clean_path


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Nosferatu (1922)", "Nosferatu (1922)"),
        ("  a \t\r\n  b  ", "a b"),
        ("a\x00b\x1bc\x7fd\x85e", "a b c d e"),
        ("film\u202efdp.mkv", "filmfdp.mkv"),
        ("a\u2066b\u2069c\u200ed\u200f", "abcd"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\u2028b\u2029c\u00a0d", "a b c d"),
        ("\u3164\u115f\u2800", "fallback"),
        ("Ame\u0301lie", "Amélie"),
        ("還在一個人", "還在一個人"),
        ("a\ud800b", "a\ufffdb"),
        ("a\ue000b\U0010ffffc", "abc"),
        (b"caf\xc3\xa9", "café"),
        (b"a\xffb", "a\ufffdb"),
        (b"\xff\xfe", "fallback"),
        ("", "fallback"),
        (" \u200b ", "fallback"),
        ("x" * 300, "x" * NAME_MAX_CHARS),
        ("\u200b" * 5000 + "x", "fallback"),
    ],
)
def test_clean_name_when_it_would_mislead_then_it_is_made_plain(text: str | bytes, clean: str) -> None:
    assert clean_name(text, "fallback") == clean


@given(st.text() | st.binary(), st.integers(1, 300))
def test_clean_name_when_anything_then_short_visible_composed_and_stable(
    text: str | bytes, most: int
) -> None:
    name = clean_name(text, "f", most)
    assert 0 < len(name) <= most
    assert name == unicodedata.normalize("NFC", name)
    assert {unicodedata.category(char) for char in name}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    assert "  " not in name
    assert name == name.strip()
    assert clean_name(name, "f", most) == name
    name.encode()


@pytest.mark.parametrize(
    ("parts", "clean"),
    [
        (["a", "b.mkv"], ("a", "b.mkv")),
        (["..", "."], ("_", "_")),
        (["a/b", "c\\d", ""], ("a_b", "c_d", "_")),
        ([b"\xff", "con"], ("_", "con")),
    ],
)
def test_clean_path_when_parts_are_odd_then_each_is_one_plain_part(
    parts: list[str | bytes], clean: tuple[str, ...]
) -> None:
    assert clean_path(parts) == clean


def test_clean_path_when_very_deep_then_the_file_is_still_named() -> None:
    path = clean_path([*["d"] * 100, "film.mkv"])
    assert len(path) == PATH_MAX_PARTS
    assert path[-2:] == ("…", "film.mkv")


@given(st.lists(st.text() | st.binary(), min_size=1, max_size=40))
def test_clean_path_when_anything_then_no_part_is_empty_or_leaves(parts: list[str | bytes]) -> None:
    path = clean_path(parts)
    assert path
    assert all(part not in ("", ".", "..") and "/" not in part and "\\" not in part for part in path)
