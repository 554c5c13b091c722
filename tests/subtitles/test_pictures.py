"""Picture subtitles of Blu-ray and DVD, honest ones and others; ``tests/media/test_drawn.py`` holds them to FFmpeg."""

import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.errors import BadSubtitles
from matinee.models.subtitles import DrawnEvent, DrawnExcerpt, Picture
from matinee.subtitles import pgs, vobsub
from matinee.subtitles.inside import pictures_of
from matinee.subtitles.pictures import placed
from tests.subtitles import made_pgs

HOSTILE_S = 20.0
ROWS = [b"\1\1\1\2", b"\0\0\3\3"]


def show(*sets: bytes, every_s: float = 1.0) -> tuple[Picture, ...]:
    """Draw display sets that follow each other."""
    events = [DrawnEvent(at * every_s, None, data) for at, data in enumerate(sets)]
    return pgs.read(events, len(sets) * every_s)


def times(pictures: tuple[Picture, ...]) -> list[tuple[float, float]]:
    return [(one.start_s, one.stop_s) for one in pictures]


def test_pgs_when_shown_and_hidden_then_until_the_next_set() -> None:
    assert times(show(made_pgs.shown(1, ROWS, 5, 6), made_pgs.hidden(2), made_pgs.shown(3, ROWS, 5, 6))) == [
        (0.0, 1.0), (2.0, 3.0),
    ]  # fmt: skip


def test_pgs_when_an_object_comes_in_parts_then_it_is_one() -> None:
    rows = [bytes(range(1, 200)) for _ in range(20)]
    whole = made_pgs.composition(1, 0x80, (0, 0, 0)) + made_pgs.palette() + made_pgs.picture(0, rows)
    parted = (
        made_pgs.composition(1, 0x80, (0, 0, 0)) + made_pgs.palette() + made_pgs.picture(0, rows, parts=5)
    )
    assert show(whole) == show(parted)


def test_pgs_when_a_new_set_begins_within_an_object_then_its_rest_is_left_out() -> None:
    parts = made_pgs.picture(0, ROWS, parts=2)
    first = 3 + int.from_bytes(parts[1:3], "big")
    begun = made_pgs.composition(1, 0x80, (0, 0, 0)) + made_pgs.palette() + parts[:first]
    rest = made_pgs.composition(2, 0x80, (0, 0, 0)) + made_pgs.palette() + parts[first:]
    whole = made_pgs.shown(3, ROWS, 5, 6)
    assert show(begun + rest + whole) == show(whole)


def test_pgs_when_two_objects_are_shown_then_one_picture_as_large_as_both() -> None:
    data = (
        made_pgs.composition(1, 0x80, (0, 10, 10), (1, 100, 50))
        + made_pgs.palette()
        + made_pgs.picture(0, ROWS)
        + made_pgs.picture(1, ROWS)
    )
    (one,) = show(data)
    assert (one.left, one.top, one.width, one.height) == (10, 10, 94, 42)


def test_pgs_when_a_set_goes_on_with_what_was_shown_then_it_is_still_there() -> None:
    moved = made_pgs.composition(2, 0x00, (0, 50, 60))
    first, second = show(made_pgs.shown(1, ROWS, 5, 6), moved)
    assert (second.left, second.top, second.png) == (50, 60, first.png)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x16",
        made_pgs.composition(1, 0x80, (0, 0, 0)),
        made_pgs.composition(1, 0x80, (0, 0, 0)) + made_pgs.palette(),
        made_pgs.composition(1, 0x80, (7, 0, 0)) + made_pgs.palette() + made_pgs.picture(0, ROWS),
        made_pgs.shown(1, ROWS, 5, 6)[:30],
        made_pgs.composition(1, 0x80, (0, 0, 0), (1, 65000, 65000)) + made_pgs.palette() + made_pgs.picture(0, ROWS)
        + made_pgs.picture(1, ROWS),
    ],
)  # fmt: skip
def test_pgs_when_a_set_makes_no_sense_then_it_is_left_out(data: bytes) -> None:
    assert show(data) == ()


def spu(commands: bytes, runs: bytes = b"\x00\x00" * 4) -> bytes:
    """Write a packet of a DVD."""
    at = 4 + len(runs)
    return struct.pack(">HH", at + len(commands), at) + runs + commands


SHOW = (
    struct.pack(">HH", 0, 12) + b"\x01\x03\x32\x10\x04\xff\xf0"
    + b"\x05" + ((8 << 12 | 15).to_bytes(3, "big") + (4 << 12 | 7).to_bytes(3, "big"))
    + b"\x06" + struct.pack(">HH", 4, 8) + b"\xff"
)  # fmt: skip


def test_vobsub_when_it_says_when_it_ends_then_it_does() -> None:
    hide = struct.pack(">HH", 88, 12 + len(SHOW)) + b"\x02\xff"
    commands = SHOW[:2] + struct.pack(">H", 12 + len(SHOW)) + SHOW[4:] + hide
    (one,) = vobsub.read(
        b"size: 720x480\npalette: 0a0b0c, ffffff", [DrawnEvent(3.0, None, spu(commands))], 99.0
    )
    assert (one.left, one.top, one.width, one.height) == (8, 4, 8, 4)
    assert (one.start_s, round(one.stop_s, 3)) == (3.0, 4.001)
    assert (one.canvas_width, one.canvas_height) == (720, 480)


def test_vobsub_when_nobody_says_when_it_ends_then_with_the_next_or_the_stretch() -> None:
    events = [DrawnEvent(3.0, None, spu(SHOW)), DrawnEvent(9.0, 999_999.0, spu(SHOW))]
    assert times(vobsub.read(b"", events, 20.0)) == [(3.0, 9.0), (9.0, 20.0)]


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\0\4\0\4", spu(b"\0\0\0\0\xff"), spu(SHOW[:9]), spu(SHOW)[:14]]
)
def test_vobsub_when_a_packet_makes_no_sense_then_it_is_left_out(data: bytes) -> None:
    assert vobsub.read(b"", [DrawnEvent(0.0, None, data)], 1.0) == ()


def _again(data: bytes, times: int) -> list[DrawnEvent]:
    return [DrawnEvent(float(at), None, data) for at in range(times)]


WIDE = made_pgs.segment(
    0x15, struct.pack(">HBB", 0, 0, 0xC0) + b"\0\0\4" + struct.pack(">HH", 4096, 2304) + b"\0\0" * 9
)
HEAD = made_pgs.composition(1, 0x80, (0, 0, 0)) + made_pgs.palette()
LARGE = SHOW.replace((8 << 12 | 15).to_bytes(3, "big"), b"\0\x0f\xff").replace(
    (4 << 12 | 7).to_bytes(3, "big"), b"\0\x08\xff"
)
MORE = made_pgs.segment(0x15, b"\0\0\0\x40" + b"\0\1" * 30_000)
AGAIN = made_pgs.composition(1, 0, (0, 0, 0))
BOMBS: dict[str, Callable[[], tuple[str, bytes, list[DrawnEvent]]]] = {
    "shown for ever": lambda: ("hdmv_pgs", b"", [DrawnEvent(-1.0, None, HEAD + WIDE), *_again(AGAIN, 3000)]),
    "large pictures": lambda: ("hdmv_pgs", b"", _again(HEAD + WIDE, 3000)),
    "many objects": lambda: ("hdmv_pgs", b"", _again(HEAD + WIDE * 2000, 30)),
    "many runs": lambda: ("hdmv_pgs", b"", _again(HEAD + WIDE + MORE * 60, 1)),
    "a large DVD picture": lambda: ("dvd", b"", _again(spu(LARGE, b"\x55" * 60_000), 60)),
    "commands in a ring": lambda: ("dvd", b"", _again(spu(b"\0\0\0\x0c" * 9000), 60)),
    "a palette of digits": lambda: ("dvd", b"palette:" + b"0" * 4_000_000, []),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_pictures_when_made_to_do_harm_then_in_bounded_time(bomb: str) -> None:
    codec, setup, events = BOMBS[bomb]()
    excerpt = DrawnExcerpt(f"{codec}_subtitle", setup, tuple(events))
    begun = time.process_time()
    found = pictures_of(excerpt, 1e6)
    assert time.process_time() - begun < HOSTILE_S
    assert sum(len(one.png) for one in found) < 64 * 1024 * 1024


def test_pictures_when_nobody_draws_that_kind_then_a_clear_error() -> None:
    with pytest.raises(BadSubtitles):
        pictures_of(DrawnExcerpt("hdmv_text_subtitle", b"", ()), 1.0)


@settings(deadline=None, max_examples=400)
@given(st.data(), st.sampled_from(["hdmv_pgs_subtitle", "dvd_subtitle"]))
def test_pictures_when_bytes_are_changed_then_pictures_or_none(data: st.DataObject, codec: str) -> None:
    right = made_pgs.shown(1, ROWS, 5, 6) if codec.startswith("hdmv") else spu(SHOW)
    wrong = bytearray(right)
    for _ in range(data.draw(st.integers(0, 4))):
        wrong[data.draw(st.integers(0, len(wrong) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(wrong[: data.draw(st.integers(0, len(wrong)))])
    events = (DrawnEvent(0.0, None, cut), DrawnEvent(1.0, None, right))
    found = pictures_of(DrawnExcerpt(codec, data.draw(st.binary(max_size=20)), events), 5.0)
    assert all(one.png.startswith(b"\x89PNG") and one.start_s < one.stop_s for one in found)


@pytest.mark.parametrize(
    ("area", "canvas", "frame", "percents"),
    [
        ((192, 972, 960, 54), (1920, 1080), (1920, 1080), (10, 90, 50, 5)),
        ((192, 972, 960, 54), (1920, 1080), None, (10, 90, 50, 5)),
        ((192, 972, 960, 54), (1920, 1080), (1280, 720), (10, 90, 50, 5)),
        ((72, 500, 360, 36), (720, 576), (720, 576), (10, 500 / 5.76, 50, 6.25)),
        # 1920 x 800 cut out of 1080 lines: what stood in the bar comes up to the edge, what did not stays.
        ((0, 1020, 960, 40), (1920, 1080), (1920, 800), (0, 95, 50, 5)),
        ((0, 500, 960, 80), (1920, 1080), (1920, 800), (0, 45, 50, 10)),
        ((0, 20, 960, 40), (1920, 1080), (1920, 800), (0, 0, 50, 5)),
        ((1900, 0, 960, 2000), (1920, 1080), (1920, 1080), (50, 0, 50, 100)),
    ],
)
def test_placed_when_the_canvas_is_another_then_where_it_stood_on_the_disc(
    area: tuple[int, int, int, int],
    canvas: tuple[int, int],
    frame: tuple[int, int] | None,
    percents: tuple[float, ...],
) -> None:
    assert placed(Picture(0, 1, *area, *canvas, b""), frame) == pytest.approx(percents, abs=1e-9)
