"""Names and types of strangers' files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.web.dispositions import content_disposition, safe_media_type


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a/film.mp4", 'inline; filename="film.mp4"'),
        (
            "Fünf \u2013 5.mkv",
            "inline; filename=\"F_nf _ 5.mkv\"; filename*=UTF-8''F%C3%BCnf%20%E2%80%93%205.mkv",
        ),
        ('a"b\\c.mp4', "inline; filename=\"a_b_c.mp4\"; filename*=UTF-8''a%22b%5Cc.mp4"),
        (
            "x\r\nSet-Cookie: a=b.mp4",
            "inline; filename=\"x__Set-Cookie_ a_b.mp4\"; filename*=UTF-8''x__Set-Cookie%3A%20a%3Db.mp4",
        ),
        ("..", 'inline; filename="file"'),
        ("dir/", 'inline; filename="file"'),
        ("a\udc80.mp4", 'inline; filename="a_.mp4"'),
    ],
)
def test_content_disposition_of_a_name_is_safe(path: str, value: str) -> None:
    assert content_disposition(path, "video/mp4") == value


@given(st.text())
def test_content_disposition_of_anything_is_one_ascii_line(path: str) -> None:
    value = content_disposition(path, "video/mp4")
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2
    assert len(value) < 2000


@pytest.mark.parametrize(
    ("media_type", "safe"),
    [
        ("video/mp4", "video/mp4"),
        ("audio/flac", "audio/flac"),
        ("image/jpeg", "image/jpeg"),
        ("text/vtt", "text/vtt"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("video/mp4\r\nX: y", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_safe_media_type_lets_nothing_through_that_a_browser_runs(media_type: str, safe: str) -> None:
    assert safe_media_type(media_type) == safe
