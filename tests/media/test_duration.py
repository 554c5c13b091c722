"""Films that say that they are longer than they are end where they end."""

import struct
from pathlib import Path

import pytest

from matinee.media.keyframes import duration, keyframes
from matinee.media.probe import probe
from tests.media.clips import clip
from tests.media.films import made
from tests.media.made import open_film

ENDLESS = "1\n00:00:01,000 --> 99:59:59,000\nfor ever\n"
TWO_HOURS_MS = 7_200_000.0
FIFTY_DAYS_MS = 4_294_967_295.0


def lying(source: Path, folder: Path, duration_ms: float) -> Path:
    """Give a Matroska film whose head says another duration."""
    data = source.read_bytes()
    place = data.index(b"\x44\x89\x88") + 3
    path = folder / source.name
    path.write_bytes(data[:place] + struct.pack(">d", duration_ms) + data[place + 8 :])
    return path


@pytest.mark.parametrize("claim_ms", [TWO_HOURS_MS, FIFTY_DAYS_MS])
def test_duration_when_the_head_says_far_too_much_then_the_film_s_end_counts(
    claim_ms: float, tmp_path: Path
) -> None:
    path = lying(clip("ac3.mkv"), tmp_path, claim_ms)

    head, _ = keyframes(open_film(path), {})

    assert head["duration_s"] == pytest.approx(30, abs=0.1)
    assert len(head["times_s"]) == 15
    assert duration(open_film(path), {})[0]["duration_s"] == head["duration_s"]


def test_duration_when_a_subtitle_has_no_end_then_picture_and_sound_count() -> None:
    film = made(
        "endless.mkv", "-t", "30", "-i", "{bunny}", "-i", "{x.srt}", "-c", "copy", files={"x.srt": ENDLESS}
    )
    assert (open_film(film).container.duration or 0) / 1e6 > 300_000

    assert probe(open_film(film), {})[0]["duration_s"] == pytest.approx(30, abs=0.1)
    head, _ = keyframes(open_film(film), {})

    assert head["duration_s"] == pytest.approx(30, abs=0.1)
    assert head["times_s"][-1] > 20


def test_duration_when_there_is_one_key_frame_then_it_is_not_doubted() -> None:
    for name in ("once.mp4", "once.ts"):
        assert duration(open_film(clip(name)), {})[0]["duration_s"] == pytest.approx(50, abs=0.2)


def test_duration_when_a_film_is_only_heard_then_as_it_says() -> None:
    film = made("heard.mka", "-t", "20", "-i", "{bunny}", "-vn", "-c", "copy")

    assert duration(open_film(film), {})[0]["duration_s"] == pytest.approx(20, abs=0.1)
