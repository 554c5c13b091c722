"""One film, opened. Runs inside the confined process."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from matinee.media.attachments import AS_VOID, Element, places
from matinee.media.counted import Counted, counted
from matinee.media.encoder_line import Line
from matinee.media.entrance import Entrance
from matinee.media.grid import Grid
from matinee.media.source import FilmSource
from matinee.media.ways import entrance_of

FORMATS = (
    "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf,"
    "mp3,flac,wav,aac,ac3,eac3,h264,hevc"
)
"""Real containers. Playlists and descriptions that point elsewhere are never opened; nor is anything else fetched."""
GLANCE = {"probesize": "400000", "analyzeduration": "500000"}
"""How many bytes and microseconds are looked at for what a container does not say. A megabyte finds nothing more in
most films, but costs twice the time, and in a swarm the bytes are not here yet."""
SEARCH = {"probesize": "10000000", "analyzeduration": "10000000"}
"""For broadcasts and discs, whose sound may begin later."""
BUFFER_BYTES = 128 * 1024
HEAD_BYTES = 64 * 1024
"""What opening a film needs in any case."""
TIME_BASE = 1_000_000
"""Of a container's own times."""


class Entered(NamedTuple):
    """A film that was opened at a place."""

    container: InputContainer
    stream: Stream
    """The track as it is there, about to give its first packet."""
    shift: int
    """To be added to its time stamps."""


class Standing(Protocol):
    """What stays where it is in a film between two jobs."""

    def close(self) -> None:
        """Let go of the film."""
        ...


class Film:
    """Opens its container when it is first needed, and anew after something went wrong with it."""

    def __init__(self, source: FilmSource, outside: Line | None = None) -> None:
        """``outside`` leads to an encoder in another process, for jobs that are told that there is one."""
        self.source = source
        self.outside = outside
        self.grids: dict[int, Grid] = {}
        """By a track's index: found out once."""
        self._looks = GLANCE
        self._container: InputContainer | None = None
        self._start_us: int | None = None
        self._attached: list[Element] | None = None
        self._head: bytes | None = None
        self._entrance: Entrance | None = None
        self._blind: bool | None = None
        self._entered: InputContainer | None = None
        self._kept: Standing | None = None
        self._counted: Counted | None = None
        self._is_counted_known = False

    @property
    def container(self) -> InputContainer:
        """The open container, at no place in particular.

        Raises:
            av.FFmpegError: it is not a film.
        """
        if self._container is None:
            self._container = self._open()
            if self._looks is GLANCE and not all(map(_is_known, self._container.streams)):
                self._looks = SEARCH
                self.close()
                self._container = self._open()
        return self._container

    @property
    def start_us(self) -> int:
        """When it begins, in microseconds by its own clock.

        In some MP4s in fragments the library (FFmpeg 8.0) puts a sound's beginning where its second frame lies, and
        with it the film's: what comes before would be cut off. Their index knows better.
        """
        if self._start_us is None:
            container = self.container
            starts = [container.start_time or 0]
            if container.format.name.startswith("mov"):
                starts += [at for stream in container.streams.audio for at in _first_in_fragments(stream)]
            self._start_us = min(starts)
        return self._start_us

    @property
    def attached(self) -> list[Element]:
        """Where files lie inside it; the library sees nothing of them."""
        if self._attached is None:
            stands = self.source.tell()
            self._attached = places(self.source, self.source.length)
            for place in self._attached:
                self.source.hide(place.start, AS_VOID)
            self.source.seek(stands)
        return self._attached

    @property
    def entrance(self) -> Entrance | None:
        """How it is entered in its middle where it has no index; None where it has one, or the library needs none."""
        container = self.container
        if self._blind is None:
            self._blind = self._entrance is not None and not self._is_indexed(container)
        return self._entrance if self._blind else None

    @property
    def counted(self) -> Counted | None:
        """How its pictures are counted, where they have no times and no index; see ``counted``."""
        container = self.container
        if not self._is_counted_known:
            self._is_counted_known = True
            known = container.format.name == "avi" and not self._is_indexed(container)
            self._counted = counted(self.source.beside({})) if known else None
        return self._counted

    @property
    def in_fragments(self) -> bool:
        """Whether it is in many fragments of which no table tells: the library knows the first one alone."""
        return self.container is not None and self._entrance is not None and self._entrance.many

    def enter(self, stream: Stream, stamp: int) -> Entered:
        """Open it once more, as if nothing lay between its head and a place before a time stamp of a track's.

        What was entered before is closed.
        """
        if self.counted is not None:
            at_s = float(stamp * (stream.time_base or 0))
            length_s = float(self.container.duration or 0) / TIME_BASE or None
            mark = self.counted.at(self.source.beside({}), self.source.here, at_s, length_s)
            count, sort = mark.counts[stream.index], self.counted.sorts[stream.index]
            return self._enter(stream, self.counted.filler(mark.place), sort.stamp(count))
        entrance = self._entered_by()
        return self._enter_unit(stream, entrance.place(self.source.beside({}), stream.id, stamp))

    def enter_at(self, stream: Stream, place: int) -> Entered:
        """Open it once more where something begins at or after a place."""
        return self._enter_unit(stream, self._entered_by().behind(self.source.beside({}), stream.id, place))

    def _entered_by(self) -> Entrance:
        if self.entrance is None:
            raise ValueError("a film that is not entered")
        return self.entrance

    def _enter_unit(self, stream: Stream, place: int) -> Entered:
        entrance = self._entered_by()
        hidden = entrance.filler(entrance.first, place) if place > entrance.first else {}
        return self._enter(stream, hidden, 0)

    def _enter(self, stream: Stream, hidden: Mapping[int, bytes], shift: int) -> Entered:
        self.leave()
        self._entered = self._opened(self.source.beside(hidden))
        same = [one for one in self.container.streams if one.type == stream.type].index(stream)
        return Entered(
            self._entered, [one for one in self._entered.streams if one.type == stream.type][same], shift
        )

    def leave(self) -> None:
        """Close what was entered."""
        entered, self._entered = self._entered, None
        if entered is not None:
            entered.close()

    def part(self) -> tuple[InputContainer, ...]:
        """Give what is open to one who stays where it is; who comes next opens it anew."""
        opened = tuple(one for one in (self._entered, self._container) if one is not None)
        self._entered = self._container = None
        self.source = self.source.beside({})  # two that read at two places
        return opened

    def put_kept(self, kept: Standing) -> None:
        """Keep what stays where it is, for the next job."""
        self._kept = kept

    def take_kept(self) -> Standing | None:
        """Give what was kept, to whoever goes on with it or closes it."""
        kept, self._kept = self._kept, None
        return kept

    def _is_indexed(self, container: InputContainer) -> bool:
        """Tell whether the library knows the second half of a film too, when nothing of it has been read yet."""
        if container.format.name.startswith("mov"):
            return False
        pictures = container.streams.video or container.streams.audio
        if container.format.name.startswith("matroska") and pictures:
            with suppress(av.error.PermissionError):
                container.seek(0, stream=pictures[0])  # loads the index, wherever it lies
        entries = [stream.index_entries for stream in container.streams]
        return any(len(one) and one[len(one) - 1].pos >= self.source.length // 2 for one in entries)

    def _open(self) -> InputContainer:
        self.attached  # noqa: B018 - hides them before the library looks
        self._entrance = self._entrance or entrance_of(self.source)
        self.source.seek(0)
        return self._opened(self.source)

    def _opened(self, source: FilmSource) -> InputContainer:
        options = {"format_whitelist": FORMATS, "protocol_whitelist": "", **self._looks}
        if self._entrance is not None and self._entrance.many:
            options["fflags"] = "+ignidx"  # else it reads where every fragment begins
        return av.open(source, "r", options=options, buffer_size=BUFFER_BYTES, metadata_errors="replace")

    @property
    def head(self) -> bytes:
        """The first bytes, in which Matroska's tracks stand; the library reads on where it stands."""
        if self._head is None:
            place = self.source.tell()
            self.source.seek(0)
            head = b""
            while len(head) < HEAD_BYTES and (more := self.source.read(HEAD_BYTES - len(head))):
                head += more
            self._head = head
            self.source.seek(place)
        return self._head

    def close(self) -> None:
        """Let go of the container: what follows begins with a fresh one. Harmless when called twice."""
        self.leave()
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if (left := self.take_kept()) is not None:
            left.close()


def demuxed(container: InputContainer, *streams: Stream) -> Iterator["Packet[Any]"]:
    """Read on, packets of these tracks alone, or of all; the last ones of each are empty.

    At the end PyAV gives an empty packet for every track, those included that the library has met only meanwhile, as
    in MPEG program streams, and which PyAV does not know (18.1): it stumbles over them, and so ends the reading.
    """
    reading = container.demux(*streams)
    while True:
        try:
            packet = next(reading)
        except (StopIteration, IndexError):
            return
        yield packet


def channels_of(stream: AudioStream) -> int:
    """Give how many channels a track has; none when it cannot be decoded."""
    context = stream.codec_context
    return context.channels if context is not None and context.sample_rate > 0 else 0


def _first_in_fragments(stream: AudioStream) -> Iterator[int]:
    """Give when the first frame of a sound in fragments is heard, in microseconds; nothing where there are none."""
    first = next(iter(stream.index_entries), None)
    if first is not None and not stream.frames and not first.is_discard and stream.time_base is not None:
        yield round(first.timestamp * stream.time_base * TIME_BASE)


def _is_known(stream: Stream) -> bool:
    """Tell whether a track says all that is needed to decode it, or is none that is played."""
    context = stream.codec_context
    if isinstance(stream, VideoStream):
        return context is None or stream.width > 0
    return not isinstance(stream, AudioStream) or context is None or channels_of(stream) > 0
