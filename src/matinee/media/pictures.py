"""Pictures made ready for conversion: whole, upright, of ordinary brightness. Runs inside the confined process."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from matinee.media.encoding import Size

TURNS: dict[int, tuple[str, ...]] = {
    0: (),
    90: ("transpose=clock",),
    180: ("hflip", "vflip"),
    270: ("transpose=cclock",),
}


class Darkroom:
    """Takes pictures in the order of showing, and gives them in the end as many, at their times."""

    def __init__(self, stream: VideoStream, size: Size, *, interlaced: bool, turned: int) -> None:
        self._graph = Graph()
        self._base = stream.time_base or Fraction(1, 1000)
        last = self._graph.add_buffer(template=stream)
        chain = ["yadif=mode=send_frame:deint=all"] if interlaced else []
        chain += [
            *TURNS[turned],
            f"scale={size.width}:{size.height}:flags=bicubic:out_range=tv",
            "format=yuv420p",
            "setsar=1",
        ]
        for step in chain:
            name, _, arguments = step.partition("=")
            node = self._graph.add(name, arguments or None)
            last.link_to(node)
            last = node
        last.link_to(self._graph.add("buffersink"))
        self._graph.configure()

    def develop(self, frame: VideoFrame | None) -> Iterator[tuple[int, VideoFrame]]:
        """Put a picture in, None at the end; gives those that are ready, with their time stamps."""
        self._graph.vpush(frame)
        while True:
            try:
                ready = self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            base = ready.time_base or self._base
            yield round((ready.pts or 0) * base / self._base), ready
