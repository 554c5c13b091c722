"""The seek bar's pictures as values: nothing that comes from the confined process is believed."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.confined.frames import WireError
from matinee.media.tiles import (
    COLUMNS,
    MOST_MOMENTS,
    MOST_SPRITE_BYTES,
    Moment,
    Tile,
    moments_from_wire,
    sprite_from_wire,
    track,
)

WEBP = b"RIFF\0\0\0\0WEBPVP8 "


def test_moments_from_wire_when_right_then_read() -> None:
    found = moments_from_wire({"moments": [[0, 2.5, -7, 0, 10], [2.5, 4.0, 9, 5, 100]]}, 100)
    assert found == (Moment(0.0, 2.5, -7, 0, 10), Moment(2.5, 4.0, 9, 5, 100))
    assert moments_from_wire({"moments": []}, 0) == ()


@pytest.mark.parametrize(
    "moments",
    [
        None,
        {},
        [1],
        [[0, 1, 2, 3]],
        [[0, 1, 2, 0, 101]],
        [[0, 1, 2, -1, 5]],
        [[0, 1, 2, 5, 5]],
        [[0, 0, 2, 0, 5]],
        [[-1, 1, 2, 0, 5]],
        [[0, float("nan"), 2, 0, 5]],
        [[0, float("inf"), 2, 0, 5]],
        [[0, 1, 2.5, 0, 5]],
        [[0, 1, 2**63, 0, 5]],
        [["0", 1, 2, 0, 5]],
        [[0, 2, 1, 0, 5], [1, 3, 1, 0, 5]],
        [[n, n + 1, 1, 0, 5] for n in range(MOST_MOMENTS + 1)],
    ],
)
def test_moments_from_wire_when_wrong_then_refused(moments: object) -> None:
    with pytest.raises(WireError):
        moments_from_wire({"moments": moments}, 100)


GOOD: dict[str, Any] = {"made": [0, 2], "missing": [1], "width": 240, "height": 136}


def test_sprite_from_wire_when_right_then_read() -> None:
    sprite = sprite_from_wire(GOOD, WEBP, 3)
    assert (sprite.made, sprite.missing, sprite.width, sprite.height) == ((0, 2), frozenset({1}), 240, 136)
    empty = sprite_from_wire({"made": [], "missing": [0], "width": 0, "height": 0}, b"", 3)
    assert (empty.made, empty.data) == ((), b"")


@pytest.mark.parametrize(
    ("wrong", "data"),
    [
        ({"made": None}, WEBP),
        ({"made": [0, 3]}, WEBP),
        ({"made": [-1]}, WEBP),
        ({"made": [True]}, WEBP),
        ({"made": [1, 0]}, WEBP),
        ({"made": [0, 0]}, WEBP),
        ({"missing": "1"}, WEBP),
        ({"width": 0}, WEBP),
        ({"width": 1001}, WEBP),
        ({"height": -1}, WEBP),
        ({"height": 1.5}, WEBP),
        ({}, b"\x89PNG" + bytes(20)),
        ({}, b""),
        ({}, WEBP + bytes(MOST_SPRITE_BYTES)),
    ],
)
def test_sprite_from_wire_when_wrong_then_refused(wrong: dict[str, Any], data: bytes) -> None:
    with pytest.raises(WireError):
        sprite_from_wire(GOOD | wrong, data, 3)


def test_track_when_written_then_each_moment_has_its_part() -> None:
    tiles = [
        Tile(Moment(3725.5, 7200.0, 0, 0, 1), 1, 7, 240, 136),
        Tile(Moment(0.0, 3725.5, 0, 0, 1), 0, 0, 240, 136),
    ]
    assert track(tiles, "/t/") == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 01:02:05.500\n/t/0.webp#xywh=0,0,240,136\n\n"
        "01:02:05.500 --> 02:00:00.000\n/t/1.webp#xywh=480,136,240,136\n"
    )
    assert track([], "/t/") == "WEBVTT\n"


@given(st.integers(0, COLUMNS * COLUMNS - 1), st.floats(0, 10**6))
def test_track_when_of_any_place_then_inside_the_sprite(place: int, at_s: float) -> None:
    line = track([Tile(Moment(at_s, at_s + 1, 0, 0, 1), 0, place, 10, 20)], "").splitlines()[3]
    x, y, width, height = map(int, line.split("=")[1].split(","))
    assert (x + width <= 50, y + height <= 100, x % 10, y % 20) == (True, True, 0, 0)


@given(st.lists(st.integers(0, 500), unique=True, max_size=30), st.floats(0, 100))
def test_track_when_there_are_holes_then_cues_grow_into_them_and_never_overlap(
    starts: list[int], least_s: float
) -> None:
    tiles = [Tile(Moment(at, at + 1, 0, 0, 1), 0, 0, 10, 20) for at in starts]
    lines = [line for line in track(tiles, "", least_s).splitlines() if "-->" in line]
    cues = [tuple(map(_seconds, line.split(" --> "))) for line in lines]
    for (start_s, stop_s), at in zip(cues, sorted(starts), strict=True):
        assert 0 <= start_s <= at
        assert at + 1 <= stop_s
        assert stop_s - start_s <= max(1, least_s) + 0.01
    for (_, stop_s), (start_s, _) in pairwise(cues):
        assert stop_s <= start_s


def test_track_when_a_hole_is_wide_then_a_picture_stands_for_its_step() -> None:
    tiles = [Tile(Moment(at, at + 5, 0, 0, 1), 0, 0, 10, 20) for at in (0, 100, 120)]
    lines = track(tiles, "", 20.0).splitlines()[2::3]
    assert [line.replace("00:0", "") for line in lines] == [
        "0:00.000 --> 0:12.500",
        "1:32.500 --> 1:52.500",
        "1:52.500 --> 2:12.500",
    ]


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
