"""Picture and sound begin together: a flash and a beep at one moment of the film are one in what a browser gets."""

import io
from array import array
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from matinee.media.hls.timing import OFFSET_S
from tests.media import films
from tests.media.made import make, open_film

APART_S = 0.02
PICTURES = 96
_FLASH = "color=c=black:s=160x90:r=24:d=4,format=gray,geq=lum='if(eq(mod(N,48),24),235,16)',format=yuv420p"
_BEEP = "aevalsrc='if(gte(mod(t,2),1)*lt(mod(t,2),1.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=4"
"""Both at 1 s and at 3 s."""
_X264 = "-c:v libx264 -preset ultrafast -bf 3 -g 48"
_X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=48"

FILMS = {
    "edit lists that hide priming and delay.mp4": f"{_X264} -c:a aac",
    "in fragments.mp4": f"{_X264} -c:a aac -movflags frag_keyframe+delay_moov",
    "beginning before zero.mp4": f"{_X264} -c:a aac -avoid_negative_ts disabled",
    "sound that begins with a frame of its own.mkv": f"{_X264} -c:a ac3",
    "sound with a codec's delay.mkv": f"{_X264} -c:a libopus",
    "a clock that begins anywhere.ts": f"{_X264} -c:a aac -output_ts_offset 95440",
    "no times of showing.avi": "-c:v mpeg4 -bf 2 -c:a ac3",
    "no times of showing, H.264.avi": f"{_X264} -c:a ac3",
    "no times of showing, HEVC.avi": f"{_X265} -vtag HEVC -c:a ac3",
}


def made(name: str, words: str, *, late_s: float = 0.0) -> Path:
    """Make a film whose picture begins later than its sound by so much."""
    return films.made(
        name.replace(" ", "-"), "-itsoffset", str(late_s), "-f", "lavfi", "-i", _FLASH, "-f", "lavfi", "-i", _BEEP,
        "-map", "0:v", "-map", "1:a", *words.split(),
    )  # fmt: skip


def beginnings(moments: Iterator[tuple[float, bool]], quiet_s: float) -> list[float]:
    """Give when something begins that was not there for a while."""
    found: list[float] = []
    latest_s = -quiet_s
    for at_s, there in moments:
        if there:
            found += [at_s] if at_s - latest_s >= quiet_s else []
            latest_s = at_s
    return found


def flashes(film: bytes) -> list[float]:
    """Give when the picture becomes white, from the film's beginning."""
    with av.open(io.BytesIO(film), "r") as container:
        frames = sorted((frame.time or 0.0, _is_white(frame)) for frame in container.decode(video=0))
    return beginnings(((at_s - OFFSET_S, white) for at_s, white in frames), 0.5)


def pictures(film: bytes) -> int:
    """Count the pictures."""
    with av.open(io.BytesIO(film), "r") as container:
        return sum(1 for _ in container.decode(video=0))


def _is_white(frame: VideoFrame) -> bool:
    plane = frame.planes[0]
    return bytes(plane)[plane.line_size * frame.height // 2 + frame.width // 2] > 128


def beeps(film: bytes) -> list[float]:
    """Give when the sound becomes loud."""
    with av.open(io.BytesIO(film), "r") as container:
        return beginnings((sample for frame in container.decode(audio=0) for sample in _samples(frame)), 0.5)


def _samples(frame: AudioFrame) -> Iterator[tuple[float, bool]]:
    assert frame.format.name == "fltp"
    begins_s = (frame.time or 0.0) - OFFSET_S
    loud = array("f", bytes(frame.planes[0])[: frame.samples * 4])
    for number, value in enumerate(loud):
        yield begins_s + number / frame.sample_rate, abs(value) > 0.2


def together(path: Path, *, late_s: float = 0.0) -> None:
    """Have every way of copying and converting keep a flash and its beep together."""
    film = open_film(path)
    index = film.container.streams.audio[0].index
    copies = film.container.streams.video[0].codec_context.name == "h264"
    for video, audio in (("convert", "convert"), ("copy", "copy")):
        if video == "copy" and not copies:
            continue
        segments = make(path, video=video, audio=[index, audio]).film
        seen, heard = flashes(segments), beeps(segments)
        assert len(seen) == 2
        assert late_s or pictures(segments) == PICTURES
        assert heard == pytest.approx([at_s - late_s for at_s in seen], abs=APART_S), (video, audio)


@pytest.mark.parametrize("name", FILMS)
def test_segments_when_a_flash_and_a_beep_are_one_moment_then_they_stay_one(name: str) -> None:
    together(made(name, FILMS[name]))


def test_segments_when_the_picture_begins_later_then_it_does_by_just_as_much() -> None:
    late_s = 0.4
    together(made("apart.mp4", f"{_X264} -c:a aac", late_s=late_s), late_s=late_s)
