"""Which pictures a player shows without stumbling, by what it answered about some of them. Pure.

A player is asked about a few usual sizes before it is known what the film is, and about just that film afterwards.
What it was not asked about is judged by what it shows badly: a larger or faster picture is no easier.
"""

from matinee.models.media import VideoTrack
from matinee.models.playback import ClientSupport, Decoding

SIZES = (1080, 720, 480, 360)
"""Lines to which a picture is made smaller."""
CONVERTED_TO = "h264"
_SAME_RATE = 0.01
_USUAL_RATE = 25.0


def answer_about(picture: VideoTrack, name: str, client: ClientSupport) -> Decoding | None:
    """Give what a player said that decides about a picture; None when nothing does.

    Args:
        picture: of the film.
        name: its codec as players call it, ``hevc/10``.
        client: the player.
    """
    told = [one for one in client.decoding if one.codec == name]
    for one in reversed(told):
        rate = abs(one.frame_rate - picture.frame_rate)
        if (one.width, one.height) == (picture.width, picture.height) and rate < _SAME_RATE:
            return one
    own = _work(picture.width, picture.height, picture.frame_rate)
    bad = (one for one in told if not (one.supported and one.smooth))
    return next((one for one in bad if _work(one.width, one.height, one.frame_rate) <= own), None)


def most_lines(picture: VideoTrack, most: int, client: ClientSupport) -> int:
    """Give how many lines a picture may have that is converted, so that the player shows it well.

    Args:
        picture: of the film, which says how fast it is.
        most: lines that it may have for other reasons.
        client: the player.
    """
    rate = picture.frame_rate or _USUAL_RATE
    slow = [
        one.height
        for one in client.decoding
        if one.codec == CONVERTED_TO and not one.smooth and one.frame_rate <= rate + _SAME_RATE
    ]
    if not slow or most < min(slow):
        return most
    return next((lines for lines in SIZES if lines < min(slow)), SIZES[-1])


def _work(width: int, height: int, frame_rate: float) -> float:
    """Give what there is to be decoded, in pixels a second."""
    return width * height * (frame_rate or _USUAL_RATE)
