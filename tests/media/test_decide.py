"""How films are brought to players."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.decide import MOST_HEIGHT, as_it_is, decide, first_audio
from matinee.models.media import AudioTrack, Hdr, MediaInfo, StreamIndex, VideoTrack
from matinee.models.playback import ClientSupport, Decoding, Plan, TrackPlan, Way

MP4, MKV = "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"
CHROMIUM = ClientSupport(
    frozenset({"mp4", "webm", "ogg", "mp3", "flac", "wav"}),
    frozenset({"h264", "vp8", "vp9", "vp9/10", "av1", "av1/10"}),
    frozenset({"aac", "mp3", "opus", "vorbis", "flac"}),
)
SAFARI = ClientSupport(
    frozenset({"mp4", "mp3", "wav"}),
    frozenset({"h264", "hevc", "hevc/10", "vp9"}),
    frozenset({"aac", "mp3", "ac3", "eac3", "flac", "alac"}),
    hdr=True,
)
NOTHING = ClientSupport(frozenset(), frozenset(), frozenset())


def picture(
    codec: str = "h264",
    *,
    height: int = 720,
    bit_depth: int = 8,
    hdr: Hdr | None = None,
    codec_string: str | None = None,
) -> VideoTrack:
    return VideoTrack(
        index=StreamIndex(0),
        codec=codec,
        codec_string=codec_string,
        width=height * 16 // 9,
        height=height,
        frame_rate=24.0,
        bit_depth=bit_depth,
        pixel_aspect=1.0,
        rotation=0,
        hdr=hdr,
        interlaced=False,
        reorder_frames=2,
        default=True,
    )


def sound(
    codec: str = "aac",
    index: int = 1,
    *,
    channels: int = 2,
    default: bool = False,
    commentary: bool = False,
    described: bool = False,
) -> AudioTrack:
    return AudioTrack(
        index=StreamIndex(index),
        codec=codec,
        codec_string=None,
        channels=channels,
        sample_rate=48_000,
        language="en",
        title="",
        default=default,
        commentary=commentary,
        described=described,
    )


def film(container: str, *tracks: VideoTrack | AudioTrack) -> MediaInfo:
    return MediaInfo(
        container=container,
        duration_s=600.0,
        start_s=0.0,
        bit_rate=1_000_000,
        video=tuple(track for track in tracks if isinstance(track, VideoTrack)),
        audio=tuple(track for track in tracks if isinstance(track, AudioTrack)),
        subtitles=(),
        chapters=(),
        attachments=(),
    )


COPY, CONVERT, LEAVE = TrackPlan.COPY, TrackPlan.CONVERT, TrackPlan.LEAVE
DIRECT, REMUX, TRANSCODE = Way.DIRECT, Way.REMUX, Way.TRANSCODE
FILMS = [
    ("a plain film", film(MP4, picture(), sound()), CHROMIUM, DIRECT, COPY, [COPY], []),
    ("no sound at all", film(MP4, picture()), CHROMIUM, DIRECT, COPY, [], []),
    ("WebM", film(MKV, picture("vp9"), sound("opus")), CHROMIUM, DIRECT, COPY, [COPY], []),
    ("FFmpeg's own names", film(MKV, picture("libdav1d"), sound("libopus")), CHROMIUM, DIRECT, COPY, [COPY], []),
    ("old WebM", film(MKV, picture("vp8"), sound("vorbis")), CHROMIUM, DIRECT, COPY, [COPY], []),
    ("a song", film("ogg", sound("vorbis", 0)), CHROMIUM, DIRECT, LEAVE, [COPY], []),
    ("HEVC where it plays", film(MP4, picture("hevc"), sound("eac3")), SAFARI, DIRECT, COPY, [COPY], []),
    ("HDR where it shows", film(MP4, picture("hevc", bit_depth=10, hdr=Hdr.HDR10), sound()), SAFARI,
     DIRECT, COPY, [COPY], []),
    ("Matroska", film(MKV, picture(), sound()), CHROMIUM, REMUX, COPY, [COPY], ["kind of file"]),
    ("AC-3", film(MKV, picture(), sound("ac3")), CHROMIUM, REMUX, COPY, [CONVERT], ["kind of file", "(AC-3)"]),
    ("AC-3 in MP4", film(MP4, picture(), sound("ac3")), CHROMIUM, REMUX, COPY, [CONVERT], ["(AC-3)"]),
    ("two languages", film(MP4, picture(), sound(), sound("dca", 2)), CHROMIUM,
     REMUX, COPY, [COPY, CONVERT], ["track can be changed", "(DTS)"]),
    ("Vorbis beside H.264", film(MKV, picture(), sound("vorbis")), CHROMIUM,
     REMUX, COPY, [CONVERT], ["kind of file", "(Vorbis)"]),
    ("sound of no known kind", film(MP4, picture(), sound("unknown", channels=0)), CHROMIUM,
     REMUX, COPY, [LEAVE], ["left out"]),
    ("WebM with two languages", film(MKV, picture("vp9"), sound("opus"), sound("vorbis", 2)), CHROMIUM,
     REMUX, COPY, [COPY, CONVERT], ["track can be changed", "(Vorbis)"]),
    ("VP8 with two languages", film(MKV, picture("vp8"), sound("vorbis"), sound("vorbis", 2)), CHROMIUM,
     DIRECT, COPY, [COPY, LEAVE], ["first of 2"]),
    ("VP8 that the player does not open", film("avi", picture("vp8"), sound()), CHROMIUM,
     TRANSCODE, CONVERT, [COPY], ["cannot carry"]),
    ("HEVC", film(MKV, picture("hevc"), sound("eac3")), CHROMIUM,
     TRANSCODE, CONVERT, [CONVERT], ["HEVC) is converted", "(E-AC-3)"]),
    ("10 bits", film(MP4, picture("h264", bit_depth=10), sound()), CHROMIUM,
     TRANSCODE, CONVERT, [COPY], ["H.264 with 10 bits"]),
    ("4:2:2", film(MP4, picture("h264", codec_string="avc1.7A1028"), sound()), CHROMIUM,
     TRANSCODE, CONVERT, [COPY], ["cannot decode"]),
    ("HDR where it does not show", film(MKV, picture("vp9", bit_depth=10, hdr=Hdr.HDR10), sound("opus")), CHROMIUM,
     TRANSCODE, CONVERT, [COPY], ["HDR"]),
    ("HLG, made for both", film(MKV, picture("vp9", bit_depth=10, hdr=Hdr.HLG), sound("opus")), CHROMIUM,
     DIRECT, COPY, [COPY], []),
    ("Dolby Vision", film(MP4, picture("hevc", bit_depth=10, hdr=Hdr.DOLBY_VISION), sound()), SAFARI,
     TRANSCODE, CONVERT, [COPY], ["Dolby Vision) is shown in grey"]),
    ("AVI", film("avi", picture("mpeg4"), sound("mp3float")), CHROMIUM,
     TRANSCODE, CONVERT, [CONVERT], ["MPEG-4", "(MP3)"]),
    ("HEVC in AVI", film("avi", picture("hevc"), sound()), SAFARI,
     TRANSCODE, CONVERT, [COPY], ["(HEVC) is converted, because an AVI does not say"]),
    ("MP3 in MP4", film(MP4, picture(), sound("mp3")), CHROMIUM, DIRECT, COPY, [COPY], []),
    ("MP3 in Matroska", film(MKV, picture(), sound("mp3")), CHROMIUM,
     REMUX, COPY, [CONVERT], ["kind of file", "(MP3)"]),
    ("a codec without a nicer name", film(MP4, picture("cinepak"), sound()), CHROMIUM,
     TRANSCODE, CONVERT, [COPY], ["CINEPAK"]),
    ("sound alone, to be converted", film("asf", sound("wmav2", 0)), CHROMIUM,
     REMUX, LEAVE, [CONVERT], ["kind of file", "Windows Media"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("info", "client", "way", "video", "audio", "reasons"),
    [row[1:] for row in FILMS],
    ids=[row[0] for row in FILMS],
)
def test_decide_does_the_least_and_says_why(
    info: MediaInfo,
    client: ClientSupport,
    way: Way,
    video: TrackPlan,
    audio: list[TrackPlan],
    reasons: list[str],
) -> None:
    plan = decide(info, client)
    assert (plan.way, plan.video, [track.plan for track in plan.audio]) == (way, video, audio)
    assert len(plan.reasons) == len(reasons)
    assert all(part in sentence for part, sentence in zip(reasons, plan.reasons, strict=True))


@pytest.mark.parametrize(
    ("height", "most", "made", "said"),
    [(720, 0, 0, 1), (2160, 0, MOST_HEIGHT, 2), (2160, 480, 480, 1), (720, 1440, 0, 1)],
)
def test_picture_that_is_converted_is_made_no_larger_than_can_be_kept_up(
    height: int, most: int, made: int, said: int
) -> None:
    client = ClientSupport(CHROMIUM.containers, CHROMIUM.video, CHROMIUM.audio, max_height=most)
    plan = decide(film(MP4, picture("hevc", height=height)), client)
    assert (plan.max_height, len(plan.reasons)) == (made, said)


def test_picture_too_large_for_the_device_is_made_smaller() -> None:
    client = ClientSupport(CHROMIUM.containers, CHROMIUM.video, CHROMIUM.audio, max_height=1080)
    plan = decide(film(MP4, picture(height=2160), sound()), client)
    assert (plan.way, plan.max_height) == (TRANSCODE, 1080)
    assert "1080 lines" in plan.reasons[0]


def answered(
    height: int,
    codec: str = "h264",
    *,
    frame_rate: float = 24.0,
    supported: bool = True,
    smooth: bool = False,
) -> Decoding:
    return Decoding(codec, height * 16 // 9, height, frame_rate, supported, smooth)


SMOOTH = answered(2160, "vp9", smooth=True)
JUDGED: list[tuple[str, VideoTrack, list[Decoding], TrackPlan, int, list[str]]] = [
    ("nothing said", picture("vp9", height=2160), [], COPY, 0, []),
    ("said to be smooth", picture("vp9", height=2160), [SMOOTH], COPY, 0, []),
    ("of another codec", picture("vp9", height=2160), [answered(1080, "av1")], COPY, 0, []),
    ("a larger one stutters", picture("vp9", height=1080), [answered(2160, "vp9")], COPY, 0, []),
    ("a faster one stutters", picture("vp9", height=1080), [answered(1080, "vp9", frame_rate=60.0)], COPY, 0, []),
    ("just this one stutters", picture("vp9", height=720), [answered(720, "vp9")], CONVERT, 0,
     ["(VP9) is converted, because this device stutters with it at 720 lines"]),
    ("a smaller one stutters", picture("vp9", height=2160), [answered(1080, "vp9")], CONVERT, 1080,
     ["stutters with it at 2160", "keeps ahead"]),
    ("ten bits stutter", picture("vp9", height=720, bit_depth=10), [answered(720, "vp9/10")], CONVERT, 0,
     ["(VP9 with 10 bits) is converted, because this device stutters"]),
    ("smaller ones stutter, this one does not", picture("vp9", height=2160), [answered(1080, "vp9"), SMOOTH],
     COPY, 0, []),
    ("it has learned", picture("vp9", height=2160), [SMOOTH, answered(2160, "vp9")], CONVERT, 1080,
     ["stutters with it at 2160", "keeps ahead"]),
    ("too large to be decoded at all", picture("vp9", height=4320), [answered(4320, "vp9", supported=False)],
     CONVERT, 1080, ["cannot decode it at 4320 lines", "keeps ahead"]),
    ("H.264 stutters", picture(height=2160), [answered(2160)], CONVERT, 1080,
     ["stutters with it at 2160", "keeps ahead"]),
    ("H.264 stutters at usual sizes", picture(height=1080), [answered(720)], CONVERT, 480,
     ["stutters with it at 1080", "from 1080 to 480 lines, which this device shows"]),
    ("H.264 stutters at any size", picture(height=360), [answered(240)], COPY, 0, []),
    ("nothing is smooth", picture("vp9", height=1080), [answered(1080, "vp9"), answered(360)], CONVERT, 360,
     ["stutters with it at 1080", "from 1080 to 360"]),
    ("H.264 stutters when it is fast", picture("vp9", height=1080),
     [answered(1080, "vp9"), answered(720, frame_rate=60.0)], CONVERT, 0, ["stutters with it at 1080"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "told", "video", "height", "reasons"),
    [row[1:] for row in JUDGED],
    ids=[row[0] for row in JUDGED],
)
def test_picture_that_the_device_shows_badly_is_converted_or_made_smaller_and_says_so(
    shown: VideoTrack, told: list[Decoding], video: TrackPlan, height: int, reasons: list[str]
) -> None:
    plan = decide(film(MP4, shown, sound()), replace(CHROMIUM, decoding=tuple(told)))
    assert (plan.video, plan.max_height) == (video, height)
    assert len(plan.reasons) == len(reasons)
    assert all(part in sentence for part, sentence in zip(reasons, plan.reasons, strict=True))


def test_film_of_which_nothing_is_known_is_given_as_it_is() -> None:
    assert as_it_is("Why.") == Plan(DIRECT, COPY, (), None, 0, ("Why.",))


@pytest.mark.parametrize(
    ("tracks", "first"),
    [
        ([], None),
        ([sound(index=1), sound(index=2)], 1),
        ([sound(index=1), sound(index=2, default=True)], 2),
        ([sound(index=1, commentary=True, default=True), sound(index=2)], 2),
        ([sound(index=1, described=True), sound(index=2)], 2),
        ([sound(index=1, commentary=True), sound(index=2, described=True, default=True)], 2),
    ],
)
def test_first_sound_is_the_default_one_of_the_films_own(tracks: list[AudioTrack], first: int | None) -> None:
    found = first_audio(tracks)
    assert (found.index if found else None) == first


CODECS = ["h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "libdav1d"]
SOUNDS = ["aac", "ac3", "opus", "vorbis", "mp3float", "flac", "dca"]
pictures = st.builds(
    picture,
    st.sampled_from(CODECS),
    height=st.sampled_from([240, 1080, 2160]),
    bit_depth=st.sampled_from([8, 10, 12]),
    hdr=st.sampled_from([None, *Hdr]),
    codec_string=st.sampled_from([None, "avc1.640028", "avc1.F40028", "vp09.00.41.08", "vp09.01.41.08"]),
)
sounds = st.lists(st.tuples(st.sampled_from(SOUNDS), st.integers(0, 8), st.booleans()), max_size=4).map(
    lambda drawn: [
        sound(codec, index, channels=channels, default=default)
        for index, (codec, channels, default) in enumerate(drawn, 1)
    ]
)
infos = st.tuples(st.sampled_from([MP4, MKV, "avi", "ogg"]), st.none() | pictures, sounds).map(
    lambda drawn: film(drawn[0], *([drawn[1]] if drawn[1] else []), *drawn[2])
)
clients = st.builds(
    ClientSupport,
    st.frozensets(st.sampled_from(["mp4", "webm", "matroska", "ogg", "avi"])),
    st.frozensets(st.sampled_from([*CODECS, "hevc/10", "vp9/10", "av1/10"])),
    st.frozensets(st.sampled_from([*SOUNDS, "mp3"])),
    hdr=st.booleans(),
    max_height=st.sampled_from([0, 480, 1080]),
    decoding=st.lists(
        st.builds(
            answered,
            st.sampled_from([240, 1080, 2160]),
            st.sampled_from(CODECS),
            frame_rate=st.sampled_from([0.0, 24.0, 60.0]),
            supported=st.booleans(),
            smooth=st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
)


@given(infos, clients)
def test_nothing_is_copied_that_the_player_does_not_decode(info: MediaInfo, client: ClientSupport) -> None:
    plan = decide(info, client)
    names = {"libdav1d": "av1", "mp3float": "mp3"}
    copied = [
        names.get(track.codec, track.codec)
        for track, made in zip(info.audio, plan.audio, strict=True)
        if made.plan is COPY
    ]
    assert set(copied) <= client.audio
    pictures = [names.get(track.codec, track.codec) for track in info.video if plan.video is COPY]
    depths = [f"/{track.bit_depth}" if track.bit_depth > 8 else "" for track in info.video]
    assert {name + depth for name, depth in zip(pictures, depths, strict=False)} <= client.video


@given(infos, clients)
def test_plan_is_whole(info: MediaInfo, client: ClientSupport) -> None:
    plan = decide(info, client)
    heard = [track.index for track in info.audio if track.channels > 0]
    assert [track.index for track in plan.audio] == [track.index for track in info.audio]
    assert (plan.first_audio in heard) is bool(heard)
    assert [track for track in plan.audio if track.plan is LEAVE and track.index == plan.first_audio] == []
    assert (plan.video is LEAVE) is (not info.video)
    assert (plan.way is TRANSCODE) is (plan.video is CONVERT)
    assert plan.way is not DIRECT or all(track.plan is not CONVERT for track in plan.audio)


@given(infos, clients)
def test_every_deviation_is_said_in_sentences(info: MediaInfo, client: ClientSupport) -> None:
    plan = decide(info, client)
    assert all(reason[0].isupper() and reason.endswith(".") for reason in plan.reasons)
    changed = plan.video is CONVERT or any(track.plan is not COPY for track in plan.audio)
    assert bool(plan.reasons) >= (changed or plan.way is not DIRECT)


@given(infos)
def test_player_that_can_nothing_gets_everything_converted(info: MediaInfo) -> None:
    plan = decide(info, NOTHING)
    assert plan.way is not DIRECT
    assert plan.video is not COPY
    assert all(track.plan is not COPY for track in plan.audio)
