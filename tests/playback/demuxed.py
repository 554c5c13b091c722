"""What is in segments, seen by a demuxer that knows nothing of how they were made."""

import io
from dataclasses import dataclass

import av


@dataclass(frozen=True)
class Contents:
    """Of one segment, with its init segment before it."""

    pictures: int
    """That could be decoded."""
    first_s: float
    """When the first picture is shown, by the file's own clock."""
    samples: int
    """Of sound, that could be decoded."""
    loud: bool
    """Whether any of them is not silence."""


def demuxed(init: bytes, segment: bytes) -> Contents:
    """Decode everything in a segment."""
    pictures, samples, loud, times = 0, 0, False, []
    with av.open(io.BytesIO(init + segment), "r") as container:
        for frame in container.decode(*container.streams.video, *container.streams.audio):
            if isinstance(frame, av.VideoFrame):
                pictures += 1
                times.append(frame.time or 0.0)
            elif isinstance(frame, av.AudioFrame):
                samples += frame.samples
                loud = loud or any(bytes(frame.planes[0]))
    return Contents(pictures, min(times, default=0.0), samples, loud)
