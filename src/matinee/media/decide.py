"""How a film is brought to one player: as it is, in other clothes, or made anew. Pure.

Browsers play what they cannot decode without an error: a silent picture, or a black one with sound. So nothing is
left to their fallbacks: a track is copied only where the player says that it decodes just that.
"""

from dataclasses import replace

from matinee.media.smooth import CONVERTED_TO, answer_about, most_lines
from matinee.models.media import AudioTrack, Hdr, MediaInfo, VideoTrack
from matinee.models.playback import AudioPlan, ClientSupport, Plan, TrackPlan, Way

MOST_HEIGHT = 1080
"""A picture that must be converted is made no larger than this: few computers keep ahead of a larger one."""

_CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "matroska,webm": "matroska",
}
"""What clients call FFmpeg's demuxers that have another name."""
_IN_WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
_IN_SEGMENTS = frozenset({"h264", "hevc", "vp9", "av1", "aac", "opus", "flac", "ac3", "eac3", "alac"})
"""What segments can carry, and browsers take from them: Chromium 156 plays MP3 in files alone."""
_DECODERS = {
    "libdav1d": "av1",
    "libvpx": "vp8",
    "libvpx-vp9": "vp9",
    "libopus": "opus",
    "libvorbis": "vorbis",
    "mp3float": "mp3",
    "mp2float": "mp2",
}
"""FFmpeg's decoders that have another name than what they decode."""
_USUAL_PROFILES = {
    "h264": ("avc1.42", "avc1.4D", "avc1.64"),
    "hevc": ("hvc1.1.", "hvc1.2."),
    "vp9": ("vp09.00.", "vp09.02."),
    "av1": ("av01.0.",),
}
"""How the codec strings of pictures with 4:2:0 colour begin. What decodes a codec in hardware decodes no other."""
_SPOKEN = {
    "h264": "H.264", "hevc": "HEVC", "mpeg4": "MPEG-4", "msmpeg4v3": "DivX 3", "mpeg2video": "MPEG-2",
    "mpeg1video": "MPEG-1", "theora": "Theora", "vc1": "VC-1", "wmv3": "Windows Media Video", "prores": "ProRes",
    "ac3": "AC-3", "eac3": "E-AC-3", "dca": "DTS", "truehd": "TrueHD", "opus": "Opus", "vorbis": "Vorbis",
    "wmav2": "Windows Media Audio", "wmapro": "Windows Media Audio",
}  # fmt: skip

_ENCODERS = {
    "h264_nvenc": "NVIDIA NVENC", "h264_qsv": "Intel Quick Sync", "h264_amf": "AMD AMF",
    "h264_v4l2m2m": "V4L2", "libx264": "x264",
}  # fmt: skip
"""Encoders outside the film's process; the last one stands for the others where there is no hardware."""
_COUNTED = "Its index is missing: after a jump the time is a guess, until all before it is here."


def decide(info: MediaInfo, client: ClientSupport) -> Plan:
    """Choose the least that must be done to a film, and say in words what and why.

    Args:
        info: a film with a picture or a sound.
        client: what its player can do.
    """
    picture = info.video[0] if info.video else None
    heard = [track for track in info.audio if track.channels > 0]
    against_copy = _against_copy(picture, client) if picture else None
    if against_copy is None and _opens(info, picture, heard, client):
        whole = all(name_of(track.codec) in client.audio for track in heard)
        if whole and len(heard) <= 1 and len(heard) == len(info.audio):
            return _direct(info, picture, first_audio(heard), ())
        if picture is not None and name_of(picture.codec) not in _IN_SEGMENTS and _first_plays(info, client):
            return _direct(info, picture, info.audio[0], _why_only_first(picture, info))
    return _in_segments(info, picture, heard, client, against_copy)


def as_it_is(reason: str) -> Plan:
    """Plan for a film of which nothing is known: the player gets its bytes and does what it can."""
    return Plan(Way.DIRECT, TrackPlan.COPY, (), None, 0, (reason,))


def converted(plan: Plan, info: MediaInfo) -> Plan:
    """Give the plan that converts a picture which was to be copied."""
    tall = bool(info.video) and info.video[0].height > MOST_HEIGHT
    return replace(
        plan,
        way=Way.TRANSCODE,
        video=TrackPlan.CONVERT,
        max_height=MOST_HEIGHT if tall else 0,
        reasons=(*plan.reasons, "The picture is converted, because it could be cut in too few places."),
    )


def too_slow(plan: Plan) -> Plan:
    """Give the plan for a computer that converts the picture more slowly than it plays."""
    reason = "This computer is too slow to convert the picture while it plays; another player may show it as it is."
    return replace(plan, keeps_up=False, reasons=(*plan.reasons, reason))


def by_encoder(plan: Plan, encoder: str) -> Plan:
    """Give the plan for a picture that a hardware encoder converts, by FFmpeg's name of it; empty for none."""
    spoken = _ENCODERS.get(encoder)
    if spoken is None:
        return plan
    return replace(plan, reasons=(*plan.reasons, f"The picture is converted by {spoken}."))


def without_encoder(plan: Plan) -> Plan:
    """Give the plan for a film whose hardware encoder failed."""
    by = {f"The picture is converted by {spoken}." for spoken in _ENCODERS.values()}
    if not by.intersection(plan.reasons):
        return plan
    reason = "The hardware encoder failed; the processor goes on converting the picture."
    return replace(plan, reasons=(*(one for one in plan.reasons if one not in by), reason))


def name_of(codec: str) -> str:
    """Give a codec's name where FFmpeg names its decoder."""
    return _DECODERS.get(codec, codec)


def first_audio(tracks: list[AudioTrack]) -> AudioTrack | None:
    """Choose the sound to be heard first: the default one, else the first that is the film's own."""
    own = [track for track in tracks if not track.commentary and not track.described] or tracks
    return next((track for track in own if track.default), own[0] if own else None)


def _direct(
    info: MediaInfo, picture: VideoTrack | None, sound: AudioTrack | None, reasons: tuple[str, ...]
) -> Plan:
    """Plan to give the file itself, in which a browser plays one sound track."""
    plays = sound.index if sound else None
    audio = tuple(
        AudioPlan(track.index, TrackPlan.COPY if track.index == plays else TrackPlan.LEAVE)
        for track in info.audio
    )
    return Plan(Way.DIRECT, TrackPlan.COPY if picture else TrackPlan.LEAVE, audio, plays, 0, reasons)


def _in_segments(
    info: MediaInfo,
    picture: VideoTrack | None,
    heard: list[AudioTrack],
    client: ClientSupport,
    against_copy: str | None,
) -> Plan:
    reasons: list[str] = []
    video = TrackPlan.COPY if picture else TrackPlan.LEAVE
    if picture is not None:
        if against_copy is None and name_of(picture.codec) not in _IN_SEGMENTS:
            against_copy = (
                f"The picture ({_spoken(picture.codec)}) is converted, because segments cannot carry it."
            )
        if against_copy is None and info.container == "avi" and name_of(picture.codec) == "hevc":
            against_copy = (
                "The picture (HEVC) is converted, because an AVI does not say when its pictures are shown."
            )
        if against_copy is not None:
            video = TrackPlan.CONVERT
            reasons.append(against_copy)
    if picture is None or video is TrackPlan.COPY:
        reasons.extend(_why_segments(info, picture, heard, client))
    audio = tuple(AudioPlan(track.index, _audio_plan(track, client)) for track in info.audio)
    reasons.extend(_about_sound(info, audio))
    first = first_audio(heard)
    way, height = Way.REMUX, 0
    if picture is not None and video is TrackPlan.CONVERT:
        way, height = Way.TRANSCODE, _height(picture, client)
        reasons.extend(_about_size(picture, height, client))
    if info.counted:
        reasons.append(_COUNTED)
    return Plan(way, video, audio, first.index if first else None, height, tuple(reasons))


def _against_copy(picture: VideoTrack, client: ClientSupport) -> str | None:
    """Say why the player cannot be given the picture as it is; None when it can."""
    name = name_of(picture.codec)
    spoken = _spoken(picture.codec)
    if picture.bit_depth > 8:
        spoken += f" with {picture.bit_depth} bits"
        name += f"/{picture.bit_depth}"
    if name not in client.video or not _is_usual(picture):
        return f"The picture ({spoken}) is converted, because this browser cannot decode it."
    if picture.hdr is Hdr.DOLBY_VISION:
        return "The picture (Dolby Vision) is shown in grey: only players such as mpv know its colours."
    if picture.hdr is Hdr.HDR10 and not client.hdr:
        return "The picture (HDR) is converted, because this screen shows it too dark and grey."
    if client.max_height and picture.height > client.max_height:
        return f"The picture is made smaller, because this device stutters above {client.max_height} lines."
    return _against_size(picture, name, spoken, client)


def _against_size(picture: VideoTrack, name: str, spoken: str, client: ClientSupport) -> str | None:
    """Say why the player shows a picture badly that it decodes; None when it does not, or no other would do better."""
    told = answer_about(picture, name, client)
    if told is None or (told.supported and told.smooth):
        return None
    if not told.supported:
        return f"The picture ({spoken}) is converted, because this browser cannot decode it at {picture.height} lines."
    if name == CONVERTED_TO and not _height(picture, client):
        return None
    return f"The picture ({spoken}) is converted, because this device stutters with it at {picture.height} lines."


def _is_usual(picture: VideoTrack) -> bool:
    beginnings = _USUAL_PROFILES.get(name_of(picture.codec))
    return beginnings is None or picture.codec_string is None or picture.codec_string.startswith(beginnings)


def _opens(
    info: MediaInfo, picture: VideoTrack | None, heard: list[AudioTrack], client: ClientSupport
) -> bool:
    """Tell whether the player opens the file itself. WebM is Matroska with some codecs."""
    container = _CONTAINERS.get(info.container, info.container)
    if container == "matroska" and "webm" in client.containers:
        codecs = {name_of(track.codec) for track in (*((picture,) if picture else ()), *heard)}
        if codecs <= _IN_WEBM:
            return True
    return container in client.containers


def _first_plays(info: MediaInfo, client: ClientSupport) -> bool:
    """Tell whether what a browser plays of the sound tracks, the first one, can be heard, and there."""
    first = info.audio[0] if info.audio else None
    return first is not None and first.channels > 0 and name_of(first.codec) in client.audio


def _why_only_first(picture: VideoTrack, info: MediaInfo) -> tuple[str, ...]:
    if len(info.audio) <= 1:
        return ()
    count, spoken = len(info.audio), _spoken(picture.codec)
    return (f"Only the first of {count} sound tracks can be heard, because segments cannot carry {spoken}.",)


def _why_segments(
    info: MediaInfo, picture: VideoTrack | None, heard: list[AudioTrack], client: ClientSupport
) -> list[str]:
    if len(heard) > 1:
        return ["It is sent in segments, so that the sound track can be changed while it plays."]
    if not _opens(info, picture, heard, client):
        return ["It is sent in segments, because this browser does not open this kind of file."]
    return []


def _audio_plan(track: AudioTrack, client: ClientSupport) -> TrackPlan:
    if track.channels <= 0:
        return TrackPlan.LEAVE
    name = name_of(track.codec)
    return TrackPlan.COPY if name in client.audio and name in _IN_SEGMENTS else TrackPlan.CONVERT


def _about_sound(info: MediaInfo, audio: tuple[AudioPlan, ...]) -> list[str]:
    """Say what becomes of sound that is not copied, each codec once."""
    named: dict[TrackPlan, dict[str, None]] = {TrackPlan.CONVERT: {}, TrackPlan.LEAVE: {}}
    for track, plan in zip(info.audio, audio, strict=True):
        if plan.plan is not TrackPlan.COPY:
            named[plan.plan][_spoken(track.codec)] = None
    reasons = []
    if converted := ", ".join(named[TrackPlan.CONVERT]):
        reasons.append(f"The sound ({converted}) is converted to AAC, which every browser plays.")
    if left := ", ".join(named[TrackPlan.LEAVE]):
        reasons.append(f"A sound track ({left}) is left out, because Matinee cannot decode it.")
    return reasons


def _height(picture: VideoTrack, client: ClientSupport) -> int:
    most = min(MOST_HEIGHT, client.max_height or MOST_HEIGHT)
    lines = most_lines(picture, min(most, picture.height), client)
    return lines if picture.height > lines else 0


def _about_size(picture: VideoTrack, height: int, client: ClientSupport) -> list[str]:
    if not height or height == client.max_height:
        return []
    why = (
        "so that converting keeps ahead"
        if height == MOST_HEIGHT
        else "which this device shows without stuttering"
    )
    return [f"It is made smaller, from {picture.height} to {height} lines, {why}."]


def _spoken(codec: str) -> str:
    name = name_of(codec)
    return _SPOKEN.get(name, name.upper())
