"""Reads the text subtitles inside a film, and the fonts that they are drawn with. Runs inside the confined process."""

import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle
from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.media.attachments import files, read_span
from matinee.media.closed import captions
from matinee.media.cues_wire import MOST_EVENTS, excerpt_to_wire
from matinee.media.film import Film
from matinee.media.probe import attachments_of
from matinee.media.source import ASKED_BYTES
from matinee.media.subtitle_packets import Timed, Window, read, stream_at, subtitles_at
from matinee.models.subtitles import Event, Excerpt, Syntax

USUAL_S = 4.0
"""How long a cue is shown that does not say so, unless another follows."""
FONT_MAX_BYTES = 32 * 1024 * 1024
HEADER_BYTES = 4096
"""Asked for at once where only what stands between fonts is wanted."""

_AS_THEY_ARE = {
    "subrip": Syntax.SRT,
    "text": Syntax.SRT,
    "webvtt": Syntax.VTT,
    "ass": Syntax.ASS,
    "ssa": Syntax.ASS,
}
"""Tracks whose packets are text; others the library translates to ASS."""
_FONTS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")


def cues(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Give what a text track shows in a window; see ``jobs.py``.

    Raises:
        ValueError: there is no such track of text.
        av.FFmpegError: the film is broken there.
    """
    window = Window.of(request)
    picture = stream_at(film.container, request["track"])
    if isinstance(picture, VideoStream):
        return excerpt_to_wire(captions(film, picture, window)), b""
    stream = subtitles_at(film.container, request["track"], pictures=False)
    name = stream.codec_context.codec.canonical_name
    found = (event for timed in read(film, stream, window) for event in _events(stream, timed, name))
    events = sorted(_shown(found, window), key=lambda event: event.start_s)[:MOST_EVENTS]
    syntax = _AS_THEY_ARE.get(name, Syntax.ASS)
    return excerpt_to_wire(Excerpt(syntax, _header(stream, name), tuple(events))), b""


def font(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Give a font; see ``jobs.py``.

    Raises:
        ValueError: there is none, or it is not a font.
    """
    number = int(request["track"]) - len(film.container.streams)
    film.source.asked_bytes = HEADER_BYTES
    found = files(film.source, film.attached)
    if not 0 <= number < len(found) or found[number].stop - found[number].start > FONT_MAX_BYTES:
        raise ValueError("no font")
    film.source.asked_bytes = ASKED_BYTES
    data = read_span(film.source, found[number].start, found[number].stop)
    if not data.startswith(_FONTS):
        raise ValueError("no font")
    return {}, data


def fonts(film: Film, _: dict[str, Any]) -> tuple[Head, bytes]:
    """Say which files lie in a film, however many bytes they have; see ``jobs.py``."""
    film.source.asked_bytes = HEADER_BYTES
    return {"attachments": [asdict(one) for one in attachments_of(film, film.source.length)]}, b""


def _events(stream: SubtitleStream, timed: Timed, name: str) -> Iterator[Event]:
    stop_s = timed.start_s + timed.length_s
    if name in _AS_THEY_ARE:
        yield Event(timed.start_s, stop_s, bytes(timed.packet).decode("utf-8", "replace"))
        return
    for subtitle in stream.decode(timed.packet):
        if isinstance(subtitle, AssSubtitle):
            yield Event(timed.start_s, stop_s, subtitle.ass.decode("utf-8", "replace"))


def _header(stream: SubtitleStream, name: str) -> str:
    context = stream.codec_context
    if _AS_THEY_ARE.get(name) not in (None, Syntax.ASS):
        return ""
    header = context.extradata if name in _AS_THEY_ARE else context.subtitle_header
    return (header or b"").decode("utf-8", "replace").rstrip("\0")


def _shown(events: Iterator[Event], window: Window) -> Iterator[Event]:
    """Give the events that are shown in the window; one without an end ends with the next."""
    before: Event | None = None
    for event in events:
        if before is not None:
            yield from _kept(before, event.start_s, window)
        before = event
    if before is not None:
        yield from _kept(before, math.inf, window)


def _kept(event: Event, next_s: float, window: Window) -> Iterator[Event]:
    if event.stop_s <= event.start_s:
        stop_s = min(event.start_s + USUAL_S, next_s)
        event = replace(event, stop_s=stop_s if stop_s > event.start_s else event.start_s + USUAL_S)
    if event.start_s < window.stop_s and event.stop_s > window.start_s and event.text.strip("\0"):
        yield event
