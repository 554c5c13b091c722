"""What part of a film is asked for, and how. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matinee.models.playback import TrackPlan


@dataclass(frozen=True, slots=True)
class Span:
    """A segment's place, ``[start_s, stop_s)``; see ``hls.segments.Segment``."""

    index: int
    start_s: float
    stop_s: float
    last: bool
    alone: bool = False
    """Whether it begins what is played, after a jump: then no byte before its key frame is read. What the sound's
    first frames would need of those before them is silence."""

    @property
    def first(self) -> bool:
        """Whether it has everything from the film's beginning."""
        return self.index == 0

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> "Span":
        """Read it from a request."""
        return cls(
            int(request["index"]),
            float(request["start_s"]),
            float(request["stop_s"]),
            bool(request["last"]),
            bool(request.get("alone")),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tracks, and what becomes of them."""

    video: TrackPlan | None
    audio_index: int
    """-1 for no sound."""
    audio: TrackPlan | None

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> "Wanted":
        """Read it from a request."""
        video, audio = request.get("video"), request.get("audio")
        index, plan = audio if audio is not None else (-1, None)
        return cls(TrackPlan(video) if video else None, int(index), TrackPlan(plan) if plan else None)
