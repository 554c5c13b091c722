"""Pictures that are attached to a film: the cover in an MP4, in Matroska's files, in the tags of a sound.

Runs inside the confined process. A cover is decoded here and leaves as a small WebP: nothing of what was attached does.
"""

from itertools import islice
from typing import Any

from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.media.attachments import files, read_span
from matinee.media.film import Film, demuxed
from matinee.media.picture_child import develop
from matinee.media.picture_header import NoPicture
from matinee.media.probe_wire import MOST_PICTURES
from matinee.models.media import Attachment, StreamIndex
from matinee.names import clean_name

COVER_WIDTH = 480
"""Pixels: as wide as it is shown at most."""
MOST_BYTES = 8 * 1024 * 1024
"""Of a cover in the film."""
_NAME_MAX_CHARS = 120
_LOOK_PACKETS = 64
"""The library gives attached pictures before everything else."""
_TYPES = {"mjpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
"""Of those that are opened, by FFmpeg's names."""


def covers_of(film: Film, near_bytes: int) -> tuple[Attachment, ...]:
    """Give the pictures attached to a film, those that are tracks to the library first, then Matroska's files.

    Args:
        film: open.
        near_bytes: where its files take more than this, none of them are looked for.
    """
    found = [
        Attachment(StreamIndex(stream.index), _name(stream.metadata.get("title", "")), media_type, 0)
        for stream in film.container.streams.video
        if (media_type := _type_of(stream)) is not None
    ]
    if sum(place.stop - place.start for place in film.attached) <= near_bytes:
        stands = film.source.tell()
        for number, file in enumerate(files(film.source, film.attached), len(film.container.streams)):
            media_type, length = file.media_type.lower(), file.stop - file.start
            if media_type in _TYPES.values() and length <= MOST_BYTES:
                found.append(Attachment(StreamIndex(number), _name(file.name), media_type, length))
        film.source.seek(stands)
    return tuple(found[:MOST_PICTURES])


def cover(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Give a cover as a small WebP; see ``jobs.py``.

    Raises:
        ValueError: there is none, or none that is opened.
    """
    index = int(request["track"])
    own = len(film.container.streams)
    data = _file(film, index - own) if index >= own else _track(film, index)
    try:
        ((width, height, small),) = develop(data, [COVER_WIDTH])
    except NoPicture as exc:
        raise ValueError(str(exc)) from exc
    return {"width": width, "height": height}, small


def _file(film: Film, number: int) -> bytes:
    found = files(film.source, film.attached)
    if number >= len(found) or found[number].stop - found[number].start > MOST_BYTES:
        raise ValueError("no cover")
    return read_span(film.source, found[number].start, found[number].stop)


def _track(film: Film, index: int) -> bytes:
    stream = film.container.streams[index]
    if not isinstance(stream, VideoStream) or _type_of(stream) is None:
        raise ValueError("no cover")
    film.close()  # what has been read on gives it no more
    stream = film.container.streams[index]
    stream.discard = Discard.default
    for packet in islice(demuxed(film.container), _LOOK_PACKETS):
        if packet.stream_index == index and 0 < packet.size <= MOST_BYTES:
            return bytes(packet)
    raise ValueError("no cover")


def _type_of(stream: VideoStream) -> str | None:
    """Give what sort of picture a track is; None where it is none, or moves."""
    context = stream.codec_context
    if context is None or not stream.disposition & Disposition.attached_pic:
        return None
    return _TYPES.get(context.codec.canonical_name)


def _name(name: str) -> str:
    return clean_name(name, "cover", _NAME_MAX_CHARS)
