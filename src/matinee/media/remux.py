"""Makes segments of a film. Runs inside the confined process."""

import time
from dataclasses import asdict
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.video.stream import VideoStream

from matinee.confined.frames import Head
from matinee.media.audio import Target, converted_audio, copied_audio, is_heard
from matinee.media.bitstream import PPS, SPS, is_annex_b, kind_of, units, with_lengths, with_starts
from matinee.media.codec_strings import video_codec_string
from matinee.media.encoder_line import Line
from matinee.media.encoding import Encoding
from matinee.media.film import Film
from matinee.media.hls.fragments import Frame, Run, fragment, head_of, squeeze, timed
from matinee.media.packets import USUAL_RATE, AnyPacket, Track
from matinee.media.probe import audio_track, is_default, moves, video_track
from matinee.media.reel import NotYet, from_key
from matinee.media.span import Span, Wanted
from matinee.media.transcode import configure, converted_video, measured
from matinee.models.playback import TrackPlan

INIT_OPTIONS = {"movflags": "empty_moov+default_base_moof+frag_custom", "use_editlist": "0"}
DELAYED = {**INIT_OPTIONS, "movflags": INIT_OPTIONS["movflags"] + "+delay_moov"}
"""For tracks of which something must be read first: AC-3 and AAC say in their frames what they are."""
_WITH_UNITS = frozenset({"h264", "hevc"})


def segment(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Make one segment; see ``jobs.py``."""
    began = time.monotonic()
    span, wanted = Span.of(request), Wanted.of(request)
    runs: list[Run] = []
    if wanted.video is not None:
        track = Track.of(film, picture_of(film))
        if wanted.video is TrackPlan.COPY:
            runs.append(copied_video(track, span, 1))
        else:
            encoding, line = Encoding.of(request.get("encoding")), _line_of(film, request)
            try:
                runs.append(converted_video(track, span, encoding, 1, line))
            except NotYet as way:
                return {"until_s": way.until_s}, b""
    if wanted.audio is not None:
        track = Track.of(film, sound_of(film, wanted.audio_index))
        make = copied_audio if wanted.audio is TrackPlan.COPY else converted_audio
        runs.append(make(track, span, len(runs) + 1))
    frames = len(runs[0].samples) if wanted.video is not None else 0
    packets = len(runs[-1].samples) if wanted.audio is not None else 0
    head = {"frames": frames, "packets": packets, "seconds": time.monotonic() - began}
    body = fragment(span.index, [run for run in runs if run.samples] or runs[:1])
    return {**head, **_about(_line_of(film, request))}, body


def _line_of(film: Film, request: dict[str, Any]) -> Line | None:
    return film.outside if request.get("hardware") else None


def _about(line: Line | None) -> Head:
    return {"encoder_failed": line.broken} if line is not None and line.broken is not None else {}


def heard(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Tell which sounds can be decoded; see ``jobs.py``."""
    at_s = float(request["start_s"])
    tracks = {int(index): Track.of(film, sound_of(film, int(index))) for index in request["tracks"]}
    return {"heard": [index for index, track in tracks.items() if is_heard(track, at_s)]}, b""


def picture_of(film: Film) -> VideoStream:
    """Give the track that is shown: the one that ``describe`` puts first."""
    streams = [stream for stream in film.container.streams.video if moves(stream)]
    if not streams:
        raise ValueError("no picture")
    return min(streams, key=lambda stream: not is_default(stream))


def sound_of(film: Film, index: int) -> AudioStream:
    """Give a sound track by its index in the container."""
    for stream in film.container.streams.audio:
        if stream.index == index:
            return stream
    raise ValueError("no such sound")


def copied_video(track: Track, span: Span, number: int) -> Run:
    """Copy the pictures from the first key frame at or after the span's start to the first at or after its stop."""
    start, stop = track.stamp(span.start_s), track.stamp(span.stop_s)
    taken: list[Frame] = []
    following: list[int] = []
    """The next segment's key frame, and those after it that are shown before it."""
    for packet in track.read(None if span.first else span.start_s, alone=span.alone):
        if packet.pts is None:
            _add_field(taken, following, packet)
        elif following:
            if packet.pts >= following[0]:
                break
            following.append(packet.pts)
        elif packet.is_keyframe and packet.pts >= stop and not span.last:
            following.append(packet.pts)
        elif taken or (packet.is_keyframe and (packet.pts >= start or span.first)):
            taken.append(_frame(track, packet, packet.pts))
    if not taken:
        taken = _covering(track, span)
    context = track.stream.codec_context
    if context.name in _WITH_UNITS and is_annex_b(context.extradata or b""):
        for frame in taken:
            frame.data = with_lengths(frame.data)
    squeeze(taken)
    samples = timed(taken, track.ticks(min(following)) if following else None, track.delay)
    return Run(number, track.ticks(start) - track.delay, samples)


def _frame(track: Track, packet: AnyPacket, stamp: int) -> Frame:
    length = track.length(packet.duration)
    return Frame(bytes(packet), track.ticks(stamp), length, packet.is_keyframe, packet.is_discard)


def _covering(track: Track, span: Span) -> list[Frame]:
    """Give the group of pictures in whose middle a span lies that has no key frame of its own; none after the last.

    It is in an earlier segment too. A player that jumps here needs it from this one.
    """
    start = track.stamp(span.start_s)
    group: list[Frame] = []
    for packet in from_key(track, span.start_s):
        if packet.pts is None:
            _add_field(group, [], packet)
            continue
        if packet.is_keyframe:
            if packet.pts > start:
                break
            group.clear()
        group.append(_frame(track, packet, packet.pts))
    begins = track.ticks(start)
    return group if any(frame.shown + frame.duration > begins for frame in group) else []


def _add_field(taken: list[Frame], following: list[int], packet: AnyPacket) -> None:
    """A frame's second field comes alone in broadcasts, without a time; ISO/IEC 14496-15 wants both in one sample."""
    if taken and not following:
        taken[-1].data += bytes(packet)


def init(film: Film, request: dict[str, Any]) -> tuple[Head, bytes]:
    """Make the init segment; see ``jobs.py``."""
    wanted, start_s = Wanted.of(request), float(request.get("start_s", 0))
    out, codecs, packets = BytesIO(), [], []
    copied = TrackPlan.COPY in (wanted.video, wanted.audio)
    encoding: Encoding | None = None
    with av.open(out, "w", format="mp4", options=DELAYED if copied else INIT_OPTIONS) as writer:
        if wanted.video is not None:
            stream = picture_of(film)
            track = Track.of(film, stream)
            if wanted.video is TrackPlan.COPY:
                packets.append(_template(writer, track, start_s))
                codecs.append(video_track(film, stream, 0).codec_string)
            else:
                known = request.get("encoding")
                height = int(request.get("max_height", 0))
                line, encoder = _line_of(film, request), str(request.get("hardware") or "")
                encoding = (
                    Encoding.of(known)
                    if known
                    else measured(track, height, start_s, line=line, encoder=encoder)
                )
                codecs.append(_add_h264(writer, track, encoding))
        if wanted.audio is not None:
            sound = sound_of(film, wanted.audio_index)
            if wanted.audio is TrackPlan.COPY:
                packets.append(_template(writer, Track.of(film, sound), start_s))
                codecs.append(audio_track(sound).codec_string)
            else:
                _add_aac(writer, Target.of(sound))
                codecs.append("mp4a.40.2")
        writer.start_encoding()
        for packet in packets:
            writer.mux(packet)
    told = asdict(encoding) if encoding is not None else None
    head = {"codecs": [codec for codec in codecs if codec], "encoding": told}
    return {**head, **_about(_line_of(film, request))}, head_of(out.getvalue())


def _template(writer: OutputContainer, track: Track, at_s: float) -> AnyPacket:
    """Add a track as it is; gives a frame of it, in which some codecs have what the init segment needs: the one at
    which playing begins, as others' bytes may be long in coming."""
    name = track.stream.codec_context.name
    packet = next(track.read(at_s, alone=True), None) if at_s > 0 else None
    packet = packet or next(track.read(None), None)
    if packet is None:
        raise ValueError("an empty track")
    stream = writer.add_stream_from_template(
        track.stream, opaque=True
    )  # else it looks for an encoder of that name
    if name == "aac":
        packet = BitStreamFilterContext("aac_adtstoasc", track.stream).filter(packet)[0]
    if name == "hevc":
        stream.codec_context.codec_tag = "hvc1"  # Apple's players take no other
    packet.stream = stream
    packet.dts = packet.pts = 0
    return packet


def _add_aac(writer: OutputContainer, target: Target) -> None:
    stream = writer.add_stream("aac", rate=target.rate, layout=target.layout)
    stream.bit_rate = target.bit_rate


def _add_h264(writer: OutputContainer, track: Track, encoding: Encoding) -> str | None:
    """Add a picture as ``converted_video`` makes it; gives its codec string."""
    stream = writer.add_stream("libx264", rate=USUAL_RATE)
    configure(stream.codec_context, track, encoding)
    stream.codec_context.open()
    stream.time_base = Fraction(1, track.rate)
    if encoding.sets:
        # Whichever of the two makes a segment, it fits: players are told the parameter sets of both.
        theirs = [bytes.fromhex(one) for one in encoding.sets]
        sets = [*theirs, *units(stream.codec_context.extradata or b"")]
        # What the track is said to need at least is read from the first one.
        sets.sort(key=lambda one: (kind_of(one), -one[1], -one[3]) if kind_of(one) == SPS else (PPS, 0, 0))
        stream.codec_context.extradata = with_starts(one for one in sets if kind_of(one) in (SPS, PPS))
    return video_codec_string("h264", stream.codec_context.extradata or b"", None, 0, 8)
