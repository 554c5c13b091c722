"""Converted pictures far behind a key frame, and such that stand for long."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from matinee.media import reel
from matinee.media.film import Film
from matinee.media.hls.segments import Segment, even
from matinee.media.remux import init, segment
from matinee.media.source import FilmSource
from tests.media.clips import clip
from tests.media.films import made
from tests.media.made import Made, open_film, parts
from tests.media.test_remux import assert_joined
from tests.media.test_transcode import SMALL, times

CONVERT: dict[str, Any] = {"video": "convert", "audio": None, "encoding": asdict(SMALL)}


def in_order(film: Film, segments: tuple[Segment, ...]) -> Made:
    """Make segments one after the other, as a player that plays asks for them."""
    _, start = init(film, CONVERT)
    heads, bodies = zip(*(segment(film, {**CONVERT, **asdict(one)}) for one in segments), strict=True)
    return Made(segments, start, bodies, heads)


@pytest.mark.parametrize("name", ["once.ts", "once.mp4"])
def test_segments_when_they_follow_each_other_far_from_a_key_frame_then_nothing_is_decoded_twice(
    name: str,
) -> None:
    """Given: 50 s with one key frame, which made one by one are 500 s to be decoded."""
    data, worked = clip(name).read_bytes(), [0]

    def work() -> None:
        worked[0] += 1

    film = Film(FilmSource(lambda start, stop: data[start:stop], len(data), work))
    made = in_order(film, even((film.container.duration or 0) / 1e6, 2.5))

    shown = times(made.film)
    assert len(shown) == 1200
    assert shown == pytest.approx([shown[0] + at / 24 for at in range(1200)], abs=1e-4)
    assert_joined(made)
    assert worked[0] < 2 * 1200


def test_segment_when_the_way_to_it_is_long_then_it_is_gone_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reel, "RUN_UP_CPU_S", 0.0)
    one = Segment(4, 40.0, 42.0, last=False)
    film = open_film(clip("once.mp4"))
    reached: list[float] = []

    head, body = segment(film, {**CONVERT, **asdict(one)})
    while "until_s" in head:
        reached.append(head["until_s"])
        head, body = segment(film, {**CONVERT, **asdict(one)})

    monkeypatch.undo()
    _, whole = segment(open_film(clip("once.mp4")), {**CONVERT, **asdict(one)})
    assert reached == sorted(set(reached))
    assert reached[-1] < 40.0
    assert head["frames"] == 48
    assert parts(body) == parts(whole)


def slides() -> Path:
    """Give three pictures at 0, 11 and 32 s, and sound for 45."""
    inputs = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=1:d=40", "-f", "lavfi", "-i", "sine=440:d=45")
    chosen = ("-vf", "select=eq(n\\,0)+eq(n\\,11)+eq(n\\,32)", "-fps_mode", "vfr")
    return made("slides.mkv", *inputs, *chosen, "-c:v", "mpeg4", "-c:a", "mp2")


def test_segments_when_a_picture_stands_for_long_then_each_has_it() -> None:
    segments = even(45.0)
    made_in_order = in_order(open_film(slides()), segments)
    alone = [segment(open_film(slides()), {**CONVERT, **asdict(one)})[0]["frames"] for one in segments]

    assert alone == [head["frames"] for head in made_in_order.heads]
    assert alone == [1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1]
    begins = [part.start for body in made_in_order.bodies for part in parts(body)]
    assert begins == pytest.approx([(10 + 4 * at) * 16_000 for at in range(11)], abs=16_000 * 0.02)
    assert_joined(made_in_order)
