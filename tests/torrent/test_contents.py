"""Which pieces are shown, and what a file is served as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.contents import PieceSet, media_type

COUNT = 200
BOUNDS = st.integers(0, COUNT)


@given(st.lists(st.tuples(BOUNDS, BOUNDS).map(sorted)))
def test_piece_set_when_made_of_spans_then_holds_just_those_in_order(bounds: list[list[int]]) -> None:
    expected = {piece for start, stop in bounds for piece in range(start, stop)}
    found = PieceSet(COUNT, (range(start, stop) for start, stop in bounds))
    assert list(found) == sorted(expected)
    assert {piece for piece in range(COUNT) if piece in found} == expected


@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("a/film.mkv", "video/x-matroska"),
        ("FILM.MP4", "video/mp4"),
        ("page.html", "application/octet-stream"),
        ("page.xhtml", "application/octet-stream"),
        ("drawing.svg", "application/octet-stream"),
        ("program.js", "application/octet-stream"),
        ("noending", "application/octet-stream"),
        ("dot.", "application/octet-stream"),
    ],
)
def test_media_type_when_a_browser_would_run_it_then_it_is_mere_bytes(path: str, served: str) -> None:
    assert media_type(path) == served


@given(st.text())
def test_media_type_when_anything_then_never_a_markup_or_a_script(path: str) -> None:
    found = media_type(path)
    assert found.count("/") == 1
    assert not any(word in found for word in ("html", "script", "svg", "xml"))
