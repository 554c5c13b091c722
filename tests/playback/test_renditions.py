"""What goes into which segments, and what a player is told of it."""

from dataclasses import replace

import m3u8
import pytest

from matinee.media.audio import LAYOUTS
from matinee.models.media import Hdr, StreamIndex, SubtitleForm
from matinee.models.playback import AudioPlan, Plan, SubtitleChoice, TrackPlan, Way
from matinee.playback.renditions import Begun, distinct, master_playlist, renditions
from tests.media.test_decide import film, picture, sound

COPY, CONVERT, LEAVE = TrackPlan.COPY, TrackPlan.CONVERT, TrackPlan.LEAVE
BEGUN = Begun(("avc1.640028", "mp4a.40.2"), 1280, 720)


def plan(video: TrackPlan, *audio: TrackPlan, first: int | None = 1) -> Plan:
    tracks = tuple(AudioPlan(StreamIndex(index), one) for index, one in enumerate(audio, 1))
    return Plan(Way.REMUX, video, tracks, StreamIndex(first) if first is not None else None, 0, ())


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (plan(COPY, CONVERT), [("v", {"video": "copy", "audio": [1, "convert"]})]),
        (plan(CONVERT, first=None), [("v", {"video": "convert", "audio": None})]),
        (plan(COPY, LEAVE, COPY, first=2), [("v", {"video": "copy", "audio": [2, "copy"]})]),
        (
            plan(COPY, COPY, CONVERT, first=2),
            [
                ("v", {"video": "copy", "audio": None}),
                ("a2", {"video": None, "audio": [2, "convert"]}),
                ("a1", {"video": None, "audio": [1, "copy"]}),
            ],
        ),
        (plan(LEAVE, CONVERT), [("a1", {"video": None, "audio": [1, "convert"]})]),
        (
            plan(LEAVE, COPY, COPY, first=2),
            [
                ("a2", {"video": None, "audio": [2, "copy"]}),
                ("a1", {"video": None, "audio": [1, "copy"]}),
            ],
        ),
    ],
)
def test_one_sound_goes_with_its_picture_and_several_go_alone(
    made: Plan, wanted: list[tuple[str, object]]
) -> None:
    assert [(one.id, one.wanted()) for one in renditions(made).values()] == wanted


def test_master_of_a_usual_film_has_one_variant_and_nothing_else() -> None:
    info = film("matroska,webm", picture(), sound("ac3"))
    text = master_playlist(info, plan(COPY, CONVERT), BEGUN, 1e6, ())
    assert text.endswith(
        '#EXT-X-STREAM-INF:BANDWIDTH=3000000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1280x720,'
        "FRAME-RATE=24.000,VIDEO-RANGE=SDR,CLOSED-CAPTIONS=NONE\nv/index.m3u8\n"
    )
    assert "EXT-X-MEDIA" not in text


def test_master_of_a_film_in_two_languages_names_both_and_their_codecs() -> None:
    second = replace(sound("ac3", 2, channels=6), language="fr", title="Director's cut", codec_string="ac-3")
    info = film("matroska,webm", picture(), sound(), second)
    text = master_playlist(info, plan(COPY, COPY, COPY, first=2), Begun(("avc1.640028",), 1280, 720), 1e6, ())
    assert 'CODECS="avc1.640028,ac-3,mp4a.40.2"' in text
    assert (
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Director\'s cut",LANGUAGE="fr",DEFAULT=YES,'
        'AUTOSELECT=YES,CHANNELS="6",URI="a2/index.m3u8"' in text
    )
    assert 'NAME="en",LANGUAGE="en",DEFAULT=NO' in text


@pytest.mark.parametrize(("what", "channels"), [(CONVERT, "6"), (COPY, "8")])
def test_master_tells_the_channels_that_are_sent(what: TrackPlan, channels: str) -> None:
    info = film("matroska,webm", picture(), sound("truehd", 1, channels=8), sound(index=2))
    (seven, _) = m3u8.loads(master_playlist(info, plan(COPY, what, COPY), BEGUN, 1e6, ())).media
    assert (seven.uri, seven.channels) == ("a1/index.m3u8", channels)
    assert max(LAYOUTS) == 6


def test_master_of_a_converted_picture_tells_of_what_is_sent() -> None:
    info = film("matroska,webm", picture("hevc", height=2160, bit_depth=10, hdr=Hdr.HDR10))
    text = master_playlist(info, plan(CONVERT, first=None), Begun(("avc1.640028",), 1920, 1080), 1e8, ())
    assert "RESOLUTION=1920x1080" in text
    assert "VIDEO-RANGE=SDR" in text
    assert "BANDWIDTH=9953280," in text


def test_master_of_sound_alone_has_no_picture_and_may_have_several_sounds() -> None:
    info = film("ogg", sound(index=1), sound(index=2))
    text = master_playlist(info, plan(LEAVE, COPY, COPY), Begun(("mp4a.40.2",), 0, 0), 1e5, ())
    assert "RESOLUTION" not in text
    assert text.endswith("\na1/index.m3u8\n")
    assert text.count('URI="a1/index.m3u8"') == text.count('URI="a2/index.m3u8"') == 1


def test_master_names_the_subtitles_that_are_text() -> None:
    choices = [
        SubtitleChoice("s2", "fr", "", SubtitleForm.TEXT, True, False, False),
        SubtitleChoice("s3", "fr", "", SubtitleForm.STYLED, False, True, True),
        SubtitleChoice("s4", "de", "", SubtitleForm.PICTURE, False, False, False),
    ]
    text = master_playlist(film("avi", picture()), plan(COPY, first=None), BEGUN, 1e6, choices)
    assert text.count("TYPE=SUBTITLES") == 2
    assert 'NAME="fr",LANGUAGE="fr"' in text
    assert 'NAME="fr (2)",LANGUAGE="fr",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES' in text


def test_names_are_made_to_differ() -> None:
    assert distinct(["a", "b", "a", "a (2)", "a"]) == ["a", "b", "a (2)", "a (2) (2)", "a (3)"]
