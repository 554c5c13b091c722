"""What a person may choose in a film. Pure."""

from matinee.models.media import Attachment, MediaInfo, SubtitleForm
from matinee.models.playback import AudioChoice, Plan, SubtitleChoice, TrackPlan
from matinee.subtitles.inside import DRAWN

_FONT_TYPES = ("font/", "application/x-truetype-font", "application/x-font", "application/vnd.ms-opentype")
_FONT_ENDINGS = (".ttf", ".otf", ".ttc", ".woff", ".woff2")


def audio_choices(info: MediaInfo, plan: Plan) -> tuple[AudioChoice, ...]:
    """Give the sound tracks that can be heard."""
    plans = {track.index: track.plan for track in plan.audio}
    return tuple(
        AudioChoice(
            id=f"a{track.index}",
            language=track.language,
            label=track.title,
            channels=track.channels,
            plan=plans[track.index],
            default=track.index == plan.first_audio,
        )
        for track in info.audio
        if plans.get(track.index, TrackPlan.LEAVE) is not TrackPlan.LEAVE
    )


def subtitle_choices(info: MediaInfo) -> tuple[SubtitleChoice, ...]:
    """Give the subtitles inside a film."""
    return tuple(
        SubtitleChoice(
            id=f"s{track.index}",
            language=track.language,
            label=track.title,
            form=track.form,
            default=track.default,
            forced=track.forced,
            hearing_impaired=track.hearing_impaired,
            shown=track.form is not SubtitleForm.PICTURE or track.codec in DRAWN,
        )
        for track in info.subtitles
    )


def fonts(info: MediaInfo) -> tuple[Attachment, ...]:
    """Give the fonts inside a film, where some of its subtitles are drawn with them."""
    if not any(track.form is SubtitleForm.STYLED for track in info.subtitles):
        return ()
    return tuple(one for one in info.attachments if _is_font(one))


def _is_font(one: Attachment) -> bool:
    return one.media_type.lower().startswith(_FONT_TYPES) or one.name.lower().endswith(_FONT_ENDINGS)
