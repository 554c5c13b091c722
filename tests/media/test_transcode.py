"""Converted pictures: as many as in the film, each at its time, whatever the film is made of."""

import io
from collections.abc import Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.codec import CodecContext
from av.video.frame import VideoFrame

from matinee.media.encoding import COSTS, MEGAPIXEL, Encoding
from matinee.media.hls.segments import even
from matinee.media.hls.timing import OFFSET_S
from matinee.media.packets import AnyPacket, Track
from matinee.media.remux import init, picture_of, segment
from matinee.media.transcode import MEASURED_S, configure, measured, software
from tests.media.clips import clip
from tests.media.made import Made, open_film, parts
from tests.media.test_remux import assert_joined

NAMES = [
    "old.avi", "theora.ogv", "interlaced.mpg", "hevc.mkv", "varying.mkv", "wrapped.ts", "edited.mp4", "open.mkv",
    "flv.flv",
]  # fmt: skip
SMALL = Encoding(320, 180, "ultrafast")


def converted(path: Path, encoding: Encoding, *, step_s: float = 4.0) -> Made:
    """Convert a film, the last segment first, each by a film opened anew."""
    film = open_film(path)
    parts = even((film.container.duration or 0) / 1e6, step_s)
    told, start = init(film, {"video": "convert", "audio": None, "encoding": asdict(encoding)})
    assert told["encoding"] == asdict(encoding)
    made = {}
    for part in reversed(parts):
        wanted = {"video": "convert", "audio": None, "encoding": asdict(encoding), **asdict(part)}
        made[part.index] = segment(open_film(path), wanted)
    heads, bodies = zip(*(made[part.index] for part in parts), strict=True)
    return Made(parts, start, bodies, heads)


def times(source: Path | bytes) -> list[float]:
    """When pictures are shown, from the film's beginning."""
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "r") as film:
        zero_s = OFFSET_S if isinstance(source, bytes) else (film.start_time or 0) / 1e6
        packets = (
            packet for packet in film.demux(film.streams.video[0]) if packet.size or packet.dts is None
        )
        return [float(frame.time or 0) - zero_s for packet in packets for frame in packet.decode()]


def shown_at(film: Path) -> list[float]:
    """When a film's pictures are to be shown: in AVI the library is late by the picture that a decoder keeps back."""
    late_s = 1 / 24 if film.suffix == ".avi" else 0.0
    return [at_s - late_s for at_s in times(film)]


@pytest.mark.parametrize("name", NAMES)
def test_segments_when_the_picture_is_converted_then_every_frame_is_there_once_at_its_time(name: str) -> None:
    made = converted(clip(name), SMALL, step_s=3.7)

    shown = times(made.film)
    assert shown == pytest.approx(shown_at(clip(name)), abs=1e-5)
    assert sum(head["frames"] for head in made.heads) == len(shown)
    assert_joined(made)


@pytest.mark.parametrize(("name", "count"), [("once.ts", 1200), ("once.mp4", 1200), ("timeless.avi", 480)])
def test_segments_when_key_frames_are_rare_or_pictures_without_times_then_every_one_is_there(
    name: str, count: int
) -> None:
    made = converted(clip(name), SMALL, step_s=10.0)

    shown = times(made.film)
    assert len(shown) == count
    assert shown == pytest.approx([shown[0] + at / 24 for at in range(count)], abs=1e-4)
    assert_joined(made)


def test_segments_when_the_film_repeats_a_picture_by_an_empty_one_then_it_stays_as_long() -> None:
    """Theora says "the same again" with a frame of no bytes: the clip has 288, of which 3 repeat its first."""
    with av.open(str(clip("theora.ogv")), "r") as film:
        sizes = [packet.size for packet in film.demux(film.streams.video[0])][:-1]
    assert (len(sizes), sizes.count(0)) == (288, 3)

    made = converted(clip("theora.ogv"), SMALL)

    assert sum(head["frames"] for head in made.heads) == 285
    ticks = [part.durations for body in made.bodies for part in parts(body)]
    assert sum(map(sum, ticks)) == 288 * ticks[0][-1]
    assert ticks[0][0] == 4 * ticks[0][-1]


@pytest.mark.parametrize("preset", COSTS)
def test_init_when_any_preset_is_chosen_then_it_fits_the_segments(preset: str) -> None:
    encoding = replace(SMALL, preset=preset)

    made = converted(clip("hevc.mkv"), encoding, step_s=6.0)

    with av.open(io.BytesIO(made.film), "r") as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 320, 180)
        record = stream.codec_context.extradata
    track = Track.of(film_of := open_film(clip("hevc.mkv")), picture_of(film_of))
    encoder = CodecContext.create("libx264", "w")
    configure(encoder, track, encoding)
    encoder.open()
    units = (encoder.extradata or b"").split(b"\x00\x00\x01")[1:3]
    assert all(unit.rstrip(b"\x00") in (record or b"") for unit in units)


def test_init_when_nothing_is_known_then_it_measures_and_says_what_it_chose() -> None:
    told, start = init(
        open_film(clip("interlaced.mpg")), {"video": "convert", "audio": None, "max_height": 480}
    )

    encoding = Encoding.of(told["encoding"])
    assert encoding.height <= 480
    assert encoding.preset in COSTS
    assert told["codecs"][0].startswith("avc1.")
    assert b"avcC" in start


class Slowed:
    """An encoder that takes its time by a clock of the test's own."""

    def __init__(self, clock: list[float], megapixel_s: float, track: Track, encoding: Encoding) -> None:
        self._clock = clock
        self._picture_s = megapixel_s * encoding.width * encoding.height / MEGAPIXEL
        self._encoder = software(track, encoding)

    @property
    def time_base(self) -> Fraction:
        return self._encoder.time_base

    def encode(self, frame: VideoFrame | None = None) -> Sequence[AnyPacket]:
        self._clock[0] += self._picture_s if frame is not None else 0.0
        return self._encoder.encode(frame)


@pytest.mark.parametrize(
    ("megapixel_s", "chosen"),
    [
        (0.002, (576, "faster", True)),
        (0.02, (576, "superfast", True)),
        (0.06, (576, "ultrafast", True)),
        (0.15, (360, "ultrafast", True)),
        (5.0, (240, "ultrafast", False)),
    ],
)
def test_measured_when_the_encoder_is_slower_then_the_picture_is_smaller_and_at_last_it_says_so(
    megapixel_s: float, chosen: tuple[int, str, bool]
) -> None:
    clock = [100.0]
    track = Track.of(film := open_film(clip("interlaced.mpg")), picture_of(film))

    found = measured(track, 0, 2.0, make=lambda *of: Slowed(clock, megapixel_s, *of), clock=lambda: clock[0])

    assert (found.height, found.preset, found.keeps_up) == chosen
    assert clock[0] < 100 + 4 * MEASURED_S


def test_segments_when_the_film_is_interlaced_then_the_pictures_are_whole() -> None:
    made = converted(clip("interlaced.mpg"), replace(SMALL, width=1024, height=576), step_s=6.0)

    with av.open(io.BytesIO(made.film), "r") as film:
        assert not any(frame.interlaced_frame for frame in film.decode(video=0))


def test_segments_when_a_picture_lies_on_its_side_then_it_is_turned() -> None:
    upright = converted(clip("edited.mp4"), replace(SMALL, width=180, height=320, turned=90), step_s=12.0)

    with av.open(io.BytesIO(upright.film), "r") as film:
        frame = next(film.decode(video=0))
        assert (frame.width, frame.height) == (180, 320)
