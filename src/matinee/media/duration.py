"""How long a film is: as it says where that can be true, else by what is in it. Runs inside the confined process."""

from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from matinee.media.attachments import read_span
from matinee.media.ending import TAIL_BYTES, last_stamp, written
from matinee.media.film import TIME_BASE, Film
from matinee.media.hls.segments import LONGEST_S
from matinee.media.probe_wire import MOST_SECONDS

LEAST_BYTES_PER_S = 250
"""No picture and no sound is so small: a film with fewer says that it is longer than it is."""

NEAR_S = 1.0
"""An end that is told is better than one that is found, if they are so near each other."""


def duration_of(film: Film) -> float | None:
    """Give how many seconds a film lasts; None when nothing says it but its end, which is not read for this."""
    told_s = _told(film)
    if film.in_fragments or (told_s is not None and film.source.length < told_s * LEAST_BYTES_PER_S):
        told_s = end_of(film) or told_s
    return told_s if told_s is not None and 0 < told_s <= MOST_SECONDS else None


def checked_duration(film: Film, last_s: float | None) -> float | None:
    """Give the same for a film that is cut: its end is read where its index does not go as far as it says, or is none.

    Args:
        film: open or to open.
        last_s: when its last key frame is shown, by its index; None where that is none.
    """
    told_s = duration_of(film)
    doubtful = film.entrance is not None if last_s is None else (told_s or 0) > last_s + LONGEST_S
    if told_s is not None and not doubtful:
        return told_s
    end_s = end_of(film)
    if told_s is None or end_s is None or abs(told_s - end_s) <= NEAR_S:
        return told_s or end_s
    return end_s


def end_of(film: Film) -> float | None:
    """Give when the last picture is shown or the last sound begins, by the film's last bytes or its whole index."""
    container = film.container
    if container.format.name.startswith("matroska"):
        stamps = [(stream, _end_of_clusters(film)) for stream in _played(film)[:1]]
    elif film.entrance is not None:
        source = film.source.beside({})
        stamps = [(stream, film.entrance.ends(source, stream.id)) for stream in _played(film)[:1]]
    elif container.format.name.startswith("mov"):
        indexes = [(stream, stream.index_entries) for stream in _played(film)]
        stamps = [(stream, one[len(one) - 1].timestamp) for stream, one in indexes if len(one)]
    else:
        return None
    ends = [
        float(stamp * stream.time_base) - film.start_us / TIME_BASE
        for stream, stamp in stamps
        if stamp is not None and stream.time_base is not None
    ]
    return max((end_s for end_s in ends if end_s > 0), default=None)


def _played(film: Film) -> list[VideoStream | AudioStream]:
    return [*film.container.streams.video, *film.container.streams.audio]


def _end_of_clusters(film: Film) -> int | None:
    source = film.source.beside({})
    return last_stamp(
        read_span(source, max(0, source.length - TAIL_BYTES), source.length), written(film.head)
    )


def _told(film: Film) -> float | None:
    container = film.container
    lengths = [float(container.duration or 0) / TIME_BASE]
    if lengths[0] <= 0:
        lengths += [
            float(stream.duration * stream.time_base)
            for stream in container.streams
            if stream.duration is not None and stream.time_base is not None
        ]
    return max((length for length in lengths if length > 0), default=None)
