"""Reads captions inside a picture's stream around a time. Runs inside the confined process."""

import io
from collections.abc import Iterator
from itertools import islice, pairwise

import av
from av.subtitles.subtitle import AssSubtitle
from av.video.stream import VideoStream

from matinee.media.captions import as_scc, has_captions, pairs_of
from matinee.media.film import Film, demuxed
from matinee.media.packets import Track
from matinee.media.subtitle_packets import Window
from matinee.models.subtitles import Event, Excerpt, Syntax

CAPTIONED = frozenset({"h264", "hevc", "mpeg2video"})
"""Codecs whose frames carry them."""
LOOKED_AT = 3
"""Frames that are looked at: broadcasts have them, or their emptiness, in every one."""
LATEST_HOUR_S = 99 * 3600.0
"""A Scenarist file counts no further."""

_FIELDS_BEFORE_TEXT = 8


def is_captioned(film: Film, stream: VideoStream) -> bool:
    """Say whether a film's first frames carry captions."""
    context = stream.codec_context
    if context is None or context.codec.canonical_name not in CAPTIONED:
        return False
    packets = (packet for packet in demuxed(film.container, stream) if packet.size)
    return any(has_captions(bytes(packet)) for packet in islice(packets, LOOKED_AT))


def captions(film: Film, stream: VideoStream, window: Window) -> Excerpt:
    """Give what the captions say in a window, as ASS.

    What is shown on at its end ends there, and is in the next window again.
    """
    track = Track.of(film, stream)
    timed = sorted(_pairs(track, window))
    if not timed:
        return Excerpt(Syntax.ASS, "", ())
    if timed[-1][0] > LATEST_HOUR_S:
        raise ValueError("captions beyond all time")
    with av.open(io.BytesIO(as_scc(timed)), "r", format="scc", options={"real_time": "1"}) as file:
        captions = file.streams.subtitles[0]
        # Else it gives a caption when it ends, and says of none that it has been taken away.
        captions.codec_context.options = {"real_time": "1"}
        shown = [
            (float((packet.pts or 0) * (packet.time_base or 0)), one.ass.decode("utf-8", "replace"))
            for packet in file.demux(captions)
            if packet.size
            for one in captions.decode(packet)
            if isinstance(one, AssSubtitle)
        ]
        header = (captions.codec_context.subtitle_header or b"").decode("utf-8", "replace").rstrip("\0")
    shown.append((window.stop_s, ""))
    events = (
        Event(start_s, stop_s, text)
        for (start_s, text), (stop_s, _) in pairwise(shown)
        if stop_s > max(start_s, window.start_s) and start_s < window.stop_s
        if text.split(",", _FIELDS_BEFORE_TEXT)[-1].strip()
    )
    return Excerpt(Syntax.ASS, header, tuple(events))


def _pairs(track: Track, window: Window) -> Iterator[tuple[float, bytes]]:
    """Give the pairs of each frame that has some, and when it is shown, in the order of the file."""
    for packet in track.read(window.from_s or None):
        at_s = float(((packet.pts or 0) - track.origin) * track.time_base)
        decoded_s = float(
            ((packet.dts if packet.dts is not None else packet.pts or 0) - track.origin) * track.time_base
        )
        if (packet.is_keyframe and at_s >= window.stop_s) or decoded_s >= window.stop_s:
            return
        if packet.pts is not None and at_s < window.stop_s and (pairs := pairs_of(bytes(packet))):
            yield at_s, pairs
