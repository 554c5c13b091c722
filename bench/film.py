"""The test film: 180 s of our own making, 8 Mbit/s of H.264 and AAC, in three containers, always the same bytes.

It is encoded once with PyAV, whose wheel carries the encoders, and kept in the cache; the other containers are
the same packets written anew. Beside each file lies a small JSON with what the player and the limit need: where
header, index and keyframes are, and how many bytes must be here to play up to a given moment.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench import containers
from bench.swarms import FilmKind

SECONDS = 180
RATE_BITS_PER_S = 8_000_000
FRAMES_PER_S = 24
KEYFRAME_EVERY_S = 2
WIDTH, HEIGHT = 640, 360
SAMPLES_PER_S = 48_000
AUDIO_BITS_PER_S = 128_000
LARGE_SECONDS, LARGE_BITS_PER_S = 60, 40_000_000
LARGE_WIDTH, LARGE_HEIGHT = 1280, 720
GRID_S = 0.1
"""Step of the table that turns bytes into seconds."""

_SUFFIX: dict[FilmKind, str] = {
    "mp4": "tail.mp4",
    "mp4-fast-start": "head.mp4",
    "mkv": "tail.mkv",
    "mkv-ac3": "ac3.mkv",
    "mp4-large": "large.mp4",
}


@dataclass(frozen=True, slots=True)
class Film:
    """One container of the film, with the places in it that matter."""

    path: str
    length_bytes: int
    header: tuple[int, int]
    """What a player reads first, [start, stop)."""
    index: tuple[int, int]
    """The sample table or the cues, [start, stop); where it lies in the header, the same as the header."""
    media_start_byte: int
    keyframe_times_s: tuple[float, ...]
    keyframe_bytes: tuple[int, ...]
    stop_bytes: tuple[int, ...]
    """Entry n: the bytes before this offset suffice to play up to n * GRID_S."""

    @property
    def name(self) -> str:
        """Give the file's name, which is the torrent's too."""
        return Path(self.path).name

    @property
    def index_at_tail(self) -> bool:
        """Whether the index lies behind the media."""
        return self.index[0] > self.media_start_byte

    def stop_byte_at(self, time_s: float) -> int:
        """Give the offset up to which bytes must be here to play until `time_s`."""
        return self.stop_bytes[min(round(time_s / GRID_S), len(self.stop_bytes) - 1)]

    def playable_until_s(self, position_byte: int) -> float:
        """Give the moment up to which the bytes before the position suffice."""
        return max(bisect_right(self.stop_bytes, position_byte) - 1, 0) * GRID_S

    def keyframe_before(self, time_s: float) -> tuple[float, int]:
        """Give time and byte offset of the last keyframe at or before the moment."""
        at = max(bisect_right(self.keyframe_times_s, time_s + 1e-6) - 1, 0)
        return self.keyframe_times_s[at], self.keyframe_bytes[at]

    def opening_spans(self, seconds: float) -> list[tuple[int, int]]:
        """Give the byte ranges a player needs before the first frame."""
        return [self.header, self.index, (self.media_start_byte, self.stop_byte_at(seconds))]

    def seek_spans(self, fraction: float, seconds: float) -> list[tuple[int, int]]:
        """Give the byte ranges a player needs after a seek to this part of the film."""
        keyframe_s, start_byte = self.keyframe_before(fraction * SECONDS)
        return [(start_byte, self.stop_byte_at(keyframe_s + seconds))]


def load(path: Path) -> Film:
    """Read what was written down beside a film."""
    raw: dict[str, Any] = json.loads(path.with_suffix(path.suffix + ".json").read_text())
    lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
    return Film(**{**raw, **lists})


def prepare(cache: Path, kind: FilmKind) -> Film:
    """Give the film in this container, made now if the cache does not hold it."""
    folder = cache / "film"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-film-{_SUFFIX[kind]}"
    if not path.with_suffix(path.suffix + ".json").exists():
        source = path if kind == "mp4-large" else folder / f"bench-film-{_SUFFIX['mp4']}"
        if not source.exists():
            _written_whole(source, _encode_large if kind == "mp4-large" else _encode)
        if path != source:
            _written_whole(path, lambda target: _rewrap(source, target, kind))
        described = path.with_suffix(path.suffix + ".json")
        described.write_text(json.dumps(asdict(_describe(path))))
    return load(path)


def _written_whole(path: Path, write: Any) -> None:
    """Write beside the place and rename, so that an interrupted encoding is never taken for the film."""
    partial = path.with_name("partial-" + path.name)
    write(partial)
    partial.rename(path)


def _pictures(seconds: int, width: int, height: int) -> Iterator[Any]:
    """Draw a moving gradient under fresh noise: noise is what keeps an encoder at its bitrate."""
    import random

    import av

    generator = random.Random(1895)
    noise = generator.randbytes(width * height + 65_536)
    softened = bytes(value // 6 for value in noise)
    ramp = bytes(range(200)) + bytes(range(200, 0, -1))
    ramp = ramp * (width // len(ramp) + 3)
    for number in range(seconds * FRAMES_PER_S):
        frame = av.VideoFrame(width, height, "yuv420p")
        shift = number * 2 % 400
        row = int.from_bytes(ramp[shift : shift + width], "little")
        grain_at = generator.randrange(65_536)
        # One addition over a long integer adds all the bytes of a row at once: 199 + 42 never carries.
        rows = [
            (row + int.from_bytes(softened[at : at + width], "little")).to_bytes(width, "little")
            for at in range(grain_at, grain_at + width * height, width)
        ]
        luma, blue, red = frame.planes
        luma.update(_padded(rows, luma.line_size))
        for plane, phase in ((blue, 0), (red, 90)):
            tone = bytes([128 + (number + phase) % 64 - 32])
            plane.update(tone * plane.buffer_size)
        frame.pts = number
        frame.time_base = Fraction(1, FRAMES_PER_S)
        yield frame


def _padded(rows: list[bytes], line_bytes: int) -> bytes:
    """Join rows into the plane's own line length."""
    return b"".join(row.ljust(line_bytes, b"\0") for row in rows)


def _sounds(seconds: int) -> Iterator[Any]:
    """Give a quiet tone that steps through a scale, one frame of 1024 samples at a time."""
    import array
    import math

    import av

    frames = seconds * SAMPLES_PER_S // 1024
    for number in range(frames):
        pitch_hz = 220 * 2 ** (number // 47 % 12 / 12)
        samples = array.array(
            "f",
            (
                0.2 * math.sin(2 * math.pi * pitch_hz * (number * 1024 + step) / SAMPLES_PER_S)
                for step in range(1024)
            ),
        )
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = SAMPLES_PER_S
        frame.pts = number * 1024
        frame.time_base = Fraction(1, SAMPLES_PER_S)
        yield frame


def _encode(target: Path) -> None:
    """Encode the film with the index at the end; about a minute on two cores."""
    _encode_as(target, SECONDS, RATE_BITS_PER_S, WIDTH, HEIGHT)


def _encode_large(target: Path) -> None:
    _encode_as(target, LARGE_SECONDS, LARGE_BITS_PER_S, LARGE_WIDTH, LARGE_HEIGHT)


def _encode_as(target: Path, seconds: int, bits_per_s: int, width: int, height: int) -> None:
    import av

    rate = str(bits_per_s - AUDIO_BITS_PER_S)
    with av.open(str(target), "w", format="mp4", options={"fflags": "+bitexact"}) as output:
        video = output.add_stream("libx264", rate=FRAMES_PER_S)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.options = {
            "preset": "ultrafast",
            "b": rate,
            "maxrate": rate,
            "bufsize": rate,
            "x264-params": f"nal-hrd=cbr:keyint={FRAMES_PER_S * KEYFRAME_EVERY_S}:scenecut=0:threads=2",
        }
        audio = output.add_stream("aac", rate=SAMPLES_PER_S, layout="mono")
        audio.bit_rate = AUDIO_BITS_PER_S
        sounds = _sounds(seconds)
        for picture in _pictures(seconds, width, height):
            output.mux(video.encode(picture))
            # Two frames of sound a picture are enough to stay ahead (46.9 a second against 48).
            for _ in range(2):
                sound = next(sounds, None)
                if sound is not None:
                    output.mux(audio.encode(sound))
        output.mux(video.encode(None))
        output.mux(audio.encode(None))


def _rewrap(source: Path, target: Path, kind: FilmKind) -> None:
    """Write the same packets into another container."""
    import av

    name = "matroska" if kind.startswith("mkv") else "mp4"
    options = {"fflags": "+bitexact"} | ({"movflags": "faststart"} if kind == "mp4-fast-start" else {})
    with av.open(str(source)) as original, av.open(str(target), "w", format=name, options=options) as output:
        surround = output.add_stream("ac3", rate=SAMPLES_PER_S, layout="mono") if kind == "mkv-ac3" else None
        copies = {
            stream.index: output.add_stream_from_template(stream)
            for stream in original.streams
            if stream.type == "video" or surround is None
        }
        for packet in original.demux():
            if packet.stream.index in copies:
                if packet.size:
                    packet.stream = copies[packet.stream.index]
                    output.mux(packet)
            elif surround is not None:
                for frame in packet.decode():
                    if isinstance(frame, av.AudioFrame):
                        output.mux(surround.encode(frame))
        if surround is not None:
            output.mux(surround.encode(None))


def _describe(path: Path) -> Film:
    """Read the container back and write down where things are."""
    import av

    header, index, media_start = containers.layout(path)
    keyframes: list[tuple[float, int]] = []
    reach = [0] * (int(SECONDS / GRID_S) + 1)
    with av.open(str(path)) as film:
        for packet in film.demux():
            if not packet.size or packet.pts is None or packet.pos is None:
                continue
            time_s = float(packet.pts * packet.time_base)
            if packet.is_keyframe and packet.stream.type == "video":
                keyframes.append((time_s, packet.pos))
            slot = min(max(int(time_s / GRID_S) + 1, 0), len(reach) - 1)
            reach[slot] = max(reach[slot], packet.pos + packet.size)
    stops: list[int] = []
    for stop in reach:
        stops.append(max(stop, stops[-1] if stops else media_start))
    keyframes.sort()
    return Film(
        path=str(path),
        length_bytes=path.stat().st_size,
        header=header,
        index=index,
        media_start_byte=media_start,
        keyframe_times_s=tuple(time_s for time_s, _ in keyframes),
        keyframe_bytes=tuple(at for _, at in keyframes),
        stop_bytes=tuple(stops),
    )
