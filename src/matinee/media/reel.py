"""A film's pictures, decoded and made ready, one after the other from any place on. Runs inside the confined process.

A picture far behind its key frame needs all those between: where key frames lie far apart, a reel is kept where it
stands, for the segment that follows, and a long way to a place is gone in parts.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from math import inf
from typing import Self, TypeAlias

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from matinee.media.encoding import Encoding, Size
from matinee.media.packets import USUAL_RATE, AnyPacket, Track
from matinee.media.pictures import Darkroom
from matinee.media.probe import video_track

STEPS_BACK_S = (0.0, 2.0, 6.0, 15.0, 60.0, inf)
"""How far before a place a key frame is looked for from which it can be decoded, one after the other."""
FAR_S = 8.0
"""A reel that stands so far behind its last key frame is kept: to come back here would take long."""
HURRIED_S = 60.0
"""So far before a wanted picture those on which no other depends are not decoded."""
RUN_UP_CPU_S = 20.0
"""Processor time after which a job stops on its way to a place; see ``worker_child.JOB_CPU_S``."""
BEFORE_FRAMES = 3
"""So many pictures before the first one that is wanted are made ready too: some steps look at neighbours."""

Shown: TypeAlias = tuple[int, VideoFrame]
"""A picture and when it is shown, in its track's clock."""


class NotYet(Exception):
    """A reel is still on its way to a place.

    Attributes:
        until_s: how far it has come.
    """

    def __init__(self, until_s: float) -> None:
        super().__init__(until_s)
        self.until_s = until_s


class Reel:
    """Iterates over pictures in the order of showing."""

    def __init__(self, track: Track, encoding: Encoding, at_s: float | None) -> None:
        """Begin at a key frame from which the picture at ``at_s`` can be decoded; None: at the start."""
        self._encoding = encoding
        self.stands_s = at_s or 0.0
        """Everything that is shown before has been given."""
        self._track = track
        self._about = video_track(track.film, picture_in(track), 0)
        self._room: Darkroom | None = None
        self._wanted: int | None = None
        self._key: int | None = None
        self._passed: VideoFrame | None = None
        """The last picture that was decoded and not made ready."""
        self._ready: deque[Shown] = deque()
        self._over = False
        self._own: tuple[InputContainer, ...] = ()
        self._budget_s = inf
        if at_s is not None:
            self.wind(at_s)
        self._decoded = self._decode(at_s)

    @classmethod
    def at(cls, track: Track, encoding: Encoding, at_s: float | None) -> Self:
        """Take the film's kept reel where it is on the way to a place, else a new one.

        The next picture is looked for no longer than ``RUN_UP_CPU_S``.
        """
        kept = track.film.take_kept()
        if isinstance(kept, cls) and at_s is not None and kept._leads_to(track, encoding, at_s):
            kept.wind(at_s)
            reel, reel._encoding = kept, encoding
        else:
            if kept is not None:
                kept.close()
            reel = cls(track, encoding, at_s)
        reel._budget_s = time.process_time() + RUN_UP_CPU_S
        return reel

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Shown:
        """Give the next picture.

        Raises:
            NotYet: it is still a long way; the reel goes on from here when it is asked again.
        """
        while not self._ready:
            if self._over:
                raise StopIteration
            frame = next(self._decoded, None)
            if frame is not None and self._wanted is not None and (frame.pts or 0) < self._wanted:
                self._passed = frame
                if time.process_time() > self._budget_s:
                    raise NotYet(self._time(frame.pts or 0))
                continue
            passed, self._passed = self._passed, None
            room = self._room = self._room or self._prepared()
            if passed is not None:
                self._ready.extend(room.develop(passed))
            self._over = frame is None
            self._ready.extend(room.develop(frame))
        return self._ready.popleft()

    def wind(self, at_s: float) -> None:
        """Make no picture ready that is shown before a time, but for the last ones."""
        self._wanted = self._track.stamp(at_s - BEFORE_FRAMES / float(rate_of(picture_in(self._track))))

    def give_back(self, *shown: Shown) -> None:
        """Have pictures given again."""
        self._ready.extendleft(reversed(shown))

    def keep(self, stands_s: float) -> None:
        """Stay here for who goes on from a time, where the way to here is long; else be closed."""
        self.stands_s = stands_s
        far = self._key is None or stands_s - self._time(self._key) > FAR_S
        if not far or (self._over and not self._ready):
            self.close()
            return
        self._own = self._own or self._track.film.part()
        self._track.film.put_kept(self)

    def close(self) -> None:
        """Let go of what was kept open for it."""
        own, self._own = self._own, ()
        for container in own:
            container.close()

    def _leads_to(self, track: Track, encoding: Encoding, at_s: float) -> bool:
        """Say whether a place lies ahead, and no key frame between that would be nearer to it."""
        if at_s < self.stands_s or (self._room is not None and encoding != self._encoding):
            return False
        if at_s == self.stands_s:
            return True
        key = next(from_key(track, at_s), None)
        return key is None or key.pts is None or self._time(key.pts) <= self.stands_s

    def _prepared(self) -> Darkroom:
        about, size = self._about, Size(self._encoding.width, self._encoding.height)
        turned = self._encoding.turned
        return Darkroom(
            picture_in(self._track), size, interlaced=about.interlaced, turned=turned, hdr=about.hdr
        )

    def _time(self, stamp: int) -> float:
        return float((stamp - self._track.origin) * self._track.time_base)

    def _decode(self, at_s: float | None) -> Iterator[VideoFrame]:
        """Decode on. Broken pictures are left out; the ones before them stay longer."""
        decoder = picture_in(self._track).codec_context
        if not decoder.is_open:
            decoder.thread_type = ThreadType.AUTO
        latest: int | None = None
        untimed: deque[int] = deque()
        """When pictures without a time are decoded: the one that is shown n-th takes the n-th of these."""
        for packet in chain(from_key(self._track, at_s), [None]):
            if packet is not None and packet.pts is not None:
                self._key = packet.pts if packet.is_keyframe else self._key
                hurried = (
                    self._wanted is not None and self._time(packet.pts) < self._time(self._wanted) - HURRIED_S
                )
                decoder.skip_frame = "NONREF" if hurried else "DEFAULT"
            if packet is not None and self._track.is_unordered:
                untimed.append(packet.dts or 0)
            with suppress(av.error.InvalidDataError):
                for frame in decoder.decode(packet):
                    self._track.film.source.alive()
                    if frame.pts is not None:
                        frame.pts -= self._track.late
                    elif untimed:
                        frame.pts = untimed.popleft()
                    if frame.pts is not None and (latest is None or frame.pts > latest):
                        latest = frame.pts
                        yield frame


def from_key(track: Track, at_s: float | None) -> Iterator[AnyPacket]:
    """Read from the last key frame before a place, or from one before that; None: from the start."""
    if at_s is None:
        yield from track.read(None)
        return
    target = track.stamp(at_s)
    for back_s in STEPS_BACK_S:
        packets = track.read(at_s - back_s if back_s < at_s else None)
        packet = next(packets, None)
        whole = back_s >= at_s
        while packet is not None and not packet.is_keyframe and (whole or not _is_after(packet, target)):
            packet = next(packets, None)
        if packet is not None and packet.is_keyframe and (whole or not _is_after(packet, target)):
            yield packet
            yield from packets
            return


def _is_after(packet: AnyPacket, stamp: int) -> bool:
    """Tell whether a picture is shown after a time; a field without a time of its own is not."""
    shown = packet.pts if packet.pts is not None else packet.dts
    return shown is not None and shown > stamp


def picture_in(track: Track) -> VideoStream:
    """Give the stream of a track of pictures."""
    if not isinstance(track.stream, VideoStream):
        raise TypeError("not a picture")
    return track.stream


def rate_of(stream: VideoStream) -> Fraction:
    """Give pictures a second, as the film says or as is usual."""
    return stream.average_rate or stream.guessed_rate or Fraction(USUAL_RATE)
