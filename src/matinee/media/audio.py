"""A segment's sound. Runs inside the confined process."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.codec import CodecContext

from matinee.media.bitstream import without_adts
from matinee.media.grid import EXACT_SAMPLES, Grid
from matinee.media.hls.fragments import Frame, Run, timed
from matinee.media.hls.timing import OFFSET_S, ticks_at
from matinee.media.line import SAMPLE_BYTES, Line
from matinee.media.packets import AnyPacket, Track
from matinee.media.span import Span

AAC_FRAME = 1024
"""Samples."""
LEAD_FRAMES = 3
"""Encoded before a segment and thrown away: the encoder begins with a frame of nothing, and then needs to settle."""
TAIL_FRAMES = 3
"""Fed after a segment: a frame reaches into the next one, and the encoder looks ahead."""
PREROLL_S = 0.25
"""Decoded before that and thrown away: frames of MP3 and AC-3 need those before them."""
SLACK_S = 0.005
"""A frame that is this near to the end of the one before follows it: containers round times."""
STRAY_S = 0.05
"""One frame that is told to lie so far from the end of the one before, and whose next lies there again, was told
wrongly: FFmpeg counts Vorbis frames of two lengths so at some of Ogg's pages."""
KEPT_RATES = frozenset({16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
USUAL_RATE = 48_000
LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1"}
FRAME_SAMPLES = {"ac3": 1536}
"""Where the library does not say how long frames are."""
LOOKED_AT = 48
"""Frames by which a grid is found."""
LEAST_TRIED = 8
"""Frames of which not one can be decoded, before a sound is given up."""


def grid_of(track: Track) -> Grid:
    """Find a track's grid; once for a film, from the track's first frames."""
    stream = _sound(track)
    if (known := track.film.grids.get(stream.index)) is not None:
        return known
    context = stream.codec_context
    frame = context.frame_size or FRAME_SAMPLES.get(context.name, 0)
    tick = track.time_base * track.rate
    first = list(islice(track.read(None), LOOKED_AT))
    if not frame and tick > EXACT_SAMPLES:
        frame = _frame_samples(context, first)
    stamps = [packet.pts for packet in first if packet.pts is not None]
    found = Grid.of(stamps or [track.origin], tick, frame)
    track.film.grids[stream.index] = found
    return found


def _frame_samples(context: AudioCodecContext, packets: Sequence[AnyPacket]) -> int:
    """Decode some frames to see how long they are; the first may be shorter, where an encoder's priming is cut off."""
    lengths = set()
    with suppress(av.FFmpegError):
        for packet in packets[:4]:
            lengths |= {frame.samples for frame in context.decode(packet) if packet is not packets[0]}
    return lengths.pop() if len(lengths) == 1 else 0


def is_heard(track: Track, at_s: float) -> bool:
    """Tell whether a sound can be decoded, by its frames at a place; where there are too few, it is hoped for."""
    decoder = _sound(track).codec_context
    tried = 0
    for packet in islice(track.read(at_s if at_s > 0 else None, alone=True), LOOKED_AT):
        tried += 1
        with suppress(av.FFmpegError):
            if decoder.decode(packet):
                return True
    return tried < LEAST_TRIED


@dataclass(frozen=True, slots=True)
class Target:
    """What a converted sound is: AAC, which every browser decodes."""

    rate: int
    channels: int

    @classmethod
    def of(cls, stream: AudioStream) -> "Target":
        """Stay as near to the source as can be: its rate where AAC has that, its channels up to 5.1."""
        rate = stream.rate if stream.rate in KEPT_RATES else USUAL_RATE
        return cls(rate, min(max(LAYOUTS), stream.channels) if stream.channels > 0 else 2)

    @property
    def layout(self) -> str:
        """FFmpeg's name of how the channels lie."""
        return LAYOUTS[self.channels]

    @property
    def bit_rate(self) -> int:
        """Bits a second: sound that nobody takes for worse."""
        return 64_000 * self.channels + 32_000

    def encoder(self) -> AudioCodecContext:
        """Make an encoder."""
        encoder = CodecContext.create("aac", "w")
        encoder.sample_rate, encoder.layout, encoder.format = self.rate, self.layout, "fltp"
        encoder.time_base, encoder.bit_rate = Fraction(1, self.rate), self.bit_rate
        encoder.options = {"aac_coder": "fast"}
        return encoder


def converted_audio(track: Track, span: Span, number: int) -> Run:
    """Convert the sound: frames of one grid from the film's beginning, those that begin in the span."""
    target = Target.of(_sound(track))
    first = 0 if span.first else _frame_after(span.start_s, target.rate)
    stop = _frame_after(span.stop_s, target.rate)
    line = Line(target.channels, (first - LEAD_FRAMES) * AAC_FRAME)
    enough = None if span.last else (stop + TAIL_FRAMES) * AAC_FRAME
    begin_s = span.start_s if span.alone else line.start / target.rate - PREROLL_S
    _decode(track, target, line, enough, _frames(track, begin_s, span.alone))
    if span.last:
        stop = max(first, -(-line.stop // AAC_FRAME))
    place = OFFSET_S * target.rate
    made = _encode(target, line, first, stop)
    frames = [Frame(data, place + at * AAC_FRAME, AAC_FRAME) for at, data in made if first <= at < stop]
    return Run(number, place + first * AAC_FRAME, timed(frames, None))


def _frame_after(at_s: float, rate: int) -> int:
    return -(-ticks_at(at_s, Fraction(1, rate)) // AAC_FRAME)


def _decode(
    track: Track, target: Target, line: Line, enough: int | None, frames: Iterator[AudioFrame]
) -> None:
    """Fill a line from frames that begin a little before it (decoders must warm up) until it has ``enough``."""
    grid, own_rate = grid_of(track), track.rate
    zero = track.origin * track.time_base * own_rate
    resampler = AudioResampler("fltp", target.layout, target.rate)
    at: Fraction | None = None
    place = 0
    astray = False
    for frame in frames:
        found = grid.place(frame.pts) - zero if frame.pts is not None else at
        if found is None:
            continue
        off = abs(found - at) if at is not None else None
        astray, strayed = off is not None and SLACK_S < off / own_rate <= STRAY_S, astray
        if at is None or off is None or (off > own_rate * SLACK_S and (strayed or not astray)):
            resampler = AudioResampler("fltp", target.layout, target.rate)
            at, place = found, round(found * target.rate / own_rate)
        at += frame.samples
        frame.pts = None
        for made in resampler.resample(frame):
            line.put(place, [bytes(plane)[: made.samples * SAMPLE_BYTES] for plane in made.planes])
            place += made.samples
        if enough is not None and line.stop >= enough:
            break


def _frames(track: Track, at_s: float, alone: bool) -> Iterator[AudioFrame]:
    """Decode from a place on. What is broken in between is left out: then there is silence."""
    decoder = _sound(track).codec_context
    for packet in track.read(at_s if at_s > 0 else None, alone=alone):
        with suppress(av.error.InvalidDataError):
            yield from decoder.decode(packet)
    yield from decoder.decode(None)


def _encode(target: Target, line: Line, first: int, stop: int) -> Iterator[tuple[int, bytes]]:
    """Give AAC frames by their number in the grid, from some before ``first`` on."""
    encoder = target.encoder()
    packets: list[AnyPacket] = []
    for at in range(first - LEAD_FRAMES, stop + TAIL_FRAMES):
        frame = AudioFrame("fltp", target.layout, AAC_FRAME)
        frame.sample_rate, frame.time_base, frame.pts = target.rate, encoder.time_base, at * AAC_FRAME
        for plane, row in zip(frame.planes, line.take(at * AAC_FRAME, AAC_FRAME), strict=True):
            plane.update(row)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    for packet in packets:
        if packet.pts is not None:
            yield packet.pts // AAC_FRAME, bytes(packet)


def _sound(track: Track) -> AudioStream:
    if not isinstance(track.stream, AudioStream):
        raise TypeError("not a sound")
    return track.stream


def copied_audio(track: Track, span: Span, number: int) -> Run:
    """Copy the frames that begin in the span."""
    rate = track.rate
    grid, zero = grid_of(track), track.origin * track.time_base * rate
    base = Fraction(1, rate)
    start, stop = ticks_at(span.start_s, base), ticks_at(span.stop_s, base)
    taken: list[Frame] = []
    following: int | None = None
    for packet in track.read(None if span.first else span.start_s, alone=span.alone):
        if packet.pts is None:
            raise ValueError("sound without a time")
        length = grid.length(packet.duration or 0)
        place = round(grid.place(packet.pts) - zero)
        if place >= stop and not span.last:
            following = place + OFFSET_S * rate
            break
        if place + length > 0 if span.first else place >= start:
            taken.append(Frame(bytes(packet), place + OFFSET_S * rate, length))
    if track.stream.codec_context.name == "aac":
        for frame in taken:
            frame.data = without_adts(frame.data)
    return Run(number, start + OFFSET_S * rate, timed(taken, following))
