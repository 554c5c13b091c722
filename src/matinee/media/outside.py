"""An encoder in another process, as the film's process sees it. Runs inside the confined process.

It may lie: what comes back is decoded before it is believed. A segment that fails is made again without it, and it
is not asked again.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import av
from av.codec import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from matinee.confined.frames import Head, pack, pack_head
from matinee.media.bitstream import (
    DELIMITER,
    FILLER,
    KEY_SLICE,
    PPS,
    SEI,
    SLICE,
    SPS,
    kind_of,
    number_of,
    units,
    with_starts,
)
from matinee.media.encoder_line import EncoderFailed, Line
from matinee.media.order import Order
from matinee.media.packets import AnyPacket
from matinee.media.planes import packed

OWN_SETS = 31
"""The number of x264's parameter sets where a hardware encoder's stand beside them."""

_DROPPED = frozenset({SPS, PPS, DELIMITER, FILLER})
_KNOWN = frozenset({SLICE, KEY_SLICE, SEI})


class Outside:
    """An ``Encoder`` of one segment; its packets have no parameter sets in them.

    Attributes:
        sets: the encoder's parameter sets, known from the first packet on.
    """

    def __init__(
        self, line: Line, order: Order, time_base: Fraction, sets: frozenset[bytes] | None = None
    ) -> None:
        """``sets`` are those that it must have; None where any will do."""
        self._line = line
        self._order = order
        self._time_base = time_base
        self._wanted = sets
        self._job = -1
        self._stamps: list[int] = []
        self._came = 0
        self._shown = 0
        self._decoder: VideoCodecContext | None = None
        self._opened = False
        self._done = False
        self.sets: frozenset[bytes] = frozenset()

    @property
    def time_base(self) -> Fraction:
        """Of pictures and packets."""
        return self._time_base

    def open(self) -> None:
        """Have the encoder opened, and wait for it. Raises EncoderFailed."""
        self._job = self._line.begin()
        self._until(Outside._is_open, pack({"job": self._job, "order": self._order.head()}))

    def encode(self, frame: VideoFrame | None = None) -> Sequence[AnyPacket]:
        """Take a picture of yuv420p, None at the end; give packets as they come. Raises EncoderFailed."""
        if self._job < 0:
            self.open()
        if frame is not None:
            head = {"job": self._job, "picture": len(self._stamps)}
            self._stamps.append(frame.pts or 0)
            planes = packed(frame)
            return self._take(self._line.exchange(pack_head(head, sum(map(len, planes))), *planes))
        made = self._until(Outside._is_done, pack({"job": self._job, "end": True}))
        self._shown += self._decode(None)
        if not self._came == self._shown == len(self._stamps):
            raise EncoderFailed(
                f"of {len(self._stamps)} pictures {self._came} came, {self._shown} of them whole"
            )
        return made

    def _until(self, reached: Callable[["Outside"], bool], message: bytes) -> list[AnyPacket]:
        until_s = self._line.limit_s()
        made = self._take(self._line.exchange(message, until_s=until_s))
        while not reached(self):
            made += self._take(self._line.exchange(wait=True, until_s=until_s))
        return made

    def _is_open(self) -> bool:
        return self._opened

    def _is_done(self) -> bool:
        return self._done

    def _take(self, messages: list[tuple[Head, bytes]]) -> list[AnyPacket]:
        made: list[AnyPacket] = []
        for head, body in messages:
            if head.get("job") != self._job:
                continue  # of a job that was given up
            match head:
                case {"opened": True}:
                    self._opened = True
                    self.sets |= frozenset(unit for unit in units(body) if kind_of(unit) in (SPS, PPS))
                case {"packet": int(number)}:
                    made += self._packet(number, body)
                case {"done": True}:
                    self._done = True
                case {"why": str(why)}:
                    raise EncoderFailed(why)
                case _:
                    raise EncoderFailed("it speaks nonsense")
        return made

    def _packet(self, number: int, body: bytes) -> list[AnyPacket]:
        found = units(body)
        kinds = {kind_of(unit) for unit in found}
        self.sets |= frozenset(unit for unit in found if kind_of(unit) in (SPS, PPS))
        if not kinds & {SLICE, KEY_SLICE}:
            return []  # some give their parameter sets alone, before the first picture
        if number != self._came or number >= len(self._stamps) or not kinds <= _KNOWN | _DROPPED:
            raise EncoderFailed("it gives pictures that nobody asked for")
        if self._wanted is not None and self.sets != self._wanted:
            raise EncoderFailed("its parameter sets are other ones")
        packet = Packet(with_starts(unit for unit in found if kind_of(unit) not in _DROPPED))
        packet.pts, packet.time_base = self._stamps[number], self._time_base
        packet.is_keyframe = KEY_SLICE in kinds
        if number == 0 and not packet.is_keyframe:
            raise EncoderFailed("it begins with a picture that needs others")
        self._came += 1
        self._shown += self._decode(packet)
        return [packet]

    def _decode(self, packet: "AnyPacket | None") -> int:
        """Decode as a player does, with the parameter sets beforehand; tell how many pictures came."""
        if self._decoder is None:
            self._decoder = _decoder(self.sets)
        try:
            frames = self._decoder.decode(packet)
        except av.FFmpegError as exc:
            raise EncoderFailed(f"it cannot be decoded: {exc}") from exc
        if any((frame.width, frame.height) != (self._order.width, self._order.height) for frame in frames):
            raise EncoderFailed("its pictures are of another size")
        return len(frames)


def checked(sets: frozenset[bytes]) -> tuple[str, ...]:
    """Give parameter sets as ``Encoding`` holds them, the one for the whole stream first.

    Raises:
        EncoderFailed: they cannot stand beside x264's.
    """
    try:
        numbers = {number_of(one) for one in sets}
    except ValueError as exc:
        raise EncoderFailed(str(exc)) from exc
    if OWN_SETS in numbers or {kind_of(one) for one in sets} != {SPS, PPS}:
        raise EncoderFailed("its parameter sets cannot stand beside others")
    return tuple(one.hex() for one in sorted(sets, key=lambda one: (kind_of(one), one)))


def _decoder(sets: frozenset[bytes]) -> VideoCodecContext:
    decoder = CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)  # noqa: S101 - it is; for mypy
    decoder.extradata = with_starts(sorted(sets, key=kind_of))
    decoder.thread_count = 1
    decoder.options = {"err_detect": "explode", "skip_loop_filter": "all"}
    return decoder
