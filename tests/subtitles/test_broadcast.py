"""The picture subtitles of television and of DivX films, drawn by us and by FFmpeg."""

import struct
import time
import zlib
from fractions import Fraction
from typing import Any

import av
import pytest
from av.subtitles.codeccontext import SubtitleCodecContext
from av.subtitles.subtitle import BitmapSubtitle
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.models.subtitles import DrawnEvent, DrawnExcerpt, Picture
from matinee.subtitles.dvb_tables import usual_table
from matinee.subtitles.inside import pictures_of
from tests.subtitles import made_dvb
from tests.subtitles.made_dvb import bits, drawing, page, region, rows, table

TWO = rows(2, [
    bits((1, 2), (2, 2), (0, 2), (1, 1), (0, 3), (3, 2), (0, 2), (0, 1), (1, 1), (0, 6)),
    bits((0, 2), (0, 1), (0, 1), (2, 2), (4, 4), (1, 2), (0, 2), (0, 1), (0, 1), (0, 2)),
    bits((0, 2), (0, 1), (0, 1), (3, 2), (9, 8), (2, 2), (0, 2), (0, 1), (0, 1), (1, 2), (0, 6)),
])  # fmt: skip
FOUR = rows(4, [
    bits((7, 4), (0, 4), (0, 1), (3, 3), (0, 4), (1, 1), (0, 1), (2, 2), (9, 4), (0, 4), (0, 1), (0, 3)),
    bits((0, 4), (1, 1), (1, 1), (2, 2), (5, 4), (15, 4), (0, 4), (1, 1), (1, 1), (0, 2), (0, 8)),
    bits((0, 4), (1, 1), (1, 1), (3, 2), (11, 8), (2, 4), (0, 4), (1, 1), (1, 1), (1, 2), (0, 8)),
])  # fmt: skip
EIGHT = rows(8, [
    bits((200, 8), (0, 8), (1, 1), (9, 7), (33, 8), (0, 8), (0, 1), (5, 7), (0, 16)),
    bits((0, 8), (1, 1), (40, 7), (255, 8), (0, 16)),
])  # fmt: skip
COLOURS = {number: (40 + number, 128 + number, 120 - number, number % 2 * 100) for number in range(16)}


LARGE = (4000, 2000)


def excerpt(*sets: bytes, codec: str = "dvb_subtitle", setup: bytes = b"") -> DrawnExcerpt:
    return DrawnExcerpt(codec, setup, tuple(DrawnEvent(3.0 * at, None, data) for at, data in enumerate(sets)))


def seen(picture: Picture) -> list[tuple[int, int, int, int]]:
    """Give a picture's pixels as red, green, blue and opacity."""
    chunks, at = {}, 8
    while at < len(picture.png):
        size = int.from_bytes(picture.png[at : at + 4], "big")
        chunks[picture.png[at + 4 : at + 8]] = picture.png[at + 8 : at + 8 + size]
        at += 12 + size
    colours, opacities = chunks[b"PLTE"], chunks[b"tRNS"]
    packed = zlib.decompress(chunks[b"IDAT"])
    width = picture.width + 1
    numbers = b"".join(packed[row * width + 1 : (row + 1) * width] for row in range(picture.height))
    return [(*colours[3 * n : 3 * n + 3], opacities[n]) for n in numbers]


def by_ffmpeg(codec: str, data: bytes) -> list[BitmapSubtitle]:
    context: Any = SubtitleCodecContext.create(codec, "r")
    packet: Any = av.Packet(data)
    packet.pts, packet.time_base = 0, Fraction(1, 1000)
    return [one for one in context.decode(packet) if isinstance(one, BitmapSubtitle)]


def numbers_of(one: BitmapSubtitle) -> bytes:
    """Give the numbers of a picture's colours; this binding does not hand over the colours."""
    return bytes(memoryview(one.planes[0]))  # type: ignore[arg-type]  # it has a buffer


@pytest.mark.parametrize(("depth", "field"), [(2, TWO), (4, FOUR), (8, EIGHT), (4, TWO), (8, TWO), (8, FOUR)])
@pytest.mark.parametrize("tables", [b"", table(COLOURS, 4) + table(COLOURS, 8)])
def test_pictures_when_of_television_then_as_ffmpeg_draws_them(
    depth: int, field: bytes, tables: bytes
) -> None:
    data = (
        page((5, 40, 400))
        + region(5, (60, 8), depth, (1, 4, 1))
        + tables
        + drawing(1, field, field[: len(field) // 2])
        + made_dvb.segment(0x80, b"")
    )
    (ours,) = pictures_of(excerpt(data), 60.0)
    (theirs,) = by_ffmpeg("dvbsub", data)
    assert (ours.left, ours.top, ours.width, ours.height) == (theirs.x, theirs.y, theirs.width, theirs.height)
    found = seen(ours)
    colours = dict(zip(numbers_of(theirs), found, strict=True))
    assert len(colours) > 2
    assert found == [colours[number] for number in numbers_of(theirs)]


@pytest.mark.parametrize(
    ("depth", "number", "colour"),
    [
        (2, 1, (255, 255, 255, 255)),
        (2, 2, (0, 0, 0, 255)),
        (4, 9, (127, 0, 0, 255)),
        (8, 0x21, (85, 170, 0, 255)),
        (8, 5, (255, 0, 255, 63)),
        (8, 0xC8, (0, 0, 85, 255)),
        (8, 0x19, (255, 0, 0, 127)),
    ],
)
def test_table_when_none_is_sent_then_the_usual_colours(
    depth: int, number: int, colour: tuple[int, int, int, int]
) -> None:
    assert usual_table().colour(depth, number) == colour


def test_pictures_when_a_table_is_sent_then_its_colours() -> None:
    colours = {1: (235, 128, 128, 0), 2: (16, 128, 128, 55), 3: (0, 0, 0, 0)}
    data = page((5, 0, 0)) + region(5, (8, 2), 2, (1, 0, 0)) + table(colours, 2)
    (found,) = pictures_of(excerpt(data + drawing(1, rows(2, [bits((1, 2), (2, 2), (3, 2), (0, 6))]))), 60.0)
    white, black, *others = seen(found)[:8]
    assert (white, black) == ((255, 255, 255, 255), (0, 0, 0, 200))
    assert set(others) == {(0, 0, 0, 0)}


def test_pictures_when_a_page_is_empty_or_its_time_is_over_then_gone() -> None:
    shown = page((0, 10, 20), lasts_s=2) + region(0, (8, 2), 4, (1, 0, 0)) + drawing(1, FOUR)
    again = page((0, 12, 20), begins=False)
    found = pictures_of(excerpt(shown, b"\x20\x00" + again, page(), again), 60.0)
    assert [(one.start_s, one.stop_s, one.left) for one in found] == [(0.0, 2.0, 10), (3.0, 6.0, 12)]
    assert {(one.canvas_width, one.canvas_height) for one in found} == {(720, 576)}


def xsub(rows_: list[str], *, opacities: bytes = b"") -> bytes:
    """Write a packet: each letter of a row is a colour, each run at most three pixels long."""
    times = b"[00:00:01.500-00:00:03.000]"
    runs = ["".join("4567"[int(one)] for one in row) for row in (*rows_[::2], *rows_[1::2])]
    head = struct.pack("<7H", len(rows_[0]), len(rows_), 30, 300, 0, 0, 0)
    colours = bytes((10, 20, 30, 250, 240, 230, 5, 6, 7, 100, 110, 120))
    return (
        times
        + head
        + colours
        + opacities
        + b"".join(bytes.fromhex(run.ljust(len(run) + len(run) % 2, "0")) for run in runs)
    )


@pytest.mark.parametrize(("tag", "opacities"), [(b"DXSB", b""), (b"DXSA", b"\x00\xff\x80\x40")])
def test_pictures_when_of_a_divx_film_then_as_ffmpeg_draws_them(tag: bytes, opacities: bytes) -> None:
    data = xsub(["01230123", "32103210", "11112222"], opacities=opacities)
    (ours,) = pictures_of(excerpt(data, codec="xsub", setup=tag), 60.0, (640, 360))
    assert (ours.start_s, ours.stop_s, ours.left, ours.top) == (1.5, 3.0, 30, 300)
    assert (ours.canvas_width, ours.canvas_height) == (640, 360)
    first = seen(ours)[:4]
    assert [one[:3] for one in first] == [(10, 20, 30), (250, 240, 230), (5, 6, 7), (100, 110, 120)]
    assert [one[3] for one in first] == list(opacities or b"\x00\xff\xff\xff")
    context: Any = SubtitleCodecContext.create("xsub", "r")
    context.codec_tag = tag.decode()
    packet: Any = av.Packet(data)
    packet.pts, packet.time_base = 0, Fraction(1, 1000)
    (theirs,) = context.decode(packet)
    colours = dict(zip(range(4), first, strict=True))
    assert seen(ours) == [colours[number] for number in numbers_of(theirs)]


SEGMENT = st.one_of(
    st.builds(made_dvb.segment, st.integers(0x10, 0x14), st.binary(max_size=40)),
    st.builds(lambda x, y: page((0, x, y), begins=False), st.integers(0, 4000), st.integers(0, 4000)),
    st.builds(
        lambda size, depth, left: region(0, size, depth, (1, left, 0)),
        st.tuples(st.integers(0, 300), st.integers(0, 300)),
        st.sampled_from([2, 4, 8]),
        st.integers(0, 4095),
    ),
    st.builds(
        lambda depth, strings: drawing(1, rows(depth, strings)),
        st.sampled_from([2, 4, 8]),
        st.lists(st.binary(max_size=8), max_size=6),
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(SEGMENT, max_size=6).map(b"".join), max_size=4))
def test_pictures_when_any_segments_then_pictures_of_a_measure(sets: list[bytes]) -> None:
    for one in pictures_of(excerpt(*sets), 20.0):
        assert one.start_s < one.stop_s
        assert len(seen(one)) == one.width * one.height


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([b"DXSA", b"DXSB", b""]))
def test_pictures_when_any_packet_of_a_divx_film_then_pictures_of_a_measure(data: bytes, tag: bytes) -> None:
    for one in pictures_of(excerpt(b"[00:00:01.500-00:00:03.000]" + data, codec="xsub", setup=tag), 20.0):
        assert len(seen(one)) == one.width * one.height


@pytest.mark.parametrize(
    "sets",
    [
        [page(*((n, 0, 0) for n in range(64))) + b"".join(region(n, LARGE, 8) for n in range(64))] * 50,
        [page((0, 0, 0)) + region(0, LARGE, 8, *[(1, 0, 0)] * 64) + drawing(1, b"\x10" + b"\x55" * 60_000)] * 60,
        [page((0, 0, 0)) + region(0, LARGE, 8, (1, 0, 0)) + drawing(1, b"\x12" + bytes((0, 255, 9)) * 20_000)] * 9,
        [page((0, 0, 0), begins=False) + region(0, LARGE, 8)] * 500,
    ],
)  # fmt: skip
def test_pictures_when_made_to_do_harm_then_in_bounded_time(sets: list[bytes]) -> None:
    began_s = time.process_time()
    pictures_of(excerpt(*sets), 6000.0)
    assert time.process_time() - began_s < 15
