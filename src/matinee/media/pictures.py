"""Pictures made ready for conversion: whole, upright, of ordinary brightness. Runs inside the confined process."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from matinee.media.encoding import Size
from matinee.media.tone import SIDE, table
from matinee.models.media import Hdr

TURNS: dict[int, tuple[str, ...]] = {
    0: (),
    90: ("transpose=clock",),
    180: ("hflip", "vflip"),
    270: ("transpose=cclock",),
}


class Darkroom:
    """Takes pictures in the order of showing, and gives them in the end as many, at their times."""

    def __init__(
        self, stream: VideoStream, size: Size, *, interlaced: bool, turned: int, hdr: Hdr | None
    ) -> None:
        self._graph = Graph()
        self._base = stream.time_base or Fraction(1, 1000)
        last = self._graph.add_buffer(template=stream)
        steps = ["yadif=mode=send_frame:deint=all"] if interlaced else []
        steps += TURNS[turned]
        scale = f"scale={size.width}:{size.height}:flags=bicubic"
        if hdr is Hdr.DOLBY_VISION:
            # Its brightness is coded as HDR10's is; what stands for its colours would be taken for others.
            steps.append("format=gray16le")
        if hdr is None:
            last = self._link(last, *steps, f"{scale}:out_range=tv")
        else:
            last = self._link(last, *steps, f"{scale}:in_color_matrix=bt2020:out_range=pc", "format=rgb48le")
            last = self._toned(last, hdr)
        self._link(last, "format=yuv420p", "setsar=1", "buffersink")
        self._graph.configure()
        if hdr is not None:
            self._graph.vpush(_table(hdr), 1)
            self._graph.vpush(None, 1)

    def _link(self, last: FilterContext, *steps: str) -> FilterContext:
        for step in steps:
            name, _, arguments = step.partition("=")
            node = self._graph.add(name, arguments or None)
            last.link_to(node)
            last = node
        return last

    def _toned(self, last: FilterContext, hdr: Hdr) -> FilterContext:
        """Look every colour up in a table. The filter mixes the colours of planar pictures up, so they are packed."""
        picture = VideoFormat("rgb48le", SIDE, SIDE)
        colours = self._graph.add_buffer(width=SIDE, height=SIDE, format=picture, time_base=self._base)
        lookup = self._graph.add("haldclut", "interp=tetrahedral:clut=first")
        last.link_to(lookup)
        colours.link_to(lookup, 0, 1)
        ordinary = "setparams=color_primaries=bt709:color_trc=bt709"
        return self._link(lookup, ordinary, "scale=out_color_matrix=bt709:out_range=tv")

    def develop(self, frame: VideoFrame | None) -> Iterator[tuple[int, VideoFrame]]:
        """Put a picture in, None at the end; gives those that are ready, with their time stamps."""
        self._graph.vpush(frame, 0)
        while True:
            try:
                ready = self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            base = ready.time_base or self._base
            yield round((ready.pts or 0) * base / self._base), ready


def _table(hdr: Hdr) -> VideoFrame:
    frame = VideoFrame(SIDE, SIDE, "rgb48le")
    plane, data, row = frame.planes[0], table(hdr), SIDE * 6
    padding = bytes(plane.line_size - row)
    plane.update(b"".join(data[at : at + row] + padding for at in range(0, len(data), row)))
    frame.pts = 0
    return frame
