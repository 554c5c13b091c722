"""How a film is brought to one player: as it is, in other clothes, or made anew. Pure.

Browsers play what they cannot decode without an error: a silent picture, or a black one with sound. So nothing is
left to their fallbacks: a track is copied only where the player says that it decodes just that.
"""

from matinee.models.media import AudioTrack, Hdr, MediaInfo, VideoTrack
from matinee.models.playback import AudioPlan, ClientSupport, Plan, TrackPlan, Way

MOST_HEIGHT = 1080
"""A picture that must be converted is made no larger than this: few computers keep ahead of a larger one."""

_CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "matroska,webm": "matroska",
    "ogg": "ogg",
    "mp3": "mp3",
    "flac": "flac",
    "wav": "wav",
    "aac": "aac",
    "mpegts": "mpegts",
    "avi": "avi",
}
_WEBM_CODECS = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
_DECODERS = {
    "libdav1d": "av1",
    "libvpx-vp9": "vp9",
    "libopus": "opus",
    "libvorbis": "vorbis",
    "mp3float": "mp3",
}
"""FFmpeg's decoders that have another name than what they decode."""
_IN_FMP4 = frozenset({"h264", "hevc", "vp9", "av1", "aac", "mp3", "opus", "flac", "ac3", "eac3", "alac"})
"""What a segment can carry."""
_PROFILES_8_BIT = frozenset({"h264", "vp8", "mpeg4"})
_NAMES = {
    "h264": "H.264", "hevc": "HEVC", "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "mpeg4": "MPEG-4",
    "mpeg2video": "MPEG-2", "mpeg1video": "MPEG-1", "theora": "Theora", "vc1": "VC-1",
    "wmv3": "Windows Media Video", "ac3": "AC-3", "eac3": "E-AC-3", "dca": "DTS", "dts": "DTS",
    "truehd": "TrueHD", "aac": "AAC", "mp3": "MP3", "mp2": "MP2", "opus": "Opus", "vorbis": "Vorbis",
    "flac": "FLAC", "wmav2": "Windows Media Audio",
}  # fmt: skip


def decide(info: MediaInfo, client: ClientSupport) -> Plan:
    """Choose the least that must be done to a film, and say in words what and why."""
    picture = info.video[0] if info.video else None
    tracks = [track for track in info.audio if track.channels > 0]
    reasons: list[str] = []
    video = _video_plan(picture, client, reasons)
    audio = tuple(AudioPlan(track.index, _audio_plan(track, client)) for track in tracks)
    first = first_audio(tracks)
    if _is_direct(info, picture, video, tracks, audio, client):
        return Plan(Way.DIRECT, video, audio, first.index if first else None, 0, ())
    if video is TrackPlan.COPY and picture is not None and name_of(picture.codec) not in _IN_FMP4:
        reasons.append(
            f"The picture ({_spoken(picture.codec)}) is converted, because segments cannot carry it."
        )
        video = TrackPlan.CONVERT
    _say_container(info, tracks, client, reasons)
    for track, plan in zip(tracks, audio, strict=True):
        if plan.plan is TrackPlan.CONVERT and (first is None or track.index == first.index):
            reasons.append(
                f"The sound ({_spoken(track.codec)}) is converted to AAC, which this browser plays."
            )
    way = Way.TRANSCODE if video is TrackPlan.CONVERT else Way.REMUX
    height = _height(picture, client) if way is Way.TRANSCODE else 0
    return Plan(way, video, audio, first.index if first else None, height, tuple(reasons))


def name_of(codec: str) -> str:
    """Give a codec's name where FFmpeg names its decoder."""
    return _DECODERS.get(codec, codec)


def first_audio(tracks: list[AudioTrack]) -> AudioTrack | None:
    """Choose the sound to be heard first: the default one, else the first that is the film's own."""
    own = [track for track in tracks if not track.commentary and not track.described] or tracks
    return next((track for track in own if track.default), own[0] if own else None)


def _is_direct(
    info: MediaInfo,
    picture: VideoTrack | None,
    video: TrackPlan,
    tracks: list[AudioTrack],
    audio: tuple[AudioPlan, ...],
    client: ClientSupport,
) -> bool:
    """Tell whether the player can take the file itself; of several sound tracks a browser plays only the first."""
    return (
        _opens(info, picture, tracks, client)
        and (picture is None or video is TrackPlan.COPY)
        and all(plan.plan is TrackPlan.COPY for plan in audio)
        and len(tracks) <= 1
        and bool(picture or tracks)
    )


def _opens(
    info: MediaInfo, picture: VideoTrack | None, tracks: list[AudioTrack], client: ClientSupport
) -> bool:
    container = _CONTAINERS.get(info.container, info.container)
    if container == "matroska":
        codecs = {name_of(picture.codec)} if picture else set()
        codecs |= {name_of(track.codec) for track in tracks}
        if codecs <= _WEBM_CODECS and "webm" in client.containers:
            return True
    return container in client.containers


def _video_plan(picture: VideoTrack | None, client: ClientSupport, reasons: list[str]) -> TrackPlan:
    if picture is None:
        return TrackPlan.LEAVE
    name = name_of(picture.codec)
    wanted = (
        name
        if picture.bit_depth <= 8 or (name in _PROFILES_8_BIT and picture.bit_depth == 8)
        else f"{name}/{picture.bit_depth}"
    )
    if wanted not in client.video:
        depth = f" with {picture.bit_depth} bits" if picture.bit_depth > 8 else ""
        reasons.append(
            f"The picture ({_spoken(name)}{depth}) is converted, because this browser cannot decode it."
        )
        return TrackPlan.CONVERT
    if picture.hdr is Hdr.DOLBY_VISION:
        reasons.append("The picture (Dolby Vision) is converted, because browsers show its colours wrongly.")
        return TrackPlan.CONVERT
    if client.max_height and picture.height > client.max_height:
        reasons.append(
            f"The picture is made smaller, because this device stutters above {client.max_height} lines."
        )
        return TrackPlan.CONVERT
    return TrackPlan.COPY


def _audio_plan(track: AudioTrack, client: ClientSupport) -> TrackPlan:
    name = name_of(track.codec)
    return TrackPlan.COPY if name in client.audio and name in _IN_FMP4 | _WEBM_CODECS else TrackPlan.CONVERT


def _say_container(
    info: MediaInfo, tracks: list[AudioTrack], client: ClientSupport, reasons: list[str]
) -> None:
    if len(tracks) > 1:
        reasons.append("It is sent in segments, so that the language can be changed while it plays.")
    elif not _opens(info, info.video[0] if info.video else None, tracks, client):
        reasons.append("It is sent in segments, because this browser does not open this kind of file.")


def _height(picture: VideoTrack | None, client: ClientSupport) -> int:
    most = min(MOST_HEIGHT, client.max_height or MOST_HEIGHT)
    return most if picture is not None and picture.height > most else 0


def _spoken(codec: str) -> str:
    return _NAMES.get(name_of(codec), name_of(codec).upper())
