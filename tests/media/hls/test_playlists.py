"""Playlists, read by a parser that we did not write."""

import m3u8
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.hls.playlists import AudioRendition, SubtitleRendition, Variant, master, media
from matinee.media.hls.segments import cut, even
from matinee.models.media import Hdr

VARIANT = Variant(
    "v/index.m3u8", ("avc1.640028", "mp4a.40.2", "mp4a.40.2"), 4_500_000, 1280, 720, 24000 / 1001
)


@given(st.lists(st.floats(0, 9000), max_size=40), st.floats(0.1, 9000))
def test_media_when_read_then_it_is_the_film(keyframes_s: list[float], duration_s: float) -> None:
    segments = cut(keyframes_s, duration_s)

    read = m3u8.loads(media(segments))

    assert read.is_endlist
    assert read.playlist_type == "vod"
    assert read.media_sequence == 0
    assert read.segment_map[0].uri == "init.mp4"
    assert [segment.uri for segment in read.segments] == [f"{segment.index}.m4s" for segment in segments]
    assert [segment.duration for segment in read.segments] == pytest.approx(
        [segment.duration_s for segment in segments], abs=1e-6
    )
    assert all(round(segment.duration) <= read.target_duration for segment in read.segments)


def test_media_when_it_is_of_subtitles_then_it_needs_no_init() -> None:
    read = m3u8.loads(media(even(100), "vtt", init=False))

    assert not read.segment_map
    assert read.files[0] == "0.vtt"


def test_master_when_read_then_it_says_what_the_film_is() -> None:
    sounds = [
        AudioRendition("a1/index.m3u8", "English", "en", 6, default=True),
        AudioRendition("a2/index.m3u8", 'Deutsch "neu"\n', "und", 0, default=False, described=True),
    ]
    subtitles = [
        SubtitleRendition("s3/index.m3u8", "English", "en", default=False, forced=True, hearing_impaired=True)
    ]

    read = m3u8.loads(master(VARIANT, sounds, subtitles))

    assert read.is_variant
    assert read.is_independent_segments
    assert read.version == 7
    (variant,) = read.playlists
    about = variant.stream_info
    assert variant.uri == "v/index.m3u8"
    assert (about.bandwidth, about.resolution, about.frame_rate) == (4_500_000, (1280, 720), 23.976)
    assert (about.codecs, about.video_range) == ("avc1.640028,mp4a.40.2", "SDR")
    assert (about.audio, about.subtitles, about.closed_captions) == ("sound", "subtitles", "NONE")
    english, german, text = read.media
    assert (english.type, english.group_id, english.language, english.channels) == (
        "AUDIO",
        "sound",
        "en",
        "6",
    )
    assert (english.default, english.autoselect, english.uri) == ("YES", "YES", "a1/index.m3u8")
    assert (german.name, german.language, german.channels, german.default) == (
        "Deutsch ’neu’",
        None,
        None,
        "NO",
    )
    assert german.characteristics == "public.accessibility.describes-video"
    assert (text.type, text.group_id, text.forced, text.default) == ("SUBTITLES", "subtitles", "YES", "NO")
    assert "transcribes-spoken-dialog" in text.characteristics


def test_master_when_there_is_no_picture_then_none_is_told() -> None:
    read = m3u8.loads(master(Variant("a0/index.m3u8", (), 0, 0, 0, 0)))

    about = read.playlists[0].stream_info
    assert (about.bandwidth, about.codecs, about.resolution, about.frame_rate) == (1, None, None, None)
    assert not read.media


@pytest.mark.parametrize(("hdr", "told"), [(Hdr.HDR10, "PQ"), (Hdr.DOLBY_VISION, "PQ"), (Hdr.HLG, "HLG")])
def test_master_when_the_picture_is_bright_then_that_is_told(hdr: Hdr, told: str) -> None:
    text = master(Variant("v/index.m3u8", ("hvc1.2.4.L150.B0",), 1, 3840, 2160, 0, hdr))

    assert m3u8.loads(text).playlists[0].stream_info.video_range == told
    assert "FRAME-RATE" not in text
