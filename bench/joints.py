"""Whether picture and sound stay together over every joint, and every picture is there: ten minutes of Big Buck Bunny.

What was made is read by a demuxer that knows nothing of it.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path

import av
from rich.table import Table

from bench.media import Bytes
from matinee.media.hls.segments import cut
from matinee.media.worker import MediaWorker

WANTED_MS = 20
AAC_SAMPLES = 1024
"""Of a frame: sound follows itself without a gap."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One film, made into segments from end to end."""

    film: str
    sound: str
    joints: int
    frames: int
    frames_of_film: int
    worst_ms: float
    """By how much the sound's time and the picture's part at a joint, compared with the film's beginning."""


def measure() -> list[Joined]:
    """Make both films."""
    from tests.media.films import made  # which themselves need the bench's clients
    from tests.registry import bunny

    other = made("whole-ac3.mkv", "-i", "{bunny}", "-c:v", "copy", "-c:a", "ac3")
    return [asyncio.run(_join(bunny(), "copy")), asyncio.run(_join(other, "convert"))]


def table(found: Sequence[Joined]) -> Table:
    """Give what was found."""
    shown = Table(
        "film", "sound", "joints", "frames", "in the film", "wanted, ms", "worst offset, ms",
        title="Picture and sound over every joint",
    )  # fmt: skip
    for one in found:
        counts = (str(one.joints), str(one.frames), str(one.frames_of_film))
        shown.add_row(one.film, one.sound, *counts, str(WANTED_MS), f"{one.worst_ms:.2f}")
    return shown


async def _join(path: Path, sound: str) -> Joined:
    data = path.read_bytes()
    async with MediaWorker(lambda: Bytes(data), len(data)) as worker:
        info, _ = await worker.ask("probe")
        found, _ = await worker.ask("keyframes")
        wanted = {"video": "copy", "audio": [info["audio"][0]["index"], sound]}
        told, begin = await worker.ask("init", **wanted, max_height=0)
        how = {**wanted, "encoding": told["encoding"]}
        parts = [
            await worker.ask("segment", **asdict(one), **how)
            for one in cut(found["times_s"], info["duration_s"])
        ]
    film = begin + b"".join(body for _, body in parts)
    pictures, sounds = _times(film, "video"), _times(film, "audio")
    own = _times(data, "video")
    frames = list(accumulate(int(head["frames"]) for head, _ in parts))[:-1]
    packets = list(accumulate(int(head["packets"]) for head, _ in parts))[:-1]
    rate = info["audio"][0]["sample_rate"]
    worst_s = 0.0
    for frame, packet in zip(frames, packets, strict=True):
        late_s = (pictures[frame] - pictures[0]) - (own[frame] - own[0])
        heard_late_s = (sounds[packet] - sounds[0]) - packet * AAC_SAMPLES / rate
        worst_s = max(worst_s, abs(late_s - heard_late_s))
    return Joined(path.name, sound, len(frames), len(pictures), len(own), worst_s * 1000)


def _times(film: bytes, kind: str) -> list[float]:
    """Give when the frames of the first track of a kind are shown, in order."""
    with av.open(io.BytesIO(film), "r") as container:
        (stream,) = container.streams.get({kind: 0})
        packets = (packet for packet in container.demux(stream) if packet.size)
        return sorted(float((packet.pts or 0) * (packet.time_base or 0)) for packet in packets)
