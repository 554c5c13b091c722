"""Pictures that are attached to films."""

from pathlib import Path

import pytest

from matinee.media.covers import COVER_WIDTH, cover
from matinee.media.picture_header import read_header
from matinee.media.probe import describe
from tests.media.films import made
from tests.media.made import open_film

_SHORT = ("-t", "1", "-i", "{bunny}")
_COVER = ("-f", "lavfi", "-i", "color=c=red:s=600x900:d=1:r=1")
_TRACK = ("-map", "0", "-map", "1", "-c", "copy", "-c:v:1", "mjpeg", "-disposition:v:1", "attached_pic")
JPEG = made("red.jpg", "-f", "lavfi", "-i", "color=c=red:s=600x900", "-frames:v", "1")


def covered(name: str) -> Path:
    """Give a film with a cover."""
    if name.endswith(".mkv"):
        attached = (
            "-attach",
            str(JPEG),
            "-metadata:s:t",
            "mimetype=image/jpeg",
            "-metadata:s:t",
            "filename=cover.jpg",
        )
        return made(name, *_SHORT, "-c", "copy", *attached)
    if name.endswith(".mp3"):
        return made(name, *_SHORT, *_COVER, "-map", "0:a", "-map", "1", "-c:a", "libmp3lame", "-c:v", "mjpeg")
    return made(name, *_SHORT, *_COVER, *_TRACK)


@pytest.mark.parametrize(("name", "called"), [("a.mp4", "cover"), ("a.mkv", "cover.jpg"), ("a.mp3", "cover")])
def test_cover_when_attached_then_is_listed_and_given_small(name: str, called: str) -> None:
    film = open_film(covered(name))
    info = describe(film, {})
    (listed,) = info.pictures
    assert (listed.name, listed.media_type) == (called, "image/jpeg")
    assert len(info.video) == (0 if name.endswith(".mp3") else 1)
    head, data = cover(film, {"track": listed.index})
    seen = read_header(data)
    assert (seen.kind, seen.width, seen.height) == ("webp", COVER_WIDTH, 720)
    assert head == {"width": COVER_WIDTH, "height": 720}


def test_cover_when_it_is_none_then_is_refused() -> None:
    film = open_film(covered("a.mkv"))
    for index in (0, 1, 99):
        with pytest.raises(ValueError, match="cover"):
            cover(film, {"track": index})


def test_cover_when_it_is_no_picture_then_is_refused() -> None:
    data = bytearray(covered("a.mkv").read_bytes())
    at = data.index(b"\xff\xd8\xff")
    data[at : at + 600] = b"\0" * 600
    path = covered("a.mkv").with_name("broken-cover.mkv")
    path.write_bytes(data)
    film = open_film(path)
    (listed,) = describe(film, {}).pictures
    with pytest.raises(ValueError, match="it is no JPEG"):
        cover(film, {"track": listed.index})
