"""A segment's picture, converted to H.264. Runs inside the confined process."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice
from math import inf
from typing import Protocol

import av
from av.codec import CodecContext
from av.codec.context import Flags, ThreadType
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from matinee.media.bitstream import with_lengths
from matinee.media.encoder_line import EncoderFailed, Line
from matinee.media.encoding import (
    MEASURED_PRESET,
    MEGAPIXEL,
    Encoding,
    Size,
    Speed,
    choose,
    choose_hardware,
    most_bits,
    sizes,
)
from matinee.media.hls.fragments import Frame, Run, timed
from matinee.media.order import Order
from matinee.media.outside import OWN_SETS, Outside, checked
from matinee.media.packets import USUAL_RATE, AnyPacket, Track
from matinee.media.pictures import Darkroom
from matinee.media.probe import video_track
from matinee.media.rotation import rotations
from matinee.media.span import Span

STEPS_BACK_S = (0.0, 2.0, 6.0, 15.0, 60.0, inf)
"""How far before a place a key frame is looked for from which it can be decoded, one after the other."""
MEASURED_FRAMES = 36
MEASURED_S = 0.8
"""A start is not put off longer for the measurement."""
RANGE_TV, BT709, SMPTE170M = 1, 1, 6  # AVColorRange, and the same numbers in AVColorPrimaries and its kin
UNSPECIFIED = frozenset({0, 2, 3})
HD_LINES = 720
SAMPLE_FRAMES = 4
"""By which a hardware encoder is asked for its parameter sets."""


def converted_video(
    track: Track, span: Span, encoding: Encoding, number: int, line: Line | None = None
) -> Run:
    """Convert the pictures that are shown in the span; by ``line`` to the encoder that was chosen, while it works."""
    if line is not None and line.broken is None and encoding.encoder:
        sets = frozenset(bytes.fromhex(one) for one in encoding.sets)
        try:
            return _converted(track, span, encoding, number, hardware(track, encoding, line, sets))
        except EncoderFailed as exc:
            line.broken = str(exc)
    encoder = software(track, encoding)
    encoder.open()
    return _converted(track, span, encoding, number, encoder)


def _converted(track: Track, span: Span, encoding: Encoding, number: int, encoder: "Encoder") -> Run:
    start, stop = track.stamp(span.start_s), track.stamp(span.stop_s)
    made: list[AnyPacket] = []
    durations: dict[int, int] = {}
    following: int | None = None
    for stamp, picture in _pictures(track, encoding, None if span.first else span.start_s):
        at = track.ticks(stamp)
        if stamp >= stop and not span.last:
            following = at
            break
        if (stamp >= start or span.first) and at not in durations:
            durations[at] = track.length(picture.duration)
            picture.pts, picture.time_base, picture.pict_type = at, encoder.time_base, PictureType.NONE
            made += encoder.encode(picture)
    made += encoder.encode(None) if durations else []
    frames = [
        Frame(with_lengths(bytes(packet)), packet.pts, durations.get(packet.pts, 0), packet.is_keyframe)
        for packet in made
        if packet.pts is not None
    ]
    return Run(number, track.ticks(start), timed(frames, following))


class Encoder(Protocol):
    """Takes pictures in the order of showing, None at the end; gives H.264 as it comes, each picture's time as told."""

    @property
    def time_base(self) -> Fraction: ...

    def encode(self, frame: VideoFrame | None = None) -> Sequence[AnyPacket]: ...


def measured(
    track: Track,
    max_height: int,
    at_s: float,
    *,
    make: Callable[[Track, Encoding], Encoder] | None = None,
    line: Line | None = None,
    encoder: str = "",
    clock: Callable[[], float] = time.monotonic,
) -> Encoding:
    """Convert some pictures from a place on to see what this computer can do, and choose by that.

    Args:
        track: the picture.
        max_height: lines at most; 0 for its own.
        at_s: the place.
        make: makes the encoder that is measured where there is no other, or no better one.
        line: to the process of ``encoder``; marked as broken where that fails.
        encoder: a hardware encoder that works here.
        clock: seconds.
    """
    stream = _picture(track)
    about = video_track(track.film, stream, _turned(track))
    width, height, aspect = about.width, about.height, about.pixel_aspect
    if about.rotation in (90, 270):
        width, height, aspect = height, width, 1 / aspect
    offered = sizes(width, height, aspect, max_height)
    trial = Encoding(offered[0].width, offered[0].height, MEASURED_PRESET, turned=about.rotation)
    pictures, decode_s = _developed(track, trial, at_s, clock)
    rate = float(_rate(stream))
    beside: Encoding | None = None
    if line is not None and encoder:
        try:
            outside = hardware(track, replace(trial, encoder=encoder), line)
            outside.open()
            speed = Speed(decode_s, _encode_s(outside, pictures, trial, clock))
            if (beside := choose_hardware(offered, rate, speed, encoder)) is not None:
                beside = replace(beside, turned=about.rotation, sets=_sets_of(track, beside, line))
        except EncoderFailed as exc:
            line.broken, beside = str(exc), None
    if beside is not None and beside.height == trial.height:
        return beside
    speed = Speed(decode_s, _encode_s((make or software)(track, trial), pictures, trial, clock))
    alone = replace(choose(offered, rate, speed), turned=about.rotation)
    return beside if beside is not None and beside.height > alone.height else alone


def _developed(
    track: Track, trial: Encoding, at_s: float, clock: Callable[[], float]
) -> tuple[list[VideoFrame], float]:
    """Give some pictures ready for an encoder, and how long each took."""
    pictures: list[VideoFrame] = []
    began = 0.0
    for _, picture in islice(_pictures(track, trial, at_s or None), MEASURED_FRAMES):
        pictures.append(picture)
        began = began or clock()  # the first one takes the setting up as well
        if clock() - began > MEASURED_S:
            break
    if not pictures:
        raise ValueError("no picture can be decoded")
    return pictures, (clock() - began) / max(1, len(pictures) - 1)


def _encode_s(
    encoder: Encoder, pictures: Sequence[VideoFrame], trial: Encoding, clock: Callable[[], float]
) -> float:
    """Tell how long an encoder takes for a million pixels."""
    began, count = clock(), 0
    for count, picture in enumerate(pictures, 1):
        picture.pts, picture.time_base = count * encoder.time_base.denominator // 50, encoder.time_base
        encoder.encode(picture)
        if clock() - began > MEASURED_S:
            break
    encoder.encode(None)
    return (clock() - began) / count / (trial.width * trial.height / MEGAPIXEL)


def _sets_of(track: Track, encoding: Encoding, line: Line) -> tuple[str, ...]:
    """Have an encoder make a few pictures of the size that was chosen, and give its parameter sets."""
    encoder = hardware(track, encoding, line)
    for number in range(SAMPLE_FRAMES):
        picture = VideoFrame(encoding.width, encoding.height, "yuv420p")
        for plane in picture.planes:
            plane.update(bytes([64 + 32 * number]) * plane.buffer_size)
        picture.pts = number
        encoder.encode(picture)
    encoder.encode(None)
    return checked(encoder.sets)


def configure(encoder: VideoCodecContext, track: Track, encoding: Encoding) -> None:
    """Set an encoder up, the same for every segment: they share their parameter sets."""
    rate = _rate(_picture(track))
    most = most_bits(encoding.width, encoding.height, rate) // 1000
    encoder.width, encoder.height, encoder.pix_fmt = encoding.width, encoding.height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, track.rate), rate
    encoder.sample_aspect_ratio = Fraction(1)
    encoder.thread_count = 0
    encoder.color_range = RANGE_TV
    encoder.color_primaries, encoder.color_trc, encoder.colorspace = _colours(track)
    encoder.flags |= Flags.global_header
    encoder.options = {
        "preset": encoding.preset,
        "profile": "high",
        "crf": "22",
        "maxrate": f"{most}k",
        "bufsize": f"{2 * most}k",
        "bf": "0",
        "g": "600",
        # Beside a hardware encoder's parameter sets its own have another number.
        "x264-params": "rc-lookahead=10:sync-lookahead=0:scenecut=0"
        + (f":sps-id={OWN_SETS}" if encoding.sets else ""),
    }


def _colours(track: Track) -> tuple[int, int, int]:
    """Say which colours the pictures have: as the film does, or what players take films of that size to have."""
    source = _picture(track).codec_context
    bright = video_track(track.film, _picture(track), 0).hdr is not None
    usual = BT709 if source.height >= HD_LINES else SMPTE170M
    told = (source.color_primaries, source.color_trc, source.colorspace)
    primaries, transfer, matrix = (
        BT709 if bright else usual if one in UNSPECIFIED else int(one) for one in told
    )
    return primaries, transfer, matrix


def software(track: Track, encoding: Encoding) -> VideoCodecContext:
    """Make the encoder that runs everywhere."""
    encoder = CodecContext.create("libx264", "w")
    configure(encoder, track, encoding)
    return encoder


def hardware(track: Track, encoding: Encoding, line: Line, sets: frozenset[bytes] | None = None) -> Outside:
    """Make the encoder in another process; ``sets`` are the parameter sets that it must have."""
    rate = _rate(_picture(track))
    most = most_bits(encoding.width, encoding.height, rate)
    order = Order(encoding.encoder, encoding.width, encoding.height, rate, most, _colours(track))
    return Outside(line, order, Fraction(1, track.rate), sets)


def _pictures(track: Track, encoding: Encoding, at_s: float | None) -> Iterator[tuple[int, VideoFrame]]:
    """Give pictures ready for the encoder, from a little before a place on, in the order of showing."""
    stream = _picture(track)
    about = video_track(track.film, stream, 0)
    size = Size(encoding.width, encoding.height)
    room = Darkroom(stream, size, interlaced=about.interlaced, turned=encoding.turned, hdr=about.hdr)
    from_s = at_s - 3 / float(_rate(stream)) if at_s is not None else None
    first = track.stamp(from_s) if from_s is not None else None
    for frame in _decoded(track, at_s):
        if first is None or (frame.pts or 0) >= first:
            yield from room.develop(frame)
    yield from room.develop(None)


def _decoded(track: Track, at_s: float | None) -> Iterator[VideoFrame]:
    """Decode from the key frame before a place. Broken pictures are left out; the ones before them stay longer."""
    decoder = _picture(track).codec_context
    if not decoder.is_open:
        decoder.thread_type = ThreadType.AUTO
    latest: int | None = None
    for packet in chain(from_key(track, at_s), [None]):
        with suppress(av.error.InvalidDataError):
            for frame in decoder.decode(packet):
                track.film.source.alive()
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


def _picture(track: Track) -> VideoStream:
    if not isinstance(track.stream, VideoStream):
        raise TypeError("not a picture")
    return track.stream


def _rate(stream: VideoStream) -> Fraction:
    return stream.average_rate or stream.guessed_rate or Fraction(USUAL_RATE)


def _turned(track: Track) -> int:
    """Give by how many degrees the picture is to be turned; only this kind of container says it."""
    if not track.container.format.name.startswith("mov"):
        return 0
    source = track.film.source
    stands = source.tell()
    turned = rotations(source, source.length).get(track.stream.id, 0)
    source.seek(stands)
    return turned
