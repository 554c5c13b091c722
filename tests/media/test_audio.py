"""Converted sound: one grid over every joint, and at each the same sound as the film's."""

import array
import io
from pathlib import Path
from typing import TypeAlias

import av
import pytest

from matinee.media.hls.timing import OFFSET_S
from tests.media.clips import clip
from tests.media.made import make, open_film, packets, parts

NAMES = [
    "ac3.mkv", "open.mkv", "varying.mkv", "surround.mkv", "theora.ogv", "old.avi", "interlaced.mpg", "vp9.webm",
    "flac.mkv", "wrapped.ts", "edited.mp4", "hevc.mkv", "flv.flv", "fragments.mp4", "indexed.mp4",
]  # fmt: skip
WINDOW_S = 0.2
SLACK_S = 0.02
"""A frame begins where the one before ends, but for what containers and demuxers get wrong."""

Samples: TypeAlias = "array.array[float]"


def samples(source: Path | bytes) -> tuple[int, Samples, float]:
    """Decode the sound to one channel; gives samples a second, samples, and when they begin. Gaps are silence."""
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source), "r") as film:
        stream = film.streams.audio[0]
        mono, found, start_s = av.AudioResampler("flt", "mono", stream.rate), array.array("f"), None
        zero_s = OFFSET_S if isinstance(source, bytes) else (film.start_time or 0) / 1e6
        for frame in film.decode(stream):
            at_s = float(frame.time or 0) - zero_s
            start_s = at_s if start_s is None else start_s
            gap = round((at_s - start_s) * stream.rate) - len(found)
            found.extend([0.0] * (gap if gap > stream.rate * SLACK_S else 0))
            frame.pts = None
            for made in mono.resample(frame):
                found.frombytes(bytes(made.planes[0])[: made.samples * 4])
        return stream.rate, found, start_s or 0


def difference(left: Samples, right: Samples) -> float:
    """How loud what differs is, over how loud all is."""
    loud = sum(sample * sample for sample in left)
    return sum((a - b) ** 2 for a, b in zip(left, right, strict=True)) / (loud + 1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_segments_when_sound_is_converted_then_all_of_it_is_the_film_s(name: str) -> None:
    index = open_film(clip(name)).container.streams.audio[0].index

    made = make(clip(name), step_s=4.0, video=None, audio=[index, "convert"])

    rate, before, start_s = samples(clip(name))
    made_rate, after, _ = samples(made.film)
    assert made_rate == rate
    lead, most = round(start_s * rate), rate // 1000
    window = int(WINDOW_S * rate)

    def differs(at: int, late: int) -> float:
        told = before[at - lead : at - lead + window]
        return difference(told, after[at + late : at + late + window])

    # A container that rounds to milliseconds leaves one in doubt about as much; it has to be the same everywhere.
    late = min(range(-most, most + 1), key=lambda late: differs(rate * 5, late))
    windows = range(max(0, lead, -late), min(len(before) + lead, len(after) - late) - window, window)
    assert max(differs(at, late) for at in windows) < 0.1
    assert 0 <= len(after) - len(before) - lead <= 1024 + 2 * most


@pytest.mark.parametrize("name", ["ac3.mkv", "wrapped.ts"])
def test_segments_when_sound_is_converted_then_its_frames_are_on_one_grid(name: str) -> None:
    index = open_film(clip(name)).container.streams.audio[0].index

    made = make(clip(name), backwards=True, step_s=3.3, video="copy", audio=[index, "convert"])

    heard = packets(made.film, "audio")
    assert [packet.shown_s for packet in heard] == pytest.approx(
        [at * 1024 / 44_100 for at in range(len(heard))]
    )
    for body, segment in zip(made.bodies, made.segments, strict=True):
        (part,) = (part for part in parts(body) if part.track == 2)
        assert 0 <= part.start / 44_100 - OFFSET_S - segment.start_s < 1024 / 44_100 + 0.001
