"""Reads the picture subtitles inside a film, as they stand there. Runs inside the confined process.

They are drawn by ``subtitles/inside.py`` and what it stands on, which cannot break memory.
"""

from typing import Any

from matinee.confined.frames import Head
from matinee.media.drawn_wire import drawn_to_wire
from matinee.media.film import Film
from matinee.media.subtitle_packets import Window, read, subtitles_at
from matinee.models.subtitles import DrawnEvent, DrawnExcerpt


def drawn(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Give the packets of a track of pictures around a window; see ``jobs.py``.

    Raises:
        ValueError: there is no such track of pictures.
        av.FFmpegError: the film is broken there.
    """
    stream = subtitles_at(film.container, request["track"], pictures=True)
    events = tuple(
        DrawnEvent(
            timed.start_s, timed.start_s + timed.length_s if timed.length_s else None, bytes(timed.packet)
        )
        for timed in read(film, stream, Window.of(request))
    )
    context = stream.codec_context
    name = context.codec.canonical_name
    setup = context.codec_tag.encode("latin-1", "replace") if name == "xsub" else context.extradata or b""
    return drawn_to_wire(DrawnExcerpt(name, setup, events))
