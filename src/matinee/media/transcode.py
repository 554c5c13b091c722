"""A segment's picture, converted to H.264. Runs inside the confined process."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import Protocol

from av.codec import CodecContext
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from matinee.media.bitstream import with_lengths
from matinee.media.encoder_line import EncoderFailed, Line
from matinee.media.encoding import (
    MEASURED_PRESET,
    MEGAPIXEL,
    Encoding,
    Speed,
    choose,
    choose_hardware,
    most_bits,
    sizes,
)
from matinee.media.hls.fragments import Frame, Run, timed
from matinee.media.order import Order
from matinee.media.outside import OWN_SETS, Outside, checked
from matinee.media.packets import AnyPacket, Track
from matinee.media.probe import video_track
from matinee.media.reel import NotYet, Reel, Shown, picture_in, rate_of
from matinee.media.rotation import rotations
from matinee.media.span import Span

STANDS_S = 2.0
"""A picture that is shown so long into the next segment is shown there again: a player may begin there."""
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
    reel = Reel.at(track, encoding, None if span.first else span.start_s)
    try:
        run = _encoded(track, reel, span, number, encoder)
    except NotYet:
        reel.keep(span.start_s)
        raise
    except BaseException:
        reel.close()
        raise
    reel.keep(span.stop_s)
    return run


def _encoded(track: Track, reel: Reel, span: Span, number: int, encoder: "Encoder") -> Run:
    start, stop = track.stamp(span.start_s), track.stamp(span.stop_s)
    made: list[AnyPacket] = []
    durations: dict[int, int] = {}
    before: Shown | None = None

    def put(stamp: int, picture: VideoFrame) -> None:
        at = track.ticks(stamp)
        if at not in durations:
            durations[at] = track.length(picture.duration)
            picture.pts, picture.time_base, picture.pict_type = at, encoder.time_base, PictureType.NONE
            made.extend(encoder.encode(picture))

    following: int | None = track.ticks(stop) if not span.last else None
    for stamp, picture in reel:
        if stamp >= stop and not span.last:
            reel.give_back(*([before] if before is not None else []), (stamp, picture))
            following = following if _stands(track, stop, stamp) else track.ticks(stamp)
            break
        if stamp >= start or span.first:
            if not durations and before is not None and _stands(track, start, stamp):
                put(start, before[1])
            put(stamp, picture)
        before = (stamp, picture)
    if not durations and before is not None:
        put(start, before[1])
    made += encoder.encode(None) if durations else []
    frames = [
        Frame(with_lengths(bytes(packet)), packet.pts, durations.get(packet.pts, 0), packet.is_keyframe)
        for packet in made
        if packet.pts is not None
    ]
    return Run(number, track.ticks(start), timed(frames, following))


def _stands(track: Track, joint: int, following: int) -> bool:
    """Tell whether the picture before a joint stays so long that it must be shown behind it again."""
    return (following - joint) * track.time_base > STANDS_S


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
    stream = picture_in(track)
    about = video_track(track.film, stream, _turned(track))
    width, height, aspect = about.width, about.height, about.pixel_aspect
    if about.rotation in (90, 270):
        width, height, aspect = height, width, 1 / aspect
    offered = sizes(width, height, aspect, max_height)
    trial = Encoding(offered[0].width, offered[0].height, MEASURED_PRESET, turned=about.rotation)
    pictures, decode_s = _developed(track, trial, at_s, clock)
    rate = float(rate_of(stream))
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
    for _, picture in _from_place(track, trial, at_s):
        pictures.append(picture)
        began = began or clock()  # the first one takes the setting up as well
        if clock() - began > MEASURED_S:
            break
    if not pictures:
        raise ValueError("no picture can be decoded")
    return pictures, (clock() - began) / max(1, len(pictures) - 1)


def _from_place(track: Track, trial: Encoding, at_s: float) -> Iterator[Shown]:
    """Give the first pictures at a place; where they lie too far behind a key frame, the film's."""
    if at_s:
        reel = Reel.at(track, trial, at_s)
        try:
            yield from islice(reel, MEASURED_FRAMES)
        except NotYet:
            reel.keep(at_s)
        else:
            return
        track = track.anew()
    yield from islice(Reel(track, trial, None), MEASURED_FRAMES)


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
    rate = rate_of(picture_in(track))
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
    source = picture_in(track).codec_context
    bright = video_track(track.film, picture_in(track), 0).hdr is not None
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
    rate = rate_of(picture_in(track))
    most = most_bits(encoding.width, encoding.height, rate)
    order = Order(encoding.encoder, encoding.width, encoding.height, rate, most, _colours(track))
    return Outside(line, order, Fraction(1, track.rate), sets)


def _turned(track: Track) -> int:
    """Give by how many degrees the picture is to be turned; only this kind of container says it."""
    if not track.container.format.name.startswith("mov"):
        return 0
    source = track.film.source
    stands = source.tell()
    turned = rotations(source, source.length).get(track.stream.id, 0)
    source.seek(stands)
    return turned
