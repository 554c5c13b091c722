"""Picture subtitles inside films, drawn by us and by FFmpeg."""

import io
import zlib
from collections.abc import Iterator

import av
import pytest
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import BitmapSubtitle

from matinee.confined.frames import WireError
from matinee.errors import BadFilm
from matinee.media.drawn_wire import MOST_BYTES, MOST_EVENTS, drawn_from_wire, drawn_to_wire
from matinee.models.subtitles import DrawnEvent, DrawnExcerpt, Picture
from matinee.subtitles.inside import pictures_of
from tests.media.drawn import DVD, PGS, film_of_pictures
from tests.media.films import made
from tests.media.parts import worker_for
from tests.media.subtitled import time_of

WINDOW_S = (30.0, 45.0)


async def drawn(track: int) -> tuple[Picture, ...]:
    """Have a stretch of a track drawn, as the program does."""
    async with worker_for(film_of_pictures().read_bytes()) as (worker, _):
        found = await worker.ask("drawn", track=track, start_s=WINDOW_S[0], stop_s=WINDOW_S[1], from_s=0.0)
        pictures = pictures_of(drawn_from_wire(*found), WINDOW_S[1])
        return tuple(one for one in pictures if one.stop_s > WINDOW_S[0])


def by_ffmpeg(track: int) -> Iterator[tuple[float, tuple[int, int, int, int], bytes]]:
    """Have FFmpeg decode all of a track: times, places and pixels."""
    with av.open(str(film_of_pictures())) as container:
        stream = container.streams[track]
        assert isinstance(stream, SubtitleStream)
        base = stream.time_base or 0
        for packet in container.demux(stream):
            for one in stream.decode(packet) if packet.size else ():
                assert isinstance(one, BitmapSubtitle)
                assert packet.pts is not None
                place = (one.x, one.y, one.width, one.height)
                yield round(float(packet.pts * base), 3), place, bytes(memoryview(one.planes[0]))  # type: ignore[arg-type] # it has a buffer


def pixels(picture: Picture) -> bytes:
    """Give the pixels of a PNG of ours."""
    at = picture.png.index(b"IDAT")
    rows = zlib.decompress(picture.png[at + 4 : at + 4 + int.from_bytes(picture.png[at - 4 : at], "big")])
    width = picture.width + 1
    return b"".join(rows[row * width + 1 : (row + 1) * width] for row in range(picture.height))


@pytest.mark.parametrize("track", [PGS, DVD])
async def test_drawn_when_of_a_kind_we_draw_then_as_ffmpeg_does(track: int) -> None:
    ours = [
        (one.start_s, (one.left, one.top, one.width, one.height), pixels(one))
        for one in await drawn(track)
        if one.start_s > WINDOW_S[0]
    ]
    theirs = [one for one in by_ffmpeg(track) if WINDOW_S[0] - 3 < one[0] < WINDOW_S[1]]
    assert len(ours) == 5
    assert ours == theirs[-5:]


async def test_drawn_when_presentation_graphics_then_hidden_when_they_say_so() -> None:
    found = await drawn(PGS)
    assert [(round(one.start_s, 2), round(one.stop_s, 2)) for one in found] == [
        time_of(at) for at in range(10, 15)
    ]
    assert {(one.canvas_width, one.canvas_height) for one in found} == {(1280, 720)}


async def test_drawn_when_shown_by_a_browsers_rules_then_it_is_a_png() -> None:
    (one, *_) = await drawn(PGS)
    with av.open(io.BytesIO(one.png), "r", format="png_pipe") as container:
        frame = next(container.decode(video=0)).reformat(format="rgba")
    assert (frame.width, frame.height) == (one.width, one.height)
    assert {bytes(frame.planes[0])[at : at + 4] for at in range(0, 4 * one.width, 4)} == {b"\0\0\0\xff"}


@pytest.mark.parametrize(("start_s", "first"), [(0.0, 0), (12.0, 4)])
async def test_drawn_when_in_a_divx_film_then_at_the_times_that_the_packets_say(
    start_s: float, first: int
) -> None:
    source = ("-i", str(film_of_pictures()), "-map", "0:v", "-map", f"0:{DVD}", "-t", "30")
    made_of = ("-vf", "scale=320:-2", "-c:v", "mpeg4", "-g", "24", "-c:s", "xsub")
    film = made("divx.avi", *source, *made_of)
    async with worker_for(film.read_bytes()) as (worker, _):
        wire = await worker.ask("drawn", track=1, start_s=start_s, stop_s=start_s + 6.0, from_s=start_s)
    found = pictures_of(drawn_from_wire(*wire), start_s + 6.0, (320, 180))
    starts = [one.start_s for one in found if start_s <= one.start_s < start_s + 6.0]
    assert starts == [time_of(number)[0] for number in (first, first + 1)]
    assert {(one.canvas_width, one.canvas_height) for one in found} == {(320, 180)}


@pytest.mark.parametrize("track", [0, 1, 9])
async def test_drawn_when_the_track_is_of_another_kind_then_a_clear_error(track: int) -> None:
    with pytest.raises(BadFilm):
        await drawn(track)


def test_drawn_wire_when_there_and_back_then_the_same() -> None:
    events = (DrawnEvent(-1.0, None, b"abc"), DrawnEvent(2.0, 3.5, b""), DrawnEvent(4.0, 5.0, b"d"))
    excerpt = DrawnExcerpt("dvd_subtitle", b"palette", events)
    assert drawn_from_wire(*drawn_to_wire(excerpt)) == excerpt


def test_drawn_wire_when_it_is_beyond_measure_then_cut() -> None:
    events = tuple(
        DrawnEvent(float(at), None, bytes(1024 * 1024)) for at in range(MOST_BYTES // 1024 // 1024 + 2)
    )
    assert len(drawn_from_wire(*drawn_to_wire(DrawnExcerpt("xsub", b"x", events))).events) == len(events) - 3


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({}, b""),
        ({"codec": "x", "setup": 0, "events": []}, b""),
        ({"codec": "xsub", "setup": 1, "events": []}, b""),
        ({"codec": "xsub", "setup": -1, "events": []}, b""),
        ({"codec": "xsub", "setup": 0, "events": []}, b"more"),
        ({"codec": "xsub", "setup": 0, "events": [[0.0, None, 2]]}, b"x"),
        ({"codec": "xsub", "setup": 0, "events": [[0.0, None, -1]]}, b""),
        ({"codec": "xsub", "setup": 0, "events": [[0.0, 0.0, 0]]}, b""),
        ({"codec": "xsub", "setup": 0, "events": [[float("nan"), None, 0]]}, b""),
        ({"codec": "xsub", "setup": 0, "events": [["0", None, 0]]}, b""),
        ({"codec": "xsub", "setup": 0, "events": [[0.0, None, 0]] * (MOST_EVENTS + 1)}, b""),
        ({"codec": "xsub", "setup": 0, "events": [], "more": 1}, b""),
    ],
)
def test_drawn_wire_when_the_process_says_anything_else_then_it_is_not_believed(
    head: dict[str, object], body: bytes
) -> None:
    with pytest.raises(WireError):
        drawn_from_wire(head, body)
