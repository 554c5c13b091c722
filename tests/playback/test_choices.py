"""What a person may choose in a film."""

from dataclasses import replace

import pytest

from matinee.models.media import Attachment, StreamIndex, SubtitleForm, SubtitleTrack
from matinee.models.playback import AudioPlan, Plan, TrackPlan, Way
from matinee.playback.choices import audio_choices, fonts, subtitle_choices
from tests.media.test_decide import film, picture, sound


def _subtitles(form: SubtitleForm) -> SubtitleTrack:
    return SubtitleTrack(StreamIndex(3), "ass", form, "fr", "Signs", True, True, False)


def test_sound_that_is_left_out_is_not_offered() -> None:
    info = film("matroska,webm", picture(), sound(), sound("dca", 2, channels=6))
    tracks = (AudioPlan(StreamIndex(1), TrackPlan.LEAVE), AudioPlan(StreamIndex(2), TrackPlan.CONVERT))
    plan = Plan(Way.REMUX, TrackPlan.COPY, tracks, StreamIndex(2), 0, ())
    (choice,) = audio_choices(info, plan)
    assert (choice.id, choice.channels, choice.plan, choice.default) == ("a2", 6, TrackPlan.CONVERT, True)


def test_sounds_of_a_film_of_which_nothing_is_planned_are_not_offered() -> None:
    plan = Plan(Way.DIRECT, TrackPlan.COPY, (), None, 0, ())
    assert audio_choices(film("avi", sound()), plan) == ()


def test_subtitles_keep_what_their_track_says() -> None:
    info = replace(film("matroska,webm"), subtitles=(_subtitles(SubtitleForm.STYLED),))
    (choice,) = subtitle_choices(info)
    assert (choice.id, choice.language, choice.label) == ("s3", "fr", "Signs")
    assert (choice.form, choice.default, choice.forced) == (SubtitleForm.STYLED, True, True)


@pytest.mark.parametrize(
    ("form", "media_type", "name", "found"),
    [
        (SubtitleForm.STYLED, "font/ttf", "x", 1),
        (SubtitleForm.STYLED, "application/x-truetype-font", "x", 1),
        (SubtitleForm.STYLED, "application/octet-stream", "X.OTF", 1),
        (SubtitleForm.STYLED, "image/jpeg", "cover.jpg", 0),
        (SubtitleForm.TEXT, "font/ttf", "x.ttf", 0),
    ],
)
def test_fonts_are_offered_to_styled_subtitles(
    form: SubtitleForm, media_type: str, name: str, found: int
) -> None:
    attached = Attachment(StreamIndex(5), name, media_type, 10)
    info = replace(film("matroska,webm"), subtitles=(_subtitles(form),), attachments=(attached,))
    assert len(fonts(info)) == found
