"""One track of a film, from any place on. Runs inside the confined process."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream

from matinee.media.film import TIME_BASE, Film, demuxed
from matinee.media.hls.timing import OFFSET_S, ticks_at, timescale
from matinee.media.untimed import shown

STEPS_BACK_S = (0.0, 3.0, 15.0)
"""How far before a place a reader sets in, one after the other, until it is sure to have missed nothing."""
STEPS_BACK_BLIND_S = (1.5, 5.0, 15.0)
"""The same where the library finds places by trying, and comes down between key frames."""
MOST_REORDER_S = 1.0
"""A frame is not decoded longer than this before it is shown."""
NO_INDEX = frozenset({"mpegts", "mpeg", "ogg", "h264", "hevc", "mpegvideo"})
"""Containers without an index. What the library shows as one there it has met on its way: a beginning, or nothing."""
INDEXED_BY_PICTURE = frozenset({"matroska,webm"})
UNTIMED = frozenset({"h264", "hevc"})
"""Pictures that AVI was not made for."""
USUAL_RATE = 25

AnyPacket: TypeAlias = "Packet[Any]"


@dataclass(frozen=True, slots=True)
class Track:
    """A track of an open film, and its clock."""

    film: Film
    container: InputContainer
    stream: VideoStream | AudioStream
    time_base: Fraction
    origin: int
    """The time stamp at which the film begins, in the track's time base."""

    @classmethod
    def of(cls, film: Film, stream: VideoStream | AudioStream) -> "Track":
        """Take a track of a film."""
        base = stream.time_base
        if base is None or base <= 0:
            raise ValueError("a track without a clock")
        start_s = Fraction(film.start_us, TIME_BASE)
        return cls(film, film.container, stream, base, round(start_s / base))

    def anew(self) -> "Track":
        """Give the same track where the film's container has been given away."""
        streams: list[VideoStream | AudioStream] = [
            *self.film.container.streams.video,
            *self.film.container.streams.audio,
        ]
        return Track.of(self.film, next(one for one in streams if one.index == self.stream.index))

    def stamp(self, at_s: float) -> int:
        """Give the time stamp of a time."""
        return self.origin + ticks_at(at_s, self.time_base)

    @property
    def rate(self) -> int:
        """Ticks a second in a segment whose frames are copied."""
        return self.stream.rate if isinstance(self.stream, AudioStream) else timescale(self.time_base)

    def ticks(self, stamp: int) -> int:
        """Give a time stamp in a segment's ticks."""
        return round((stamp - self.origin) * self.time_base * self.rate) + OFFSET_S * self.rate

    def length(self, duration: int | None) -> int:
        """Give a duration in a segment's ticks."""
        return round((duration or 0) * self.time_base * self.rate)

    @property
    def reorder_s(self) -> Fraction:
        """How long before it is shown a picture may be decoded."""
        if not isinstance(self.stream, VideoStream):
            return Fraction(0)
        rate = self.stream.average_rate or self.stream.guessed_rate or USUAL_RATE
        return Fraction(max(0, self.stream.codec_context.reorder_depth)) / rate

    @property
    def delay(self) -> int:
        """How much earlier than shown a copied picture is decoded, in a segment's ticks; see ``decode_times``."""
        stamps = ceil(self.reorder_s / self.time_base)
        return round((stamps + 1) * self.time_base * self.rate) if stamps else 0

    def read(self, at_s: float | None, *, alone: bool = False) -> Iterator[AnyPacket]:
        """Read this track alone from a place before ``at_s``, missing nothing from there on; None: from the start.

        ``alone``: from the key frame there, and of what lies before it nothing, even if something is missed.
        """
        steps = STEPS_BACK_BLIND_S if self.is_blind else STEPS_BACK_S[:1] if alone else STEPS_BACK_S
        for back_s in steps:
            place = (-steps[-1], self.stream) if at_s is None else (at_s - back_s, self._guide)
            packets = self._from(*place)
            first = next(packets, None)
            if first is not None and (at_s is None or back_s == steps[-1] or self._is_before(first, at_s)):
                yield first
                yield from packets
                return

    @property
    def _guide(self) -> VideoStream | AudioStream:
        """The track by which places are found: Matroska's index knows the picture alone, and without an index the
        library reads the film from its beginning."""
        pictures = self.container.streams.video
        return pictures[0] if pictures and self.container.format.name in INDEXED_BY_PICTURE else self.stream

    @property
    def is_blind(self) -> bool:
        """Whether the library finds places by trying."""
        return self.container.format.name in NO_INDEX or self._is_entered

    @property
    def _is_entered(self) -> bool:
        return self.film.entrance is not None or self.film.counted is not None

    def _is_before(self, packet: AnyPacket, at_s: float) -> bool:
        """Say whether every packet before this one belongs before ``at_s`` too."""
        stamps = [stamp for stamp in (packet.dts, packet.pts) if stamp is not None]
        if not stamps:
            raise ValueError("a frame without a time")
        return min(stamps) <= self.stamp(at_s if packet.is_keyframe else at_s - MOST_REORDER_S)

    def _from(self, at_s: float, guide: VideoStream | AudioStream) -> Iterator[AnyPacket]:
        if at_s > 0 and self._is_entered:
            packets = self._entered(at_s)
            yield from self._timed(packets) if self._is_untimed else packets
            return
        # The guide is read too: Matroska's demuxer gives nothing of other tracks until it has met a frame of it.
        wanted = {self.stream.index, guide.index}
        for stream in self.container.streams:
            stream.discard = Discard.default if stream.index in wanted else Discard.all
        stamp = Track.of(self.film, guide).stamp
        # Some demuxers must be sent to before the beginning, others will not go there or before a track's first frame.
        for place, backward in (
            (stamp(at_s), True),
            (stamp(max(0.0, at_s)), True),
            (stamp(max(0.0, at_s)), False),
        ):
            with suppress(av.error.PermissionError):
                self.container.seek(place, stream=guide, backward=backward)
                break
        packets = (
            packet for packet in demuxed(self.container, self.stream) if packet.size and not packet.is_corrupt
        )
        yield from self._timed(packets) if self._is_untimed else packets

    def _entered(self, at_s: float) -> Iterator[AnyPacket]:
        """Read from a place before a time, by the library opened anew there."""
        container, stream, shift = self.film.enter(self.stream, self.stamp(at_s))
        for other in container.streams:
            other.discard = Discard.default if other.index == stream.index else Discard.all
        for packet in demuxed(container, stream):
            if packet.size and not packet.is_corrupt:
                packet.pts = packet.pts + shift if packet.pts is not None else None
                packet.dts = packet.dts + shift if packet.dts is not None else None
                yield packet

    @property
    def _is_untimed(self) -> bool:
        """Whether the container says when pictures are decoded and the library guesses wrongly when they are shown."""
        return self.container.format.name == "avi" and self.stream.codec_context.name in UNTIMED

    @property
    def late(self) -> int:
        """By how many stamps the library times decoded pictures too late.

        AVI knows no times of showing: pictures are shown in its rhythm from the first one on, and the sound with them.
        The library gives one the time at which another is decoded that lets it out.
        """
        if (
            self.container.format.name != "avi"
            or self._is_untimed
            or not isinstance(self.stream, VideoStream)
        ):
            return 0
        return max(0, self.stream.codec_context.reorder_depth)

    @property
    def is_unordered(self) -> bool:
        """Whether only the decoder knows in which order pictures are shown."""
        return self._is_untimed and self.stream.codec_context.name == "hevc"

    def _timed(self, packets: Iterator[AnyPacket]) -> Iterator[AnyPacket]:
        """Give pictures the times at which they are shown, by the order that stands in them, from a key frame on.

        Those of HEVC, which is converted, have none; the decoder knows their order. The library's filter, which would
        tell it, ends the process at a film's end (FFmpeg 8.0).
        """
        if not self.is_unordered:
            yield from shown(packets, self.stream.codec_context.extradata or b"")
            return
        for packet in packets:
            packet.pts = None
            yield packet
