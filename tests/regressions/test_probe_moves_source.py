"""A probe read boxes of an MP4 behind the library's back; what was made next lacked pictures."""

from matinee.media.jobs import JOBS
from tests.media.films import made
from tests.media.made import open_film

SEGMENT = {
    "index": 0,
    "start_s": 0.0,
    "stop_s": 2.0,
    "last": False,
    "video": "copy",
    "audio": None,
    "encoding": None,
}


def test_segment_when_probed_before_then_has_every_picture() -> None:
    path = made(
        "probed.mp4", "-t", "12", "-i", "{bunny}", "-an", "-s", "640x360", "-c:v", "libx264", "-preset", "ultrafast",
        "-bf", "2", "-g", "48",
    )  # fmt: skip
    film = open_film(path)
    JOBS["probe"](film, {})
    assert JOBS["segment"](film, SEGMENT)[0]["frames"] == 48
